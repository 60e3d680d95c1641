/* SPDX-License-Identifier: BSD-2-Clause */
/* A ds:Signature of XAdES-B-B or B-T (EN 319 132-1, 6.3) as text. What is digested of it stands
 * there in its own exclusive canonical form, so that it is digested as it is written. */
#ifndef ECERT_DOCUMENT_XML_SIGN_WRITE_H
#define ECERT_DOCUMENT_XML_SIGN_WRITE_H

#include "document/format.h"

/* How the signed octets come out of what a reference names. */
enum xades_how {
	XADES_AS_IT_IS,	     /* a file's bytes */
	XADES_CANONICAL,     /* an element in its exclusive canonical form */
	XADES_ENVELOPED,     /* the same of the document without its ds:Signature elements */
	XADES_ENVELOPED_UBL, /* ... without its sig:UBLDocumentSignatures */
};

struct xades_reference {
	const char *uri; /* needs no escapes; not owned */
	enum xades_how how;
	const char *media; /* of a data object; NULL: the value of another signature */
	struct doc_digest digest;
};

/*
 * Appends the element. Digests are made with doc_sig_digest of the algorithm. Errors:
 * doc_sign_message's, the stamp's, ECERT_E_MALFORMED (certificate), ECERT_E_CRYPTO, out's.
 */
enum ecert_rc xades_write(const struct doc_signer *s, const struct doc_sign_options *o,
    const struct xades_reference *v, size_t n, struct buf *out) MUST_CHECK;

#endif
