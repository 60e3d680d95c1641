/* SPDX-License-Identifier: BSD-2-Clause */
/* A certificate of the token into a file. */
#ifndef ECERT_ACTIONS_CERT_EXPORT_H
#define ECERT_ACTIONS_CERT_EXPORT_H

#include "document/identity.h"
#include "ui/job.h"

struct cert_export_deed {
	const char *slot, *id; /* which; NULL: 9c's */
	const char *output;    /* NULL, "-": standard output */
	bool force, der;       /* replaces a file; DER instead of PEM */
};

struct cert_export_result {
	char slot[4]; /* "9c" */
	struct identity who;
};

/* Reports its errors: a file that is there, no certificate in the slot (OUT_REFUSED). */
enum outcome cert_export(const struct job *job, const struct cert_export_deed *deed,
    struct cert_export_result *out) MUST_CHECK;

#endif
