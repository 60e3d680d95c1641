/* SPDX-License-Identifier: BSD-2-Clause */
/* Many threads over one key and everything that is made at its first use. */
#include "crypto_support.h"

#include <pthread.h>
#include <stdatomic.h>

#include "crypto/key/ec.h"
#include "crypto/ossl.h"
#include "crypto/scheme.h"

#define THREADS 16
#define ROUNDS	40

struct shared {
	struct pubkey *k;
	uint8_t sig[64];
	atomic_uint wrong;
	pthread_barrier_t start;
};

static const char message[] = "one message for all";

static enum ecert_rc one_round(struct shared *s)
{
	struct pubkey *mine = pubkey_ref(s->k);
	struct scheme_op *op;
	enum ecert_rc rc = scheme_begin(scheme_default(KEY_P256), NULL, mine, &op);

	if (rc == ECERT_OK)
		rc = scheme_update(op, rd_of(message, sizeof message));
	if (rc == ECERT_OK)
		rc = scheme_verify(op, rd_of(s->sig, sizeof s->sig));
	scheme_free(&op);
	if (pubkey_evp(mine) != pubkey_evp(s->k) || md_evp(MD_SM3) == NULL ||
	    ec_group(KEY_P384) == NULL || ossl_ctx() == NULL)
		rc = ECERT_E_INTERNAL;
	pubkey_free(&mine);
	return rc;
}

static void *work(void *arg)
{
	struct shared *s = arg;

	(void)pthread_barrier_wait(&s->start);
	for (int i = 0; i < ROUNDS; i++) {
		if (one_round(s) != ECERT_OK)
			atomic_fetch_add(&s->wrong, 1);
	}
	return NULL;
}

static void all_at_once(void **state)
{
	EVP_PKEY *key = make_key(KEY_P256);
	pthread_t thread[THREADS];
	struct shared s = {.k = NULL};
	uint8_t md[32];
	size_t n = 0;

	(void)state;
	assert_int_equal(EVP_Q_digest(NULL, "SHA256", NULL, message, sizeof message, md, &n), 1);
	assert_int_equal(card_sign(key, KEY_P256, rd_of(md, n), s.sig), 64);
	assert_rc(pubkey_from_evp(key, &s.k), ECERT_OK);
	assert_int_equal(pthread_barrier_init(&s.start, NULL, THREADS), 0);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, work, &s), 0);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(thread[i], NULL), 0);
	assert_int_equal(atomic_load(&s.wrong), 0);
	(void)pthread_barrier_destroy(&s.start);
	pubkey_free(&s.k);
	EVP_PKEY_free(key);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
