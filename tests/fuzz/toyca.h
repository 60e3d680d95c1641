/* SPDX-License-Identifier: BSD-2-Clause */
/* Certificates, and what a CA signs, for harnesses: always by the same key. */
#ifndef ECERT_FUZZ_TOYCA_H
#define ECERT_FUZZ_TOYCA_H

#include <openssl/x509.h>
#include <time.h>

#include "util/buf.h"

/* The present of these harnesses; certificates are of 100 days before it, for a year. */
#define TOYCA_NOW ((time_t)1780000000)

EVP_PKEY *toyca_key(void);
/* One with this name, issued by that one; not signed yet. */
X509 *toyca_make(const char *cn, const char *issuer, long serial);
void toyca_extend(X509 *x, int nid, const char *value);
/* body, the algorithm, and the CA's signature: a CRL, a BasicOCSPResponse. */
void toyca_sign(struct rd body, struct buf *out);

#endif
