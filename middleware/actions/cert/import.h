/* SPDX-License-Identifier: BSD-2-Clause */
/* What a CA answered, onto the token. */
#ifndef ECERT_ACTIONS_CERT_IMPORT_H
#define ECERT_ACTIONS_CERT_IMPORT_H

#include "document/identity.h"
#include "ui/job.h"

struct cert_import_result {
	size_t authorities;  /* the file held so many certificates of CAs, and no other; else 0 */
	char slot[4];	     /* "9c" */
	struct identity who; /* whose certificate it is */
	bool chain_complete; /* others can verify: its CA's certificate is on the token */
};

struct cert_import_deed {
	const char *file;
	const char *slot, *id; /* where; NULL: where its key is */
	const char *mgm;       /* where the management key comes from */
	const char *label;     /* NULL: none */
	struct strlist chain;  /* files with the CA's own certificates */
	bool force;	       /* even when the slot's key is another one */
	/* Called when it is there, before what is worth knowing is noted: all but chain_complete
	 * holds. NULL: not. */
	void (*stored)(void *ctx, const struct cert_import_result *so_far);
	void *stored_ctx;
};

/* The one whose key is on the token goes where that key is, the others go with it; CAs' alone
 * complete what is there. Files first, so that nothing is half done when one is wrong. Reports its
 * errors. */
enum outcome cert_import(const struct job *job, const struct cert_import_deed *deed,
    struct cert_import_result *out) MUST_CHECK;

#endif
