/* SPDX-License-Identifier: BSD-2-Clause */
/* Asking for a trust mark, or for its renewal. */
#ifndef ECERT_ACTIONS_MARK_RENEW_H
#define ECERT_ACTIONS_MARK_RENEW_H

#include "actions/statement.h"
#include "client/signing.h"

struct renew_deed {
	struct signing_choice key;
	const char *request;	/* a JSON file */
	const char *mark;	/* the one that is renewed; NULL: a first application */
	bool first;		/* it is asked for as a first one */
	long days;		/* how long the request counts; 0: 7 */
	time_t now;		/* 0: the clock's */
	struct statement_to to; /* path NULL: the request's as .jwt */
};

/* What is missing in the request is noted, each by itself, before the PIN is asked (OUT_INPUT);
 * what the issuer would refuse is not signed (OUT_REFUSED). file: where it went. Reports its
 * errors. */
enum outcome trustmark_renew(
    const struct job *job, const struct renew_deed *deed, char file[STATEMENT_PATH_MAX]) MUST_CHECK;

/* Whether all is in a request that has to be; what is not is noted, each by itself (OUT_INPUT).
 * path is what it is called. */
enum outcome request_complete(const struct job *job, const char *path, struct rd json) MUST_CHECK;

#endif
