/* SPDX-License-Identifier: BSD-2-Clause */
/* Readers with real cards in them (the reference applet's core), in this process, with faults on
 * request. */
#ifndef ECERT_TESTS_SIM_H
#define ECERT_TESTS_SIM_H

#include "token/token.h"
#include "transport/reader.h"

#define SIM_READERS 4
#define SIM_PIN	    "123456"
#define SIM_PUK	    "12345678"
/* The management key that a new card has, as hex digits. */
#define SIM_MGM "010203040506070801020304050607080102030405060708"

struct sim;
struct sim_card;

/* Everything aborts the test program when it cannot be made. n readers, empty. */
struct sim *sim_new(size_t n);
void sim_free(struct sim **s);
/* A source over the simulation, as readers_open would give it; any number, each like a process. */
struct readers *sim_readers(struct sim *s);
/* tokens_open over it. */
struct tokens *sim_tokens(struct sim *s, enum token_isolation isolation);
struct tokens *sim_tokens_as(struct sim *s, const struct tokens_config *cfg);
/* The card keeps this management key (hex) behind its PIN; what 9B's own key is stays. */
void sim_protect(struct sim *s, size_t reader, const char *key);
/* 9B is authenticated on the card now. */
bool sim_administrator(struct sim_card *c);

/* A new card with factory PIN, PUK and management key. */
struct sim_card *sim_card_new(uint32_t serial);
void sim_card_free(struct sim_card **c);
/* NULL takes the card out. */
void sim_insert(struct sim *s, size_t reader, struct sim_card *c);
/* The reader itself comes or goes. */
void sim_connect(struct sim *s, size_t reader, bool connected);
/* readers_list and new channels answer so (ECERT_OK: as usual); others fail with NO_SERVICE. */
void sim_service(struct sim *s, enum ecert_rc rc);

/* Another process resets the card, or selects another application. */
void sim_reset(struct sim_card *c);
void sim_select_other(struct sim_card *c, bool lose_pin);
/* Straight to the applet, as another process would do it; returns the status word. */
uint16_t sim_apdu(struct sim_card *c, const char *hex);
size_t sim_count(const struct sim_card *c); /* APDUs so far */
size_t sim_ins(const struct sim_card *c, uint8_t ins);
bool sim_held(struct sim_card *c); /* in a transaction now */
bool sim_verified(struct sim_card *c);
int sim_tries(struct sim_card *c);

/* Called before each command with its number (from 1); may call the functions above. The answer
 * may be changed by `after`. NULL: none. */
typedef enum ecert_rc (*sim_before)(void *arg, struct sim_card *c, size_t number);
typedef void (*sim_after)(void *arg, struct rd command, uint8_t *resp, size_t *len);
void sim_hooks(struct sim_card *c, sim_before before, sim_after after, void *arg);
/* Every command is answered 6A82: no PIV card. */
void sim_foreign(struct sim_card *c, bool foreign);
/* VERIFY with P1=FF is refused (6A86), and SELECT keeps the PIN: only a reset ends a login. */
void sim_no_logout(struct sim_card *c);
/* A new PIN that begins with no digit is refused (6A80), and the right old one is verified then. */
void sim_tries_old(struct sim_card *c);
/* INS F7 is unknown to this card; and it gives another name. */
void sim_plain(struct sim_card *c);
/* The same, but for INS F7. */
void sim_metadata_only(struct sim_card *c);
/* Keys and 1.5 kB certificates: refs is a zero-ended list, P-256. */
void sim_provision(struct sim *s, size_t reader, const uint8_t *refs);
/* A self-made certificate of about 1500 bytes for a public key. */
void sim_cert(const struct pubkey *pub, const char *name, struct buf *der);

#endif
