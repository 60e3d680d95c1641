/* SPDX-License-Identifier: BSD-2-Clause */
/* How much work a PKCS#12 file asks for. */
#ifndef ECERT_CRYPTO_PKCS12_ROUNDS_H
#define ECERT_CRYPTO_PKCS12_ROUNDS_H

#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <stdint.h>

#include "crypto/cert/pkcs12.h"

/* Takes the rounds of one encryption (PBES1, PBES2 with PBKDF2 or scrypt's N) off what is left, and
 * looks whether ctx has the cipher; why (may be NULL) hears of what it has not. Errors:
 * ECERT_E_TOO_LARGE, ECERT_E_MALFORMED, ECERT_E_UNSUPPORTED. */
enum ecert_rc pkcs12_check_algor(OSSL_LIB_CTX *ctx, const X509_ALGOR *algor, int64_t *left,
    struct pkcs12_reason *why) MUST_CHECK;
/* The rounds of PBKDF2 alone. Errors: ECERT_E_TOO_LARGE, ECERT_E_MALFORMED. */
enum ecert_rc pkcs12_check_pbkdf2(const ASN1_TYPE *param, int64_t *left) MUST_CHECK;
/* The MAC's own. Errors: the same. */
enum ecert_rc pkcs12_check_mac(
    OSSL_LIB_CTX *ctx, const PKCS12 *p12, int64_t *left, struct pkcs12_reason *why) MUST_CHECK;
/* The MAC's rounds and those of the encrypted parts, before any of them is computed. Errors: the
 * same. */
enum ecert_rc pkcs12_check_outer(
    OSSL_LIB_CTX *ctx, const PKCS12 *p12, int64_t left, struct pkcs12_reason *why) MUST_CHECK;

/* Notes what is the matter, and the algorithm's name or number. */
void pkcs12_because(
    struct pkcs12_reason *why, enum pkcs12_trouble trouble, const ASN1_OBJECT *what);
int pkcs12_algor_nid(const X509_ALGOR *algor);

#endif
