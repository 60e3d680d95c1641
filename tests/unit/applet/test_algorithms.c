/* SPDX-License-Identifier: BSD-2-Clause */
/* Every algorithm: made on the card or imported, used, and checked by OpenSSL. */
#include "tests/unit/applet/applet_fixture.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <string.h>

static const uint8_t digest[64] = {0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99};

static struct ap_span public_part(const struct card *c, uint32_t template, uint32_t tag)
{
	struct ap_span in = {c->resp, c->len}, inner, value;

	assert_true(ap_tlv_take(&in, template, &inner));
	assert_int_equal(in.len, 0);
	assert_true(ap_tlv_take(&inner, tag, &value));
	return value;
}

static EVP_PKEY *rsa_public(const uint8_t *n, size_t len)
{
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	BIGNUM *bn = BN_bin2bn(n, (int)len, NULL), *e = BN_new();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM *params;
	EVP_PKEY *pkey = NULL;

	BN_set_word(e, 65537);
	OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, bn);
	OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, e);
	params = OSSL_PARAM_BLD_to_param(bld);
	assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
	assert_int_equal(EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params), 1);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	EVP_PKEY_CTX_free(ctx);
	BN_free(bn);
	BN_free(e);
	return pkey;
}

/* in = out^e mod n, by the public key. */
static void check_rsa(struct card *c, uint8_t alg, const uint8_t *n, size_t len)
{
	EVP_PKEY *pkey = rsa_public(n, len);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
	uint8_t in[512] = {0}, back[512];
	size_t back_len = sizeof(back);
	struct ap_span sig;

	memcpy(in + 1, digest, sizeof(digest));
	assert_sw(card_authenticate(c, alg, 0x9A, ECERT_TAG_AUTH_CHALLENGE, in, len, &sig), 0x9000);
	assert_int_equal(sig.len, len);
	assert_int_equal(EVP_PKEY_encrypt_init(ctx), 1);
	assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING), 1);
	assert_int_equal(EVP_PKEY_encrypt(ctx, back, &back_len, sig.p, sig.len), 1);
	assert_int_equal(back_len, len);
	assert_memory_equal(back, in, len);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	/* A number that is not below the modulus, and lengths that are not its length. */
	assert_sw(card_authenticate(c, alg, 0x9A, ECERT_TAG_AUTH_CHALLENGE,
		      (memset(in, 0xFF, len), in), len, &sig),
	    ECERT_SW_BAD_DATA);
	assert_sw(card_authenticate(c, alg, 0x9A, ECERT_TAG_AUTH_CHALLENGE, digest, 64, &sig),
	    ECERT_SW_BAD_DATA);
	assert_sw(card_authenticate(c, alg, 0x9A, ECERT_TAG_AUTH_EXPONENT, in, len, &sig),
	    ECERT_SW_BAD_DATA);
}

static void check_ecdsa(struct card *c, uint8_t alg, const uint8_t *pub)
{
	static const size_t lengths[] = {1, 20, 28, 32, 48, 64};
	EVP_PKEY *pkey = host_public_key(alg, pub);
	struct ap_span sig;

	assert_non_null(pkey);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);

		assert_sw(card_authenticate(
			      c, alg, 0x9A, ECERT_TAG_AUTH_CHALLENGE, digest, lengths[i], &sig),
		    0x9000);
		assert_int_equal(EVP_PKEY_verify_init(ctx), 1);
		assert_int_equal(EVP_PKEY_verify(ctx, sig.p, sig.len, digest, lengths[i]), 1);
		EVP_PKEY_CTX_free(ctx);
	}
	assert_sw(card_authenticate(c, alg, 0x9A, ECERT_TAG_AUTH_CHALLENGE, digest, 0, &sig),
	    ECERT_SW_BAD_DATA);
	EVP_PKEY_free(pkey);
}

/* Both sides of an agreement, ours by OpenSSL. */
static void check_agreement(struct card *c, uint8_t alg, const uint8_t *pub)
{
	uint8_t priv[48], peer[97], ours[48];
	size_t len = host_priv_len(alg), n = host_pub_len(alg);
	struct ap_span z;

	assert_int_equal(host_keygen(&c->host, alg, priv, peer), AP_HAL_OK);
	assert_sw(card_authenticate(c, alg, 0x9A, ECERT_TAG_AUTH_EXPONENT, peer, n, &z), 0x9000);
	assert_int_equal(z.len, len);
	assert_int_equal(c->host.hal.agree(&c->host, alg, priv, peer, pub, ours), AP_HAL_OK);
	assert_memory_equal(z.p, ours, len);
	/* Off the curve, or of small order. */
	memset(peer + 1, 0x11, n - 1);
	peer[0] = 0x04;
	if (alg == ECERT_ALG_X25519)
		memset(peer, 0, n);
	assert_sw(card_authenticate(c, alg, 0x9A, ECERT_TAG_AUTH_EXPONENT, peer, n, &z),
	    ECERT_SW_BAD_DATA);
	assert_sw(card_authenticate(c, alg, 0x9A, ECERT_TAG_AUTH_EXPONENT, peer, n - 1, &z),
	    ECERT_SW_BAD_DATA);
}

static void check_ed25519(struct card *c, const uint8_t *pub)
{
	EVP_PKEY *pkey = host_public_key(ECERT_ALG_ED25519, pub);
	uint8_t message[1500];
	struct ap_span sig;

	memset(message, 'm', sizeof(message));
	for (size_t len = 0; len <= 1000; len += 500) {
		EVP_MD_CTX *ctx = EVP_MD_CTX_new();

		assert_sw(card_authenticate(c, ECERT_ALG_ED25519, 0x9A, ECERT_TAG_AUTH_CHALLENGE,
			      message, len, &sig),
		    0x9000);
		assert_int_equal(EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, pkey), 1);
		assert_int_equal(EVP_DigestVerify(ctx, sig.p, sig.len, message, len), 1);
		EVP_MD_CTX_free(ctx);
	}
	EVP_PKEY_free(pkey);
}

/* GB/T 32918.2: e = SM3(Z || M) is the host's; the card signs the number. */
static void check_sm2(struct card *c, const uint8_t *pub)
{
	static const char id[] = "1234567812345678", message[] = "message digest";
	EVP_PKEY *pkey = host_public_key(ECERT_ALG_SM2, pub);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	static const uint8_t curve[] = {0x00, 0x80, '1', '2', '3', '4', '5', '6', '7', '8', '1',
	    '2', '3', '4', '5', '6', '7', '8'};
	uint8_t z[32], e[32], ab[128];
	struct ap_span sig;

	from_hex("FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC"
		 "28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93"
		 "32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7"
		 "BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0",
	    ab, sizeof(ab));
	EVP_DigestInit_ex(md, EVP_sm3(), NULL);
	EVP_DigestUpdate(md, curve, sizeof(curve));
	EVP_DigestUpdate(md, ab, sizeof(ab));
	EVP_DigestUpdate(md, pub + 1, 64);
	EVP_DigestFinal_ex(md, z, NULL);
	EVP_DigestInit_ex(md, EVP_sm3(), NULL);
	EVP_DigestUpdate(md, z, sizeof(z));
	EVP_DigestUpdate(md, message, sizeof(message));
	EVP_DigestFinal_ex(md, e, NULL);
	assert_sw(
	    card_authenticate(c, ECERT_ALG_SM2, 0x9A, ECERT_TAG_AUTH_CHALLENGE, e, sizeof(e), &sig),
	    0x9000);
	/* OpenSSL makes its own Z and e from the message. */
	assert_int_equal(EVP_PKEY_CTX_set1_id(ctx, id, (int)strlen(id)), 1);
	EVP_MD_CTX_set_pkey_ctx(md, ctx);
	assert_int_equal(EVP_DigestVerifyInit(md, NULL, EVP_sm3(), NULL, pkey), 1);
	assert_int_equal(
	    EVP_DigestVerify(md, sig.p, sig.len, (const uint8_t *)message, sizeof(message)), 1);
	EVP_MD_CTX_free(md);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	assert_sw(card_authenticate(c, ECERT_ALG_SM2, 0x9A, ECERT_TAG_AUTH_CHALLENGE, e, 31, &sig),
	    ECERT_SW_BAD_DATA);
}

static void check_use(struct card *c, uint8_t alg, const uint8_t *pub, size_t len)
{
	switch (alg) {
	case ECERT_ALG_P256:
	case ECERT_ALG_P384:
		check_ecdsa(c, alg, pub);
		check_agreement(c, alg, pub);
		break;
	case ECERT_ALG_ED25519:
		check_ed25519(c, pub);
		break;
	case ECERT_ALG_X25519:
		check_agreement(c, alg, pub);
		break;
	case ECERT_ALG_SM2:
		check_sm2(c, pub);
		break;
	default:
		check_rsa(c, alg, pub, len);
	}
}

static const uint8_t algs[] = {ECERT_ALG_RSA2048, ECERT_ALG_RSA3072, ECERT_ALG_RSA4096,
    ECERT_ALG_P256, ECERT_ALG_P384, ECERT_ALG_ED25519, ECERT_ALG_X25519, ECERT_ALG_SM2};

static bool is_rsa(uint8_t alg)
{
	return host_priv_len(alg) > 100;
}

static void test_generate_and_use(void **state)
{
	struct card *c = card_new();

	(void)state;
	card_admin(c);
	card_login(c);
	for (size_t i = 0; i < sizeof(algs); i++) {
		uint8_t pub[512];
		uint32_t tag = is_rsa(algs[i]) ? ECERT_TAG_PUBLIC_MODULUS : ECERT_TAG_PUBLIC_POINT;
		struct ap_span value;

		card_generate(c, 0x9A, algs[i], 0, 0);
		value = public_part(c, ECERT_TAG_PUBLIC_KEY, tag);
		assert_int_equal(value.len, host_pub_len(algs[i]));
		memcpy(pub, value.p, value.len);
		/* 01 alg, 02 once never, 03 generated, 04 the same public key */
		assert_sw(card_send(c, "00F7009A 000000"), 0x9000);
		assert_int_equal(c->resp[2], algs[i]);
		assert_memory_equal(c->resp + 3, "\x02\x02\x02\x01\x03\x01\x01\x04", 8);
		assert_memory_equal(
		    c->resp + c->len - host_pub_len(algs[i]) - (is_rsa(algs[i]) ? 5 : 0), pub,
		    host_pub_len(algs[i]));
		check_use(c, algs[i], pub, host_pub_len(algs[i]));
	}
	card_free(c);
}

/* The same key by IMPORT: parts by tag, and what is refused. */
static void test_import(void **state)
{
	struct card *c = card_new();

	(void)state;
	assert_sw(card_send(c, "00FE119A 22 0620"
			       "0000000000000000000000000000000000000000000000000000000000000001"),
	    ECERT_SW_SECURITY_STATUS);
	card_admin(c);
	card_login(c);
	for (size_t i = 0; i < sizeof(algs); i++) {
		uint8_t priv[AP_PRIVATE_MAX], pub[512], body[2048];
		struct ap_out o = {body, sizeof(body), 0, false};
		size_t len = host_priv_len(algs[i]);

		assert_int_equal(host_keygen(&c->host, algs[i], priv, pub), AP_HAL_OK);
		if (is_rsa(algs[i])) {
			for (size_t k = 0; k < 5; k++)
				ap_put_tlv(&o, ECERT_TAG_IMPORT_P + (uint32_t)k,
				    priv + k * (len / 5), len / 5);
		} else {
			ap_put_tlv(&o,
			    algs[i] == ECERT_ALG_ED25519  ? ECERT_TAG_IMPORT_ED25519
			    : algs[i] == ECERT_ALG_X25519 ? ECERT_TAG_IMPORT_X25519
							  : ECERT_TAG_IMPORT_EC,
			    priv, len);
		}
		assert_sw(card_command(c, ECERT_INS_IMPORT, algs[i], 0x9A, body, o.len - 1),
		    ECERT_SW_BAD_DATA);
		assert_sw(
		    card_chained(c, ECERT_INS_IMPORT, algs[i], 0x9A, body, o.len, 255), 0x9000);
		assert_sw(card_send(c, "00F7009A 000000"), 0x9000);
		assert_memory_equal(c->resp + 3, "\x02\x02\x02\x01\x03\x01\x02\x04", 8);
		check_use(c, algs[i], pub, host_pub_len(algs[i]));
		assert_sw(card_send(c, "00F99A00 000000"), ECERT_SW_BAD_DATA);
		/* A part twice, a part that is not its own, policies that do not exist. */
		ap_put(&o, body, 4);
		assert_sw(card_command(c, ECERT_INS_IMPORT, algs[i], 0x9A, body, o.len),
		    ECERT_SW_BAD_DATA);
		o.len -= 4;
		ap_put_tlv_byte(&o, ECERT_TAG_PIN_POLICY, 4);
		assert_sw(card_command(c, ECERT_INS_IMPORT, algs[i], 0x9A, body, o.len),
		    ECERT_SW_BAD_DATA);
		o.len -= 3;
		body[len / 5] ^= 0x10;
		if (is_rsa(algs[i]))
			assert_sw(card_command(c, ECERT_INS_IMPORT, algs[i], 0x9A, body, o.len),
			    ECERT_SW_BAD_DATA);
	}
	card_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_generate_and_use),
	    cmocka_unit_test(test_import),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
