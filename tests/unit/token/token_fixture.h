/* SPDX-License-Identifier: BSD-2-Clause */
/* What the token tests share: one reader, one card with four keys and certificates. */
#ifndef ECERT_TESTS_TOKEN_FIXTURE_H
#define ECERT_TESTS_TOKEN_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/token/sim.h"

struct fixture {
	struct sim *sim;
	struct sim_card *card;
	struct tokens *tokens;
	struct token_at at;
	size_t mark; /* of sim_count */
};

static const uint8_t four_refs[] = {0x9A, 0x9C, 0x9D, 0x9E, 0};
static const uint8_t some_digest[32] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

/* Waits until this thread (gettid) sleeps in the call that it was sent into: three looks in a row.
 * */
static inline void until_asleep(const _Atomic pid_t *tid)
{
	int calm = 0;

	for (int i = 0; calm < 3 && i < 4000; i++) {
		char path[64], state = 0;
		FILE *f;

		(void)usleep(5000);
		(void)snprintf(path, sizeof path, "/proc/self/task/%d/stat", (int)*tid);
		f = fopen(path, "r");
		calm = f != NULL && fscanf(f, "%*d (%*[^)]) %c", &state) == 1 && state == 'S'
			   ? calm + 1
			   : 0;
		if (f != NULL)
			(void)fclose(f);
	}
	assert_int_equal(calm, 3);
}

static inline struct rd text(const char *s)
{
	return rd_of(s, strlen(s));
}

static inline struct fixture *fixture_new(enum token_isolation isolation, uint32_t serial)
{
	struct fixture *f = calloc(1, sizeof *f);

	assert_non_null(f);
	f->sim = sim_new(1);
	f->card = sim_card_new(serial);
	sim_insert(f->sim, 0, f->card);
	sim_provision(f->sim, 0, four_refs);
	f->tokens = sim_tokens(f->sim, isolation);
	f->at = (struct token_at){.tokens = f->tokens};
	f->mark = sim_count(f->card);
	return f;
}

static inline void fixture_free(struct fixture *f)
{
	tokens_close(&f->tokens);
	sim_card_free(&f->card);
	sim_free(&f->sim);
	free(f);
}

/* A fresh client on the same card, as a new process would be. */
static inline void fixture_again(struct fixture *f, enum token_isolation isolation)
{
	tokens_close(&f->tokens);
	f->tokens = sim_tokens(f->sim, isolation);
	f->at = (struct token_at){.tokens = f->tokens};
	f->mark = sim_count(f->card);
}

/* APDUs since the last call. */
static inline size_t fixture_apdus(struct fixture *f)
{
	size_t n = sim_count(f->card) - f->mark;

	f->mark = sim_count(f->card);
	return n;
}

static inline enum ecert_rc login(const struct token_at *at)
{
	int tries;

	return token_login(at, TOKEN_USER, text(SIM_PIN), 0, &tries);
}

static inline enum ecert_rc login_once(const struct token_at *at, uint8_t ref)
{
	int tries;

	return token_login_once(at, ref, text(SIM_PIN), 0, &tries);
}

/* Signs some_digest; a signature that does not verify is the token layer's own error. */
static inline enum ecert_rc sign(const struct token_at *at, uint8_t ref)
{
	const struct token_request req = {
	    .ref = ref, .op = TOKEN_SIGN, .in = {some_digest, sizeof some_digest}};
	struct buf out = BUF_INIT(4096);
	enum ecert_rc rc = token_use(at, &req, &out);

	if (rc == ECERT_OK)
		assert_int_equal(buf_len(&out), 64);
	else
		assert_int_equal(buf_len(&out), 0);
	buf_free(&out);
	return rc;
}

#define ok(expression) assert_int_equal(expression, ECERT_OK)

#endif
