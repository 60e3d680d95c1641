/* SPDX-License-Identifier: BSD-2-Clause */
/* Private keys on their way onto a card: the parts that IMPORT takes, and nothing longer than
 * needed. */
#ifndef ECERT_CRYPTO_PRIVKEY_H
#define ECERT_CRYPTO_PRIVKEY_H

#include "crypto/key/pubkey.h"

/* In locked memory, wiped when freed. */
struct privkey;

/* Errors of all: ECERT_E_UNSUPPORTED (no such algorithm or size), ECERT_E_DATA (numbers that make
 * no key), ECERT_E_MEMORY, ECERT_E_CRYPTO. */
enum ecert_rc privkey_from_evp(const EVP_PKEY *key, struct privkey **out) MUST_CHECK;
/* From two primes and the exponent: everything else is computed, so that nothing can disagree. */
enum ecert_rc privkey_from_primes(
    struct rd p, struct rd q, struct rd e, struct privkey **out) MUST_CHECK;
/* EC and SM2: the scalar, 1 to order - 1 (SM2: order - 2), leading zeros as they come. 25519: the
 * 32-byte seed. */
enum ecert_rc privkey_from_scalar(enum key_alg alg, struct rd d, struct privkey **out) MUST_CHECK;
void privkey_free(struct privkey **k);
/*
 * Whether d is a private exponent of this RSA key (RFC 8017, 3.2: below n, and e * d = 1 in both
 * prime fields): makers compute it modulo lcm(p - 1, q - 1) or (p - 1)(q - 1), and both are right.
 * Errors: ECERT_E_DATA (it is not; or no RSA key), ECERT_E_MEMORY.
 */
enum ecert_rc privkey_rsa_exponent(const struct privkey *k, struct rd d) MUST_CHECK;

enum key_alg privkey_alg(const struct privkey *k);
/*
 * Five views: RSA p, q, dP, dQ, qInv (RFC 8017, 3.2), each exactly half the modulus; others the
 * scalar in the size of the order, or the seed, and four empty ones. Valid while k is.
 */
const struct rd *privkey_parts(const struct privkey *k);
/* Its public key; valid while k is. */
const struct pubkey *privkey_public(const struct privkey *k);

#endif
