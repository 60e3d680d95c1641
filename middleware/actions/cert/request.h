/* SPDX-License-Identifier: BSD-2-Clause */
/* Asking a CA for a certificate: a PKCS#10 file, signed by the token. */
#ifndef ECERT_ACTIONS_CERT_REQUEST_H
#define ECERT_ACTIONS_CERT_REQUEST_H

#include "ui/job.h"

struct cert_request_deed {
	const char *slot, *id;		     /* the key; NULL: 9c's */
	const char *subject, *template_file; /* who it is for; one of them at least */
	const char *output;		     /* NULL, "-": standard output */
	const char *attestation;	     /* where the token's goes (PEM); NULL: nowhere */
	struct strlist san;		     /* "email:a@b", "dns:host", "uri:..." */
	bool force;			     /* replaces files that are there */
};

/* All that can be wrong is looked at before the PIN is asked: the files, the names, and whether the
 * token attests the key where that is wanted. Reports its errors. */
enum outcome cert_request(const struct job *job, const struct cert_request_deed *deed) MUST_CHECK;

#endif
