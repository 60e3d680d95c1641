/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the host computes around a card's SM2 signature (GB/T 32918.2; GM/T 0009): the card signs
 * e = SM3(Z || M) and adds nothing. The check of r||s over e is pubkey_check; DER and raw are
 * ecdsa_der_to_raw and ecdsa_raw_to_der with halves of 32 bytes.
 */
#ifndef ECERT_CRYPTO_SM2_H
#define ECERT_CRYPTO_SM2_H

#include "crypto/digest.h"
#include "crypto/key/pubkey.h"

/* GM/T 0009, 10: the ID of a signer who has agreed on no other. OpenSSL's own default is empty. */
#define SM2_DEFAULT_ID "1234567812345678"
/* ENTL is 16 bits that count bits. */
#define SM2_ID_MAX 8191

/* Z = SM3(ENTL || ID || a || b || xG || yG || xA || yA). An id with a NULL pointer is the default
 * one; an empty one with a pointer is empty. Errors: ECERT_E_KEY_TYPE, ECERT_E_DATA_LEN (ID too
 * long), ECERT_E_CRYPTO. */
enum ecert_rc sm2_z(const struct pubkey *k, struct rd id, uint8_t z[32]) MUST_CHECK;
/* An SM3 that has taken Z in and waits for M; its end is e. Errors: the same, ECERT_E_MEMORY. */
enum ecert_rc sm2_begin(const struct pubkey *k, struct rd id, struct digest **out) MUST_CHECK;
/* e = SM3(Z || M) at once. Errors: the same. */
enum ecert_rc sm2_e(
    const struct pubkey *k, struct rd id, struct rd message, uint8_t e[32]) MUST_CHECK;

#endif
