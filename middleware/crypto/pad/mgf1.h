/* SPDX-License-Identifier: BSD-2-Clause */
/* The mask of PSS and OAEP. */
#ifndef ECERT_CRYPTO_MGF1_H
#define ECERT_CRYPTO_MGF1_H

#include <openssl/evp.h>

#include "util/rd.h"

/* RFC 8017, B.2.1: XORs MGF1(seed) over n bytes at out. Its time depends on the lengths only.
 * Errors: ECERT_E_CRYPTO. */
enum ecert_rc mgf1_xor(const EVP_MD *md, struct rd seed, uint8_t *out, size_t n) MUST_CHECK;

#endif
