/* SPDX-License-Identifier: BSD-2-Clause */
/* OpenSSL's N-th allocation fails, for every N of each flow: an error or the right answer, never a
 * crash, a false success or an object half made. */
#include "crypto_support.h"

#include <openssl/crypto.h>
#include <stdlib.h>

#include "crypto/cipher.h"
#include "crypto/key/privkey.h"
#include "crypto/scheme.h"
#include "crypto/pad/sigfmt.h"

#define N_MAX 5000

/* The allocation that fails, counted down; 0: none. */
static unsigned fail_at;
static bool failed;

static bool fails(void)
{
	if (fail_at == 0 || --fail_at > 0)
		return false;
	failed = true;
	return true;
}

static void *hook_malloc(size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return fails() ? NULL : malloc(n);
}

static void *hook_realloc(void *p, size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return fails() ? NULL : realloc(p, n);
}

static void hook_free(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	free(p);
}

static EVP_PKEY *keys[KEY_ALG_COUNT];
static struct pubkey *pubs[KEY_ALG_COUNT];
static uint8_t sigs[KEY_ALG_COUNT][512];
static uint8_t block[256];

static enum ecert_rc make_public(enum key_alg alg)
{
	struct pubkey *k;
	enum ecert_rc rc = pubkey_from_spki(pubkey_spki(pubs[alg]), &k);

	assert_int_equal(rc == ECERT_OK, k != NULL);
	if (rc == ECERT_OK)
		assert_true(pubkey_equal(k, pubs[alg]));
	if (rc == ECERT_OK && pubkey_evp(k) == NULL)
		rc = ECERT_E_MEMORY;
	pubkey_free(&k);
	return rc;
}

static enum ecert_rc check(enum key_alg alg)
{
	const struct alg *row = alg_row(alg);
	struct rd sig = rd_of(sigs[alg], row->signature);
	uint8_t other[256] = {0};

	assert_int_not_equal(pubkey_check(pubs[alg], rd_of(other, row->block), sig), ECERT_OK);
	return pubkey_check(pubs[alg], rd_of(block, row->block), sig);
}

static enum ecert_rc prepare(enum key_alg alg)
{
	const struct scheme *s = alg == KEY_RSA1024 ? scheme_by_name("RSA-PSS-SHA256")
						    : scheme_default(alg);
	struct buf b = BUF_INIT(512);
	struct scheme_op *op, *copy = NULL;
	enum ecert_rc rc = scheme_begin(s, NULL, pubs[alg], &op);

	assert_int_equal(rc == ECERT_OK, op != NULL);
	if (rc == ECERT_OK)
		rc = scheme_update(op, H("616263"));
	if (rc == ECERT_OK)
		rc = scheme_dup(op, &copy);
	if (rc == ECERT_OK)
		rc = scheme_block(copy, &b);
	if (rc == ECERT_OK)
		assert_int_equal(buf_len(&b), alg_row(alg)->block);
	if (rc == ECERT_OK) {
		rc = scheme_verify(op, rd_of(sigs[alg], alg_row(alg)->signature));
		assert_int_not_equal(rc, ECERT_OK);
		if (rc == ECERT_E_BAD_SIGNATURE)
			rc = ECERT_OK;
	}
	scheme_free(&op);
	scheme_free(&copy);
	buf_free(&b);
	return rc;
}

static enum ecert_rc make_private(enum key_alg alg)
{
	struct privkey *k;
	enum ecert_rc rc = privkey_from_evp(keys[alg], &k);

	assert_int_equal(rc == ECERT_OK, k != NULL);
	if (rc == ECERT_OK)
		assert_true(pubkey_equal(privkey_public(k), pubs[alg]));
	privkey_free(&k);
	return rc;
}

static enum ecert_rc unpad(enum key_alg alg)
{
	static const uint8_t reject[32];
	uint8_t in[128], out[128], one[CIPHER_BLOCK_MAX];
	size_t n;
	enum ecert_rc rc;

	(void)alg;
	memset(in, 0x11, sizeof in);
	in[0] = 0;
	in[1] = 2;
	in[111] = 0;
	rc = pkcs1_unpad(reject, rd_of(in, 128), rd_of(in, 128), out, &n);
	assert_int_equal(n, rc == ECERT_OK ? 16 : 0);
	if (rc == ECERT_OK)
		rc = block_encrypt(CIPHER_AES128, rd_of(in, 16), in, one);
	if (rc == ECERT_OK) {
		rc = oaep_unpad(
		    rd_of(in, 128), md_evp(MD_SHA1), md_evp(MD_SHA1), rd_of(NULL, 0), out, &n);
		assert_int_not_equal(rc, ECERT_OK);
		if (rc == ECERT_E_DATA)
			rc = ECERT_OK;
	}
	return rc;
}

struct flow {
	const char *name;
	enum ecert_rc (*run)(enum key_alg alg);
	enum key_alg alg;
};

static const struct flow flows[] = {
    {"make P-256", make_public, KEY_P256},
    {"make RSA", make_public, KEY_RSA1024},
    {"make Ed25519", make_public, KEY_ED25519},
    {"check P-256", check, KEY_P256},
    {"check SM2", check, KEY_SM2},
    {"check RSA", check, KEY_RSA1024},
    {"prepare P-256", prepare, KEY_P256},
    {"prepare PSS", prepare, KEY_RSA1024},
    {"prepare SM2", prepare, KEY_SM2},
    {"import P-256", make_private, KEY_P256},
    {"import RSA", make_private, KEY_RSA1024},
    {"import Ed25519", make_private, KEY_ED25519},
    {"unpad", unpad, KEY_NONE},
};

static void every_allocation(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof flows / sizeof flows[0]; i++) {
		const struct flow *f = &flows[i];
		unsigned n, refused = 0;

		assert_rc(f->run(f->alg), ECERT_OK);
		for (n = 1; n < N_MAX; n++) {
			enum ecert_rc rc;

			failed = false;
			fail_at = n;
			rc = f->run(f->alg);
			fail_at = 0;
			if (!failed)
				break;
			/* OpenSSL can do without some; what it gives is then still right, which the
			 * flow has checked. Where it only says "no", the code is of the data. */
			assert_true((unsigned)rc < ECERT_RC_COUNT && rc != ECERT_E_INTERNAL);
			refused += rc != ECERT_OK;
		}
		assert_true(n > 1 && n < N_MAX && refused > 0);
		assert_rc(f->run(f->alg), ECERT_OK);
	}
}

static int setup(void **state)
{
	static const enum key_alg used[] = {KEY_P256, KEY_RSA1024, KEY_ED25519, KEY_SM2};

	(void)state;
	memset(block, 0x21, sizeof block);
	block[0] = 0;
	for (size_t i = 0; i < sizeof used / sizeof used[0]; i++) {
		const struct alg *row = alg_row(used[i]);

		keys[used[i]] = make_key(used[i]);
		if (pubkey_from_evp(keys[used[i]], &pubs[used[i]]) != ECERT_OK)
			return 1;
		(void)card_sign(keys[used[i]], used[i], rd_of(block, row->block ? row->block : 32),
		    sigs[used[i]]);
	}
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	for (size_t i = 0; i < KEY_ALG_COUNT; i++) {
		EVP_PKEY_free(keys[i]);
		pubkey_free(&pubs[i]);
	}
	return 0;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_allocation),
	};

	/* Before OpenSSL allocates anything. */
	if (CRYPTO_set_mem_functions(hook_malloc, hook_realloc, hook_free) != 1)
		return 1;
	return cmocka_run_group_tests(tests, setup, teardown);
}
