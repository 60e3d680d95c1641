/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parameters of RSASSA-PSS say (RFC 4055, 3.1). */
#ifndef ECERT_DOCUMENT_CADES_PSS_H
#define ECERT_DOCUMENT_CADES_PSS_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "util/rd.h"

struct cades_pss {
	const EVP_MD *md, *mgf1;
	int salt;
	bool absent; /* there are none, which the standard does not have: its defaults stand in */
};

/* False when they cannot be read, or name what is not there. */
bool cades_pss_read(const X509_ALGOR *alg, struct cades_pss *out);
/* For a verification that was begun; the parameters have to be there, and their digest to be md. */
bool cades_pss_set(EVP_PKEY_CTX *ctx, const X509_ALGOR *alg, const EVP_MD *md);
/* Whether sig is over these bytes by these parameters, also where the RSA key is restricted to
 * others (RFC 4055, 3.3). */
bool cades_pss_fits(
    const struct cades_pss *pss, const EVP_PKEY *key, struct rd bytes, struct rd sig);

#endif
