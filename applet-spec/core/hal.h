/* SPDX-License-Identifier: BSD-2-Clause */
/* What the applet asks of the chip under it: entropy, arithmetic, presence, flash. */
#ifndef AP_HAL_H
#define AP_HAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ap_hal_rc {
	AP_HAL_OK = 0,
	AP_HAL_INPUT, /* the caller's data cannot be used: point off the curve, number >= modulus */
	AP_HAL_FAIL,  /* the chip failed */
};

/*
 * Keys are fixed-length byte strings, sizes by algorithm in tables/algorithms.tsv, numbers
 * big-endian: RSA private p q dp dq qinv (the exponent is 65537), public n; EC and SM2 private d,
 * public 04 X Y; Ed25519 and X25519 private seed or scalar, public 32 bytes (RFC 8032, RFC 7748).
 * `alg` is always the ECERT_ALG_ number of the table, whatever ALGORITHM MAP says on the wire.
 */
struct ap_hal {
	void *ctx;
	/* Follows the profile's name in SELECT's label, for instance " (virtual)". */
	const char *label_suffix;
	uint8_t form_factor; /* attestation extension 1.3.6.1.4.1.41482.3.9 */

	enum ap_hal_rc (*random)(void *ctx, uint8_t *out, size_t len);
	enum ap_hal_rc (*sha256)(void *ctx, const uint8_t *in, size_t len, uint8_t out[32]);
	enum ap_hal_rc (*keygen)(void *ctx, uint8_t alg, uint8_t *priv, uint8_t *pub);
	/* Checks an imported private key and computes its public key. */
	enum ap_hal_rc (*derive)(void *ctx, uint8_t alg, const uint8_t *priv, uint8_t *pub);
	/*
	 * RSA: in^d mod n, in_len = out length = modulus length. EC and SM2: r s, each as long as
	 * the field, over the given number e. Ed25519: the 64-byte signature of the message.
	 * in and out may be the same bytes.
	 */
	enum ap_hal_rc (*sign)(void *ctx, uint8_t alg, const uint8_t *priv, const uint8_t *pub,
	    const uint8_t *in, size_t in_len, uint8_t *out);
	/* ECDH: the x coordinate; X25519: 32 bytes. Checks the peer's point. */
	enum ap_hal_rc (*agree)(void *ctx, uint8_t alg, const uint8_t *priv, const uint8_t *pub,
	    const uint8_t *peer, uint8_t *out);
	/* One block of 3DES or AES. */
	enum ap_hal_rc (*block)(void *ctx, uint8_t alg, bool encrypt, const uint8_t *key,
	    const uint8_t *in, uint8_t *out);
	/* Waits for a touch; false when none came. */
	bool (*touch)(void *ctx, uint8_t key_ref);
	uint32_t (*millis)(void *ctx);

	/*
	 * Flash: two areas of area_size bytes, one after the other. Erased bytes are FF; a byte is
	 * written once after an erase. sync returns when everything before it is durable.
	 */
	uint32_t area_size;
	enum ap_hal_rc (*flash_read)(void *ctx, uint32_t off, uint8_t *out, size_t len);
	enum ap_hal_rc (*flash_write)(void *ctx, uint32_t off, const uint8_t *in, size_t len);
	enum ap_hal_rc (*flash_erase)(void *ctx, unsigned int area);
	enum ap_hal_rc (*flash_sync)(void *ctx);
};

#endif
