/* SPDX-License-Identifier: BSD-2-Clause */
/* Granting a trust mark: the issuer's side. */
#ifndef ECERT_ACTIONS_MARK_GRANT_H
#define ECERT_ACTIONS_MARK_GRANT_H

#include "actions/statement.h"
#include "actions/trustopts.h"
#include "client/signing.h"

struct grant_deed {
	struct signing_choice key;
	struct trust_options trust;	     /* by which the request is verified */
	const char *issuer;		     /* who grants: a URL */
	const char *mark;		     /* the one that is renewed; NULL: none */
	const char *logo, *ref, *delegation; /* what goes into it; NULL: nothing */
	const char *nonce_store; /* where requests are remembered; NULL: the user's own folder */
	long days;		 /* how long it counts; 0: a year */
	bool new_certificate;	 /* the merchant's is another than the one that the mark names */
	time_t now;		 /* 0: the clock's */
	struct statement_to to;	 /* path NULL: standard output */
};

/* A request that does not verify is told check by check (OUT_INVALID); a mark that would not count
 * is not signed (OUT_REFUSED). Of one request one mark is granted. Reports its errors. */
enum outcome trustmark_grant(
    const struct job *job, const struct grant_deed *deed, const char *request) MUST_CHECK;

#endif
