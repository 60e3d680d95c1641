/* SPDX-License-Identifier: BSD-2-Clause */
/* The signature value of one signer. */
#ifndef ECERT_DOCUMENT_CADES_VALUE_H
#define ECERT_DOCUMENT_CADES_VALUE_H

#include <openssl/cms.h>

#include "document/cms/cades_attrs.h"
#include "document/format.h"

/* Check "signature value": the mathematics first, then whether they can be relied on. md and
 * content: the digest that the signer names, over the content; they count when there are no signed
 * attributes. */
void cades_value_check(CMS_SignerInfo *si, const struct cades_attrs *a, X509 *cert,
    const EVP_MD *md, struct rd content, const struct doc_verify_options *o, struct report *rep);

#endif
