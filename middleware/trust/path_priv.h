/* SPDX-License-Identifier: BSD-2-Clause */
/* One path validation in progress, shared by its files. */
#ifndef ECERT_TRUST_PATH_PRIV_H
#define ECERT_TRUST_PATH_PRIV_H

#include <openssl/x509_vfy.h>

#include "trust/check.h"
#include "trust/set_priv.h"

struct path_job {
	const struct trust_set *set;
	const struct doc_path_query *q;
	enum trust_purpose purpose;
	X509_STORE *store;
	STACK_OF(X509) * untrusted;	/* views */
	STACK_OF(X509) * chain;		/* owned; leaf first; NULL until built */
	size_t anchors;			/* entries for the purpose */
	const struct trust_entry *only; /* the one anchor to build to; NULL: all */
	char why[200];
};

/* False only when memory is out. path_close in any case. */
bool path_open(struct path_job *j);
/* False with j->why when no chain is accepted. */
bool path_build(struct path_job *j);
const struct trust_entry *path_entry(struct path_job *j);
void path_close(struct path_job *j);
/* Ready for X509_verify_cert; NULL when memory is out. */
X509_STORE_CTX *path_ctx(struct path_job *j, time_t at, X509_STORE_CTX_verify_cb cb);

/* "revocation" by the CRLs of the set and the document, by the set's OCSP response, and by one that
 * was brought along. */
void revocation_check(struct path_job *j, struct rd ocsp, struct report *rep);

/* Copies the check with this name from one report to another, if it is there. */
void report_move(struct report *to, const struct report *from, const char *name);

/* One answer about a certificate's revocation. */
enum revocation { REVOCATION_NONE, REVOCATION_GOOD, REVOCATION_REVOKED, REVOCATION_UNKNOWN };
/* A DER OCSPResponse about leaf, signed by issuer or its delegate (RFC 6960, 4.2.2.2). */
enum revocation ocsp_check(
    struct rd response, X509 *leaf, X509 *issuer, time_t now, char *why, size_t size);

#endif
