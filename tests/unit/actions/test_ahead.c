/* SPDX-License-Identifier: BSD-2-Clause */
/* The threads of a batch: what is done meanwhile, what is asked and told in order, and how it ends
 * early. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* cmocka wants these first */
#include <setjmp.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "actions/sign/ahead.h"
#include "tests/unit/ui/recorder.h"

#define MANY 200
#define NONE SIZE_MAX

/* A batch in which each file is a number. */
struct batch {
	struct recorder said;
	struct job job;
	struct doc_signer key;
	struct ahead ahead;
	pthread_t caller;
	size_t signed_n, told_n; /* in order, so that the next one is this */
	atomic_size_t begun, under_way, most;
	size_t bad, refused, last; /* one that fails, that the key refuses, that is the last */
	bool waits;		   /* the key goes on when the next file is begun */
	size_t given_up, failed, hopeless;
	bool notes, hopeless_bad;
};
static struct batch at;

/* Some files take longer than others. */
static void linger(size_t i)
{
	nanosleep(&(struct timespec){0, (long)(i * 7919 % 13) * 50000}, NULL);
}

static enum ecert_rc key_sign(void *ctx, enum doc_sig_alg alg, struct rd in, struct buf *raw)
{
	struct batch *b = ctx;
	uint32_t i = 0;

	(void)alg;
	assert_true(pthread_equal(pthread_self(), b->caller));
	assert_int_equal(rd_u32(&in, &i), ECERT_OK);
	assert_true(i >= b->signed_n);
	b->signed_n = i + 1;
	if (b->waits && i + 1 < b->ahead.n)
		for (int k = 0; k < 10000 && atomic_load(&b->begun) < i + 2; k++)
			nanosleep(&(struct timespec){0, 1000000}, NULL);
	assert_true(!b->waits || i + 1 == b->ahead.n || atomic_load(&b->begun) >= i + 2);
	if (i == b->refused)
		return ECERT_E_REMOVED;
	buf_u32(raw, i + 1);
	return buf_rc(raw);
}

static enum outcome sign(void *ctx, struct ahead_hand *hand, size_t i)
{
	struct batch *b = ctx;
	struct buf in = BUF_INIT(4), raw = BUF_INIT(4);
	size_t now = atomic_fetch_add(&b->under_way, 1) + 1, most = atomic_load(&b->most);
	struct rd r;
	uint32_t got = 0;
	enum ecert_rc rc;

	atomic_fetch_add(&b->begun, 1);
	while (now > most && !atomic_compare_exchange_weak(&b->most, &most, now))
		;
	linger(i);
	ui_progress(hand->job.ui, &(struct ui_progress){.name = "x", .done = 1, .total = 1});
	if (b->notes)
		ui_note(hand->job.ui, MSG("file {n}", P_NUMBER("n", i)));
	buf_u32(&in, (uint32_t)i);
	rc = i == b->bad ? ECERT_E_DATA
			 : hand->key.sign(hand->key.ctx, DOC_ES256, buf_view(&in), &raw);
	r = buf_view(&raw);
	if (rc == ECERT_OK && (rd_u32(&r, &got) != ECERT_OK || got != i + 1))
		rc = ECERT_E_INTERNAL;
	hand->hopeless = i == b->bad && b->hopeless_bad;
	linger(i + 5);
	buf_free(&in);
	buf_free(&raw);
	atomic_fetch_sub(&b->under_way, 1);
	return ui_fail_rc(hand->job.ui, rc, MSG("No {n}: {why}", P_NUMBER("n", i)));
}

static bool told(void *ctx, size_t i, const struct ahead_end *end)
{
	struct batch *b = ctx;

	assert_true(pthread_equal(pthread_self(), b->caller));
	assert_int_equal(i, b->told_n++);
	b->given_up += end->given_up;
	b->hopeless += end->hopeless;
	if (end->code && !end->given_up) {
		b->failed++;
		assert_int_equal(end->why.code, end->code);
		assert_int_equal(end->why.what.part[0].number, (long long)i);
	}
	return i != b->last;
}

static int ready(void **state)
{
	(void)state;
	memset(&at, 0, sizeof at);
	recorder_init(&at.said);
	at.job = (struct job){.ui = &at.said.ui, .slot_id = -1};
	at.key = (struct doc_signer){.sign = key_sign, .ctx = &at};
	at.ahead = (struct ahead){&at.job, &at.key, MANY, &at, sign, told};
	at.caller = pthread_self();
	at.bad = at.refused = at.last = NONE;
	return 0;
}

static bool run(void)
{
	bool stopped = false;

	assert_int_equal(ahead_run(&at.ahead, &stopped), ECERT_OK);
	assert_int_equal(atomic_load(&at.under_way), 0);
	assert_true(atomic_load(&at.most) <= AHEAD_FILES);
	assert_int_equal(at.told_n, atomic_load(&at.begun));
	return stopped;
}

static void all_are_signed_and_told_in_order(void **state)
{
	(void)state;
	assert_false(run());
	assert_int_equal(at.told_n, MANY);
	assert_int_equal(at.signed_n, MANY);
	assert_int_equal(at.failed + at.given_up, 0);
	assert_true(at.said.progress > 0);
}

static void the_next_file_is_begun_while_the_key_works(void **state)
{
	(void)state;
	/* So few that those which are over can all wait for one that the machine forgets. */
	at.ahead.n = AHEAD_ENDS;
	at.waits = true;
	assert_false(run());
	assert_int_equal(at.told_n, AHEAD_ENDS);
	assert_true(atomic_load(&at.most) >= 2);
}

static void notes_are_told_by_who_called(void **state)
{
	(void)state;
	at.ahead.n = 5;
	at.notes = true;
	assert_false(run());
	assert_true(recorder_noted(&at.said, "file 0"));
	assert_true(recorder_noted(&at.said, "file 4"));
}

static void a_bad_file_is_its_own_failure(void **state)
{
	(void)state;
	at.bad = 7;
	assert_false(run());
	assert_int_equal(at.told_n, MANY);
	assert_int_equal(at.failed, 1);
}

static void nothing_is_begun_when_no_more_are_wanted(void **state)
{
	(void)state;
	at.last = 10;
	assert_false(run());
	assert_true(at.told_n >= 11 && at.told_n <= 11 + AHEAD_ENDS);
	assert_int_equal(at.failed, 0);
	/* What the key signed for is not given up. */
	assert_true(at.signed_n + at.given_up >= at.told_n);
}

static void a_key_that_refuses_is_not_asked_again(void **state)
{
	(void)state;
	at.refused = 10;
	assert_false(run());
	assert_int_equal(at.signed_n, 11);
	assert_int_equal(at.failed, 1);
	assert_int_equal(at.hopeless, 1);
	assert_int_equal(at.told_n, 11 + at.given_up);
}

static void what_no_other_would_survive_ends_it(void **state)
{
	(void)state;
	at.bad = 10;
	at.hopeless_bad = true;
	assert_false(run());
	assert_int_equal(at.failed, 1);
	assert_true(at.told_n <= 11 + AHEAD_ENDS);
}

static void a_person_ends_it(void **state)
{
	(void)state;
	at.said.cancel_after = 3;
	assert_true(run());
	assert_int_equal(at.signed_n, 3);
	assert_int_equal(at.failed, 0);
	assert_int_equal(at.told_n, 3 + at.given_up);
}

static void none_and_one(void **state)
{
	(void)state;
	at.ahead.n = 0;
	assert_false(run());
	at.ahead.n = 1;
	assert_false(run());
	assert_int_equal(at.signed_n, 1);
}

#define READY(name) cmocka_unit_test_setup(name, ready)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    READY(all_are_signed_and_told_in_order),
	    READY(the_next_file_is_begun_while_the_key_works),
	    READY(notes_are_told_by_who_called),
	    READY(a_bad_file_is_its_own_failure),
	    READY(nothing_is_begun_when_no_more_are_wanted),
	    READY(a_key_that_refuses_is_not_asked_again),
	    READY(what_no_other_would_survive_ends_it),
	    READY(a_person_ends_it),
	    READY(none_and_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
