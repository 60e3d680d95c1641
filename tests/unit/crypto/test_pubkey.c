/* SPDX-License-Identifier: BSD-2-Clause */
/* Public keys from every source, and the check of what a card returned. */
#include "crypto_support.h"

#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "crypto/der.h"
#include "crypto/key/pubkey.h"
#include "util/tlv.h"

static const enum key_alg all[] = {KEY_RSA1024, KEY_RSA2048, KEY_RSA3072, KEY_RSA4096, KEY_P256,
    KEY_P384, KEY_ED25519, KEY_X25519, KEY_SM2};

/* The template that a card would answer for k. */
static void put_template(const struct pubkey *k, struct buf *b)
{
	struct rd n, e, point;

	if (pubkey_rsa(k, &n, &e) == ECERT_OK) {
		tlv_put(b, 0x81, n);
		tlv_put(b, 0x82, e);
		return;
	}
	assert_rc(pubkey_point(k, &point), ECERT_OK);
	tlv_put(b, 0x86, point);
}

static void check_sources(enum key_alg alg, EVP_PKEY *key, struct pubkey *k)
{
	struct buf b = BUF_INIT(1024);
	struct pubkey *other;
	unsigned char *der = NULL;
	int n;

	assert_int_equal(pubkey_alg(k), alg);
	n = i2d_PUBKEY(key, &der);
	assert_true(n > 0);
	assert_true(rd_equal(pubkey_spki(k), rd_of(der, (size_t)n)));
	OPENSSL_free(der);

	put_template(k, &b);
	assert_rc(pubkey_from_card(alg, buf_view(&b), &other), ECERT_OK);
	assert_true(pubkey_equal(k, other));
	pubkey_free(&other);
	assert_null(other);
	assert_rc(pubkey_from_spki(pubkey_spki(k), &other), ECERT_OK);
	assert_true(pubkey_equal(k, other));
	assert_non_null(pubkey_evp(other));
	assert_ptr_equal(pubkey_evp(other), pubkey_evp(other));
	assert_int_equal(EVP_PKEY_eq(pubkey_evp(other), key), 1);
	pubkey_free(&other);
	buf_free(&b);
}

static void check_signature(enum key_alg alg, EVP_PKEY *key, struct pubkey *k)
{
	const struct alg *row = alg_row(alg);
	uint8_t in[512], sig[513] = {0};
	size_t n = row->block ? row->block : 77, sn;

	memset(in, 0x5A, sizeof in);
	in[0] = 0;
	if (!row->can_sign) {
		assert_rc(pubkey_check(k, rd_of(in, n), rd_of(sig, 64)), ECERT_E_KEY_TYPE);
		return;
	}
	sn = card_sign(key, alg, rd_of(in, n), sig);
	assert_rc(pubkey_check(k, rd_of(in, n), rd_of(sig, sn)), ECERT_OK);
	assert_rc(pubkey_check(k, rd_of(in, n), rd_of(sig, sn - 1)), ECERT_E_BAD_SIGNATURE);
	assert_rc(pubkey_check(k, rd_of(in, n), rd_of(sig, sn + 1)), ECERT_E_BAD_SIGNATURE);
	assert_rc(pubkey_check(k, rd_of(in, n), rd_of(NULL, 0)), ECERT_E_BAD_SIGNATURE);
	assert_rc(pubkey_check(k, rd_of(in, n - 1), rd_of(sig, sn)), ECERT_E_BAD_SIGNATURE);
	in[n - 1] ^= 1;
	assert_rc(pubkey_check(k, rd_of(in, n), rd_of(sig, sn)), ECERT_E_BAD_SIGNATURE);
	in[n - 1] ^= 1;
	for (size_t i = 0; i < sn; i += 7) {
		sig[i] ^= 0x10;
		assert_rc(pubkey_check(k, rd_of(in, n), rd_of(sig, sn)), ECERT_E_BAD_SIGNATURE);
		sig[i] ^= 0x10;
	}
	memset(sig, 0, sn);
	assert_rc(pubkey_check(k, rd_of(in, n), rd_of(sig, sn)), ECERT_E_BAD_SIGNATURE);
	memset(sig, 0xFF, sn);
	assert_rc(pubkey_check(k, rd_of(in, n), rd_of(sig, sn)), ECERT_E_BAD_SIGNATURE);
}

static void every_algorithm(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		EVP_PKEY *key = make_key(all[i]);
		struct pubkey *k, *shared;

		assert_rc(pubkey_from_evp(key, &k), ECERT_OK);
		shared = pubkey_ref(k);
		pubkey_free(&k);
		check_sources(all[i], key, shared);
		check_signature(all[i], key, shared);
		pubkey_free(&shared);
		EVP_PKEY_free(key);
	}
}

/* sig + n gives the same power, and must be refused all the same: RFC 8017, 5.2.2 step 1. */
static void rsa_at_least_modulus(void **state)
{
	EVP_PKEY *key = make_key(KEY_RSA1024);
	uint8_t in[128] = {0}, sig[128];
	struct pubkey *k;
	struct rd n, e;

	(void)state;
	assert_rc(pubkey_from_evp(key, &k), ECERT_OK);
	assert_rc(pubkey_rsa(k, &n, &e), ECERT_OK);
	assert_int_equal(n.n, 128);
	/* 0 -> 0 is the fixed point whose alias is n itself. */
	memset(sig, 0, sizeof sig);
	assert_rc(pubkey_check(k, rd_of(in, 128), rd_of(sig, 128)), ECERT_OK);
	assert_rc(pubkey_check(k, rd_of(in, 128), n), ECERT_E_BAD_SIGNATURE);
	pubkey_free(&k);
	EVP_PKEY_free(key);
}

/* RFC 6979, A.2.5 and A.2.6: P-256 with SHA-256 and SHA-512 (cut to 32 bytes), P-384 with SHA-384,
 * message "sample". */
struct ecdsa_answer {
	enum key_alg alg;
	const char *digest, *point, *sig;
};

static const struct ecdsa_answer answers[] = {
    {KEY_P256, "SHA256",
	"0460FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"
	"7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299",
	"EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"
	"F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8"},
    {KEY_P256, "SHA512",
	"0460FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"
	"7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299",
	"8496A60B5E9B47C825488827E0495B0E3FA109EC4568FD3F8D1097678EB97F00"
	"2362AB1ADBE2B8ADF9CB9EDAB740EA6049C028114F2460F96554F61FAE3302FE"},
    {KEY_P384, "SHA384",
	"04EC3A4E415B4E19A4568618029F427FA5DA9A8BC4AE92E02E06AAE5286B300C64"
	"DEF8F0EA9055866064A254515480BC13"
	"8015D9B72D7D57244EA8EF9AC0C621896708A59367F9DFB9F54CA84B3F1C9DB1"
	"288B231C3AE0D4FE7344FD2533264720",
	"94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C81A648152E44ACF9"
	"6E36DD1E80FABE46"
	"99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94FA329C145786E679E"
	"7B82C71A38628AC8"},
};

static void rfc6979_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
		const struct ecdsa_answer *a = &answers[i];
		struct buf t = BUF_INIT(128);
		uint8_t md[64];
		size_t n = 0;
		struct pubkey *k;

		assert_int_equal(EVP_Q_digest(NULL, a->digest, NULL, "sample", 6, md, &n), 1);
		tlv_put(&t, 0x86, H(a->point));
		assert_rc(pubkey_from_card(a->alg, buf_view(&t), &k), ECERT_OK);
		assert_rc(pubkey_check(k, rd_of(md, n), H(a->sig)), ECERT_OK);
		md[0] ^= 1;
		assert_rc(pubkey_check(k, rd_of(md, n), H(a->sig)), ECERT_E_BAD_SIGNATURE);
		pubkey_free(&k);
		buf_free(&t);
	}
}

#define P256_N "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"
#define SM2_N  "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123"
#define ZERO32 "0000000000000000000000000000000000000000000000000000000000000000"
#define ONE32  "0000000000000000000000000000000000000000000000000000000000000001"

/* r or s zero or not below the order; for SM2 also r + s = n. */
static void out_of_range(void **state)
{
	static const char *const p256[] = {ZERO32 ONE32, ONE32 ZERO32, P256_N ONE32, ONE32 P256_N};
	static const char *const sm2[] = {ZERO32 ONE32, ONE32 ZERO32, SM2_N ONE32, ONE32 SM2_N,
	    ONE32 "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54122"};
	EVP_PKEY *key = make_key(KEY_P256), *gm = make_key(KEY_SM2);
	struct pubkey *k;
	struct rd e = H(ZERO32);

	(void)state;
	assert_rc(pubkey_from_evp(key, &k), ECERT_OK);
	for (size_t i = 0; i < sizeof p256 / sizeof p256[0]; i++)
		assert_rc(pubkey_check(k, e, H(p256[i])), ECERT_E_BAD_SIGNATURE);
	pubkey_free(&k);
	assert_rc(pubkey_from_evp(gm, &k), ECERT_OK);
	for (size_t i = 0; i < sizeof sm2 / sizeof sm2[0]; i++)
		assert_rc(pubkey_check(k, e, H(sm2[i])), ECERT_E_BAD_SIGNATURE);
	pubkey_free(&k);
	EVP_PKEY_free(key);
	EVP_PKEY_free(gm);
}

static const char P256_SPKI[] = "3059301306072A8648CE3D020106082A8648CE3D030107034200"
				"0460FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"
				"7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299";

/* Any cut of the encoding, and any single byte changed outside the point, is refused. */
static void hostile_spki(void **state)
{
	struct rd good = H(P256_SPKI);
	uint8_t bad[92];
	struct pubkey *k;

	(void)state;
	assert_int_equal(good.n, 91);
	assert_rc(pubkey_from_spki(good, &k), ECERT_OK);
	pubkey_free(&k);
	for (size_t n = 0; n < good.n; n++) {
		assert_int_not_equal(pubkey_from_spki(rd_of(good.p, n), &k), ECERT_OK);
		assert_null(k);
	}
	memcpy(bad, good.p, 91);
	bad[91] = 0;
	assert_rc(pubkey_from_spki(rd_of(bad, 92), &k), ECERT_E_MALFORMED);
	for (size_t i = 0; i < 91; i++) {
		bad[i] ^= 1;
		assert_int_not_equal(pubkey_from_spki(rd_of(bad, 91), &k), ECERT_OK);
		assert_null(k);
		bad[i] ^= 1;
	}
}

/* A compressed point is read and kept uncompressed; hybrid forms and infinity are not keys. */
static void point_forms(void **state)
{
	struct pubkey *k, *whole;

	(void)state;
	assert_rc(pubkey_from_spki(H(P256_SPKI), &whole), ECERT_OK);
	assert_rc(
	    pubkey_from_spki(H("3039301306072A8648CE3D020106082A8648CE3D030107032200"
			       "0360FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F2"
			       "9FB6"),
		&k),
	    ECERT_OK);
	assert_true(pubkey_equal(k, whole));
	pubkey_free(&k);
	pubkey_free(&whole);
	assert_rc(pubkey_from_spki(H("3018301306072A8648CE3D020106082A8648CE3D03010703010000"), &k),
	    ECERT_E_MALFORMED);
	assert_rc(pubkey_from_spki(H("3019301306072A8648CE3D020106082A8648CE3D0301070302000"
				     "0"),
		      &k),
	    ECERT_E_MALFORMED);
}

struct bad_template {
	enum key_alg alg;
	const char *hex;
	enum ecert_rc rc;
};

static const struct bad_template bad_templates[] = {
    {KEY_NONE, "8600", ECERT_E_UNSUPPORTED},
    {KEY_ALG_COUNT, "8600", ECERT_E_UNSUPPORTED},
    {KEY_P256, "", ECERT_E_MALFORMED},
    {KEY_P256, "8600", ECERT_E_MALFORMED},
    {KEY_P256, "86024100", ECERT_E_MALFORMED},
    {KEY_P256, "8684FFFFFFFF04", ECERT_E_MALFORMED},
    /* right length, off the curve */
    {KEY_P256, "864104" ONE32 ONE32, ECERT_E_MALFORMED},
    {KEY_SM2, "864104" ONE32 ONE32, ECERT_E_MALFORMED},
    {KEY_ED25519, "861F00000000000000000000000000000000000000000000000000000000000000",
	ECERT_E_MALFORMED},
    {KEY_RSA1024, "8600", ECERT_E_MALFORMED},
    {KEY_RSA1024, "8101FF", ECERT_E_MALFORMED},
    {KEY_RSA1024, "8101FF820103", ECERT_E_MALFORMED},
};

static void hostile_templates(void **state)
{
	struct pubkey *k;

	(void)state;
	ERR_clear_error();
	for (size_t i = 0; i < sizeof bad_templates / sizeof bad_templates[0]; i++) {
		assert_rc(pubkey_from_card(bad_templates[i].alg, H(bad_templates[i].hex), &k),
		    bad_templates[i].rc);
		assert_null(k);
	}
	/* and OpenSSL has nothing to say about it on the host's queue */
	assert_true(ERR_peek_error() == 0);
}

/* An RSA template with this modulus filling and exponent. */
static enum ecert_rc try_rsa(uint8_t first, uint8_t last, struct rd e, size_t n)
{
	struct buf b = BUF_INIT(1024);
	uint8_t modulus[600];
	struct pubkey *k;
	enum ecert_rc rc;

	memset(modulus, 0xA5, sizeof modulus);
	modulus[0] = first;
	modulus[n - 1] = last;
	tlv_put(&b, 0x81, rd_of(modulus, n));
	tlv_put(&b, 0x82, e);
	rc = pubkey_from_card(KEY_RSA1024, buf_view(&b), &k);
	assert_true((rc == ECERT_OK) == (k != NULL));
	pubkey_free(&k);
	buf_free(&b);
	return rc;
}

static void rsa_parts(void **state)
{
	(void)state;
	assert_rc(try_rsa(0x80, 0x01, H("010001"), 128), ECERT_OK);
	assert_rc(try_rsa(0x80, 0x01, H("00010001"), 128), ECERT_OK);
	assert_rc(try_rsa(0x80, 0x01, H("03"), 128), ECERT_OK);
	assert_rc(try_rsa(0x80, 0x00, H("010001"), 128), ECERT_E_MALFORMED); /* even */
	assert_rc(try_rsa(0x40, 0x01, H("010001"), 128), ECERT_E_MALFORMED); /* 1023 bits */
	assert_rc(try_rsa(0x80, 0x01, H("010001"), 127), ECERT_E_MALFORMED);
	assert_rc(try_rsa(0x80, 0x01, H("010001"), 129), ECERT_E_MALFORMED);
	assert_rc(try_rsa(0x80, 0x01, H("010001"), 600), ECERT_E_MALFORMED);
	assert_rc(try_rsa(0x80, 0x01, H("01"), 128), ECERT_E_MALFORMED);
	assert_rc(try_rsa(0x80, 0x01, H("00"), 128), ECERT_E_MALFORMED);
	assert_rc(try_rsa(0x80, 0x01, H(""), 128), ECERT_E_MALFORMED);
	assert_rc(try_rsa(0x80, 0x01, H("010000"), 128), ECERT_E_MALFORMED);
	assert_rc(try_rsa(0x80, 0x01, H("010000000000000001"), 128), ECERT_E_MALFORMED);
}

static void unsupported_spki(void **state)
{
	/* RSA of 512 bits, secp256k1, and Ed448 */
	static const char *const spki[] = {
	    "305C300D06092A864886F70D0101010500034B003048024100"
	    "A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5"
	    "A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5"
	    "0203010001",
	    "3017301006072A8648CE3D020106052B8104000A0303000400",
	    "300A300506032B6571030100",
	};
	struct pubkey *k;

	(void)state;
	for (size_t i = 0; i < sizeof spki / sizeof spki[0]; i++) {
		assert_rc(pubkey_from_spki(H(spki[i]), &k), ECERT_E_UNSUPPORTED);
		assert_null(k);
	}
}

/* A certificate's key is found by walking; cut at every byte it is refused. */
static void from_certificate(void **state)
{
	EVP_PKEY *key = make_key(KEY_P256);
	X509 *x = X509_new();
	unsigned char *der = NULL;
	struct pubkey *k, *want;
	int n;

	(void)state;
	assert_int_equal(X509_set_version(x, X509_VERSION_3), 1);
	assert_int_equal(ASN1_INTEGER_set(X509_get_serialNumber(x), 7), 1);
	assert_non_null(X509_gmtime_adj(X509_getm_notBefore(x), 0));
	assert_non_null(X509_gmtime_adj(X509_getm_notAfter(x), 3600));
	assert_int_equal(X509_set_pubkey(x, key), 1);
	assert_true(X509_sign(x, key, EVP_sha256()) > 0);
	n = i2d_X509(x, &der);
	assert_true(n > 0);
	assert_rc(pubkey_from_evp(key, &want), ECERT_OK);
	assert_rc(pubkey_from_cert(rd_of(der, (size_t)n), &k), ECERT_OK);
	assert_true(pubkey_equal(k, want));
	pubkey_free(&k);
	for (size_t cut = 0; cut < (size_t)n; cut++)
		assert_rc(pubkey_from_cert(rd_of(der, cut), &k), ECERT_E_MALFORMED);
	pubkey_free(&want);
	OPENSSL_free(der);
	X509_free(x);
	EVP_PKEY_free(key);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_algorithm),
	    cmocka_unit_test(rsa_at_least_modulus),
	    cmocka_unit_test(rfc6979_answers),
	    cmocka_unit_test(out_of_range),
	    cmocka_unit_test(hostile_spki),
	    cmocka_unit_test(point_forms),
	    cmocka_unit_test(hostile_templates),
	    cmocka_unit_test(rsa_parts),
	    cmocka_unit_test(unsupported_spki),
	    cmocka_unit_test(from_certificate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
