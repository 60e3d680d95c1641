/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers that come through the wall in pieces. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "document/wall/ask.h"

#define BOUND 1024

struct taken {
	size_t n, stop;
};

static enum ecert_rc take(void *ctx, struct rd piece)
{
	struct taken *t = ctx;
	for (size_t i = 0; i < piece.n; i++)
		assert_int_equal(piece.p[i], 'p');
	t->n += piece.n;
	return t->stop && t->n >= t->stop ? ECERT_E_CANCELLED : ECERT_OK;
}

/* A large answer is taken as it comes; what is no such answer, or has no good end, is told. */
static void pieces_come_one_by_one(void **state)
{
	enum { ALL = 1000 * 65536, SOME = 3 * 65536 };
	static const struct {
		const char *op;
		uint64_t most;
		size_t stop;
		enum ecert_rc rc;
		enum wall_end end;
		size_t least, greatest;
	} row[] = {{"pieces", ALL, 0, ECERT_OK, WALL_ANSWERED, ALL, ALL},
	    {"pieces", ALL - 1, 0, ECERT_OK, WALL_TOO_LARGE, ALL - 65536, ALL - 1},
	    {"pieces", ALL, SOME, ECERT_E_CANCELLED, WALL_END_COUNT, SOME, SOME + 65536},
	    {"pieces-bad", ALL, 0, ECERT_OK, WALL_MALFORMED, 65536, 65536},
	    {"pieces-stop", ALL, 0, ECERT_OK, WALL_CRASHED, 65536, 65536},
	    {"pieces-twice", ALL, 0, ECERT_OK, WALL_CRASHED, 65536, 65536},
	    {"pieces-long", ALL, 0, ECERT_OK, WALL_CRASHED, 65536, 65536},
	    {"pieces-cut", ALL, 0, ECERT_OK, WALL_CRASHED, 65536, 65537}};
	char path[4096];
	(void)state;
	snprintf(path, sizeof path, "%s/tests/unit/document/wall_tester", getenv("top_builddir"));
	assert_int_equal(setenv("ECERT_WALL", path, 1), 0);
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct taken t = {0, row[i].stop};
		struct wall_question q = {
		    .op = row[i].op, .take = take, .ctx = &t, .most = row[i].most};
		struct buf out = BUF_INIT(BOUND);
		enum wall_end end = WALL_END_COUNT;
		assert_int_equal(wall_ask(&q, &out, &end), row[i].rc);
		if (row[i].end != WALL_END_COUNT)
			assert_int_equal(end, row[i].end);
		assert_in_range(t.n, row[i].least, row[i].greatest);
		assert_int_equal(buf_len(&out), 0);
		buf_free(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(pieces_come_one_by_one)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
