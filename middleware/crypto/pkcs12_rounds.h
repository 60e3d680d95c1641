/* SPDX-License-Identifier: BSD-2-Clause */
/* How much work a PKCS#12 file asks for. */
#ifndef ECERT_CRYPTO_PKCS12_ROUNDS_H
#define ECERT_CRYPTO_PKCS12_ROUNDS_H

#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "ecert/rc.h"

/* Whether one encryption (PBES1, PBES2 with PBKDF2 or scrypt) stays within the limit, with a cipher
 * that ctx has. Errors: ECERT_E_TOO_LARGE, ECERT_E_MALFORMED, ECERT_E_UNSUPPORTED. */
enum ecert_rc pkcs12_check_algor(OSSL_LIB_CTX *ctx, const X509_ALGOR *algor) MUST_CHECK;
/* The MAC's rounds and those of the encrypted parts, before any of them is computed. Errors: the
 * same. */
enum ecert_rc pkcs12_check_outer(OSSL_LIB_CTX *ctx, const PKCS12 *p12) MUST_CHECK;

#endif
