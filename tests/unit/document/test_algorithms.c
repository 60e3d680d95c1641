/* SPDX-License-Identifier: BSD-2-Clause */
/* Until when each algorithm is relied on: the table, keys by their size, and what a relying party
 * says instead. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <cmocka.h>

#include "document/algorithms.h"

static time_t at(int year, int month, int day)
{
	struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day};

	return timegm(&tm);
}

/* A row ends at the beginning of its day, and not a second before. */
static void each_end_is_the_standards(void **state)
{
	static const struct {
		const char *name;
		int year, month;
	} row[] = {
	    {"MD5", 2004, 8},
	    {"RIPEMD160", 2014, 8},
	    {"SHA1", 2012, 8},
	    {"SHA224", 2029, 1},
	    {"SHA256", 0, 0},
	    {"SHA384", 0, 0},
	    {"SHA512", 0, 0},
	    {"RSA-768", 2010, 8},
	    {"RSA-1024", 2019, 10},
	    {"RSA-2048", 2029, 1},
	    {"RSA-3072", 0, 0},
	    {"EC-160", 2012, 8},
	    {"EC-224", 2021, 10},
	    {"EC-256", 0, 0},
	    {"DSA-1024", 2015, 12},
	    {"DSA-2048", 2029, 1},
	    {"DSA-3072", 0, 0},
	};
	enum algorithm a;

	(void)state;
	assert_int_equal(sizeof row / sizeof row[0], ALGORITHM_OTHER);
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		time_t end = row[i].year ? at(row[i].year, row[i].month, 1) : 0;

		assert_true(algorithm_by_name(row[i].name, &a));
		assert_string_equal(algorithm_name(a), row[i].name);
		assert_int_equal(algorithm_ended(NULL, a, at(2100, 1, 1)), end);
		assert_int_equal(algorithm_ended(NULL, a, end), end);
		assert_int_equal(algorithm_ended(NULL, a, end - 1), 0);
	}
	assert_true(algorithm_by_name("sha1", &a));
	assert_int_equal(a, ALGORITHM_SHA1);
	assert_false(algorithm_by_name("SHA-0", &a));
	assert_false(algorithm_by_name("", &a));
	assert_null(algorithm_name(ALGORITHM_OTHER));
}

static void a_relying_party_says_otherwise(void **state)
{
	struct algorithm_policy p;

	(void)state;
	algorithm_policy_init(&p);
	assert_int_equal(algorithm_ended(&p, ALGORITHM_SHA1, at(2020, 1, 1)), at(2012, 8, 1));
	p.end[ALGORITHM_SHA1] = at(2030, 1, 1);
	p.end[ALGORITHM_SHA256] = at(2025, 1, 1);
	assert_int_equal(algorithm_ended(&p, ALGORITHM_SHA1, at(2020, 1, 1)), 0);
	assert_int_equal(algorithm_ended(&p, ALGORITHM_SHA256, at(2026, 1, 1)), at(2025, 1, 1));
	assert_int_equal(algorithm_ended(&p, ALGORITHM_OTHER, at(2100, 1, 1)), 0);
}

static void digests(void **state)
{
	(void)state;
	assert_int_equal(algorithm_of_digest(EVP_sha1()), ALGORITHM_SHA1);
	assert_int_equal(algorithm_of_digest(EVP_md5()), ALGORITHM_MD5);
	assert_int_equal(algorithm_of_digest(EVP_sha224()), ALGORITHM_SHA224);
	assert_int_equal(algorithm_of_digest(EVP_sha512()), ALGORITHM_SHA512);
	assert_int_equal(algorithm_of_digest(EVP_sha3_256()), ALGORITHM_OTHER);
	assert_int_equal(algorithm_of_digest(EVP_sha512_224()), ALGORITHM_SHA224);
	assert_int_equal(algorithm_of_digest(EVP_sha3_224()), ALGORITHM_SHA224);
	assert_int_equal(algorithm_of_digest(EVP_sha512_256()), ALGORITHM_OTHER);
}

static void is_key(EVP_PKEY *key, enum algorithm want)
{
	assert_non_null(key);
	assert_int_equal(algorithm_of_key(key), want);
	EVP_PKEY_free(key);
}

static void keys_by_their_size(void **state)
{
	(void)state;
	is_key(EVP_RSA_gen(1024), ALGORITHM_RSA_1024);
	is_key(EVP_RSA_gen(1023), ALGORITHM_RSA_768);
	is_key(EVP_RSA_gen(1899), ALGORITHM_RSA_1024);
	is_key(EVP_RSA_gen(1900), ALGORITHM_RSA_2048);
	is_key(EVP_RSA_gen(2048), ALGORITHM_RSA_2048);
	is_key(EVP_RSA_gen(3072), ALGORITHM_RSA_3072);
	is_key(EVP_EC_gen("P-192"), ALGORITHM_EC_160);
	is_key(EVP_EC_gen("P-224"), ALGORITHM_EC_224);
	is_key(EVP_EC_gen("P-256"), ALGORITHM_EC_256);
	is_key(EVP_EC_gen("P-384"), ALGORITHM_EC_256);
	is_key(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"), ALGORITHM_OTHER);
}

/* RFC 8017, 3.1: with 1 or an even exponent there is no key. 3 is allowed there. */
static void an_exponent_that_makes_no_key(void **state)
{
	static const struct {
		unsigned long e;
		bool old;
	} row[] = {{0, true}, {1, true}, {2, true}, {3, false}, {17, false}, {65536, true},
	    {65537, false}};
	const struct algorithm_rules rules = {NULL, at(2026, 11, 30)};
	time_t since;

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
		OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
		BIGNUM *n = BN_new(), *e = BN_new();
		EVP_PKEY *key = NULL;
		OSSL_PARAM *p;

		assert_true(ctx && b && n && e);
		assert_int_equal(BN_set_word(e, row[i].e), 1);
		assert_int_equal(BN_set_bit(n, 3071), 1);
		assert_int_equal(BN_set_bit(n, 0), 1);
		assert_int_equal(OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_N, n), 1);
		assert_int_equal(OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_E, e), 1);
		p = OSSL_PARAM_BLD_to_param(b);
		assert_non_null(p);
		assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
		assert_int_equal(EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, p), 1);
		since = 1;
		assert_int_equal(algorithm_key_old(&rules, key, &since), row[i].old);
		assert_int_equal(since, 0);
		EVP_PKEY_free(key);
		OSSL_PARAM_free(p);
		OSSL_PARAM_BLD_free(b);
		BN_free(n);
		BN_free(e);
		EVP_PKEY_CTX_free(ctx);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_end_is_the_standards),
	    cmocka_unit_test(a_relying_party_says_otherwise),
	    cmocka_unit_test(digests),
	    cmocka_unit_test(keys_by_their_size),
	    cmocka_unit_test(an_exponent_that_makes_no_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
