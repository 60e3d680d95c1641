/* SPDX-License-Identifier: BSD-2-Clause */
/* What the validation of marks and of their status share. */
#ifndef ECERT_TRUST_MARK_PRIV_H
#define ECERT_TRUST_MARK_PRIV_H

#include "document/jose/jws.h"
#include "trust/mark/mark.h"
#include "trust/list/set_priv.h"

/* The trusted key that j->kid names, for the issuer iss when there is one; else the one that
 * vouches for the issuer's configuration, when that names the key. NULL: none. */
const struct trust_entry *mark_issuer_entry(
    const struct jws *j, const struct mark_expect *e, const char *iss);
/* Check `name`: the key (DER SubjectPublicKeyInfo, into key) of the mark issuer that j->kid names
 * and that is iss. */
bool mark_issuer_key(const struct jws *j, enum check_name name, const struct mark_expect *e,
    const char *iss, struct buf *key, struct report *rep);
/* Somebody is trusted to speak for iss. */
bool mark_issuer_known(const struct mark_expect *e, const char *iss);
/* Whoever of them signed j; NULL: none did, or by what is too old to rely on. */
const struct trust_entry *mark_issuer_signer(
    const struct jws *j, const struct mark_expect *e, const char *iss);

/* Check "mark delegation"; delegated and owner in m. */
bool mark_delegation_check(
    const struct jws *j, struct mark_info *m, const struct mark_expect *e, struct report *rep);

/* ---- what an issuer says of itself (OpenID Federation 1.0, 3 and 8.7) ---- */
#define MARK_KEYS 64
#define MARK_URL  1024

struct mark_key {
	char kid[128];
	struct buf spki;
	time_t from, until; /* until: of a key that is over, its end; else 0 */
};

/* An entity configuration that whoever is trusted for the issuer has signed. */
struct mark_config {
	char iss[256];
	const struct trust_entry *by; /* of the set that it was read by */
	time_t exp;
	struct mark_key keys[MARK_KEYS];
	size_t n;
	json_t *owners;				     /* type: {sub, jwks}; NULL: it names none */
	char status_at[MARK_URL], past_at[MARK_URL]; /* whom to ask; empty: nobody */
};

/* NULL, and *out; else why it does not count (an id). Errors of memory are one of them. */
const char *mark_config_read(
    struct rd text, const char *iss, const struct mark_expect *e, struct mark_config **out);
/* Adds the keys that are over (8.7), of a list that one of the others signed. */
const char *mark_config_read_past(
    struct rd text, const struct mark_expect *e, struct mark_config *c);
void mark_config_free(struct mark_config **c);
/* The key that j->kid names for iss; of marks a key that is over, too, when the mark was issued
 * before its end. NULL: none; c may be NULL. */
const struct mark_key *mark_config_key(
    const struct mark_config *c, const struct jws *j, const char *iss);
/* The owner of a type by its configuration, an object with sub and jwks; NULL: none. */
const json_t *mark_config_owner(const struct mark_config *c, const char *type);
/* Whether one of the keys of a JWK set signed it. */
bool mark_config_signed(const json_t *jwks, const struct jws *j, const struct mark_expect *e);

#endif
