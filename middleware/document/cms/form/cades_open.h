/* SPDX-License-Identifier: BSD-2-Clause */
/* From the bytes of a ContentInfo to OpenSSL's structure, the certificates by themselves. */
#ifndef ECERT_DOCUMENT_CADES_OPEN_H
#define ECERT_DOCUMENT_CADES_OPEN_H

#include <openssl/cms.h>

#include "document/certs.h"

struct cades_opened {
	CMS_ContentInfo *cms;	/* owned; it may have no certificates of its own */
	STACK_OF(X509) * certs; /* owned, with what is in it: those of the document, in its order */
	size_t used;		/* bytes of der: there may be more behind them */
	struct rd signers;	/* in der: the contents of signerInfos; empty: not looked for */
};

/* What d2i_CMS_ContentInfo reads, and nothing else; the certificates, which take most of its time,
 * by the table known (may be NULL). False: it cannot be read. cades_opened_free in any case. */
bool cades_open(struct rd der, struct doc_certs *known, struct cades_opened *out);
void cades_opened_free(struct cades_opened *o);
/* The contents of the i-th SignerInfo's signedAttrs as they stand in der, for as long as that does;
 * empty: not found, which says nothing. */
struct rd cades_opened_attrs(const struct cades_opened *o, size_t i);

#endif
