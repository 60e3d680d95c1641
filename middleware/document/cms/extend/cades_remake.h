/* SPDX-License-Identifier: BSD-2-Clause */
/* A SignedData (RFC 5652, 5.1) written anew with more in it, and all that was there as it was. */
#ifndef ECERT_DOCUMENT_CADES_REMAKE_H
#define ECERT_DOCUMENT_CADES_REMAKE_H

#include "document/cms/cades.h"
#include "document/cms/cades_stream.h"

/* What is added; each is DER, one behind the other. */
struct cades_addition {
	struct buf certs;			  /* CertificateChoices */
	struct buf crls;			  /* RevocationInfoChoices */
	struct buf attributes[CADES_MAX_SIGNERS]; /* unsigned Attributes, by the signer's place */
};
void cades_addition_init(struct cades_addition *a);
void cades_addition_free(struct cades_addition *a);
/* SEQUENCE { OID, SET { value } }, type and value with their headers. */
void cades_put_attribute(struct buf *out, struct rd type, struct rd value);

/*
 * shell: a ContentInfo in DER or BER. content: where its encapContentInfo is in a file, when it is
 * the shell of one (cades_stream_open); NULL: it is in the shell. What is there already is not put
 * twice; certificates, CRLs and unsigned attributes come in DER's order (X.690, 11.6), signers in
 * their own, everything around them with definite lengths. Errors: ECERT_E_MALFORMED,
 * ECERT_E_TOO_LARGE (all but the content is over CADES_MAX_SIZE), ECERT_E_MEMORY, ECERT_E_IO,
 * put's.
 */
enum ecert_rc cades_remake(struct rd shell, const struct cades_stream *content,
    const struct cades_addition *a, doc_content_fn *put, void *ctx) MUST_CHECK;

#endif
