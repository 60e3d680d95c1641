/* SPDX-License-Identifier: BSD-2-Clause */
/* The signature value of one signer. */
#ifndef ECERT_DOCUMENT_CADES_VALUE_H
#define ECERT_DOCUMENT_CADES_VALUE_H

#include <openssl/cms.h>

#include "document/cms/cades_attrs.h"
#include "document/format.h"

/* The digest that a signer names, also one that is too old; NULL when it is unknown. */
const EVP_MD *cades_value_digest(CMS_SignerInfo *si);
/* What the signature algorithm is called, or its OID. */
void cades_value_name(CMS_SignerInfo *si, char *name, size_t size);
/* Whether the certificate's key made the signature; md and content as in cades_value_check. */
bool cades_value_fits(CMS_SignerInfo *si, const struct cades_attrs *a, X509 *cert, const EVP_MD *md,
    struct rd content);
/* Whether signatures by a key of this kind and size are relied on: NULL, or why not (an id, with
 * {since}: from which day on). */
const char *cades_value_doubt(
    const EVP_PKEY *key, const struct doc_verify_options *o, char since[16]);
/* Check "signature value": the mathematics first, then whether they can be relied on. md and
 * content: the digest that the signer names, over the content; they count when there are no signed
 * attributes. */
void cades_value_check(CMS_SignerInfo *si, const struct cades_attrs *a, X509 *cert,
    const EVP_MD *md, struct rd content, const struct doc_verify_options *o, struct report *rep);
#endif
