/* SPDX-License-Identifier: BSD-2-Clause */
/* One block of a block cipher: what management-key authentication needs, and nothing else. */
#ifndef ECERT_CRYPTO_CIPHER_H
#define ECERT_CRYPTO_CIPHER_H

#include <stdint.h>

#include "ecert/rc.h"
#include "util/rd.h"

enum block_cipher { CIPHER_3DES, CIPHER_AES128, CIPHER_AES192, CIPHER_AES256, CIPHER_COUNT };

#define CIPHER_BLOCK_MAX 16

/*
 * in and out are one block: 8 bytes for 3DES, 16 for AES; they may be the same. key: 24, 16, 24, 32
 * bytes. Errors: ECERT_E_DATA_LEN (key length), ECERT_E_CRYPTO.
 */
enum ecert_rc block_encrypt(
    enum block_cipher cipher, struct rd key, const uint8_t *in, uint8_t *out) MUST_CHECK;
enum ecert_rc block_decrypt(
    enum block_cipher cipher, struct rd key, const uint8_t *in, uint8_t *out) MUST_CHECK;

#endif
