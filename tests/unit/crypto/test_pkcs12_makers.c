/* SPDX-License-Identifier: BSD-2-Clause */
/* PKCS#12 files as other makers write them: their rounds, passwords, keys and integrity checks. */
#include "crypto_support.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pkcs12.h>
#include <stdlib.h>

#include "crypto/cert/pkcs12.h"
#include "crypto/cert/pkcs12_words.h"
#include "util/tlv.h"

#define MONTH (30L * 86400)

static X509 *make_cert(const char *subject, EVP_PKEY *key, long ends)
{
	X509 *x = X509_new();
	X509_NAME *name;

	assert_non_null(x);
	name = X509_get_subject_name(x);
	assert_int_equal(X509_set_version(x, X509_VERSION_3), 1);
	assert_int_equal(X509_NAME_add_entry_by_txt(
			     name, "CN", MBSTRING_UTF8, (const unsigned char *)subject, -1, -1, 0),
	    1);
	assert_int_equal(X509_set_issuer_name(x, name), 1);
	assert_non_null(X509_gmtime_adj(X509_getm_notBefore(x), 0));
	assert_non_null(X509_gmtime_adj(X509_getm_notAfter(x), ends));
	assert_int_equal(X509_set_pubkey(x, key), 1);
	assert_true(X509_sign(x, key, EVP_get_digestbyname("SHA256")) > 0);
	return x;
}

/* ---- a file, bag by bag ---- */
struct baking {
	STACK_OF(PKCS12_SAFEBAG) * bags;
	int rounds;
};

static void put_key(struct baking *b, EVP_PKEY *key, const char *name, const char *password)
{
	PKCS12_SAFEBAG *bag = PKCS12_add_key(
	    &b->bags, key, 0, b->rounds, NID_aes_256_cbc, password);

	assert_non_null(bag);
	if (name != NULL)
		assert_int_equal(PKCS12_add_friendlyname_utf8(bag, name, -1), 1);
}

static void put_cert(struct baking *b, const char *subject, EVP_PKEY *key, long ends)
{
	X509 *x = make_cert(subject, key, ends);

	assert_non_null(PKCS12_add_cert(&b->bags, x));
	X509_free(x);
}

/* Keys and certificates in one safe, encrypted when password says so, and a MAC when that does. */
static PKCS12 *bake(struct baking *b, const char *password, const char *mac)
{
	STACK_OF(PKCS7) *safes = NULL;
	PKCS12 *p12;

	assert_int_equal(PKCS12_add_safe(&safes, b->bags, password != NULL ? NID_aes_256_cbc : -1,
			     b->rounds, password),
	    1);
	p12 = PKCS12_add_safes(safes, 0);
	assert_non_null(p12);
	if (mac != NULL)
		assert_int_equal(PKCS12_set_mac(p12, mac, -1, NULL, 0, b->rounds,
				     EVP_get_digestbyname("SHA256")),
		    1);
	sk_PKCS7_pop_free(safes, PKCS7_free);
	sk_PKCS12_SAFEBAG_pop_free(b->bags, PKCS12_SAFEBAG_free);
	b->bags = NULL;
	return p12;
}

static enum ecert_rc load(
    PKCS12 *p12, const char *password, struct pkcs12_reason *why, struct pkcs12 **out)
{
	unsigned char *der = NULL;
	int n = i2d_PKCS12(p12, &der);
	enum ecert_rc rc;

	assert_true(n > 0);
	rc = pkcs12_load(rd_of(der, (size_t)n), password, why, out);
	OPENSSL_free(der);
	return rc;
}

static enum ecert_rc opens(PKCS12 *p12, const char *password)
{
	struct pkcs12_reason why;
	struct pkcs12 *p;
	enum ecert_rc rc = load(p12, password, &why, &p);

	pkcs12_free(&p);
	return rc;
}

/* One key and its certificate. */
static PKCS12 *simple(const char *safe, const char *mac, int rounds)
{
	EVP_PKEY *key = make_key(KEY_P256);
	struct baking b = {NULL, rounds};
	PKCS12 *p12;

	put_key(&b, key, NULL, safe);
	put_cert(&b, "One", key, MONTH);
	p12 = bake(&b, safe, mac);
	EVP_PKEY_free(key);
	return p12;
}

/* NSS: 600,000 each for the MAC, the certificates and the key. */
static void rounds_of_firefox(void **state)
{
	PKCS12 *p12 = simple("demo", "demo", 600000);

	(void)state;
	assert_rc(opens(p12, "demo"), ECERT_OK);
	assert_rc(opens(p12, "demon"), ECERT_E_PASSWORD);
	PKCS12_free(p12);
}

/* ---- passwords ---- */
#define UMLAUT	  "p\xC3\xA4ss"		/* pässs, UTF-8 */
#define UMLAUT_L1 "p\xE4ss"		/* ISO 8859-1 */
#define UMLAUT_2  "p\xC3\x83\xC2\xA4ss" /* its UTF-8 taken for ISO 8859-1 */

static void passwords_of_others(void **state)
{
	static const struct {
		const char *safe, *mac, *typed;
		enum ecert_rc rc;
	} rows[] = {
	    {UMLAUT, UMLAUT, UMLAUT, ECERT_OK},
	    {UMLAUT_L1, UMLAUT, UMLAUT, ECERT_OK}, /* OpenSSL on a terminal of the time */
	    {UMLAUT_L1, UMLAUT_L1, UMLAUT, ECERT_OK},
	    {UMLAUT_2, UMLAUT_2, UMLAUT, ECERT_OK},
	    {UMLAUT, UMLAUT_2, UMLAUT, ECERT_OK},  /* OpenSSL 1.0.2 */
	    {UMLAUT_L1, NULL, UMLAUT, ECERT_OK},   /* only the decryption tells */
	    {UMLAUT, UMLAUT, UMLAUT_L1, ECERT_OK}, /* typed on such a terminal */
	    {"pass", "pass", UMLAUT, ECERT_E_PASSWORD},
	    {UMLAUT, UMLAUT, "pass", ECERT_E_PASSWORD},
	    {"\xE5\xAF\x86\xE7\xA2\xBC", "\xE5\xAF\x86\xE7\xA2\xBC", "\xE5\xAF\x86\xE7\xA2\xBC",
		ECERT_OK},
	    {"", "", "", ECERT_OK},
	    {"", NULL, "", ECERT_OK},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		PKCS12 *p12 = simple(rows[i].safe, rows[i].mac, 100);

		assert_rc(opens(p12, rows[i].typed), rows[i].rc);
		PKCS12_free(p12);
	}
}

/* RFC 7292, appendix B.1: no password at all is another one than the empty. */
static void no_password(void **state)
{
	PKCS12 *p12 = simple("", NULL, 100);

	(void)state;
	assert_int_equal(
	    PKCS12_set_mac(p12, NULL, 0, NULL, 0, 100, EVP_get_digestbyname("SHA1")), 1);
	assert_rc(opens(p12, ""), ECERT_OK);
	assert_rc(opens(p12, "x"), ECERT_E_PASSWORD);
	PKCS12_free(p12);
}

static void forms(void **state)
{
	static const uint8_t bmp[] = {0xD8, 0x34, 0xDD, 0x1E, 0x00, 0x41, 0, 0};
	struct pkcs12_words w;
	char longest[PKCS12_PASSWORD_MAX + 2];

	(void)state;
	assert_rc(pkcs12_words_make("\xF0\x9D\x84\x9E"
				    "A",
		      &w),
	    ECERT_OK); /* a clef, U+1D11E */
	assert_int_equal(w.v[w.n - 1].n, sizeof bmp);
	assert_memory_equal(w.v[w.n - 1].p, bmp, sizeof bmp);
	assert_false(w.v[w.n - 1].bmp);
	pkcs12_words_free(&w);
	assert_rc(pkcs12_words_make("plain", &w), ECERT_OK);
	assert_string_equal(w.v[0].p, "plain");
	for (size_t i = 1; i < w.n; i++)
		assert_false(w.v[i].bmp); /* one derivation for the MAC, not many */
	pkcs12_words_free(&w);
	memset(longest, 0xC3, sizeof longest);
	longest[PKCS12_PASSWORD_MAX] = 0;
	assert_rc(pkcs12_words_make(longest, &w), ECERT_OK);
	pkcs12_words_free(&w);
	longest[PKCS12_PASSWORD_MAX] = 'x';
	longest[PKCS12_PASSWORD_MAX + 1] = 0;
	assert_rc(pkcs12_words_make(longest, &w), ECERT_E_TOO_LARGE);
}

/* A keystore whose key has another password than the store. */
static void key_with_its_own(void **state)
{
	EVP_PKEY *key = make_key(KEY_P256);
	struct baking b = {NULL, 100};
	struct pkcs12_reason why;
	struct pkcs12 *p;
	PKCS12 *p12;

	(void)state;
	put_key(&b, key, NULL, "key");
	put_cert(&b, "One", key, MONTH);
	p12 = bake(&b, NULL, "store");
	assert_rc(load(p12, "store", &why, &p), ECERT_E_PASSWORD);
	assert_int_equal(why.trouble, PKCS12_KEY_PASSWORD);
	assert_rc(load(p12, "key", &why, &p), ECERT_E_PASSWORD);
	assert_int_equal(why.trouble, PKCS12_FINE);
	PKCS12_free(p12);
	EVP_PKEY_free(key);
}

/* ---- keys ---- */
static bool is_of(const struct pkcs12 *p, size_t i, EVP_PKEY *key)
{
	struct pubkey *want = NULL, *leaf = NULL;
	bool same;

	assert_rc(pubkey_from_evp(key, &want), ECERT_OK);
	assert_rc(pubkey_from_cert(pkcs12_leaf(p, i), &leaf), ECERT_OK);
	same = pubkey_equal(want, leaf) && pubkey_equal(want, privkey_public(pkcs12_key(p, i)));
	pubkey_free(&want);
	pubkey_free(&leaf);
	return same;
}

static void several_keys(void **state)
{
	EVP_PKEY *a = make_key(KEY_P256), *b = make_key(KEY_P384), *orphan = make_key(KEY_P256);
	struct baking bk = {NULL, 100};
	struct pkcs12_reason why;
	struct pkcs12 *p;
	PKCS12 *p12;
	struct rd leaf;

	(void)state;
	put_key(&bk, orphan, "orphan", "pw");
	put_key(&bk, a, "first", "pw");
	put_key(&bk, b, "{7E3B}", "pw"); /* as Windows calls keys */
	put_cert(&bk, "Second", b, MONTH);
	assert_int_equal(
	    PKCS12_add_friendlyname_utf8(sk_PKCS12_SAFEBAG_value(bk.bags, 3), "second", -1), 1);
	put_cert(&bk, "Old", a, MONTH);
	put_cert(&bk, "Renewed", a, 2 * MONTH);
	p12 = bake(&bk, "pw", "pw");
	assert_rc(load(p12, "pw", &why, &p), ECERT_OK);
	assert_int_equal(pkcs12_keys(p), 2);
	assert_int_equal(pkcs12_left_out(p), 1);
	assert_true(is_of(p, 0, a));
	assert_true(is_of(p, 1, b));
	assert_string_equal(pkcs12_name(p, 0), "first");
	assert_string_equal(pkcs12_name(p, 1), "second");
	leaf = pkcs12_leaf(p, 0);
	assert_non_null(memmem(leaf.p, leaf.n, "Renewed", 7));
	pkcs12_free(&p);
	PKCS12_free(p12);
	EVP_PKEY_free(a);
	EVP_PKEY_free(b);
	EVP_PKEY_free(orphan);
}

static void nothing_for_a_token(void **state)
{
	EVP_PKEY *odd = EVP_EC_gen("P-521"), *good = make_key(KEY_P256);
	struct baking b = {NULL, 100};
	struct pkcs12_reason why;
	struct pkcs12 *p;
	PKCS12 *p12;

	(void)state;
	put_key(&b, odd, NULL, "pw");
	put_cert(&b, "Odd", odd, MONTH);
	p12 = bake(&b, "pw", "pw");
	assert_rc(load(p12, "pw", &why, &p), ECERT_E_UNSUPPORTED);
	assert_int_equal(why.trouble, PKCS12_KEY_KIND);
	assert_string_equal(why.what, "secp521r1");
	PKCS12_free(p12);
	/* beside one that is taken it is left out */
	put_key(&b, odd, NULL, "pw");
	put_key(&b, good, NULL, "pw");
	put_cert(&b, "Odd", odd, MONTH);
	put_cert(&b, "Good", good, MONTH);
	p12 = bake(&b, "pw", "pw");
	assert_rc(load(p12, "pw", &why, &p), ECERT_OK);
	assert_int_equal(pkcs12_keys(p), 1);
	assert_int_equal(pkcs12_left_out(p), 1);
	assert_true(is_of(p, 0, good));
	pkcs12_free(&p);
	PKCS12_free(p12);
	put_key(&b, good, NULL, "pw");
	p12 = bake(&b, "pw", "pw");
	assert_rc(load(p12, "pw", &why, &p), ECERT_E_NOT_FOUND);
	assert_int_equal(why.trouble, PKCS12_NO_CERT);
	PKCS12_free(p12);
	put_cert(&b, "Good", good, MONTH);
	p12 = bake(&b, "pw", "pw");
	assert_rc(load(p12, "pw", &why, &p), ECERT_E_NOT_FOUND);
	assert_int_equal(why.trouble, PKCS12_NO_KEY);
	PKCS12_free(p12);
	EVP_PKEY_free(odd);
	EVP_PKEY_free(good);
}

/* ---- integrity ---- */

/* inner may be a view into b. */
static void wrap(struct buf *b, uint8_t tag, struct rd inner)
{
	struct buf copy = BUF_INIT(65536);

	buf_rd(&copy, inner);
	tlv_put(b, tag, buf_view(&copy));
	buf_free(&copy);
}

/* RFC 9579, 4: PBKDF2 with HMAC-SHA-512, then HMAC-SHA-256. */
static void pbmac1_algor(struct buf *out, const uint8_t salt[8], uint8_t rounds)
{
	struct buf kdf = BUF_INIT(512), params = BUF_INIT(512), both = BUF_INIT(512);
	struct buf all = BUF_INIT(512);

	tlv_put(&kdf, 0x04, rd_of(salt, 8));
	tlv_put(&kdf, 0x02, rd_of(&rounds, 1));
	tlv_put_u8(&kdf, 0x02, 32);
	buf_rd(&kdf, H("30 0C 06 08 2A864886F70D020B 05 00")); /* hmacWithSHA512 */
	buf_rd(&params, H("06 09 2A864886F70D01050C"));	       /* PBKDF2 */
	wrap(&params, 0x30, buf_view(&kdf));
	wrap(&both, 0x30, buf_view(&params));
	buf_rd(&both, H("30 0C 06 08 2A864886F70D0209 05 00")); /* hmacWithSHA256 */
	buf_rd(&all, H("06 09 2A864886F70D01050E"));		/* PBMAC1 */
	wrap(&all, 0x30, buf_view(&both));
	wrap(out, 0x30, buf_view(&all));
	buf_free(&kdf);
	buf_free(&params);
	buf_free(&both);
	buf_free(&all);
}

/* The bytes of the authSafe's OCTET STRING. */
static struct rd auth_safe(struct rd pfx)
{
	struct rd inner, version, info, oid, explicit, content;

	assert_rc(tlv_expect(&pfx, 0x30, &inner), ECERT_OK);
	assert_rc(tlv_expect(&inner, 0x02, &version), ECERT_OK);
	assert_rc(tlv_expect(&inner, 0x30, &info), ECERT_OK);
	assert_rc(tlv_expect(&info, 0x06, &oid), ECERT_OK);
	assert_rc(tlv_expect(&info, 0xA0, &explicit), ECERT_OK);
	assert_rc(tlv_expect(&explicit, 0x04, &content), ECERT_OK);
	return content;
}

/* A file without a MAC gets that one. */
static void add_pbmac1(PKCS12 *p12, const char *password, uint8_t rounds, struct buf *out)
{
	static const uint8_t salt[8] = {1, 2, 3, 4, 5, 6, 7, 8};
	struct buf info = BUF_INIT(1024), data = BUF_INIT(1024), pfx = BUF_INIT(65536);
	unsigned char key[32], mac[32], *der = NULL;
	int n = i2d_PKCS12(p12, &der);
	struct rd file = rd_of(der, (size_t)n), inner, content = auth_safe(file);

	assert_int_equal(PKCS5_PBKDF2_HMAC(password, -1, salt, 8, rounds,
			     EVP_get_digestbyname("SHA512"), sizeof key, key),
	    1);
	assert_non_null(
	    HMAC(EVP_get_digestbyname("SHA256"), key, sizeof key, content.p, content.n, mac, NULL));
	pbmac1_algor(&info, salt, rounds);
	tlv_put(&info, 0x04, rd_of(mac, sizeof mac));
	wrap(&data, 0x30, buf_view(&info));
	tlv_put(&data, 0x04, rd_of(salt, 8)); /* these two mean nothing (RFC 9579, 6) */
	tlv_put_u8(&data, 0x02, 1);
	assert_rc(tlv_expect(&file, 0x30, &inner), ECERT_OK);
	buf_rd(&pfx, inner);
	wrap(&pfx, 0x30, buf_view(&data));
	wrap(out, 0x30, buf_view(&pfx));
	assert_rc(buf_rc(out), ECERT_OK);
	buf_free(&info);
	buf_free(&data);
	buf_free(&pfx);
	OPENSSL_free(der);
}

static void pbmac1(void **state)
{
	PKCS12 *p12 = simple("pw", NULL, 100);
	struct buf file = BUF_INIT(65536), other = BUF_INIT(65536);
	struct pkcs12_reason why;
	struct pkcs12 *p;

	(void)state;
	add_pbmac1(p12, "pw", 100, &file);
	assert_rc(pkcs12_load(buf_view(&file), "pw", &why, &p), ECERT_OK);
	assert_int_equal(pkcs12_keys(p), 1);
	pkcs12_free(&p);
	assert_rc(pkcs12_load(buf_view(&file), "PW", &why, &p), ECERT_E_PASSWORD);
	/* the MAC counts, not only what decrypts */
	add_pbmac1(p12, "another", 100, &other);
	assert_rc(pkcs12_load(buf_view(&other), "pw", &why, &p), ECERT_E_PASSWORD);
	/* its rounds are counted as all others are: 100 each for MAC, certificate and key */
	assert_rc(pkcs12_load_within(buf_view(&file), "pw", 300, &why, &p), ECERT_OK);
	pkcs12_free(&p);
	assert_rc(pkcs12_load_within(buf_view(&file), "pw", 299, &why, &p), ECERT_E_TOO_LARGE);
	assert_int_equal(why.trouble, PKCS12_WORK);
	buf_free(&file);
	buf_free(&other);
	PKCS12_free(p12);
}

/* A MAC that nobody knows is no wrong password, and no key of another kind. */
static void unknown_mac(void **state)
{
	PKCS12 *p12 = simple("pw", NULL, 100);
	struct buf file = BUF_INIT(65536);
	struct pkcs12_reason why;
	struct pkcs12 *p;
	uint8_t *copy, *at;
	size_t n;

	(void)state;
	add_pbmac1(p12, "pw", 100, &file);
	n = buf_len(&file);
	copy = malloc(n);
	assert_non_null(copy);
	memcpy(copy, buf_view(&file).p, n);
	at = memmem(copy, n, "\x2A\x86\x48\x86\xF7\x0D\x01\x05\x0E", 9);
	assert_non_null(at);
	at[8] = 0x7F; /* 1.2.840.113549.1.5.127 */
	assert_rc(pkcs12_load(rd_of(copy, n), "pw", &why, &p), ECERT_E_UNSUPPORTED);
	assert_int_equal(why.trouble, PKCS12_MAC);
	assert_string_equal(why.what, "1.2.840.113549.1.5.127");
	free(copy);
	buf_free(&file);
	PKCS12_free(p12);
}

/* What only the legacy provider reads, where it is not installed. */
static void legacy_absent(void **state)
{
	static const char *const oid = "\x2A\x86\x48\x86\xF7\x0D\x01\x0C\x01\x03";
	EVP_PKEY *key = make_key(KEY_P256);
	X509 *x = make_cert("One", key, MONTH);
	/* 3DES, which needs no legacy provider to be written: its OID is bent into RC2-40's. */
	PKCS12 *p12 = PKCS12_create("pw", NULL, key, x, NULL,
	    NID_pbe_WithSHA1And3_Key_TripleDES_CBC, NID_pbe_WithSHA1And3_Key_TripleDES_CBC, 1, -1,
	    0);
	struct pkcs12_reason why;
	unsigned char *der = NULL;
	struct pkcs12 *p;
	uint8_t *at;
	int n;

	(void)state;
	assert_non_null(p12);
	n = i2d_PKCS12(p12, &der);
	at = memmem(der, (size_t)n, oid, 10);
	assert_non_null(at);
	at[9] = 6;
	assert_int_equal(setenv("OPENSSL_MODULES", "/nonexistent", 1), 0);
	assert_rc(pkcs12_load(rd_of(der, (size_t)n), "pw", &why, &p), ECERT_E_UNSUPPORTED);
	assert_int_equal(why.trouble, PKCS12_LEGACY);
	assert_string_equal(why.what, "pbeWithSHA1And40BitRC2-CBC");
	assert_int_equal(unsetenv("OPENSSL_MODULES"), 0);
	OPENSSL_free(der);
	PKCS12_free(p12);
	X509_free(x);
	EVP_PKEY_free(key);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rounds_of_firefox),
	    cmocka_unit_test(passwords_of_others),
	    cmocka_unit_test(no_password),
	    cmocka_unit_test(forms),
	    cmocka_unit_test(key_with_its_own),
	    cmocka_unit_test(several_keys),
	    cmocka_unit_test(nothing_for_a_token),
	    cmocka_unit_test(pbmac1),
	    cmocka_unit_test(unknown_mac),
	    cmocka_unit_test(legacy_absent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
