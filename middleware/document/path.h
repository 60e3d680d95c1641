/* SPDX-License-Identifier: BSD-2-Clause */
/* The seam to whoever judges certificates: the trust room implements it, documents only ask. */
#ifndef ECERT_DOCUMENT_PATH_H
#define ECERT_DOCUMENT_PATH_H

#include <openssl/x509.h>
#include <time.h>

#include "document/report.h"

/* All of it is in the key under which the trust room keeps a judgement (trust/path/memo.c). */
struct doc_path_query {
	X509 *leaf;
	STACK_OF(X509) * others;   /* untrusted helpers from the document; may be NULL */
	STACK_OF(X509_CRL) * crls; /* from the document; may be NULL */
	time_t at;		   /* the signing time that the document claims */
	time_t now;
	bool unclaimed; /* the document claims none: at is now */
};

struct doc_path {
	/* Adds the checks "chain", "validity", "key usage", "policy" and "revocation" to rep, each
	 * once. */
	void (*check)(void *ctx, const struct doc_path_query *q, struct report *rep);
	void *ctx;
	/* The i-th certificate that whoever verifies has given (theirs), among which a signer's may
	 * be that is not in the document; NULL behind the last one. May be NULL. */
	X509 *(*given)(void *ctx, size_t i);
};

#endif
