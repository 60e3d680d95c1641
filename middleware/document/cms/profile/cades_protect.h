/* SPDX-License-Identifier: BSD-2-Clause */
/* CMSAlgorithmProtection (RFC 6211): the algorithms of a signature as its signer signed them. */
#ifndef ECERT_DOCUMENT_CADES_PROTECT_H
#define ECERT_DOCUMENT_CADES_PROTECT_H

#include <openssl/cms.h>
#include <stdbool.h>

/* The attribute is not there, or names the digest and the signature algorithm that si has. */
bool cades_protect_fits(CMS_SignerInfo *si);

#endif
