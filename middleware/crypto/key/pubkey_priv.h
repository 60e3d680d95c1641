/* SPDX-License-Identifier: BSD-2-Clause */
/* What makes a public key, for the sources of crypto/key/pubkey.h only. */
#ifndef ECERT_CRYPTO_PUBKEY_PRIV_H
#define ECERT_CRYPTO_PUBKEY_PRIV_H

#include "crypto/key/pubkey.h"

/* Views of the parts: n and e for RSA (no leading zeros), point for the others. */
struct key_parts {
	const struct alg *alg;
	struct rd n, e, point;
};

/* Checks the parts and makes the key. Errors: ECERT_E_MALFORMED, ECERT_E_MEMORY. */
enum ecert_rc pubkey_make(const struct key_parts *parts, struct pubkey **out) MUST_CHECK;
/* An EVP_PKEY in ossl_ctx(); NULL when OpenSSL failed. */
EVP_PKEY *pubkey_make_evp(const struct key_parts *parts);

#endif
