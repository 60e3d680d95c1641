/* SPDX-License-Identifier: BSD-2-Clause */
/* The management key and attestation. */
#include "tests/unit/applet/applet_fixture.h"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	uint8_t alg, len, block;
} algs[] = {{ECERT_ALG_3DES, 24, 8}, {ECERT_ALG_AES128, 16, 16}, {ECERT_ALG_AES192, 24, 16},
    {ECERT_ALG_AES256, 32, 16}};

#define ALGS (sizeof(algs) / sizeof(algs[0]))

static uint16_t authenticate(struct card *c, uint8_t alg, const uint8_t *body, size_t len)
{
	return card_command(c, ECERT_INS_GENERAL_AUTHENTICATE, alg, ECERT_KEY_9B, body, len);
}

static bool is_admin(struct card *c)
{
	return card_put(c, ECERT_OBJ_PRINTED, (const uint8_t *)"x", 1) == ECERT_SW_OK;
}

static void set_key(struct card *c, size_t i, const uint8_t *key, uint8_t p2)
{
	uint8_t body[3 + 32] = {algs[i].alg, ECERT_KEY_9B, algs[i].len};

	memcpy(body + 3, key, algs[i].len);
	assert_sw(card_command(c, ECERT_INS_SET_MGM_KEY, 0xFF, p2, body, 3u + algs[i].len), 0x9000);
}

/* A host that answers the card's challenge; `bad` changes one bit of the answer. */
static uint16_t single(struct card *c, size_t i, const uint8_t *key, uint8_t bad)
{
	uint8_t body[20] = {0x7C, (uint8_t)(algs[i].block + 2), 0x82, algs[i].block};

	assert_sw(authenticate(c, algs[i].alg, (const uint8_t *)"\x7C\x02\x81\x00", 4), 0x9000);
	assert_int_equal(c->len, 4 + algs[i].block);
	assert_int_equal(c->resp[2], 0x81);
	c->host.hal.block(&c->host, algs[i].alg, true, key, c->resp + 4, body + 4);
	body[4] ^= bad;
	return authenticate(c, algs[i].alg, body, 4u + algs[i].block);
}

/* A host that proves itself by the witness and asks the card to prove itself. */
static uint16_t mutual(struct card *c, size_t i, const uint8_t *key, uint8_t bad)
{
	uint8_t n = algs[i].block, want[16];
	uint8_t body[64] = {0x7C, (uint8_t)(2 * n + 6), 0x80, n};
	uint16_t sw;

	assert_sw(authenticate(c, algs[i].alg, (const uint8_t *)"\x7C\x02\x80\x00", 4), 0x9000);
	assert_int_equal(c->resp[2], 0x80);
	c->host.hal.block(&c->host, algs[i].alg, false, key, c->resp + 4, body + 4);
	body[4] ^= bad;
	body[4 + n] = 0x81;
	body[5 + n] = n;
	memset(body + 6 + n, 0xC5, n);
	memcpy(body + 6 + 2 * n, "\x82\x00", 2);
	sw = authenticate(c, algs[i].alg, body, 8u + 2 * n);
	if (sw != ECERT_SW_OK)
		return sw;
	c->host.hal.block(&c->host, algs[i].alg, true, key, body + 6 + n, want);
	assert_int_equal(c->len, 4 + n);
	assert_int_equal(c->resp[2], 0x82);
	assert_memory_equal(c->resp + 4, want, n);
	return sw;
}

static void test_authentication(void **state)
{
	uint8_t key[32];
	struct card *c = card_new();

	(void)state;
	for (size_t i = 0; i < 32; i++)
		key[i] = (uint8_t)(0x40 + i);
	card_admin(c);
	for (size_t i = 0; i < ALGS; i++) {
		set_key(c, i, key, ECERT_MGM_P2_PLAIN);
		ap_reset(&c->ap);
		assert_false(is_admin(c));
		assert_sw(single(c, i, key, 1), ECERT_SW_SECURITY_STATUS);
		assert_false(is_admin(c));
		assert_sw(single(c, i, key, 0), 0x9000);
		assert_true(is_admin(c));
		assert_sw(mutual(c, i, key, 1), ECERT_SW_SECURITY_STATUS);
		assert_false(is_admin(c));
		assert_sw(mutual(c, i, key, 0), 0x9000);
		assert_true(is_admin(c));
		assert_sw(card_send(c, "00F7009B 00"), 0x9000);
		assert_int_equal(c->resp[2], algs[i].alg);
		assert_int_equal(c->resp[c->len - 1], 0);
	}
	card_free(c);
}

/* 3DES may be called 00; nothing else may be called anything but its name. */
static void test_algorithm_names(void **state)
{
	static const uint8_t key[24] = {1, 2, 3};
	struct card *c = card_new();

	(void)state;
	assert_sw(authenticate(c, ECERT_ALG_3DES, (const uint8_t *)"\x7C\x02\x81\x00", 4),
	    ECERT_SW_BAD_P1P2);
	assert_sw(authenticate(c, 0, (const uint8_t *)"\x7C\x02\x81\x00", 4), ECERT_SW_BAD_P1P2);
	card_admin(c);
	set_key(c, 0, key, ECERT_MGM_P2_PLAIN);
	assert_sw(authenticate(c, 0, (const uint8_t *)"\x7C\x02\x81\x00", 4), 0x9000);
	card_free(c);
}

static void test_answers_out_of_turn(void **state)
{
	static const char *const bad[] = {
	    "00870A9B 14 7C12 8210 00000000000000000000000000000000", /* without a challenge */
	    ("00870A9B 26 7C24 8010 00000000000000000000000000000000 8110 "
	     "00000000000000000000000000000000"),
	    "00870A9B 02 7C00",
	    "00870A9B 06 7C0480008100",
	    "00870A9B 06 7C0481008200",
	    "00870A9B 04 7C028500",
	    "00870A9B 06 7C0480008000",
	    "00870A9B 16 7C14 8200 8110 00000000000000000000000000000000", /* encrypt for me */
	    "00870A9B",
	    "00870A9B 05 7C02810000",
	};
	struct ap_mgm mgm;
	uint8_t body[20] = {0x7C, 18, 0x82, 16};
	struct card *c = card_new();

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_sw(card_send(c, bad[i]), ECERT_SW_BAD_DATA);
	/* A challenge is good for the next command only, and for one answer. */
	ap_mgm_load(&c->ap, &mgm);
	assert_sw(card_send(c, "00870A9B 04 7C028100"), 0x9000);
	c->host.hal.block(&c->host, mgm.alg, true, mgm.key, c->resp + 4, body + 4);
	assert_sw(card_send(c, "00FD0000 00"), 0x9000);
	assert_sw(authenticate(c, mgm.alg, body, 20), ECERT_SW_BAD_DATA);
	assert_sw(card_send(c, "00870A9B 04 7C028100"), 0x9000);
	c->host.hal.block(&c->host, mgm.alg, true, mgm.key, c->resp + 4, body + 4);
	assert_sw(authenticate(c, mgm.alg, body, 20), 0x9000);
	assert_sw(authenticate(c, mgm.alg, body, 20), ECERT_SW_BAD_DATA);
	card_free(c);
}

static void test_set_mgm_key(void **state)
{
	static const struct {
		const char *send;
		uint16_t sw;
	} cases[] = {
	    {"00FFFEFF 13 089B10 00112233445566778899AABBCCDDEEFF", ECERT_SW_BAD_P1P2},
	    {"00FFFFFD 13 089B10 00112233445566778899AABBCCDDEEFF", ECERT_SW_BAD_P1P2},
	    {"00FFFFFF 02 089B", ECERT_SW_WRONG_LENGTH},
	    {"00FFFFFF 13 089A10 00112233445566778899AABBCCDDEEFF", ECERT_SW_BAD_DATA},
	    {"00FFFFFF 13 119B10 00112233445566778899AABBCCDDEEFF", ECERT_SW_BAD_DATA},
	    {"00FFFFFF 13 089B11 00112233445566778899AABBCCDDEEFF", ECERT_SW_BAD_DATA},
	    {"00FFFFFF 12 089B10 00112233445566778899AABBCCDDEE", ECERT_SW_WRONG_LENGTH},
	    {"00FFFFFE 13 089B10 00112233445566778899AABBCCDDEEFF", 0x9000},
	};
	uint8_t key[16], old[24];
	struct ap_mgm mgm;
	struct card *c = card_new();

	(void)state;
	from_hex("00112233445566778899AABBCCDDEEFF", key, sizeof(key));
	ap_mgm_load(&c->ap, &mgm);
	memcpy(old, mgm.key, sizeof(old));
	assert_sw(card_send(c, cases[7].send), ECERT_SW_SECURITY_STATUS);
	card_admin(c);
	assert_true(card_flash_has(c, old, sizeof(old)));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_sw(card_send(c, cases[i].send), cases[i].sw);
	assert_false(card_flash_has(c, old, sizeof(old)));
	/* P2 FE: the administrator has to touch. */
	assert_sw(card_send(c, "00F7009B 00"), 0x9000);
	assert_int_equal(c->resp[6], ECERT_TOUCH_POLICY_ALWAYS);
	ap_reset(&c->ap);
	c->touching = false;
	assert_sw(single(c, 1, key, 0), ECERT_SW_CONDITIONS);
	assert_false(is_admin(c));
	c->touching = true;
	assert_sw(single(c, 1, key, 0), 0x9000);
	assert_true(is_admin(c));
	card_free(c);
}

/* ---- attestation ---- */

static X509 *certificate(const uint8_t *der, size_t len)
{
	const uint8_t *p = der;
	X509 *cert = d2i_X509(NULL, &p, (long)len);

	assert_non_null(cert);
	assert_ptr_equal(p, der + len);
	return cert;
}

static X509 *f9_certificate(struct card *c)
{
	struct ap_span in, object, cert;

	assert_sw(card_get(c, ECERT_OBJ_CERT_F9), 0x9000);
	in = (struct ap_span){c->resp, c->len};
	assert_true(ap_tlv_take(&in, ECERT_TAG_OBJECT, &object));
	assert_true(ap_tlv_take(&object, ECERT_TAG_CERT, &cert));
	return certificate(cert.p, cert.len);
}

static void check_extension(X509 *cert, const char *oid, const char *value_hex)
{
	ASN1_OBJECT *obj = OBJ_txt2obj(oid, 1);
	int at = X509_get_ext_by_OBJ(cert, obj, -1);
	uint8_t want[32];
	size_t len = from_hex(value_hex, want, sizeof(want));
	ASN1_OCTET_STRING *value;

	assert_in_range(at, 0, 16);
	value = X509_EXTENSION_get_data(X509_get_ext(cert, at));
	assert_int_equal(ASN1_STRING_length(value), len);
	assert_memory_equal(ASN1_STRING_get0_data(value), want, len);
	ASN1_OBJECT_free(obj);
}

/* Leaf, F9, root: OpenSSL builds and checks the path. */
static void check_chain(struct card *c, X509 *leaf)
{
	char *pem = host_test_root_pem(&c->ap);
	BIO *bio = BIO_new_mem_buf(pem, -1);
	X509 *root = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	X509 *f9 = f9_certificate(c);
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	STACK_OF(X509) *chain = sk_X509_new_null();

	assert_non_null(root);
	assert_non_null(strstr(pem, "BEGIN CERTIFICATE"));
	sk_X509_push(chain, f9);
	X509_STORE_add_cert(store, root);
	assert_int_equal(X509_STORE_CTX_init(ctx, store, leaf, chain), 1);
	assert_int_equal(X509_verify_cert(ctx), 1);
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	sk_X509_free(chain);
	X509_free(f9);
	X509_free(root);
	BIO_free(bio);
	free(pem);
}

static void test_attestation(void **state)
{
	static const uint8_t keys[] = {ECERT_ALG_RSA2048, ECERT_ALG_P256, ECERT_ALG_P384,
	    ECERT_ALG_ED25519, ECERT_ALG_X25519, ECERT_ALG_SM2};
	struct card *c = card_new();

	(void)state;
	card_admin(c);
	assert_sw(card_send(c, "00F99A00 000000"), ECERT_SW_NO_REFERENCE);
	card_generate(c, 0x9A, ECERT_ALG_P256, 0, 0);
	/* F9 has no certificate yet. */
	assert_sw(card_send(c, "00F99A00 000000"), ECERT_SW_CONDITIONS);
	assert_int_equal(host_certify(&c->ap), 0);
	for (size_t i = 0; i < sizeof(keys); i++) {
		uint8_t pub[512], alg;
		size_t len;
		X509 *cert;
		EVP_PKEY *want;

		card_generate(c, 0x9A, keys[i], ECERT_PIN_POLICY_NEVER, ECERT_TOUCH_POLICY_CACHED);
		assert_sw(card_send(c, "00F99A00 000000"), 0x9000);
		cert = certificate(c->resp, c->len);
		check_extension(cert, ECERT_OID_YUBICO_FIRMWARE, "050700");
		check_extension(cert, ECERT_OID_YUBICO_SERIAL, "020400BC614E");
		check_extension(cert, ECERT_OID_YUBICO_POLICY, "0103");
		check_extension(cert, ECERT_OID_YUBICO_FORM_FACTOR, "00");
		check_extension(cert, ECERT_OID_SIGNATURE_COUNTER, "020100");
		check_chain(c, cert);
		assert_int_equal(ap_public_key(&c->ap, 0x9A, &alg, pub, &len), AP_ST_OK);
		want = host_public_key(alg, pub);
		if (want != NULL)
			assert_int_equal(EVP_PKEY_eq(X509_get0_pubkey(cert), want), 1);
		EVP_PKEY_free(want);
		X509_free(cert);
	}
	assert_sw(card_send(c, "00F90100 000000"), ECERT_SW_BAD_P1P2);
	assert_sw(card_send(c, "00F99A01 000000"), ECERT_SW_BAD_P1P2);
	assert_sw(card_send(c, "00F99A00 01 00"), ECERT_SW_WRONG_LENGTH);
	/* F9 attests itself too. */
	assert_sw(card_send(c, "00F9F900 000000"), 0x9000);
	card_free(c);
}

/* The counter of the key is in its attestation. */
static void test_attested_counter(void **state)
{
	struct card *c = card_new();
	struct ap_span sig;
	X509 *cert;

	(void)state;
	card_admin(c);
	assert_int_equal(host_certify(&c->ap), 0);
	card_generate(c, 0x9E, ECERT_ALG_P256, 0, 0);
	for (int i = 0; i < 300; i++)
		assert_sw(card_authenticate(c, ECERT_ALG_P256, 0x9E, ECERT_TAG_AUTH_CHALLENGE,
			      (const uint8_t *)"0123456789012345678901234567890", 32, &sig),
		    0x9000);
	assert_sw(card_send(c, "00F99E00 000000"), 0x9000);
	cert = certificate(c->resp, c->len);
	check_extension(cert, ECERT_OID_SIGNATURE_COUNTER, "0202012C");
	X509_free(cert);
	card_free(c);
}

/* An F9 of the administrator's own, of each kind that can sign a certificate. */
static void test_other_attestation_keys(void **state)
{
	static const uint8_t keys[] = {ECERT_ALG_RSA2048, ECERT_ALG_P384, ECERT_ALG_ED25519};
	struct card *c = card_new();

	(void)state;
	card_admin(c);
	assert_int_equal(host_certify(&c->ap), 0);
	card_generate(c, 0x9A, ECERT_ALG_P256, 0, 0);
	for (size_t i = 0; i < sizeof(keys); i++) {
		uint8_t pub[512];
		struct ap_span in, body, value;
		EVP_PKEY *key;
		X509 *cert;

		card_generate(c, 0xF9, keys[i], 0, 0);
		in = (struct ap_span){c->resp, c->len};
		assert_true(ap_tlv_take(&in, ECERT_TAG_PUBLIC_KEY, &body));
		assert_true(ap_tlv_next(&body, &(uint32_t){0}, &value));
		memcpy(pub, value.p, value.len);
		assert_sw(card_send(c, "00F9F900 000000"), 0x9000);
		cert = certificate(c->resp, c->len);
		/* It signed its own key: its certificate verifies by itself. */
		key = X509_get_pubkey(cert);
		assert_non_null(key);
		assert_int_equal(X509_verify(cert, key), 1);
		EVP_PKEY_free(key);
		X509_free(cert);
		assert_sw(card_send(c, "00F99A00 000000"), 0x9000);
	}
	card_generate(c, 0xF9, ECERT_ALG_X25519, 0, 0);
	assert_sw(card_send(c, "00F99A00 000000"), ECERT_SW_CONDITIONS);
	card_generate(c, 0xF9, ECERT_ALG_P256, 0, 0);
	assert_sw(
	    card_put(c, ECERT_OBJ_CERT_F9, (const uint8_t *)"\x70\x03\x30\x01\x00", 5), 0x9000);
	assert_sw(card_send(c, "00F99A00 000000"), ECERT_SW_CONDITIONS);
	assert_sw(card_send(c, "00F6FFF9"), 0x9000);
	assert_sw(card_send(c, "00F99A00 000000"), ECERT_SW_NO_REFERENCE);
	card_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_authentication),
	    cmocka_unit_test(test_algorithm_names),
	    cmocka_unit_test(test_answers_out_of_turn),
	    cmocka_unit_test(test_set_mgm_key),
	    cmocka_unit_test(test_attestation),
	    cmocka_unit_test(test_attested_counter),
	    cmocka_unit_test(test_other_attestation_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
