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
/* The signer's certificate: by issuer and serial or key identifier, out of certs and then of those
 * that whoever verifies has given; where several answer, the one that the signed attribute names,
 * else one with whose key the signature verifies (nobody signs which certificates are there).
 * content: the digest that the signer names, over the content. NULL: it is not there. */
X509 *cades_value_cert(CMS_SignerInfo *si, const struct cades_attrs *a,
    const STACK_OF(X509) * certs, const struct doc_verify_options *o, struct rd content);
/* Whether signatures by a key of this kind and size are relied on: NULL, or why not (an id, with
 * {since}: from which day on). */
const char *cades_value_doubt(
    const EVP_PKEY *key, const struct doc_verify_options *o, char since[16]);
/* Check "signature value": the mathematics first, then whether they can be relied on. md and
 * content: the digest that the signer names, over the content; they count when there are no signed
 * attributes. */
void cades_value_check(CMS_SignerInfo *si, const struct cades_attrs *a, X509 *cert,
    const EVP_MD *md, struct rd content, const struct doc_verify_options *o, struct report *rep);
/* NULL: the key is no reason for doubt, else a sentence; since: from which day on it is. */
const char *cades_value_doubt(
    const EVP_PKEY *key, const struct doc_verify_options *o, char since[16]);

#endif
