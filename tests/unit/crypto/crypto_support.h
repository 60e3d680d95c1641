/* SPDX-License-Identifier: BSD-2-Clause */
/* What the crypto tests share: cmocka's includes, hexadecimal literals, fresh keys. */
#ifndef TESTS_UNIT_CRYPTO_SUPPORT_H
#define TESTS_UNIT_CRYPTO_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <openssl/evp.h>
#include <string.h>

#include "crypto/key/alg.h"
#include "util/buf.h"

#define assert_rc(expression, code) assert_int_equal((int)(expression), (int)(code))

/* The bytes of a hexadecimal literal, blanks allowed, in a static ring of 16 places of 1 KiB. */
struct rd H(const char *hex);

/* A fresh key pair of this algorithm, in OpenSSL's default context. */
EVP_PKEY *make_key(enum key_alg alg);
/* A raw signature (r||s, or the modulus-size number) by key over in, as a card makes it: RSA over
 * the padded block, ECDSA over the digest, SM2 over e, Ed25519 over the message. */
size_t card_sign(EVP_PKEY *key, enum key_alg alg, struct rd in, uint8_t *sig);

#endif
