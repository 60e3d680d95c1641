/* SPDX-License-Identifier: BSD-2-Clause */
/* In a process whose other libraries have given OpenSSL key methods of their own, as engines do:
 * checks go on, and one that cannot be made is not called a failed one. */
#define OPENSSL_SUPPRESS_DEPRECATED /* engines' interface is what this is about */
#include "crypto_support.h"

#include "crypto/key/pubkey.h"
#include "crypto/scheme.h"

#define SIG_SIZE 64u

static const int types[] = {EVP_PKEY_ED25519, EVP_PKEY_X25519};
static int broken; /* what the host's method answers instead; 0: it works */
static int (*built_in)(EVP_MD_CTX *, const unsigned char *, size_t, const unsigned char *, size_t);

static int host_verify(EVP_MD_CTX *ctx, const unsigned char *sig, size_t sig_len,
    const unsigned char *tbs, size_t tbs_len)
{
	return broken ? broken : built_in(ctx, sig, sig_len, tbs, tbs_len);
}

static int host_adds_methods(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		const EVP_PKEY_METHOD *old = EVP_PKEY_meth_find(types[i]);
		EVP_PKEY_METHOD *m = EVP_PKEY_meth_new(types[i], EVP_PKEY_FLAG_SIGCTX_CUSTOM);

		assert_non_null(old);
		assert_non_null(m);
		EVP_PKEY_meth_copy(m, old);
		if (types[i] == EVP_PKEY_ED25519) {
			EVP_PKEY_meth_get_digestverify(
			    (EVP_PKEY_METHOD *)(uintptr_t)old, &built_in);
			EVP_PKEY_meth_set_digestverify(m, host_verify);
		}
		assert_int_equal(EVP_PKEY_meth_add0(m), 1);
	}
	return 0;
}

struct signed_ {
	struct pubkey *key;
	uint8_t sig[SIG_SIZE];
};

static const uint8_t message[] = "what is signed";

/* RFC 8032's first test key; the signature is made by the process's own OpenSSL. */
static void sign_it(struct signed_ *s)
{
	static const uint8_t seed[32] = {0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84,
	    0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19,
	    0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60};
	EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, sizeof seed);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t n = sizeof s->sig;

	assert_non_null(key);
	assert_non_null(ctx);
	assert_int_equal(EVP_DigestSignInit(ctx, NULL, NULL, NULL, key), 1);
	assert_int_equal(EVP_DigestSign(ctx, s->sig, &n, message, sizeof message), 1);
	assert_int_equal(n, SIG_SIZE);
	assert_rc(pubkey_from_evp(key, &s->key), ECERT_OK);
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
}

static enum ecert_rc verify(const struct signed_ *s)
{
	struct scheme_op *op = NULL;
	enum ecert_rc rc;

	assert_rc(scheme_begin(scheme_default(KEY_ED25519), NULL, s->key, &op), ECERT_OK);
	assert_rc(scheme_update(op, rd_of(message, sizeof message)), ECERT_OK);
	rc = scheme_verify(op, rd_of(s->sig, sizeof s->sig));
	scheme_free(&op);
	return rc;
}

static void checks_go_on(void **state)
{
	struct signed_ s;

	(void)state;
	sign_it(&s);
	assert_non_null(pubkey_evp(s.key));
	assert_rc(verify(&s), ECERT_OK);
	s.sig[3] ^= 1;
	assert_rc(verify(&s), ECERT_E_BAD_SIGNATURE);
	pubkey_free(&s.key);
}

static void agreement_keys_are_made(void **state)
{
	static const uint8_t nine[] = {0x86, 32, 9, [33] = 0};
	struct pubkey *k = NULL;

	(void)state;
	assert_rc(pubkey_from_card(KEY_X25519, rd_of(nine, sizeof nine), &k), ECERT_OK);
	assert_non_null(pubkey_evp(k));
	pubkey_free(&k);
}

static void unable_is_not_bad(void **state)
{
	struct signed_ s;

	(void)state;
	sign_it(&s);
	broken = -2;
	assert_rc(verify(&s), ECERT_E_CRYPTO);
	broken = 0;
	assert_rc(verify(&s), ECERT_OK);
	pubkey_free(&s.key);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(checks_go_on),
	    cmocka_unit_test(agreement_keys_are_made),
	    cmocka_unit_test(unable_is_not_bad),
	};

	return cmocka_run_group_tests_name("crypto in a host", tests, host_adds_methods, NULL);
}
