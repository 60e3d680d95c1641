/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys: every algorithm made, used and checked by OpenSSL; policies, import, move, delete. */
#include "tests/unit/applet/fixture.h"

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

static void test_import_limits(void **state)
{
	static const char zero[] =
	    "00FE119A 22 0620"
	    "0000000000000000000000000000000000000000000000000000000000000000";
	static const char order[] =
	    "00FE119A 22 0620"
	    "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";
	static const char one[] =
	    "00FE119C 28 0620"
	    "0000000000000000000000000000000000000000000000000000000000000001 AA0101 AB0103";
	struct card *c = card_new();

	(void)state;
	card_admin(c);
	assert_sw(card_send(c, zero), ECERT_SW_BAD_DATA);
	assert_sw(card_send(c, order), ECERT_SW_BAD_DATA);
	assert_sw(card_send(c, one), 0x9000);
	assert_sw(card_send(c, "00F7009C 00"), 0x9000);
	assert_memory_equal(c->resp, "\x01\x01\x11\x02\x02\x01\x03\x03\x01\x02", 10);
	assert_sw(card_send(c, "00FE1199 03 060101"), ECERT_SW_BAD_P1P2);
	assert_sw(card_send(c, "00FE069A 03 060101"), ECERT_SW_BAD_P1P2);
	assert_sw(card_send(c, "00FE0A9A 03 060101"), ECERT_SW_BAD_P1P2);
	assert_sw(card_send(c, "00FE119A"), ECERT_SW_BAD_DATA);
	card_free(c);
}

static void test_generate_refusals(void **state)
{
	static const struct {
		const char *send;
		uint16_t sw;
	} cases[] = {
	    {"0047009A 05 AC03800106", ECERT_SW_BAD_DATA},	   /* RSA-1024 */
	    {"0047009A 05 AC03800153", ECERT_SW_BAD_DATA},	   /* secp256k1 */
	    {"0047009A 05 AC0380010A", ECERT_SW_BAD_DATA},	   /* AES */
	    {"0047009A 02 AC00", ECERT_SW_BAD_DATA},		   /* no algorithm */
	    {"0047009A", ECERT_SW_BAD_DATA},			   /* nothing */
	    {"0047009A 06 AC0380011100", ECERT_SW_BAD_DATA},	   /* something behind */
	    {"0047009A 08 AC06800111AA0104", ECERT_SW_BAD_DATA},   /* PIN policy 4 */
	    {"0047009A 08 AC06800111AB0104", ECERT_SW_BAD_DATA},   /* touch policy 4 */
	    {"0047009A 09 AC07800111AA020101", ECERT_SW_BAD_DATA}, /* two bytes */
	    {"0047009A 08 AC06800111AC0101", ECERT_SW_BAD_DATA},   /* unknown tag */
	    {"00470080 05 AC03800111", ECERT_SW_BAD_P1P2},	   /* no slot */
	    {"0047009B 05 AC03800111", ECERT_SW_BAD_P1P2},	   /* the management key */
	    {"0047019A 05 AC03800111", ECERT_SW_BAD_P1P2},
	};
	struct card *c = card_new();

	(void)state;
	assert_sw(card_send(c, "0047009A 05 AC03800111"), ECERT_SW_SECURITY_STATUS);
	card_admin(c);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_sw(card_send(c, cases[i].send), cases[i].sw);
	card_free(c);
}

static uint16_t sign(struct card *c, uint8_t slot)
{
	struct ap_span sig;

	return card_authenticate(
	    c, ECERT_ALG_P256, slot, ECERT_TAG_AUTH_CHALLENGE, digest, 32, &sig);
}

static void test_pin_policies(void **state)
{
	struct card *c = card_new();

	(void)state;
	card_admin(c);
	card_generate(c, 0x9A, ECERT_ALG_P256, 0, 0);
	card_generate(c, 0x9C, ECERT_ALG_P256, 0, 0);
	card_generate(c, 0x9E, ECERT_ALG_P256, 0, 0);
	card_generate(c, 0x82, ECERT_ALG_P256, ECERT_PIN_POLICY_ALWAYS, 0);
	card_generate(c, 0x95, ECERT_ALG_P256, ECERT_PIN_POLICY_NEVER, 0);
	assert_sw(sign(c, 0x9A), ECERT_SW_SECURITY_STATUS);
	assert_sw(sign(c, 0x9C), ECERT_SW_SECURITY_STATUS);
	assert_sw(sign(c, 0x9E), 0x9000);
	assert_sw(sign(c, 0x95), 0x9000);
	card_login(c);
	assert_sw(sign(c, 0x9A), 0x9000);
	assert_sw(sign(c, 0x9A), 0x9000);
	/* Another key's use spent the VERIFY. */
	assert_sw(sign(c, 0x9C), ECERT_SW_SECURITY_STATUS);
	card_login(c);
	/* Reading does not. */
	assert_sw(card_send(c, "00CB3FFF 03 5C017E 00"), 0x9000);
	assert_sw(sign(c, 0x9C), 0x9000);
	assert_sw(sign(c, 0x9C), ECERT_SW_SECURITY_STATUS);
	assert_sw(sign(c, 0x82), ECERT_SW_SECURITY_STATUS);
	card_login(c);
	assert_sw(sign(c, 0x82), 0x9000);
	assert_sw(card_send(c, "0020FF80"), 0x9000);
	assert_sw(sign(c, 0x9A), ECERT_SW_SECURITY_STATUS);
	card_login(c);
	ap_reset(&c->ap);
	assert_sw(sign(c, 0x9A), ECERT_SW_SECURITY_STATUS);
	assert_sw(sign(c, 0x9C), ECERT_SW_SECURITY_STATUS);
	assert_sw(card_send(c, "0047009A 05 AC03800111"), ECERT_SW_SECURITY_STATUS);
	card_free(c);
}

static void test_touch_policies(void **state)
{
	struct card *c = card_new();

	(void)state;
	card_admin(c);
	card_generate(c, 0x9A, ECERT_ALG_P256, ECERT_PIN_POLICY_NEVER, ECERT_TOUCH_POLICY_ALWAYS);
	card_generate(c, 0x9D, ECERT_ALG_P256, ECERT_PIN_POLICY_NEVER, ECERT_TOUCH_POLICY_CACHED);
	card_generate(c, 0x9E, ECERT_ALG_P256, ECERT_PIN_POLICY_NEVER, ECERT_TOUCH_POLICY_NEVER);
	c->touching = false;
	assert_sw(sign(c, 0x9A), ECERT_SW_CONDITIONS);
	assert_sw(sign(c, 0x9D), ECERT_SW_CONDITIONS);
	assert_sw(sign(c, 0x9E), 0x9000);
	c->touching = true;
	c->now = UINT32_MAX - 5000; /* the clock may turn over */
	assert_sw(sign(c, 0x9A), 0x9000);
	c->touching = false;
	assert_sw(sign(c, 0x9A), ECERT_SW_CONDITIONS);
	c->now += ECERT_TOUCH_CACHE_MS - 1;
	assert_sw(sign(c, 0x9D), 0x9000);
	c->now += 1;
	assert_sw(sign(c, 0x9D), ECERT_SW_CONDITIONS);
	assert_int_equal(c->touches, 1);
	card_free(c);
}

static void test_authenticate_refusals(void **state)
{
	static const struct {
		const char *send;
		uint16_t sw;
	} cases[] = {
	    {"0087119A 04 7C028200", ECERT_SW_BAD_DATA},
	    {"0087119A 05 7C03810122", ECERT_SW_BAD_DATA}, /* no 82 */
	    {"0087119A 07 7C058200810122", 0x9000},	   /* any order */
	    {"0087119A 07 7C058101228200", 0x9000},
	    {"0087119A 09 7C07820082008101 22", ECERT_SW_BAD_DATA},
	    {"0087119A 0A 7C088200810122810122", ECERT_SW_BAD_DATA},
	    {"0087119A 08 7C06820100810122", ECERT_SW_BAD_DATA},
	    {"0087119A 09 7C078200810122 8300", ECERT_SW_BAD_DATA},
	    {"0087119A 08 7C05820081012200", ECERT_SW_BAD_DATA}, {"0087119A", ECERT_SW_BAD_DATA},
	    {"0087149A 07 7C058200810122", ECERT_SW_BAD_P1P2}, /* another algorithm */
	    {"0087009A 07 7C058200810122", ECERT_SW_BAD_P1P2},
	    {"00871183 07 7C058200810122", ECERT_SW_NO_REFERENCE}, /* empty */
	    {"00871196 07 7C058200810122", ECERT_SW_BAD_P1P2},	   /* no slot */
	    {"008711F9 07 7C058200810122", ECERT_SW_BAD_P1P2},	   /* attestation only */
	};
	struct card *c = card_new();

	(void)state;
	card_admin(c);
	card_generate(c, 0x9A, ECERT_ALG_P256, ECERT_PIN_POLICY_NEVER, 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (card_send(c, cases[i].send) != cases[i].sw)
			fail_msg("%s", cases[i].send);
	}
	card_free(c);
}

/* Chained and extended commands are the same command. */
static void test_chained_is_extended(void **state)
{
	struct card *c = card_new();
	uint8_t body[512] = {0x7C, 0x82, 0x01, 0x06, 0x82, 0x00, 0x81, 0x82, 0x01, 0x00, 0x00};
	uint8_t first[512];
	size_t len;

	(void)state;
	card_admin(c);
	card_generate(c, 0x9E, ECERT_ALG_RSA2048, 0, 0);
	memcpy(body + 40, digest, sizeof(digest));
	assert_sw(card_command(
		      c, ECERT_INS_GENERAL_AUTHENTICATE, ECERT_ALG_RSA2048, 0x9E, body, 10 + 256),
	    0x9000);
	len = c->len;
	memcpy(first, c->resp, len);
	for (size_t part = 1; part < 256; part += 51) {
		assert_sw(card_chained(c, ECERT_INS_GENERAL_AUTHENTICATE, ECERT_ALG_RSA2048, 0x9E,
			      body, 10 + 256, part),
		    0x9000);
		assert_int_equal(c->len, len);
		assert_memory_equal(c->resp, first, len);
	}
	card_free(c);
}

static uint32_t counter(struct card *c, uint8_t slot)
{
	struct ap_span in, inner, value;
	uint32_t tag;

	assert_sw(card_get(c, ECERT_OBJ_ECERT_STATUS), 0x9000);
	in = (struct ap_span){c->resp, c->len};
	assert_true(ap_tlv_take(&in, ECERT_TAG_OBJECT, &inner));
	while (ap_tlv_next(&inner, &tag, &value)) {
		if (tag == ECERT_TAG_STATUS_KEY && value.p[0] == slot)
			return ap_be32(value.p + 6);
	}
	return UINT32_MAX;
}

static void test_move_and_delete(void **state)
{
	struct card *c = card_new();
	struct ap_key key;
	uint8_t priv[32];

	(void)state;
	assert_sw(card_send(c, "00F6829A"), ECERT_SW_SECURITY_STATUS);
	card_admin(c);
	card_login(c);
	assert_sw(card_send(c, "00F6829A"), ECERT_SW_NO_REFERENCE);
	card_generate(c, 0x9A, ECERT_ALG_P256, 0, 0);
	card_generate(c, 0x9C, ECERT_ALG_P256, 0, 0);
	assert_sw(sign(c, 0x9A), 0x9000);
	assert_sw(sign(c, 0x9A), 0x9000);
	assert_sw(card_send(c, "00F69C9A"), ECERT_SW_CONDITIONS);
	assert_sw(card_send(c, "00F69A9A"), ECERT_SW_BAD_P1P2);
	assert_sw(card_send(c, "00F6019A"), ECERT_SW_BAD_P1P2);
	assert_sw(card_send(c, "00F68201"), ECERT_SW_BAD_P1P2);
	assert_sw(card_send(c, "00F6F99A"), ECERT_SW_BAD_P1P2);
	assert_sw(card_send(c, "00F682F9"), ECERT_SW_BAD_P1P2);
	assert_sw(card_send(c, "00F6829A 01 00"), ECERT_SW_WRONG_LENGTH);
	assert_int_equal(counter(c, 0x9A), 2);
	assert_sw(card_send(c, "00F6829A"), 0x9000);
	assert_sw(card_send(c, "00F7009A 00"), ECERT_SW_NO_REFERENCE);
	assert_int_equal(counter(c, 0x82), 2);
	assert_sw(sign(c, 0x82), 0x9000);
	assert_int_equal(counter(c, 0x82), 3);
	assert_sw(ap_key_find(&c->ap, ap_slot_by_ref(0x82), &key), 0x9000);
	assert_sw(ap_key_private(&c->ap, &key, priv), 0x9000);
	assert_true(card_flash_has(c, priv, sizeof(priv)));
	assert_sw(card_send(c, "00F6FF82"), 0x9000);
	assert_sw(card_send(c, "00F70082 00"), ECERT_SW_NO_REFERENCE);
	assert_false(card_flash_has(c, priv, sizeof(priv)));
	assert_int_equal(counter(c, 0x82), UINT32_MAX);
	/* A new key in the slot counts from nothing. */
	card_generate(c, 0x82, ECERT_ALG_P256, 0, 0);
	assert_int_equal(counter(c, 0x82), 0);
	card_free(c);
}

static void test_algorithm_map(void **state)
{
	static const struct {
		const char *send;
		uint16_t sw;
	} bad[] = {
	    {"00EE0101 00", ECERT_SW_BAD_P1P2}, {"00EE0300 00", ECERT_SW_BAD_P1P2},
	    {"00EE0100 01 00", ECERT_SW_WRONG_LENGTH},
	    {"00EE0200 06 01E00516E153", ECERT_SW_WRONG_LENGTH},
	    {"00EE0200 07 02E00516E15354", ECERT_SW_BAD_DATA}, /* the switch is 0 or 1 */
	    {"00EE0200 07 01E00516E15311", ECERT_SW_BAD_DATA}, /* P-256's number */
	    {"00EE0200 07 01E00516E15306", ECERT_SW_BAD_DATA}, /* RSA-1024's */
	    {"00EE0200 07 01E005160053E0", ECERT_SW_BAD_DATA}, /* 00 */
	    {"00EE0200 07 01E00516E153E0", ECERT_SW_BAD_DATA}, /* twice */
	};
	struct card *c = card_new();

	(void)state;
	assert_sw(card_send(c, "00EE0100 00"), ECERT_SW_SECURITY_STATUS);
	card_admin(c);
	assert_sw(card_send(c, "00EE0100 00"), 0x9000);
	assert_int_equal(c->len, 7);
	assert_memory_equal(c->resp, "\x01\xE0\x05\x16\xE1\x53\x54", 7);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_sw(card_send(c, bad[i].send), bad[i].sw);
	assert_sw(card_send(c, "0047009E 05 AC03800154"), 0x9000);
	assert_sw(card_send(c, "00EE0200 07 01E00516E15355"), 0x9000);
	assert_sw(card_send(c, "00EE0100 00"), 0x9000);
	assert_memory_equal(c->resp, "\x01\xE0\x05\x16\xE1\x53\x55", 7);
	assert_sw(card_send(c, "00F7009E 00"), 0x9000);
	assert_int_equal(c->resp[2], 0x55);
	assert_sw(card_send(c, "0047009A 05 AC03800154"), ECERT_SW_BAD_DATA);
	assert_sw(card_send(c, "0047009A 05 AC03800155"), 0x9000);
	assert_sw(card_send(c, "00EE0200 07 00E00516E15355"), 0x9000);
	assert_sw(card_send(c, "0047009A 05 AC03800155"), ECERT_SW_BAD_DATA);
	assert_sw(card_send(c, "0047009A 05 AC038001E0"), ECERT_SW_BAD_DATA);
	card_free(c);
}

/* 5FFF20: profile, serial, changes, version, free bytes, then one record per key. */
static void test_status_object(void **state)
{
	struct card *c = card_new();
	uint8_t want[128];
	uint32_t before;

	(void)state;
	assert_sw(card_get(c, ECERT_OBJ_ECERT_STATUS), 0x9000);
	before = ap_be32(c->resp + 14);
	card_admin(c);
	card_login(c);
	assert_sw(card_get(c, ECERT_OBJ_ECERT_STATUS), 0x9000);
	assert_int_equal(ap_be32(c->resp + 14), before);
	card_generate(c, 0x9C, ECERT_ALG_P256, 0, ECERT_TOUCH_POLICY_CACHED);
	assert_sw(card_put(c, ECERT_OBJ_CERT_9C, (const uint8_t *)"abc", 3), 0x9000);
	card_login(c);
	assert_sw(sign(c, 0x9C), 0x9000);
	assert_sw(card_get(c, ECERT_OBJ_ECERT_STATUS), 0x9000);
	assert_int_equal(c->len, from_hex("53 33 8002 0100 8104 00BC614E 8204 00000000 8303 050700"
					  "8404 00000000 8A0A 9C110303010100000001"
					  "8A0A F9110101010000000000",
				     want, sizeof(want)));
	ap_put_be32(want + 14, before + 2);
	ap_put_be32(want + 25, ECERT_OBJECTS_MAX - ap_st_object_bytes(&c->ap.st));
	assert_memory_equal(c->resp, want, c->len);
	/* Deleting an object and a key are changes as well; PIN and counters are not. */
	assert_sw(card_put(c, ECERT_OBJ_CERT_9C, NULL, 0), 0x9000);
	assert_sw(card_send(c, "00F6FF9C"), 0x9000);
	assert_sw(card_send(c, "00240080 10 313233343536FFFF 323233343536FFFF"), 0x9000);
	assert_sw(card_get(c, ECERT_OBJ_ECERT_STATUS), 0x9000);
	assert_int_equal(ap_be32(c->resp + 14), before + 4);
	card_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_generate_and_use),
	    cmocka_unit_test(test_import),
	    cmocka_unit_test(test_import_limits),
	    cmocka_unit_test(test_generate_refusals),
	    cmocka_unit_test(test_pin_policies),
	    cmocka_unit_test(test_touch_policies),
	    cmocka_unit_test(test_authenticate_refusals),
	    cmocka_unit_test(test_chained_is_extended),
	    cmocka_unit_test(test_move_and_delete),
	    cmocka_unit_test(test_algorithm_map),
	    cmocka_unit_test(test_status_object),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
