/* SPDX-License-Identifier: BSD-2-Clause */
/* What the crypto tests share. */
#include "crypto_support.h"

#include <openssl/ec.h>
#include <openssl/rsa.h>

#include "crypto/pad/sigfmt.h"
#include "util/hex.h"

struct rd H(const char *hex) {
	static uint8_t ring[16][1024];
	static unsigned next;
	struct buf b = BUF_INIT(sizeof ring[0]);
	uint8_t *at = ring[next++ % 16];
	size_t n;

	assert_rc(hex_get(rd_of(hex, strlen(hex)), &b), ECERT_OK);
	n = buf_len(&b);
	if (n > 0)
		memcpy(at, buf_view(&b).p, n);
	buf_free(&b);
	return rd_of(at, n);
}

EVP_PKEY *
make_key(enum key_alg alg)
{
	const struct alg *row = alg_row(alg);
	EVP_PKEY *key;

	assert_non_null(row);
	if (row->family == FAMILY_RSA)
		key = EVP_RSA_gen(row->bits);
	else if (row->family == FAMILY_EC)
		key = EVP_EC_gen(row->group);
	else
		key = EVP_PKEY_Q_keygen(NULL, NULL, row->group);
	assert_non_null(key);
	return key;
}

static void finish_ecdsa(const struct alg *row, const uint8_t *der, size_t n, uint8_t *sig)
{
	struct buf raw = BUF_INIT(row->signature);

	assert_rc(ecdsa_der_to_raw(rd_of(der, n), row->signature / 2, &raw), ECERT_OK);
	assert_int_equal(buf_len(&raw), row->signature);
	memcpy(sig, buf_view(&raw).p, row->signature);
	buf_free(&raw);
}

size_t card_sign(EVP_PKEY *key, enum key_alg alg, struct rd in, uint8_t *sig)
{
	const struct alg *row = alg_row(alg);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	uint8_t out[512];
	size_t n = sizeof out;

	assert_non_null(ctx);
	assert_non_null(md);
	if (row->family == FAMILY_EDWARDS) {
		assert_int_equal(EVP_DigestSignInit(md, NULL, NULL, NULL, key), 1);
		assert_int_equal(EVP_DigestSign(md, out, &n, in.p, in.n), 1);
	} else {
		assert_int_equal(EVP_PKEY_sign_init(ctx), 1);
		if (row->family == FAMILY_RSA)
			assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING), 1);
		assert_int_equal(EVP_PKEY_sign(ctx, out, &n, in.p, in.n), 1);
	}
	EVP_PKEY_CTX_free(ctx);
	EVP_MD_CTX_free(md);
	if (row->family == FAMILY_EC || row->family == FAMILY_SM2)
		finish_ecdsa(row, out, n, sig);
	else
		memcpy(sig, out, n);
	return row->signature;
}
