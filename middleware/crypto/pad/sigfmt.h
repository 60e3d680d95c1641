/* SPDX-License-Identifier: BSD-2-Clause */
/* Signature formats and paddings around the card's private operation. */
#ifndef ECERT_CRYPTO_SIGFMT_H
#define ECERT_CRYPTO_SIGFMT_H

#include <openssl/evp.h>

#include "crypto/key/alg.h"
#include "util/buf.h"

/* SEQUENCE{r,s} in DER to r||s, each `half` bytes. Strict: positive, minimal, nothing left over,
 * 0 < r,s and each fits. Errors: ECERT_E_MALFORMED. */
enum ecert_rc ecdsa_der_to_raw(struct rd der, size_t half, struct buf *raw) MUST_CHECK;
enum ecert_rc ecdsa_raw_to_der(struct rd raw, struct buf *der) MUST_CHECK;

/* EMSA-PKCS1-v1_5 over ready-made content T (a DigestInfo, or anything for CKM_RSA_PKCS); RFC 8017,
 * 9.2. Errors: ECERT_E_DATA_LEN when T is longer than k - 11. */
enum ecert_rc pkcs1_sign_pad(struct rd t, size_t k, struct buf *block) MUST_CHECK;
/* DigestInfo DER prefix of a digest by its OpenSSL name ("SHA256"), empty when there is none. */
struct rd digest_info_prefix(const char *md_name);

/* EMSA-PSS; RFC 8017, 9.1.1; em_bits = modulus bits - 1. Random salt of salt_len bytes. Errors:
 * ECERT_E_DATA_LEN (not a digest of md), ECERT_E_ARG (the salt does not fit), ECERT_E_CRYPTO. */
enum ecert_rc pss_encode(struct rd digest, const EVP_MD *md, const EVP_MD *mgf1, size_t salt_len,
    size_t mod_bits, struct buf *block) MUST_CHECK;

/*
 * EME-PKCS1-v1_5 unpadding in constant time with implicit rejection (RFC 8017, 7.2.2; no oracle): a
 * bad padding gives a pseudo-random message derived from `reject_key` (32 secret bytes of the
 * process) and the ciphertext, so that good and bad cannot be told apart. out has k bytes of room;
 * *out_len depends on secret data. Always ECERT_OK for a block of k bytes, 64 to 512, and a
 * ciphertext as long; ECERT_E_ARG for other lengths; ECERT_E_CRYPTO when OpenSSL failed.
 */
enum ecert_rc pkcs1_unpad(const uint8_t reject_key[32], struct rd ciphertext, struct rd block,
    uint8_t *out, size_t *out_len) MUST_CHECK;
/* EME-OAEP; RFC 8017, 7.1.2. out has k bytes of room. Errors: ECERT_E_DATA, one code for every
 * defect. */
enum ecert_rc oaep_unpad(struct rd block, const EVP_MD *md, const EVP_MD *mgf1, struct rd label,
    uint8_t *out, size_t *out_len) MUST_CHECK;

#endif
