/* SPDX-License-Identifier: BSD-2-Clause */
/* Signing the status of a trust mark: the issuer's side. */
#ifndef ECERT_ACTIONS_MARK_STATUS_H
#define ECERT_ACTIONS_MARK_STATUS_H

#include "actions/statement.h"
#include "actions/trustopts.h"
#include "client/signing.h"

struct status_deed {
	struct signing_choice key;
	struct trust_options trust; /* mark_issuer only */
	const char *issuer;	    /* who granted it: a URL */
	const char *status;	    /* "active", "expired", "revoked", "invalid", "suspended" */
	const char *reason;	    /* for people; NULL: none */
	long hours;		    /* how long it counts; 0: 24 */
	time_t now;		    /* 0: the clock's */
	struct statement_to to;	    /* path NULL: standard output */
};

/* The mark is looked at first: of somebody else's nothing is said (OUT_REFUSED). Reports its
 * errors. */
enum outcome trustmark_status(
    const struct job *job, const struct status_deed *deed, const char *mark) MUST_CHECK;

#endif
