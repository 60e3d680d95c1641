/* SPDX-License-Identifier: BSD-2-Clause */
/* The signature of a token: whether it verifies, and whether its algorithm is still relied on. */
#ifndef ECERT_TRUST_VALUE_H
#define ECERT_TRUST_VALUE_H

#include "document/jose/jws.h"
#include "document/report.h"
#include "trust/list/set.h"

/*
 * Check `name`: with the key of cert (DER), by the set's table of algorithms as of now: the same
 * that signed files are judged by. words: when all is well. Returns whether it verifies, which one
 * that is too old does, too; *counts (may be NULL): and is relied on.
 */
bool value_check(const struct jws *j, struct rd cert, const struct trust_set *s, time_t now,
    enum check_name name, const char *words, bool *counts, struct report *rep);
/* The same with a key alone: DER SubjectPublicKeyInfo. */
bool value_check_key(const struct jws *j, struct rd spki, const struct trust_set *s, time_t now,
    enum check_name name, const char *words, bool *counts, struct report *rep);
/* NULL: digest and key are relied on. Else an id, with {digest} and {since} for P_TEXT. since: the
 * day. */
struct value_doubt {
	const char *words, *digest;
	char since[TEXT_DAY];
	enum reason reason;
};
bool value_doubted(const struct jws *j, struct rd cert, const struct trust_set *s, time_t now,
    struct value_doubt *out);
bool value_doubted_key(const struct jws *j, struct rd spki, const struct trust_set *s, time_t now,
    struct value_doubt *out);

/* Appends the SubjectPublicKeyInfo of a certificate (DER). Errors: ECERT_E_MALFORMED, buf_rc's. */
enum ecert_rc value_key(struct rd cert, struct buf *spki) MUST_CHECK;

#endif
