/* SPDX-License-Identifier: BSD-2-Clause */
/* What the issuer of a mark says of itself and of the mark, asked by the standard (OpenID
 * Federation 1.0, 8.4, 8.7 and 9). */
#ifndef ECERT_TRUST_MARK_SITE_H
#define ECERT_TRUST_MARK_SITE_H

#include "trust/mark/mark.h"

/* What is wanted: keys, for a status that is at hand; a status as well, because there is none, or
 * because a newer one would decide. Only the second one is worth telling whom it would be asked of.
 */
enum mark_site_want { MARK_SITE_KEYS, MARK_SITE_STATUS, MARK_SITE_NEWER };

struct mark_site {
	struct mark_config *config; /* owned; NULL: none that counts */
	struct buf status;	    /* an answer that counts, whatever it says; empty: none */
	const char *why; /* there is none: a clause, as a message's id; NULL: not asked */
};

/*
 * Asks through the set of e (trust_set_online), and nobody when somebody else than those whom the
 * relying party trusts would have to be believed: the address is the issuer's own URL. Adds "issuer
 * configuration" when there was something to ask.
 */
void mark_site_ask(struct rd mark, const struct mark_expect *e, enum mark_site_want want,
    struct mark_site *out, struct report *rep);
void mark_site_free(struct mark_site *s);

#endif
