/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of pairs of certificates: each verified once, no more than so many anew, and none with
 * a key that no CA has. */
#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/document/pki.h"
#include "trust/path/pairs.h"

static void once_and_within_bounds(void **state)
{
	struct path_pairs *p = path_pairs_new();
	struct pki_id ca, leaf, other;

	(void)state;
	assert_non_null(p);
	pki_make(&(struct pki_spec){.cn = "CA", .ca = true}, &ca);
	pki_make(&(struct pki_spec){.cn = "CA", .ca = true}, &other);
	pki_make(&(struct pki_spec){.cn = "Leaf", .issuer = &ca}, &leaf);
	/* No question has begun. */
	assert_false(path_made(p, ca.cert, leaf.cert));
	path_pairs_begin(p);
	assert_true(path_made(p, ca.cert, leaf.cert));
	assert_false(path_made(p, other.cert, leaf.cert));
	for (unsigned i = 0; i < PATH_PAIRS_MAX; i++) {
		struct pki_id one;

		pki_make(&(struct pki_spec){.cn = "One", .issuer = &ca}, &one);
		/* The first two were verified above. */
		assert_int_equal(path_made(p, ca.cert, one.cert), i < PATH_PAIRS_MAX - 2);
		pki_free(&one);
	}
	path_pairs_begin(p);
	assert_true(path_made(p, ca.cert, leaf.cert));
	assert_true(path_made(NULL, ca.cert, leaf.cert));
	assert_false(path_made(NULL, other.cert, leaf.cert));
	path_pairs_free(&p);
	assert_null(p);
	pki_free(&leaf);
	pki_free(&other);
	pki_free(&ca);
}

/* A modulus of any size is easily made, and need not be anybody's key. */
static EVP_PKEY *key_of(int bits, const char *e)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	BIGNUM *n = BN_new(), *exponent = NULL;
	EVP_PKEY *key = NULL;
	OSSL_PARAM *params;

	assert_int_equal(BN_rand(n, bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ODD), 1);
	assert_true(BN_hex2bn(&exponent, e) > 0);
	assert_int_equal(OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, n), 1);
	assert_int_equal(OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, exponent), 1);
	params = OSSL_PARAM_BLD_to_param(bld);
	assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
	assert_int_equal(EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params), 1);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	EVP_PKEY_CTX_free(ctx);
	BN_free(n);
	BN_free(exponent);
	return key;
}

static void keys_that_no_ca_has(void **state)
{
	struct pki_id ca;

	(void)state;
	pki_make(&(struct pki_spec){.cn = "CA", .ca = true}, &ca);
	EVP_PKEY *usual = key_of(4096, "10001"), *large = key_of(16384, "10001"),
		 *slow = key_of(4096, "F000000000000001");

	assert_true(path_pairs_usual(usual));
	assert_true(path_pairs_usual(ca.key));
	assert_false(path_pairs_usual(large));
	assert_false(path_pairs_usual(slow));
	assert_false(path_pairs_usual(NULL));
	EVP_PKEY_free(usual);
	EVP_PKEY_free(large);
	EVP_PKEY_free(slow);
	pki_free(&ca);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(once_and_within_bounds),
	    cmocka_unit_test(keys_that_no_ca_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
