/* SPDX-License-Identifier: BSD-2-Clause */
/* Slots: stable ids, generations, events; forks; many threads. */
#include <pthread.h>
#include <sys/wait.h>

#include "tests/unit/token/token_fixture.h"

static int setup(void **state)
{
	*state = fixture_new(ISOLATION_SESSION, 4711);
	return 0;
}

static int teardown(void **state)
{
	fixture_free(*state);
	return 0;
}

static void one_slot_before_any_list(void **state)
{
	struct fixture *f = *state;
	struct token_slot slot;

	ok(tokens_slot(f->tokens, 0, &slot));
	assert_string_equal(slot.reader, "Sim reader 00 00");
	assert_true(slot.connected && slot.present);
	assert_int_equal(tokens_slot(f->tokens, 1, &slot), ECERT_E_NOT_FOUND);
	assert_int_equal(tokens_slot(f->tokens, 4000, &slot), ECERT_E_NOT_FOUND);
}

static void ids_are_stable(void **state)
{
	struct sim *sim = sim_new(3);
	struct tokens *t = sim_tokens(sim, ISOLATION_SESSION);
	struct token_slot s[8];
	uint32_t generation;
	size_t n;

	(void)state;
	sim_connect(sim, 1, false);
	ok(tokens_slots(t, true, s, 8, &n));
	assert_int_equal(n, 2);
	assert_string_equal(s[1].reader, "Sim reader 02 00");
	sim_connect(sim, 1, true);
	ok(tokens_slots(t, true, s, 8, &n));
	assert_int_equal(n, 3);
	assert_string_equal(s[2].reader, "Sim reader 01 00");
	generation = s[0].generation;
	sim_connect(sim, 0, false);
	ok(tokens_slots(t, true, s, 8, &n));
	assert_int_equal(n, 3);
	assert_false(s[0].connected);
	assert_true(s[0].generation > generation);
	sim_connect(sim, 0, true);
	ok(tokens_slots(t, false, s, 8, &n));
	assert_false(s[0].connected); /* not asked */
	ok(tokens_slots(t, true, s, 8, &n));
	assert_string_equal(s[0].reader, "Sim reader 00 00");
	assert_true(s[0].connected);
	ok(tokens_slots(t, true, s, 2, &n));
	assert_int_equal(n, 2);
	tokens_close(&t);
	sim_free(&sim);
}

static void events(void **state)
{
	struct fixture *f = *state;
	struct token_slot slot;
	unsigned id = 99;
	size_t n;

	assert_int_equal(tokens_wait(f->tokens, 0, &id), ECERT_E_TIMEOUT);
	sim_insert(f->sim, 0, NULL);
	ok(tokens_slots(f->tokens, true, &slot, 1, &n)); /* seen, but not told yet */
	ok(tokens_wait(f->tokens, 0, &id));
	assert_int_equal(id, 0);
	assert_int_equal(tokens_wait(f->tokens, 0, &id), ECERT_E_TIMEOUT);
	assert_int_equal(tokens_wait(f->tokens, 30, &id), ECERT_E_TIMEOUT);
	/* A quick swap between two looks is one event. */
	sim_insert(f->sim, 0, f->card);
	sim_insert(f->sim, 0, NULL);
	sim_insert(f->sim, 0, f->card);
	ok(tokens_wait(f->tokens, 0, &id));
	assert_int_equal(tokens_wait(f->tokens, 0, &id), ECERT_E_TIMEOUT);
}

struct waiter {
	struct tokens *tokens;
	enum ecert_rc rc;
	unsigned id;
	int timeout;
	_Atomic pid_t tid;
};

static void *wait_thread(void *arg)
{
	struct waiter *w = arg;

	w->tid = gettid();
	w->rc = tokens_wait(w->tokens, w->timeout, &w->id);
	return NULL;
}

static void waiting_blocks_nobody(void **state)
{
	struct fixture *f = *state;
	struct waiter w = {.tokens = f->tokens, .timeout = -1};
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, wait_thread, &w), 0);
	until_asleep(&w.tid);
	ok(login(&f->at));
	ok(sign(&f->at, 0x9A));
	sim_insert(f->sim, 0, NULL);
	(void)pthread_join(thread, NULL);
	ok(w.rc);
	assert_int_equal(w.id, 0);
}

static void cancel(void **state)
{
	struct fixture *f = *state;
	struct waiter w[3];
	pthread_t thread[3];

	for (int i = 0; i < 3; i++) {
		w[i] = (struct waiter){.tokens = f->tokens, .timeout = i == 2 ? 20000 : -1};
		assert_int_equal(pthread_create(&thread[i], NULL, wait_thread, &w[i]), 0);
	}
	for (int i = 0; i < 3; i++)
		until_asleep(&w[i].tid);
	tokens_cancel_wait(f->tokens);
	for (int i = 0; i < 3; i++) {
		(void)pthread_join(thread[i], NULL);
		assert_int_equal(w[i].rc, ECERT_E_CANCELLED);
	}
}

static bool clock_is_set_back;

int __real_clock_gettime(clockid_t id, struct timespec *t);
int __wrap_clock_gettime(clockid_t id, struct timespec *t);
int __wrap_clock_gettime(clockid_t id, struct timespec *t)
{
	int failed = __real_clock_gettime(id, t);

	if (id == CLOCK_REALTIME && clock_is_set_back)
		t->tv_sec -= 365 * 86400L;
	return failed;
}

/* Who waits behind somebody else does so for as long as it wants, whatever the calendar says. */
static void setting_the_clock_ends_no_wait(void **state)
{
	struct fixture *f = *state;
	struct waiter w[2] = {
	    {.tokens = f->tokens, .timeout = -1}, {.tokens = f->tokens, .timeout = 20000}};
	pthread_t thread[2];

	clock_is_set_back = true;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(pthread_create(&thread[i], NULL, wait_thread, &w[i]), 0);
		until_asleep(&w[i].tid);
	}
	tokens_cancel_wait(f->tokens);
	for (int i = 0; i < 2; i++) {
		(void)pthread_join(thread[i], NULL);
		assert_int_equal(w[i].rc, ECERT_E_CANCELLED);
	}
	clock_is_set_back = false;
}

static void child_of_fork(void **state)
{
	struct fixture *f = *state;
	int status;
	pid_t pid;

	ok(login(&f->at));
	ok(login_once(&f->at, 0x9C)); /* with the watchdog's thread running */
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		size_t before = sim_count(f->card);
		struct token_slot slot;
		int bad = sign(&f->at, 0x9A) != ECERT_E_FORKED;

		bad |= login(&f->at) != ECERT_E_FORKED;
		bad |= tokens_slot(f->tokens, 0, &slot) != ECERT_E_FORKED;
		bad |= token_user(&f->at) != TOKEN_NOBODY;
		tokens_cancel_wait(f->tokens);
		tokens_close(&f->tokens);
		bad |= sim_count(f->card) != before;
		f->tokens = sim_tokens(f->sim, ISOLATION_SESSION);
		tokens_close(&f->tokens);
		_exit(bad);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	ok(sign(&f->at, 0x9C));
	ok(sign(&f->at, 0x9A));
}

struct worker {
	struct fixture *f;
	unsigned number;
	unsigned bad;
};

static void *work(void *arg)
{
	struct worker *w = arg;
	const struct token_at *at = &w->f->at;

	for (int i = 0; i < 6; i++) {
		struct token_key key = {0};
		struct buf der = BUF_INIT(8192);
		struct token_info info;
		struct token_slot slot;
		size_t n;

		switch ((w->number + (unsigned)i) % 4) {
		case 0:
			w->bad += sign(at, 0x9A) != ECERT_OK;
			break;
		case 1: /* VERIFY and its operation stay together among 64 threads */
			w->bad += login_once(at, 0x9C) != ECERT_OK;
			w->bad += sign(at, 0x9C) != ECERT_OK;
			break;
		case 2:
			w->bad += token_key_get(at, 0x9D, &key) != ECERT_OK;
			w->bad += token_cert_get(at, 0x9A, &der) != ECERT_OK;
			break;
		default:
			w->bad += token_info(at, &info) != ECERT_OK;
			w->bad += tokens_slots(at->tokens, true, &slot, 1, &n) != ECERT_OK;
			w->bad += token_user(at) != TOKEN_USER;
		}
		token_key_clear(&key);
		buf_free(&der);
	}
	return NULL;
}

#define THREADS 64

static void many_threads(void **state)
{
	struct fixture *f = *state;
	pthread_t thread[THREADS];
	struct worker w[THREADS];

	ok(login(&f->at));
	for (unsigned i = 0; i < THREADS; i++) {
		w[i] = (struct worker){.f = f, .number = i};
		assert_int_equal(pthread_create(&thread[i], NULL, work, &w[i]), 0);
	}
	for (unsigned i = 0; i < THREADS; i++) {
		(void)pthread_join(thread[i], NULL);
		assert_int_equal(w[i].bad, 0);
	}
	assert_false(sim_held(f->card));
}

struct slow {
	struct sim *sim;
	_Atomic bool inside, go_on, in_vain;
};

/* The first command takes until the others are done: half a minute when they wait for it. */
static enum ecert_rc take_long(void *arg, struct sim_card *c, size_t number)
{
	struct slow *s = arg;

	(void)c;
	(void)number;
	s->inside = true;
	for (int i = 0; i < 30000 && !s->go_on; i++)
		(void)usleep(1000);
	if (!s->go_on)
		s->in_vain = true;
	return ECERT_OK;
}

static void *info_thread(void *arg)
{
	struct token_at at = {.tokens = arg};
	struct token_info info;

	return token_info(&at, &info) == ECERT_OK ? arg : NULL;
}

static void slow_slot_blocks_no_other(void **state)
{
	struct sim *sim = sim_new(2);
	struct sim_card *a = sim_card_new(1), *b = sim_card_new(2);
	struct tokens *t = sim_tokens(sim, ISOLATION_SESSION);
	struct token_at at = {.tokens = t, .slot = 1};
	struct slow slow = {.sim = sim};
	struct token_slot slot;
	struct token_info info;
	pthread_t thread;
	void *good;

	(void)state;
	sim_insert(sim, 0, a);
	sim_insert(sim, 1, b);
	sim_hooks(a, take_long, NULL, &slow);
	assert_int_equal(pthread_create(&thread, NULL, info_thread, t), 0);
	while (!slow.inside)
		(void)usleep(1000);
	ok(token_info(&at, &info));
	ok(tokens_slot(t, 0, &slot));
	slow.go_on = true;
	(void)pthread_join(thread, &good);
	assert_non_null(good);
	assert_false(slow.in_vain);
	tokens_close(&t);
	sim_card_free(&a);
	sim_card_free(&b);
	sim_free(&sim);
}

static void *look_again(void *arg)
{
	struct token_slot slot[8];
	size_t n;

	for (int i = 0; i < 100; i++)
		if (tokens_slots(arg, true, slot, 8, &n) != ECERT_OK || n != 1)
			return NULL;
	return arg;
}

/* One thread asks the readers while the other takes them as last seen; for ThreadSanitizer, too. */
static void asked_and_as_last_seen(void **state)
{
	struct fixture *f = *state;
	struct token_slot slot[8];
	pthread_t thread;
	void *good = NULL;
	size_t n;

	assert_int_equal(pthread_create(&thread, NULL, look_again, f->tokens), 0);
	for (int i = 0; i < 100; i++) {
		ok(tokens_slots(f->tokens, false, slot, 8, &n));
		assert_int_equal(n, 1);
		assert_true(slot[0].present);
	}
	(void)pthread_join(thread, &good);
	assert_ptr_equal(good, f->tokens);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(one_slot_before_any_list, setup, teardown),
	    cmocka_unit_test(ids_are_stable),
	    cmocka_unit_test_setup_teardown(events, setup, teardown),
	    cmocka_unit_test_setup_teardown(waiting_blocks_nobody, setup, teardown),
	    cmocka_unit_test_setup_teardown(setting_the_clock_ends_no_wait, setup, teardown),
	    cmocka_unit_test_setup_teardown(cancel, setup, teardown),
	    cmocka_unit_test_setup_teardown(child_of_fork, setup, teardown),
	    cmocka_unit_test_setup_teardown(many_threads, setup, teardown),
	    cmocka_unit_test(slow_slot_blocks_no_other),
	    cmocka_unit_test_setup_teardown(asked_and_as_last_seen, setup, teardown),
	};

	return cmocka_run_group_tests_name("token slots", tests, NULL, NULL);
}
