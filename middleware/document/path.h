/* SPDX-License-Identifier: BSD-2-Clause */
/* The seam to whoever judges certificates: the trust room implements it, documents only ask. */
#ifndef ECERT_DOCUMENT_PATH_H
#define ECERT_DOCUMENT_PATH_H

#include <openssl/x509.h>
#include <time.h>

#include "document/report.h"
#include "util/rd.h"

/* All of it is in the key under which the trust room keeps a judgement (trust/path/memo.c). */
struct doc_path_query {
	X509 *leaf;
	STACK_OF(X509) * others;   /* untrusted helpers from the document; may be NULL */
	STACK_OF(X509_CRL) * crls; /* from the document; may be NULL */
	time_t at;		   /* the signing time that the document claims */
	time_t now;
	bool unclaimed; /* the document claims none: at is now */
};

/* What else a document brings along, and what its time stamps prove. */
struct doc_proof {
	const struct rd *ocsps; /* DER OCSPResponses; untrusted, as all that it brings */
	size_t ocsps_n;
	/* What was signed with the leaf is proved to have been there at this time, so that what
	 * became of the certificate later takes nothing away (EN 319 102-1, 5.6.2.4); 0: nothing
	 * is. The leaf was in force then, and not revoked, only by an answer that is not older than
	 * `since` and that was made then or later, or was in force then. */
	time_t proved, since;
	/* With proved: all that the document brings is proved to have been there at this time, so
	 * that its signers count when they were in force then; 0: now. */
	time_t kept;
};

struct doc_path {
	/* Adds the checks "chain", "validity", "key usage", "policy" and "revocation" to rep, each
	 * once. */
	void (*check)(void *ctx, const struct doc_path_query *q, struct report *rep);
	void *ctx;
	/* The i-th certificate that whoever verifies has given (theirs), among which a signer's may
	 * be that is not in the document; NULL behind the last one. May be NULL. */
	X509 *(*given)(void *ctx, size_t i);
	/* As check, with what else the document brings. stamp: of a TSA's certificate, "key usage"
	 * being that of time stamps. May be NULL: then check is asked, and no time stamp counts. */
	void (*judge)(void *ctx, const struct doc_path_query *q, const struct doc_proof *proof,
	    bool stamp, struct report *rep);
};

#endif
