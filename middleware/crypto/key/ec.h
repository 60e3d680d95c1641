/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Elliptic-curve checks over libcrypto's group arithmetic. They touch public data only. Done below
 * EVP on purpose: the first EVP fetch of a process costs 1.3 MB and 1 ms, and a signature made by a
 * card needs nothing else of it.
 */
#ifndef ECERT_CRYPTO_EC_H
#define ECERT_CRYPTO_EC_H

#include <openssl/ec.h>

#include "crypto/key/alg.h"

/* The group of P-256, P-384 or SM2; made once, shared, never freed. NULL for other algorithms, or
 * when memory ran out. */
const EC_GROUP *ec_group(enum key_alg alg);

/* 04 X Y (or 02/03 X) to a point that is proven to lie on the curve; free with EC_POINT_free.
 * Errors: ECERT_E_KEY_TYPE (no such curve), ECERT_E_MALFORMED, ECERT_E_MEMORY. */
enum ecert_rc ec_point_get(enum key_alg alg, struct rd encoded, EC_POINT **out) MUST_CHECK;

/* A peer's point before it goes to a card for key agreement (SP 800-56A rev. 3, 5.6.2.3.3):
 * 04 X Y on the curve; 32 bytes for X25519. Errors: ECERT_E_KEY_TYPE, ECERT_E_DATA, ECERT_E_MEMORY.
 */
enum ecert_rc ec_peer_check(enum key_alg alg, struct rd point) MUST_CHECK;

/* An agreed secret as the card gave it: the length of a coordinate, and for X25519 not all zero
 * (RFC 7748, 6.1). Constant time. Errors: ECERT_E_KEY_TYPE, ECERT_E_CARD. */
enum ecert_rc ec_secret_check(enum key_alg alg, struct rd secret) MUST_CHECK;

/* ECDSA (FIPS 186-5, 6.4.2) of raw r||s over a digest, of which the leftmost bytes count; q is a
 * point of alg's group. Errors: ECERT_E_BAD_SIGNATURE, ECERT_E_CRYPTO. */
enum ecert_rc ecdsa_check(
    enum key_alg alg, const EC_POINT *q, struct rd digest, struct rd raw) MUST_CHECK;
/* SM2 (GB/T 32918.2, 7.1; ISO/IEC 14888-3) of raw r||s over e, 32 bytes. Errors: the same. */
enum ecert_rc sm2_check(const EC_POINT *q, struct rd e, struct rd raw) MUST_CHECK;

#endif
