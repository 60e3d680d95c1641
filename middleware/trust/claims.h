/* SPDX-License-Identifier: BSD-2-Clause */
/* Claims that every token of this room has: texts, times, references. */
#ifndef ECERT_TRUST_CLAIMS_H
#define ECERT_TRUST_CLAIMS_H

#include "document/jose/jws.h"
#include "document/report.h"

/* The claim's text into dst. False when it is absent, empty or does not fit; dst is then empty.
 * Nothing is changed in it: scrub before showing. */
bool claim_text(const struct jws *j, const char *claim, char *dst, size_t size);

struct claim_times {
	time_t iat, nbf, exp; /* 0: absent */
};

/* Check `name`: iat is there and not in the future, nbf has come, exp (required when max_life is
 * not 0) has not passed and lies at most max_life seconds after iat. */
bool claim_times_check(const struct jws *j, enum check_name name, time_t now, long max_life,
    struct claim_times *out, struct report *rep);

/* nbf and exp alone, for what has no iat of its own: what is wrong (an id), or NULL. */
const char *claim_window_defect(const struct jws *j, time_t now, struct claim_times *t);

/*
 * Each adds a member "key" to the object o, unless *rc is an error already; a failure goes into
 * *rc: ECERT_E_MEMORY, ECERT_E_CRYPTO, and ECERT_E_DATA for text that is not UTF-8.
 */
/* A value, which it takes over in any case. */
void claim_set(json_t *o, const char *key, json_t *value, enum ecert_rc *rc);
void claim_set_text(json_t *o, const char *key, const char *text, enum ecert_rc *rc);
void claim_set_time(json_t *o, const char *key, time_t t, enum ecert_rc *rc);
/* base64url of SHA-256 of bytes. */
void claim_set_sha256(json_t *o, const char *key, struct rd bytes, enum ecert_rc *rc);
/* "jti": 128 random bits, so that no two tokens have the same. */
void claim_set_jti(json_t *o, enum ecert_rc *rc);
/* The bytes as text, as trimmed leaves them. */
void claim_set_rd(json_t *o, const char *key, struct rd text, enum ecert_rc *rc);
/* The view without a byte order mark in front and white space around: the form of a token that is
 * hashed and compared. */
struct rd trimmed(struct rd text);

/* Text from a token as JSON, scrubbed. */
json_t *text_json(const char *text);

/* cnf: {"x5t#S256": thumbprint of cert} */
void claim_set_cnf(json_t *o, struct rd cert, enum ecert_rc *rc);

#endif
