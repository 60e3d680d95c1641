/* SPDX-License-Identifier: BSD-2-Clause */
/* The seam to whoever judges certificates: the trust room implements it, documents only ask. */
#ifndef ECERT_DOCUMENT_PATH_H
#define ECERT_DOCUMENT_PATH_H

#include <openssl/x509.h>
#include <time.h>

#include "document/report.h"
#include "util/rd.h"

/* A question. The trust room keeps judgements, and finds them again by every field of this struct
 * (trust/path/memo.c): one that is added here is added there. */
struct doc_path_query {
	X509 *leaf;
	STACK_OF(X509) * others;   /* untrusted helpers from the document; may be NULL */
	STACK_OF(X509_CRL) * crls; /* from the document; may be NULL */
	time_t at;		   /* the signing time that the document claims */
	time_t now;
	bool unclaimed; /* the document claims none: at is now */
};

/* All that a document has in it about revocation, wherever it stands: whether a time stamp covers
 * it or not. Nobody is good by it; who was revoked by it is revoked. Views. */
struct doc_heard {
	const STACK_OF(X509_CRL) * crls; /* may be NULL */
	const struct rd *ocsps;
	size_t ocsps_n;
};

/* What a document brings along beside certificates and CRLs, and what its time stamps prove. The
 * arrays are views, good for the call. */
struct doc_proof {
	const struct rd *ocsps; /* DER OCSPResponses; untrusted, as all that it brings */
	size_t ocsps_n;
	/* When the signature is proved to have existed; 0: nothing proves it. What happened to the
	 * certificate after that moment does not count (EN 319 102-1, 5.6.2.4). */
	time_t proved;
	/* With proved: an answer about revocation (a CRL, an OCSP response) counts when it was made
	 * at this moment or later, and was either made after `proved` or in force at it. */
	time_t since;
	/* With proved: when all that the document brings is proved to have existed, so that whoever
	 * signed those answers counts if in force at that moment; 0: has to be in force now. */
	time_t kept;
	struct doc_heard heard;
};

/* Whoever judges. ctx is handed back in each call; all of it lives as long as the verification. */
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
	/* With proof->proved: whether nobody has to be asked about the path any more: what the
	 * document brings tells of every certificate below the one that is trusted that it was not
	 * revoked, as of the moment that is proved. For a certificate of which judge says that it
	 * passes. May be NULL: then it is never so. */
	bool (*lasts)(
	    void *ctx, const struct doc_path_query *q, const struct doc_proof *proof, bool stamp);
};

#endif
