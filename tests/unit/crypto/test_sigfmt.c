/* SPDX-License-Identifier: BSD-2-Clause */
/* ECDSA encodings, EMSA-PKCS1-v1_5 and EMSA-PSS. */
#include "crypto_support.h"

#include <openssl/rsa.h>

#include "crypto/digest.h"
#include "crypto/key/pubkey.h"
#include "crypto/pad/sigfmt.h"

struct pair {
	const char *der, *raw;
	size_t half;
};

static const struct pair pairs[] = {
    {"3006020101020101", "0101", 1},
    {"3006020101020101", "00010001", 2},
    {"3006020101020101", "000000000001000000000001", 6},
    /* a set top bit takes a zero in front */
    {"30080202008002020080", "8080", 1},
    {"300702017F02020080", "7F80", 1},
    {"3008020200FF020200FF", "00FF00FF", 2},
};

static void ecdsa_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		struct buf raw = BUF_INIT(128), der = BUF_INIT(128);

		assert_rc(ecdsa_der_to_raw(H(pairs[i].der), pairs[i].half, &raw), ECERT_OK);
		assert_true(rd_equal(buf_view(&raw), H(pairs[i].raw)));
		assert_rc(ecdsa_raw_to_der(buf_view(&raw), &der), ECERT_OK);
		assert_true(rd_equal(buf_view(&der), H(pairs[i].der)));
		buf_free(&raw);
		buf_free(&der);
	}
}

/* Adversarial list, 10: bad, negative, zero, over-long. Half is 2 bytes. */
static const char *const bad_der[] = {
    "", "30", "3000", "3003020101", /* s is missing */
    "3006020100020101",		    /* r = 0 */
    "3006020101020100",		    /* s = 0 */
    "3006020180020101",		    /* negative */
    "30060201FF020101",		    /* negative */
    "300702020001020101",	    /* not minimal */
    "300702027F7F0202FFFF",	    /* outer too short */
    "30080203010000020101",	    /* r longer than half */
    "30080201010203010000",	    /* s longer than half */
    "300902040080000001"
    "01",		  /* r much longer */
    "300602010102010100", /* a byte after */
    "3007020101020101"
    "00", /* a byte inside after s */
    "3081060201010201"
    "01",		  /* length not minimal */
    "300702810101020101", /* inner length not minimal */
    "3080020101020101"
    "0000",			/* indefinite */
    "3084FFFFFFFF020101020101", /* absurd */
    "3106020101020101",		/* a SET */
    "3006030101020101",		/* a BIT STRING */
    "30050200020101",		/* empty INTEGER */
    "3006020101020201",		/* cut */
};

static void ecdsa_hostile(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof bad_der / sizeof bad_der[0]; i++) {
		struct buf raw = BUF_INIT(128);

		assert_rc(ecdsa_der_to_raw(H(bad_der[i]), 2, &raw), ECERT_E_MALFORMED);
		assert_int_equal(buf_len(&raw), 0);
		buf_free(&raw);
	}
}

static void ecdsa_odd_raw(void **state)
{
	struct buf der = BUF_INIT(128), tiny = BUF_INIT(4);

	(void)state;
	assert_rc(ecdsa_raw_to_der(rd_of(NULL, 0), &der), ECERT_E_MALFORMED);
	assert_rc(ecdsa_raw_to_der(H("010203"), &der), ECERT_E_MALFORMED);
	assert_rc(ecdsa_raw_to_der(H("01020304"), &tiny), ECERT_E_TOO_LARGE);
	assert_rc(ecdsa_der_to_raw(H("3006020101020101"), 40, &tiny), ECERT_E_TOO_LARGE);
	buf_free(&der);
	buf_free(&tiny);
}

static void pkcs1_block(void **state)
{
	struct buf b = BUF_INIT(512);
	struct rd t = H("AABBCC");

	(void)state;
	assert_rc(pkcs1_sign_pad(t, 14, &b), ECERT_OK);
	assert_true(rd_equal(buf_view(&b), H("0001FFFFFFFFFFFFFFFF00AABBCC")));
	buf_reset(&b);
	assert_rc(pkcs1_sign_pad(t, 13, &b), ECERT_E_DATA_LEN);
	assert_rc(pkcs1_sign_pad(t, 10, &b), ECERT_E_DATA_LEN);
	assert_rc(pkcs1_sign_pad(rd_of(NULL, 0), 11, &b), ECERT_OK);
	assert_true(rd_equal(buf_view(&b), H("0001FFFFFFFFFFFFFFFF00")));
	buf_free(&b);
}

/* Every DigestInfo is what OpenSSL signs under the same digest; RSA with SM3 it does not do. */
static void digest_infos(void **state)
{
	EVP_PKEY *key = make_key(KEY_RSA1024);
	struct pubkey *k;

	(void)state;
	assert_rc(pubkey_from_evp(key, &k), ECERT_OK);
	for (int i = 1; i < MD_SM3; i++) {
		const struct md_row *row = md_row((enum md)i);
		EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
		struct buf t = BUF_INIT(128), block = BUF_INIT(128);
		uint8_t md[MD_MAX_SIZE], sig[128];
		size_t n, sn = sizeof sig;

		assert_rc(digest_once(row->id, H("616263"), md, &n), ECERT_OK);
		assert_int_equal(n, row->size);
		assert_int_equal(EVP_PKEY_sign_init(ctx), 1);
		assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING), 1);
		assert_int_equal(EVP_PKEY_CTX_set_signature_md(ctx, md_evp(row->id)), 1);
		assert_int_equal(EVP_PKEY_sign(ctx, sig, &sn, md, n), 1);
		buf_rd(&t, digest_info_prefix(row->name));
		buf_put(&t, md, n);
		assert_rc(pkcs1_sign_pad(buf_view(&t), 128, &block), ECERT_OK);
		assert_rc(pubkey_check(k, buf_view(&block), rd_of(sig, sn)), ECERT_OK);
		buf_free(&t);
		buf_free(&block);
		EVP_PKEY_CTX_free(ctx);
	}
	assert_true(
	    rd_equal(digest_info_prefix("SM3"), H("3030300C06082A811CCF550183110500 0420")));
	assert_int_equal(digest_info_prefix("MD5").n, 0);
	assert_int_equal(digest_info_prefix(NULL).n, 0);
	pubkey_free(&k);
	EVP_PKEY_free(key);
}

static int openssl_takes_pss(
    EVP_PKEY *key, struct rd sig, struct rd digest, enum md md, enum md mgf, size_t salt)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	int rc;

	assert_int_equal(EVP_PKEY_verify_init(ctx), 1);
	assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING), 1);
	assert_int_equal(EVP_PKEY_CTX_set_signature_md(ctx, md_evp(md)), 1);
	assert_int_equal(EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, md_evp(mgf)), 1);
	assert_int_equal(EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, (int)salt), 1);
	rc = EVP_PKEY_verify(ctx, sig.p, sig.n, digest.p, digest.n);
	EVP_PKEY_CTX_free(ctx);
	return rc;
}

struct pss_case {
	enum md md, mgf;
	size_t salt;
};

static const struct pss_case pss_cases[] = {
    {MD_SHA256, MD_SHA256, 32},
    {MD_SHA256, MD_SHA256, 0},
    {MD_SHA256, MD_SHA256, 94}, /* 128 - 32 - 2: the longest */
    {MD_SHA256, MD_SHA1, 20},
    {MD_SHA512, MD_SHA512, 62},
    {MD_SHA1, MD_SHA1, 20},
    {MD_SHA3_256, MD_SHA3_256, 32},
};

static void pss_blocks(void **state)
{
	EVP_PKEY *key = make_key(KEY_RSA1024);

	(void)state;
	for (size_t i = 0; i < sizeof pss_cases / sizeof pss_cases[0]; i++) {
		const struct pss_case *c = &pss_cases[i];
		struct buf a = BUF_INIT(128), b = BUF_INIT(128);
		uint8_t md[MD_MAX_SIZE], sig[128];
		size_t n;

		assert_rc(digest_once(c->md, H("616263"), md, &n), ECERT_OK);
		assert_rc(
		    pss_encode(rd_of(md, n), md_evp(c->md), md_evp(c->mgf), c->salt, 1024, &a),
		    ECERT_OK);
		assert_int_equal(buf_len(&a), 128);
		assert_int_equal(card_sign(key, KEY_RSA1024, buf_view(&a), sig), 128);
		assert_int_equal(
		    openssl_takes_pss(key, rd_of(sig, 128), rd_of(md, n), c->md, c->mgf, c->salt),
		    1);
		assert_rc(
		    pss_encode(rd_of(md, n), md_evp(c->md), md_evp(c->mgf), c->salt, 1024, &b),
		    ECERT_OK);
		/* a fresh salt each time */
		assert_int_equal(rd_equal(buf_view(&a), buf_view(&b)), c->salt == 0);
		buf_free(&a);
		buf_free(&b);
	}
	EVP_PKEY_free(key);
}

static void pss_refusals(void **state)
{
	const EVP_MD *sha = md_evp(MD_SHA256);
	struct buf b = BUF_INIT(600), tiny = BUF_INIT(8);
	uint8_t md[32] = {0};
	struct rd d = rd_of(md, 32);

	(void)state;
	assert_rc(pss_encode(d, sha, sha, 95, 1024, &b), ECERT_E_ARG);
	assert_rc(pss_encode(d, sha, sha, SIZE_MAX, 1024, &b), ECERT_E_ARG);
	assert_rc(pss_encode(rd_of(md, 31), sha, sha, 32, 1024, &b), ECERT_E_DATA_LEN);
	assert_rc(pss_encode(d, NULL, sha, 32, 1024, &b), ECERT_E_ARG);
	assert_rc(pss_encode(d, sha, NULL, 32, 1024, &b), ECERT_E_ARG);
	assert_rc(pss_encode(d, sha, sha, 32, 0, &b), ECERT_E_ARG);
	assert_rc(pss_encode(d, sha, sha, 32, 1024, &tiny), ECERT_E_TOO_LARGE);
	assert_int_equal(buf_len(&b), 0);
	/* RFC 8017, 8.1.1: emBits = 1024 leaves a zero byte in front of 128 */
	assert_rc(pss_encode(d, sha, sha, 32, 1025, &b), ECERT_OK);
	assert_int_equal(buf_len(&b), 129);
	assert_int_equal(buf_view(&b).p[0], 0);
	assert_int_equal(buf_view(&b).p[128], 0xBC);
	buf_free(&b);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ecdsa_known),
	    cmocka_unit_test(ecdsa_hostile),
	    cmocka_unit_test(ecdsa_odd_raw),
	    cmocka_unit_test(pkcs1_block),
	    cmocka_unit_test(digest_infos),
	    cmocka_unit_test(pss_blocks),
	    cmocka_unit_test(pss_refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
