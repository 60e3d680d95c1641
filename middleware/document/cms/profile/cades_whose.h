/* SPDX-License-Identifier: BSD-2-Clause */
/* Which of several certificates is a signer's. */
#ifndef ECERT_DOCUMENT_CADES_WHOSE_H
#define ECERT_DOCUMENT_CADES_WHOSE_H

#include <openssl/cms.h>

#include "document/cms/cades_attrs.h"
#include "document/path.h"

/* A question: whose signature is it. All are views. */
struct cades_whose {
	CMS_SignerInfo *si;
	const struct cades_attrs *a;
	const STACK_OF(X509) * certs; /* what the document brings */
	const struct doc_path *path;  /* has those that whoever verifies gives; may be NULL */
	struct rd content;	      /* the digest that the signer names, over the content */
	/* Adds the checks of a certificate's path; NULL: the key alone decides. */
	enum ecert_rc (*judge)(void *ctx, X509 *cert, struct report *rep);
	void *ctx;
};

/*
 * The signer's certificate among all that answer to issuer and serial or key identifier: the one
 * that the signed attribute names; else of those whose key made the signature (nobody signs the
 * other certificates, nor their order) the first one with an accepted path, or with any path, or at
 * all; else the first one. *out: a view, NULL when none is there. ECERT_E_*: of judge alone.
 */
MUST_CHECK enum ecert_rc cades_whose_cert(const struct cades_whose *w, X509 **out);
/* Says that there is none. */
void cades_whose_missing(struct report *rep);

#endif
