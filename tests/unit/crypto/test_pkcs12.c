/* SPDX-License-Identifier: BSD-2-Clause */
/* PKCS#12 files of every age, wrong passwords, hostile bytes. */
#include "crypto_support.h"

#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include "crypto/cert/pkcs12.h"
#include "crypto/cert/pkcs12_rounds.h"

/* How a file is made: NIDs of the two encryptions (-1: none), rounds of both and of the MAC (-1: no
 * MAC at all). */
struct recipe {
	const char *what;
	enum key_alg alg;
	int key_pbe, cert_pbe, rounds, mac;
	const char *password;
};

static const struct recipe recipes[] = {
    {"Hongkong Post style: 3DES key, RC2-40 certificates", KEY_RSA2048,
	NID_pbe_WithSHA1And3_Key_TripleDES_CBC, NID_pbe_WithSHA1And40BitRC2_CBC, 2000, 2000,
	"12345678"},
    {"3DES both", KEY_RSA2048, NID_pbe_WithSHA1And3_Key_TripleDES_CBC,
	NID_pbe_WithSHA1And3_Key_TripleDES_CBC, 2000, 1, "secret"},
    {"AES-256, PBKDF2", KEY_P256, NID_aes_256_cbc, NID_aes_256_cbc, 2048, 2048, "secret"},
    {"no MAC", KEY_P256, NID_aes_256_cbc, NID_aes_256_cbc, 2048, -1, "secret"},
    {"empty password", KEY_P384, NID_aes_256_cbc, NID_aes_256_cbc, 2048, 2048, ""},
    {"Chinese password", KEY_P256, NID_aes_256_cbc, NID_aes_256_cbc, 2048, 2048,
	"\xE9\xA6\x99\xE6\xB8\xAF"},
    {"nothing encrypted", KEY_P256, -1, -1, 2048, 2048, "secret"},
    {"Ed25519", KEY_ED25519, NID_aes_256_cbc, NID_aes_256_cbc, 2048, 2048, "secret"},
    {"SM2", KEY_SM2, NID_aes_256_cbc, NID_aes_256_cbc, 2048, 2048, "secret"},
};

static OSSL_LIB_CTX *old_ctx;
static OSSL_PROVIDER *base, *legacy;

static X509 *make_cert(const char *subject, const char *issuer, EVP_PKEY *key)
{
	X509 *x = X509_new();
	X509_NAME *s, *i;

	assert_non_null(x);
	s = X509_get_subject_name(x);
	i = X509_NAME_new();
	assert_int_equal(X509_set_version(x, X509_VERSION_3), 1);
	assert_int_equal(X509_NAME_add_entry_by_txt(
			     s, "CN", MBSTRING_UTF8, (const unsigned char *)subject, -1, -1, 0),
	    1);
	assert_int_equal(X509_NAME_add_entry_by_txt(
			     i, "CN", MBSTRING_UTF8, (const unsigned char *)issuer, -1, -1, 0),
	    1);
	assert_int_equal(X509_set_issuer_name(x, i), 1);
	X509_NAME_free(i);
	assert_non_null(X509_gmtime_adj(X509_getm_notBefore(x), 0));
	assert_non_null(X509_gmtime_adj(X509_getm_notAfter(x), 3600));
	assert_int_equal(X509_set_pubkey(x, key), 1);
	return x;
}

/* A file with a leaf, its issuer and the root, the certificates in the wrong order. */
static void bake(const struct recipe *r, EVP_PKEY *key, struct buf *out)
{
	static const char *const names[][2] = {
	    {"Root", "Root"}, {"Stranger", "Nobody"}, {"Issuing", "Root"}};
	EVP_PKEY *ca = make_key(KEY_P256);
	STACK_OF(X509) *others = sk_X509_new_null();
	X509 *leaf = make_cert("Leaf", "Issuing", key);
	unsigned char *at;
	PKCS12 *p12;
	int n;

	for (size_t i = 0; i < 3; i++)
		assert_true(sk_X509_push(others, make_cert(names[i][0], names[i][1], ca)) > 0);
	for (int i = 0; i < 3; i++)
		assert_true(X509_sign(sk_X509_value(others, i), ca, EVP_sha256()) > 0);
	assert_true(X509_sign(leaf, ca, EVP_sha256()) > 0);
	p12 = PKCS12_create_ex(r->password, "name", key, leaf, others, r->key_pbe, r->cert_pbe,
	    r->rounds, r->mac, 0, old_ctx, NULL);
	assert_non_null(p12);
	n = i2d_PKCS12(p12, NULL);
	assert_true(n > 0);
	at = buf_room(out, (size_t)n);
	assert_int_equal(i2d_PKCS12(p12, &at), n);
	PKCS12_free(p12);
	X509_free(leaf);
	sk_X509_pop_free(others, X509_free);
	EVP_PKEY_free(ca);
}

static void check_loaded(const struct recipe *r, EVP_PKEY *key, const struct pkcs12 *p)
{
	static const char *const order[] = {"Issuing", "Root"};
	struct pubkey *want, *leaf;

	assert_int_equal(privkey_alg(pkcs12_key(p, 0)), r->alg);
	assert_rc(pubkey_from_evp(key, &want), ECERT_OK);
	assert_true(pubkey_equal(want, privkey_public(pkcs12_key(p, 0))));
	assert_rc(pubkey_from_cert(pkcs12_leaf(p, 0), &leaf), ECERT_OK);
	assert_true(pubkey_equal(want, leaf));
	pubkey_free(&want);
	pubkey_free(&leaf);
	for (size_t i = 0; i < 2; i++) {
		struct rd der = pkcs12_other(p, 0, i);

		assert_non_null(memmem(der.p, der.n, order[i], strlen(order[i])));
	}
	assert_non_null(memmem(pkcs12_other(p, 0, 2).p, pkcs12_other(p, 0, 2).n, "Stranger", 8));
	assert_int_equal(pkcs12_other(p, 0, 3).n, 0);
	assert_int_equal(pkcs12_other(p, 0, PKCS12_CERTS_MAX).n, 0);
}

static void every_age(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof recipes / sizeof recipes[0]; i++) {
		const struct recipe *r = &recipes[i];
		EVP_PKEY *key = make_key(r->alg);
		struct buf file = BUF_INIT(PKCS12_FILE_MAX);
		struct pkcs12 *p;

		bake(r, key, &file);
		assert_rc(pkcs12_load(buf_view(&file), r->password, NULL, &p), ECERT_OK);
		check_loaded(r, key, p);
		pkcs12_free(&p);
		assert_null(p);
		if (r->key_pbe != -1) {
			assert_rc(
			    pkcs12_load(buf_view(&file), "wrong", NULL, &p), ECERT_E_PASSWORD);
			assert_null(p);
		}
		buf_free(&file);
		EVP_PKEY_free(key);
	}
}

/* An encipherment certificate of somebody else's key is not the leaf. */
static void no_leaf(void **state)
{
	EVP_PKEY *key = make_key(KEY_P256), *other = make_key(KEY_P256);
	X509 *x = make_cert("Other", "Issuing", other);
	STACK_OF(X509) *others = sk_X509_new_null();
	unsigned char *der = NULL;
	struct pkcs12 *p;
	PKCS12 *p12;
	int n;

	(void)state;
	assert_true(X509_sign(x, other, EVP_sha256()) > 0);
	assert_true(sk_X509_push(others, x) > 0);
	p12 = PKCS12_create_ex("pw", NULL, key, NULL, others, -1, -1, 0, 1, 0, old_ctx, NULL);
	assert_non_null(p12);
	n = i2d_PKCS12(p12, &der);
	assert_rc(pkcs12_load(rd_of(der, (size_t)n), "pw", NULL, &p), ECERT_E_NOT_FOUND);
	OPENSSL_free(der);
	der = NULL;
	PKCS12_free(p12);
	/* and no key at all */
	p12 = PKCS12_create_ex("pw", NULL, NULL, NULL, others, -1, -1, 0, 1, 0, old_ctx, NULL);
	assert_non_null(p12);
	n = i2d_PKCS12(p12, &der);
	assert_rc(pkcs12_load(rd_of(der, (size_t)n), "pw", NULL, &p), ECERT_E_NOT_FOUND);
	OPENSSL_free(der);
	PKCS12_free(p12);
	sk_X509_pop_free(others, X509_free);
	EVP_PKEY_free(key);
	EVP_PKEY_free(other);
}

static void too_much_work(void **state)
{
	static const struct recipe slow = {
	    "rounds", KEY_P256, NID_aes_256_cbc, -1, PKCS12_ROUNDS_MAX + 1, 1, "secret"};
	EVP_PKEY *key = make_key(KEY_P256);
	struct buf file = BUF_INIT(PKCS12_FILE_MAX);
	struct pkcs12 *p;

	(void)state;
	bake(&slow, key, &file);
	assert_rc(pkcs12_load(buf_view(&file), "secret", NULL, &p), ECERT_E_TOO_LARGE);
	assert_rc(pkcs12_load(rd_of(buf_view(&file).p, PKCS12_FILE_MAX + 1), "secret", NULL, &p),
	    ECERT_E_TOO_LARGE);
	buf_free(&file);
	EVP_PKEY_free(key);
}

/* Cut at every 7th byte, a bit turned at every 11th: refused or read, never anything worse. A MAC
 * covers the content, so with one nothing that was changed inside can be accepted. */
static void hostile(void **state)
{
	EVP_PKEY *key = make_key(KEY_P256);
	struct recipe r = {"hostile", KEY_P256, NID_aes_256_cbc, -1, 1, 1, "secret"};
	struct buf file = BUF_INIT(PKCS12_FILE_MAX);
	struct pkcs12 *p;
	uint8_t *copy;
	size_t n;

	(void)state;
	bake(&r, key, &file);
	n = buf_len(&file);
	copy = malloc(n + 1);
	assert_non_null(copy);
	memcpy(copy, buf_view(&file).p, n);
	copy[n] = 0;
	assert_rc(pkcs12_load(rd_of(copy, n + 1), "secret", NULL, &p), ECERT_E_MALFORMED);
	for (size_t cut = 0; cut < n; cut += 7)
		assert_rc(pkcs12_load(rd_of(copy, cut), "secret", NULL, &p), ECERT_E_MALFORMED);
	for (size_t i = 0; i < n; i += 11) {
		copy[i] ^= 0x04;
		if (i > 40 && i < n - 100)
			assert_int_not_equal(
			    pkcs12_load(rd_of(copy, n), "secret", NULL, &p), ECERT_OK);
		else
			assert_true((pkcs12_load(rd_of(copy, n), "secret", NULL, &p) == ECERT_OK) ==
				    (p != NULL));
		pkcs12_free(&p);
		copy[i] ^= 0x04;
	}
	free(copy);
	buf_free(&file);
	EVP_PKEY_free(key);
}

static int setup(void **state)
{
	(void)state;
	old_ctx = OSSL_LIB_CTX_new();
	if (old_ctx == NULL)
		return 1;
	base = OSSL_PROVIDER_load(old_ctx, "default");
	legacy = OSSL_PROVIDER_load(old_ctx, "legacy");
	return base == NULL || legacy == NULL;
}

static int teardown(void **state)
{
	(void)state;
	OSSL_PROVIDER_unload(legacy);
	OSSL_PROVIDER_unload(base);
	OSSL_LIB_CTX_free(old_ctx);
	return 0;
}

struct algor_case {
	int64_t rounds, left; /* given, and left afterwards */
	int n, r, p;	      /* scrypt's; n = 0: PBKDF2 */
	enum ecert_rc rc;
};

static const struct algor_case algors[] = {
    {1000, 1, 0, 0, 0, ECERT_OK},
    {998, 0, 0, 0, 0, ECERT_E_TOO_LARGE},
    {4096, 0, 4096, 8, 1, ECERT_OK},
    {4095, 0, 4096, 8, 1, ECERT_E_TOO_LARGE},
    {4096, 0, 1024, 17, 1, ECERT_E_TOO_LARGE},
    {4096, 0, 1024, 8, 5, ECERT_E_TOO_LARGE},
};

static X509_ALGOR *make_algor(const struct algor_case *c)
{
	unsigned char salt[8] = {0}, iv[16] = {0};
	X509_ALGOR *a;

	if (c->n == 0)
		a = PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), 999, salt, 8, iv, -1);
	else
		a = PKCS5_pbe2_set_scrypt(
		    EVP_aes_256_cbc(), salt, 8, iv, (uint64_t)c->n, (uint64_t)c->r, (uint64_t)c->p);
	assert_non_null(a);
	return a;
}

static void budget(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof algors / sizeof algors[0]; i++) {
		X509_ALGOR *a = make_algor(&algors[i]);
		int64_t left = algors[i].rounds;

		assert_rc(pkcs12_check_algor(old_ctx, a, &left, NULL), algors[i].rc);
		if (algors[i].rc == ECERT_OK)
			assert_true(left == algors[i].left);
		X509_ALGOR_free(a);
	}
}

/* Algorithms that do not exist, and parameters that are none. */
static void strange_algorithms(void **state)
{
	static const int nids[] = {NID_rsaEncryption, NID_pbeWithMD2AndDES_CBC, NID_pbes2};
	int64_t left;

	(void)state;
	for (size_t i = 0; i < sizeof nids / sizeof nids[0]; i++) {
		X509_ALGOR *a = X509_ALGOR_new();

		left = 5000;
		assert_int_equal(X509_ALGOR_set0(a, OBJ_nid2obj(nids[i]), V_ASN1_NULL, NULL), 1);
		assert_rc(pkcs12_check_algor(old_ctx, a, &left, NULL), ECERT_E_MALFORMED);
		X509_ALGOR_free(a);
		if (nids[i] == NID_pbes2)
			continue;
		/* parameters as PBES1 wants them, but no cipher behind the name */
		a = PKCS5_pbe_set(nids[i], 1000, NULL, 8);
		assert_non_null(a);
		assert_rc(pkcs12_check_algor(old_ctx, a, &left, NULL), ECERT_E_UNSUPPORTED);
		X509_ALGOR_free(a);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_age),
	    cmocka_unit_test(no_leaf),
	    cmocka_unit_test(too_much_work),
	    cmocka_unit_test(budget),
	    cmocka_unit_test(strange_algorithms),
	    cmocka_unit_test(hostile),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
