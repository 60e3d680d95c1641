/* SPDX-License-Identifier: BSD-2-Clause */
/* Unpadding of decrypted blocks: PKCS#1 v1.5 with implicit rejection, and OAEP. */
#include "crypto_support.h"

#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include "crypto/ct.h"
#include "crypto/digest.h"
#include "crypto/pad/sigfmt.h"
#include "util/hex.h"

static const uint8_t reject_key[32] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17,
    18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31};

static void masks(void **state)
{
	(void)state;
	assert_int_equal(ct_is_zero(0), 0xFFFFFFFF);
	assert_int_equal(ct_is_zero(1), 0);
	assert_int_equal(ct_is_zero(0x80000000), 0);
	assert_int_equal(ct_equal(5, 5), 0xFFFFFFFF);
	assert_int_equal(ct_equal(5, 6), 0);
	assert_int_equal(ct_less(5, 6), 0xFFFFFFFF);
	assert_int_equal(ct_less(6, 6), 0);
	assert_int_equal(ct_less(7, 6), 0);
	assert_int_equal(ct_select(0xFFFFFFFF, 3, 4), 3);
	assert_int_equal(ct_select(0, 3, 4), 4);
}

static void shifts(void **state)
{
	uint8_t b[37], want[37];

	(void)state;
	for (uint32_t shift = 0; shift <= sizeof b; shift++) {
		memset(want, 0, sizeof want);
		for (size_t i = 0; i < sizeof b; i++)
			b[i] = (uint8_t)(i + 1);
		for (size_t i = 0; i + shift < sizeof b; i++)
			want[i] = (uint8_t)(i + shift + 1);
		ct_shift_left(b, sizeof b, shift);
		assert_memory_equal(b, want, sizeof b);
	}
}

/* 00 02, k - 3 - n bytes that are not zero, 00, n bytes of message. */
static void pad(uint8_t *block, size_t k, size_t n)
{
	memset(block, 0x11, k);
	block[0] = 0;
	block[1] = 2;
	block[k - n - 1] = 0;
	memset(block + k - n, 0xC3, n);
}

static void good_paddings(void **state)
{
	uint8_t block[128], out[128];
	size_t len;

	(void)state;
	for (size_t n = 0; n <= 117; n++) {
		pad(block, 128, n);
		assert_rc(pkcs1_unpad(reject_key, rd_of(block, 128), rd_of(block, 128), out, &len),
		    ECERT_OK);
		assert_int_equal(len, n);
		assert_memory_equal(out, block + 128 - n, n);
	}
	/* a message may begin with zeros */
	pad(block, 128, 20);
	memset(block + 108, 0, 20);
	assert_rc(
	    pkcs1_unpad(reject_key, rd_of(block, 128), rd_of(block, 128), out, &len), ECERT_OK);
	assert_int_equal(len, 20);
}

/* What an independent implementation (HMAC by hand, in Python) gives for bad paddings: length and
 * SHA-256 of the message made instead. The ciphertext is (7 i + k / 64) mod 256. */
struct rejection {
	size_t k, len;
	const char *sha256;
};

static const struct rejection rejections[] = {
    {128, 86, "fd55e062d9a8ff07523dea3804acaa3081539fef718d869ae694f4e73314ce5c"},
    {256, 174, "a5f28eb0dca1de4509d68f254ddbbd742b6c75465e6be770335dfcd03ab490eb"},
    {512, 314, "dad9730fde9d80857990a87d37f8d17fe4aa43c35b5292f9470a0a84e60b66ce"},
};

/* Breaks a good block in the i-th way; false after the last. */
static bool spoil(uint8_t *block, size_t k, int i)
{
	pad(block, k, 16);
	switch (i) {
	case 0:
		block[0] = 1;
		return true;
	case 1:
		block[1] = 1;
		return true;
	case 2:
		block[2] = 0; /* padding of no byte */
		return true;
	case 3:
		block[9] = 0; /* padding of seven bytes */
		return true;
	case 4:
		block[k - 17] = 0x11; /* no separator */
		return true;
	case 5:
		memset(block, 0, k);
		return true;
	case 6:
		memset(block, 0xFF, k);
		return true;
	default:
		return false;
	}
}

static void rejected(void **state)
{
	(void)state;
	for (size_t r = 0; r < sizeof rejections / sizeof rejections[0]; r++) {
		size_t k = rejections[r].k, len, n;
		uint8_t block[512], ct[512], out[512], md[MD_MAX_SIZE];

		for (size_t i = 0; i < k; i++)
			ct[i] = (uint8_t)(7 * i + k / 64);
		for (int i = 0; spoil(block, k, i); i++) {
			assert_rc(pkcs1_unpad(reject_key, rd_of(ct, k), rd_of(block, k), out, &len),
			    ECERT_OK);
			assert_int_equal(len, rejections[r].len);
			assert_rc(digest_once(MD_SHA256, rd_of(out, len), md, &n), ECERT_OK);
			assert_true(rd_equal(rd_of(md, n), H(rejections[r].sha256)));
		}
	}
}

static void unpad_lengths(void **state)
{
	uint8_t block[520] = {0}, out[520];
	size_t len = 7;

	(void)state;
	assert_rc(
	    pkcs1_unpad(reject_key, rd_of(block, 128), rd_of(block, 127), out, &len), ECERT_E_ARG);
	assert_int_equal(len, 0);
	assert_rc(
	    pkcs1_unpad(reject_key, rd_of(block, 63), rd_of(block, 63), out, &len), ECERT_E_ARG);
	assert_rc(
	    pkcs1_unpad(reject_key, rd_of(block, 513), rd_of(block, 513), out, &len), ECERT_E_ARG);
}

/* The block that a card gives for what OpenSSL encrypted under these parameters. */
static void oaep_block(
    EVP_PKEY *key, enum md md, enum md mgf, struct rd label, struct rd message, uint8_t block[256])
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	uint8_t ct[256];
	size_t n = sizeof ct;
	void *copy;

	assert_int_equal(EVP_PKEY_encrypt_init(ctx), 1);
	assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_OAEP_PADDING), 1);
	assert_int_equal(EVP_PKEY_CTX_set_rsa_oaep_md(ctx, md_evp(md)), 1);
	assert_int_equal(EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, md_evp(mgf)), 1);
	if (label.n > 0) {
		copy = OPENSSL_memdup(label.p, label.n);
		assert_int_equal(EVP_PKEY_CTX_set0_rsa_oaep_label(ctx, copy, (int)label.n), 1);
	}
	assert_int_equal(EVP_PKEY_encrypt(ctx, ct, &n, message.p, message.n), 1);
	EVP_PKEY_CTX_free(ctx);
	ctx = EVP_PKEY_CTX_new(key, NULL);
	assert_int_equal(EVP_PKEY_decrypt_init(ctx), 1);
	assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING), 1);
	n = 256;
	assert_int_equal(EVP_PKEY_decrypt(ctx, block, &n, ct, sizeof ct), 1);
	assert_int_equal(n, 256);
	EVP_PKEY_CTX_free(ctx);
}

static void oaep_good(void **state)
{
	static const enum md mds[][2] = {{MD_SHA1, MD_SHA1}, {MD_SHA256, MD_SHA256},
	    {MD_SHA256, MD_SHA1}, {MD_SHA512, MD_SHA512}, {MD_SHA3_256, MD_SHA3_256}};
	static const size_t sizes[] = {0, 1, 16, 126};
	EVP_PKEY *key = make_key(KEY_RSA2048);
	uint8_t block[256], out[256], message[126];
	struct rd label = H("6C6162656C");
	size_t len;

	(void)state;
	memset(message, 0, sizeof message);
	message[125] = 1;
	for (size_t i = 0; i < sizeof mds / sizeof mds[0]; i++) {
		for (size_t j = 0; j < sizeof sizes / sizeof sizes[0]; j++) {
			struct rd l = i % 2 ? label : rd_of(NULL, 0);

			oaep_block(key, mds[i][0], mds[i][1], l, rd_of(message, sizes[j]), block);
			assert_rc(oaep_unpad(rd_of(block, 256), md_evp(mds[i][0]),
				      md_evp(mds[i][1]), l, out, &len),
			    ECERT_OK);
			assert_int_equal(len, sizes[j]);
			assert_memory_equal(out, message, sizes[j]);
		}
	}
	EVP_PKEY_free(key);
}

static void oaep_bad(void **state)
{
	const EVP_MD *sha = md_evp(MD_SHA256);
	EVP_PKEY *key = make_key(KEY_RSA2048);
	uint8_t block[256], out[256];
	struct rd none = rd_of(NULL, 0);
	size_t len;

	(void)state;
	oaep_block(key, MD_SHA256, MD_SHA256, none, H("0102030405"), block);
	for (size_t i = 0; i < 256; i++) {
		/* Each half masks the other, so any change spoils all. */
		block[i] ^= 0x40;
		assert_rc(oaep_unpad(rd_of(block, 256), sha, sha, none, out, &len), ECERT_E_DATA);
		block[i] ^= 0x40;
	}
	assert_rc(oaep_unpad(rd_of(block, 256), sha, sha, H("00"), out, &len), ECERT_E_DATA);
	assert_rc(
	    oaep_unpad(rd_of(block, 256), sha, md_evp(MD_SHA1), none, out, &len), ECERT_E_DATA);
	assert_rc(oaep_unpad(rd_of(block, 65), sha, sha, none, out, &len), ECERT_E_DATA);
	assert_rc(oaep_unpad(rd_of(block, 0), sha, sha, none, out, &len), ECERT_E_DATA);
	assert_rc(oaep_unpad(rd_of(block, 256), NULL, sha, none, out, &len), ECERT_E_ARG);
	assert_rc(oaep_unpad(rd_of(block, 256), sha, NULL, none, out, &len), ECERT_E_ARG);
	assert_int_equal(len, 0);
	EVP_PKEY_free(key);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(masks),
	    cmocka_unit_test(shifts),
	    cmocka_unit_test(good_paddings),
	    cmocka_unit_test(rejected),
	    cmocka_unit_test(unpad_lengths),
	    cmocka_unit_test(oaep_good),
	    cmocka_unit_test(oaep_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
