/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * EME-PKCS1-v1_5 decoding with implicit rejection: draft-irtf-cfrg-rsa-guidance, 7.2, which is what
 * OpenSSL does from 3.2 on. After a bad padding the caller gets a message that looks like any other
 * and is the same each time for the same ciphertext, so there is nothing to learn from asking.
 */
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdatomic.h>
#include <string.h>

#include "crypto/ct.h"
#include "crypto/ossl.h"
#include "crypto/pad/sigfmt.h"
#include "util/mem.h"

#define KDK_SIZE   32
#define CANDIDATES 128
#define K_MIN	   64
#define K_MAX	   512
/* 00 02, eight bytes that are not zero, 00 */
#define MIN_PADDING 8

static EVP_MAC *hmac(void)
{
	static _Atomic(EVP_MAC *) shared;
	EVP_MAC *seen = atomic_load(&shared), *fresh;

	if (seen)
		return seen;
	fresh = ossl_ctx() ? EVP_MAC_fetch(ossl_ctx(), "HMAC", NULL) : NULL;
	if (!fresh)
		return NULL;
	if (atomic_compare_exchange_strong(&shared, &seen, fresh))
		return fresh;
	EVP_MAC_free(fresh);
	return seen;
}

/* HMAC-SHA256 over up to three parts. */
static enum ecert_rc mac(
    const uint8_t key[KDK_SIZE], const struct rd *parts, size_t count, uint8_t out[KDK_SIZE])
{
	char md[] = "SHA256";
	const OSSL_PARAM params[] = {
	    OSSL_PARAM_utf8_string(OSSL_MAC_PARAM_DIGEST, md, sizeof md - 1), OSSL_PARAM_END};
	EVP_MAC_CTX *ctx = hmac() ? EVP_MAC_CTX_new(hmac()) : NULL;
	enum ecert_rc rc = ECERT_E_CRYPTO;
	size_t n = 0;

	if (!ctx || EVP_MAC_init(ctx, key, KDK_SIZE, params) != 1)
		goto out;
	for (size_t i = 0; i < count; i++) {
		if (EVP_MAC_update(ctx, parts[i].p, parts[i].n) != 1)
			goto out;
	}
	if (EVP_MAC_final(ctx, out, &n, KDK_SIZE) == 1 && n == KDK_SIZE)
		rc = ECERT_OK;
out:
	EVP_MAC_CTX_free(ctx);
	return rc;
}

/* PRF(KDK, label, length): HMAC(KDK, I || label || bits) for I = 0, 1, ... */
static enum ecert_rc prf(const uint8_t kdk[KDK_SIZE], const char *label, uint8_t *out, size_t n)
{
	const uint8_t bits[2] = {(uint8_t)(n * 8 >> 8), (uint8_t)(n * 8)};
	uint8_t piece[KDK_SIZE];
	enum ecert_rc rc = ECERT_OK;

	for (unsigned i = 0; n > 0 && rc == ECERT_OK; i++) {
		const uint8_t counter[2] = {(uint8_t)(i >> 8), (uint8_t)i};
		const struct rd parts[] = {rd_of(counter, sizeof counter),
		    rd_of(label, strlen(label)), rd_of(bits, sizeof bits)};
		size_t take = n < sizeof piece ? n : sizeof piece;

		rc = mac(kdk, parts, 3, piece);
		if (rc == ECERT_OK)
			memcpy(out, piece, take);
		out += take;
		n -= take;
	}
	mem_wipe(piece, sizeof piece);
	return rc;
}

/* The last candidate that fits: k - 10 or less bytes of message, always one of 128 found. */
static uint32_t choose_length(const uint8_t candidates[2 * CANDIDATES], size_t k)
{
	uint32_t limit = (uint32_t)k - 2 - MIN_PADDING, mask = limit, length = 0;

	for (unsigned i = 1; i < 16; i <<= 1)
		mask |= mask >> i;
	for (size_t i = 0; i < CANDIDATES; i++) {
		uint32_t c = (uint32_t)candidates[2 * i] << 8 | candidates[2 * i + 1];

		c &= mask;
		length = ct_select(ct_less(c, limit), c, length);
	}
	return length;
}

/* Where the message begins, and whether the padding is right (RFC 8017, 7.2.2 step 3). */
static ct_mask find_message(struct rd block, uint32_t *index)
{
	ct_mask found = 0, good = ct_is_zero(block.p[0]) & ct_equal(block.p[1], 2);
	uint32_t separator = 0;

	for (size_t i = 2; i < block.n; i++) {
		ct_mask zero = ct_is_zero(block.p[i]);

		separator = ct_select(~found & zero, (uint32_t)i, separator);
		found |= zero;
	}
	*index = separator + 1;
	return good & ~ct_less(separator, 2 + MIN_PADDING);
}

enum ecert_rc pkcs1_unpad(const uint8_t reject_key[32], struct rd ciphertext, struct rd block,
    uint8_t *out, size_t *out_len)
{
	uint8_t kdk[KDK_SIZE], candidates[2 * CANDIDATES], instead[K_MAX];
	uint32_t index, length;
	enum ecert_rc rc;
	ct_mask good;

	*out_len = 0;
	if (block.n < K_MIN || block.n > K_MAX || ciphertext.n != block.n)
		return ECERT_E_ARG;
	ossl_enter();
	rc = mac(reject_key, &ciphertext, 1, kdk);
	if (rc == ECERT_OK)
		rc = prf(kdk, "length", candidates, sizeof candidates);
	if (rc == ECERT_OK)
		rc = prf(kdk, "message", instead, block.n);
	ossl_leave();
	if (rc != ECERT_OK)
		goto out;
	length = choose_length(candidates, block.n);
	good = find_message(block, &index);
	index = ct_select(good, index, (uint32_t)block.n - length);
	for (size_t i = 0; i < block.n; i++)
		out[i] = (uint8_t)ct_select(good, block.p[i], instead[i]);
	ct_shift_left(out, block.n, index);
	*out_len = block.n - index;
out:
	mem_wipe(kdk, sizeof kdk);
	mem_wipe(candidates, sizeof candidates);
	mem_wipe(instead, sizeof instead);
	return rc;
}
