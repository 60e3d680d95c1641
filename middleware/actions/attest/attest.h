/* SPDX-License-Identifier: BSD-2-Clause */
/* Attesting: a fresh statement for one counterparty of who we are and where our key lives. */
#ifndef ECERT_ACTIONS_ATTEST_ATTEST_H
#define ECERT_ACTIONS_ATTEST_ATTEST_H

#include "actions/statement.h"
#include "client/signing.h"

struct attest_deed {
	struct signing_choice key;
	const char *audience, *nonce;	  /* the counterparty gave both */
	const char *merchant;		  /* NULL: the holder of the mark */
	const char *mark, *status, *ocsp; /* files to put in; NULL: none */
	bool no_evidence;		  /* leaves out what the token attests */
	time_t now;			  /* 0: the clock's */
	struct statement_to to;		  /* path NULL: standard output */
};

/* Filled when the text is taken. */
struct attested {
	const char *file; /* "-": standard output */
	bool key_attested;
	bool co_resident; /* by another key of the same token */
};

/* What the counterparty would refuse is not signed (OUT_REFUSED, before the PIN). Reports its
 * errors. */
enum outcome attest(
    const struct job *job, const struct attest_deed *deed, struct attested *out) MUST_CHECK;

#endif
