/* SPDX-License-Identifier: BSD-2-Clause */
/* What one token has told: keys, certificates and references, with their age. */
#ifndef ECERT_TOKEN_CACHE_H
#define ECERT_TOKEN_CACHE_H

#include "card/card.h"
#include "token/token.h"

/*
 * An e-Cert card is asked for its status (change counter and all keys, 1 APDU) when the last look
 * is older than CACHE_CHECK_MS (CACHE_LIST_MS when everything is listed): that keeps the whole view
 * honest. Other cards cannot say that another process wrote to them, so each entry is read again
 * when it is older than CACHE_KEEP_MS.
 */
#define CACHE_CHECK_MS 2000
#define CACHE_LIST_MS  200
#define CACHE_KEEP_MS  5000
/* "No key there" may only mean that another application was selected, so it is believed for a
 * moment only. */
#define CACHE_ABSENT_MS 1000

enum entry_state { ENTRY_UNKNOWN, ENTRY_ABSENT, ENTRY_PRESENT };

struct cache_entry {
	enum entry_state key_state, cert_state;
	enum ecert_rc
	    cert_rc; /* why there is no certificate: ECERT_E_NOT_FOUND or ECERT_E_MALFORMED */
	int64_t key_read, cert_read, used;
	struct token_key key;
	uint8_t *cert;
	size_t cert_len;
	bool placeholder; /* The certificate is a placeholder (crypto/cert/cert.h). */
};

struct cache {
	struct cache_entry entry[TOKEN_KEYS_MAX];
	bool refs_known;
	uint8_t refs[TOKEN_KEYS_MAX];
	size_t refs_n;
	int64_t refs_read;
	struct token_names *names; /* NULL: they were not read */
	int64_t names_read;
	enum entry_state chain_state; /* the CAs' certificates, all in one object */
	uint8_t *chain;
	size_t chain_len;
	int64_t chain_read;
	bool counter_known;
	uint32_t counter;
	int64_t counter_read;
};

/* The index of a reference in the order of CKA_ID: 9A, 9C, 9D, 9E, 82 to 95, F9. It is -1 for a
 * reference that is no PIV key's. */
int cache_index(uint8_t ref);
uint8_t cache_ref(int index);
/* The entry of a reference; NULL: it is no PIV key's. */
struct cache_entry *cache_entry(struct cache *c, uint8_t ref);
void cache_drop(struct cache *c);
void cache_drop_entry(struct cache_entry *e);
void cache_set_key(struct cache_entry *e, struct token_key *key); /* It takes the key over. */
enum ecert_rc cache_set_cert(struct cache_entry *e, struct rd der) MUST_CHECK;
void cache_set_cert_absent(struct cache_entry *e, enum ecert_rc why);
/* Remembers the object of the CAs' certificates; an empty one says that the card has none. */
enum ecert_rc cache_set_chain(struct cache *c, struct rd object) MUST_CHECK;
bool cache_chain_fresh(const struct cache *c);
/* Whether the entry may be answered from memory now. */
bool cache_key_fresh(const struct cache *c, const struct cache_entry *e);
bool cache_cert_fresh(const struct cache *c, const struct cache_entry *e);
bool cache_refs_fresh(const struct cache *c);
bool cache_names_fresh(const struct cache *c);
/* Takes a change counter that was read just now. When it has moved, or was not known before,
 * everything else is dropped. */
void cache_counted(struct cache *c, uint32_t counter);
/* Whether the last look at the change counter is older than ms. */
bool cache_due(const struct cache *c, int ms);

#endif
