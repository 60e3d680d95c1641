/* SPDX-License-Identifier: BSD-2-Clause */
/* A public key as the card, a certificate or a peer gives it, and the check of what the card
 * returned. */
#ifndef ECERT_CRYPTO_PUBKEY_H
#define ECERT_CRYPTO_PUBKEY_H

#include <openssl/evp.h>

#include "crypto/key/alg.h"
#include "util/buf.h"

/* Immutable, counted: share it between threads with pubkey_ref. */
struct pubkey;

/* DER SubjectPublicKeyInfo, checked: known algorithm, a point on its curve, an odd modulus with a
 * fit exponent. Errors: ECERT_E_MALFORMED, ECERT_E_UNSUPPORTED, ECERT_E_MEMORY. */
enum ecert_rc pubkey_from_spki(struct rd spki, struct pubkey **out) MUST_CHECK;
/* The key of a DER X.509 certificate, of which the rest is walked over, not judged
 * (crypto/cert/x509.h does that). Errors: the same, ECERT_E_TOO_LARGE. */
enum ecert_rc pubkey_from_cert(struct rd der, struct pubkey **out) MUST_CHECK;
/* The card's public key template: 81 modulus 82 exponent, or 86 point (04 X Y, or 32 bytes for
 * 25519); SP 800-73-5 part 2, table 11. The content of 7F49 or of metadata's tag 04. */
enum ecert_rc pubkey_from_card(
    enum key_alg alg, struct rd template_, struct pubkey **out) MUST_CHECK;
/* RSA of every size from 1024 to 4096 bits, to verify with: what no card makes counts as RSA-2048
 * to pubkey_alg, and pubkey_row has its true sizes. Errors: as pubkey_from_spki. */
enum ecert_rc pubkey_from_rsa(struct rd n, struct rd e, struct pubkey **out) MUST_CHECK;
/* pubkey_from_spki, with RSA of every such size. */
enum ecert_rc pubkey_from_any_spki(struct rd spki, struct pubkey **out) MUST_CHECK;
enum ecert_rc pubkey_from_evp(EVP_PKEY *key, struct pubkey **out) MUST_CHECK;

struct pubkey *pubkey_ref(const struct pubkey *k);
/* Drops one reference; sets *k to NULL. */
void pubkey_free(struct pubkey **k);

enum key_alg pubkey_alg(const struct pubkey *k);
/* The algorithm with the sizes of this key; valid while k is. */
const struct alg *pubkey_row(const struct pubkey *k);
/* DER SubjectPublicKeyInfo; valid while k is. */
struct rd pubkey_spki(const struct pubkey *k);
/* RSA: modulus and exponent without leading zeros. Others: ECERT_E_KEY_TYPE. */
enum ecert_rc pubkey_rsa(
    const struct pubkey *k, struct rd *modulus, struct rd *exponent) MUST_CHECK;
/* EC and SM2: 04 X Y; 25519: 32 bytes. RSA: ECERT_E_KEY_TYPE. */
enum ecert_rc pubkey_point(const struct pubkey *k, struct rd *point) MUST_CHECK;
/* For OpenSSL calls, in ossl_ctx(); made at the first call (which costs what the first EVP fetch of
 * a process costs), not owned by the caller. NULL when memory ran out. */
EVP_PKEY *pubkey_evp(const struct pubkey *k);
bool pubkey_equal(const struct pubkey *a, const struct pubkey *b);

/*
 * Checks what the card's private operation returned against what it was given. RSA: in is the whole
 * padded block, sig the modulus-size answer (in = sig^e mod n, sig < n). EC and SM2: in is the
 * digest as sent (SM2: e), sig is raw r||s. Ed25519: in is the message. Errors:
 * ECERT_E_BAD_SIGNATURE; ECERT_E_KEY_TYPE for X25519; ECERT_E_CRYPTO when OpenSSL failed.
 */
enum ecert_rc pubkey_check(const struct pubkey *k, struct rd in, struct rd sig) MUST_CHECK;

#endif
