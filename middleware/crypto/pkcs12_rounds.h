/* SPDX-License-Identifier: BSD-2-Clause */
/* How much work a PKCS#12 file asks for. */
#ifndef ECERT_CRYPTO_PKCS12_ROUNDS_H
#define ECERT_CRYPTO_PKCS12_ROUNDS_H

#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <stdint.h>

#include "ecert/rc.h"

/* Takes the rounds of one encryption (PBES1, PBES2 with PBKDF2 or scrypt's N) off what is left, and
 * looks whether ctx has the cipher. Errors: ECERT_E_TOO_LARGE, ECERT_E_MALFORMED,
 * ECERT_E_UNSUPPORTED. */
enum ecert_rc pkcs12_check_algor(
    OSSL_LIB_CTX *ctx, const X509_ALGOR *algor, int64_t *left) MUST_CHECK;
/* The MAC's rounds and those of the encrypted parts, before any of them is computed. Errors: the
 * same. */
enum ecert_rc pkcs12_check_outer(OSSL_LIB_CTX *ctx, const PKCS12 *p12, int64_t *left) MUST_CHECK;

#endif
