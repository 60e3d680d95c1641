/* SPDX-License-Identifier: BSD-2-Clause */
/* What a person is about to sign or to hand on, looked at before the PIN is asked as whoever gets
 * it will look at it: nothing is signed that would only be refused, or that is not true. */
#ifndef ECERT_TRUST_FITNESS_H
#define ECERT_TRUST_FITNESS_H

#include "trust/counterparty/counterparty.h"

/* An issuer at work: own is a set with its certificates as TRUST_MARK_ISSUER, bound to iss. */
struct fitness_issuer {
	const char *iss;
	const struct trust_set *own;
	time_t now;
};

/* Each adds the checks that it made to rep; the first that is not good is report_reason's. True: it
 * is fit. */

/* A mark for which this status is to be signed. "active" needs a mark of ours that is good now;
 * "expired", "revoked" and "suspended" one of ours, whatever its time; "invalid" one that names us
 * as its issuer. out may be NULL. */
bool fitness_status(struct rd mark, const char *status, const struct fitness_issuer *i,
    struct mark_info *out, struct report *rep);
/* A mark of ours to be renewed, perhaps over: of this holder and type. holder is the certificate
 * that asks; rebind: the mark may have been granted to another one. */
bool fitness_renewal(struct rd mark, const char *sub, const char *type, struct rd holder,
    bool rebind, const struct fitness_issuer *i, struct report *rep);
/* What goes into a counterparty token that is signed with the certificate cert. A part that may be
 * sent, but will convince nobody, is a skipped check. issuer: the certificate of cert's CA, may be
 * empty. */
bool fitness_counterparty(
    const struct counterparty_options *o, struct rd cert, struct rd issuer, struct report *rep);

#endif
