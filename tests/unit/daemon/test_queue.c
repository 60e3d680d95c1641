/* SPDX-License-Identifier: BSD-2-Clause */
/* Turns, logins and delays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/limit.h"
#include "daemon/pins.h"
#include "daemon/queue.h"
#include "util/clock.h"

#define ok(expression) assert_int_equal(expression, ECERT_OK)

static void put_of(struct queue *q, uid_t uid, pid_t pid, uint64_t client, uint32_t id)
{
	struct job *j = calloc(1, sizeof *j);

	assert_non_null(j);
	j->peer.client = client;
	j->peer.uid = uid;
	j->peer.pid = pid;
	j->q.id = id;
	buf_init(&j->body, 16);
	ok(queue_put(q, j));
}

static void put(struct queue *q, uint64_t client, uint32_t id)
{
	put_of(q, 0, 0, client, id);
}

/* How many jobs the turn had, and of whom. */
static unsigned take(struct queue *q, uint64_t client, size_t most, uint64_t *whose)
{
	struct job *turn = queue_turn(q, client, most);
	unsigned n = 0;
	uint32_t before = 0;

	*whose = turn != NULL ? turn->peer.client : 0;
	while (turn != NULL) {
		struct job *j = turn;

		assert_int_equal(j->peer.client, *whose);
		assert_true(j->q.id > before);
		before = j->q.id;
		turn = j->next;
		job_free(&j);
		n++;
	}
	return n;
}

static void fair_to_clients(void **state)
{
	struct queue q = {0};
	uint64_t whose;

	(void)state;
	for (uint32_t i = 1; i <= 20; i++)
		put(&q, 1, i); /* a client with many threads */
	put(&q, 2, 1);
	put(&q, 3, 1);
	assert_true(queue_others(&q, 2));
	assert_int_equal(take(&q, 0, 8, &whose), 8);
	assert_int_equal(whose, 1);
	assert_int_equal(take(&q, 0, 8, &whose), 1);
	assert_int_equal(whose, 2);
	put(&q, 2, 2); /* comes back: behind those who wait */
	assert_int_equal(take(&q, 0, 8, &whose), 1);
	assert_int_equal(whose, 3);
	assert_int_equal(take(&q, 0, 8, &whose), 8);
	assert_int_equal(whose, 1);
	assert_int_equal(take(&q, 1, 8, &whose), 4); /* asked for by name */
	assert_false(queue_others(&q, 2));
	assert_true(queue_others(&q, 1));
	assert_int_equal(take(&q, 1, 8, &whose), 0);
	assert_int_equal(take(&q, 0, 8, &whose), 1);
	assert_int_equal(whose, 2);
	assert_true(queue_empty(&q));
}

#define CROWD 1000

/* However many connections one program has, another user waits for one turn, and another program of
 * the same user for one of its user's; also when they come back again and again. */
static void fair_to_users_and_processes(void **state)
{
	struct queue q = {0};
	uint64_t whose;

	(void)state;
	for (uint32_t i = 0; i < CROWD; i++)
		put_of(&q, 1, 10, 100 + i, 1);
	assert_int_equal(take(&q, 0, 8, &whose), 1);
	for (uint32_t round = 1; round <= 50; round++) {
		put_of(&q, 2, 20, 1, round); /* another user's one program */
		put_of(&q, 1, 11, 2, round); /* another program of the first one's */
		assert_int_equal(take(&q, 0, 8, &whose), 1);
		assert_int_equal(whose, 1);
		assert_int_equal(take(&q, 0, 8, &whose), 1);
		assert_int_equal(whose, 2);
		/* Who is alone with the crowd takes turns with it, and does not push it out. */
		put_of(&q, 2, 20, 1, round + 1000);
		assert_int_equal(take(&q, 0, 8, &whose), 1);
		assert_int_equal(whose, 1);
		assert_int_equal(take(&q, 0, 8, &whose), 1);
		assert_true(whose >= 100);
	}
	while (take(&q, 0, 8, &whose) > 0)
		assert_true(whose >= 100);
	assert_true(queue_empty(&q));
}

/* Two who always have the next one ready never leave a third out. */
static void comes_back_at_once(void **state)
{
	struct queue q = {0};
	unsigned served[4] = {0};
	uint64_t whose;

	(void)state;
	for (uint32_t i = 1; i <= 3; i++)
		put_of(&q, i, (pid_t)i, i, 1);
	for (uint32_t i = 2; i < 92; i++) {
		assert_int_equal(take(&q, 0, 1, &whose), 1);
		served[whose]++;
		put_of(&q, (uid_t)whose, (pid_t)whose, whose, i);
	}
	for (int i = 1; i <= 3; i++)
		assert_int_equal(served[i], 30);
	for (uint64_t i = 1; i <= 3; i++)
		queue_drop(&q, i);
}

/* What a turn had no time for comes first in the next one, in its order. */
static void a_turn_is_cut(void **state)
{
	struct queue q = {0};
	struct job *rest;
	uint64_t whose;

	(void)state;
	for (uint32_t i = 1; i <= 6; i++)
		put(&q, 1, i);
	put(&q, 2, 1);
	rest = queue_turn(&q, 0, 4);
	assert_int_equal(rest->q.id, 1);
	ok(queue_return(&q, rest));
	assert_int_equal(take(&q, 0, 8, &whose), 1);
	assert_int_equal(whose, 2);
	assert_int_equal(take(&q, 0, 8, &whose), 6);
	rest = NULL;
	put(&q, 3, 1);
	rest = queue_turn(&q, 3, 4);
	ok(queue_return(&q, rest)); /* its lane was gone */
	assert_int_equal(queue_drop(&q, 3), 1);
	assert_true(queue_empty(&q));
}

static void gone_clients_leave_nothing(void **state)
{
	struct queue q = {0};
	uint64_t whose;

	(void)state;
	put(&q, 1, 1);
	put(&q, 2, 1);
	put(&q, 1, 2);
	put(&q, 3, 1);
	queue_drop(&q, 3);
	queue_drop(&q, 1);
	queue_drop(&q, 99);
	assert_int_equal(take(&q, 0, 8, &whose), 1);
	assert_int_equal(whose, 2);
	assert_true(queue_empty(&q));
	put(&q, 4, 1);
	queue_drop(&q, 4);
	assert_true(queue_empty(&q));
	put(&q, 5, 1);
	assert_int_equal(take(&q, 0, 1, &whose), 1);
}

static void logins_are_each_ones_own(void **state)
{
	const struct rd pin = {(const uint8_t *)"123456", 6},
			key = {(const uint8_t *)"0123456789", 10};
	struct pins p;

	(void)state;
	pins_init(&p);
	ok(pins_set(&p, 1, 7, TOKEN_USER, pin));
	ok(pins_set(&p, 2, 7, TOKEN_SO, key));
	assert_int_equal(pins_user(&p, 1, 7), TOKEN_USER);
	assert_int_equal(pins_user(&p, 2, 7), TOKEN_SO);
	assert_int_equal(pins_user(&p, 3, 7), TOKEN_NOBODY);
	assert_int_equal(pins_user(&p, 1, 8), TOKEN_NOBODY); /* another card since */
	assert_true(rd_equal(pins_secret(&p, 1), pin));
	assert_int_equal(pins_secret(&p, 3).n, 0);
	pins_drop(&p, 1);
	assert_int_equal(pins_user(&p, 1, 7), TOKEN_NOBODY);
	assert_true(rd_equal(pins_secret(&p, 2), key));
	assert_int_equal(pins_set(&p, 4, 7, TOKEN_USER, rd_of("", 0)), ECERT_E_PIN_FORMAT);
	pins_clear(&p);
	assert_int_equal(pins_user(&p, 2, 7), TOKEN_NOBODY);
}

static void delays(void **state)
{
	char dir[] = "/tmp/ecert-limit.XXXXXX", path[64];
	struct limits l;

	(void)state;
	assert_non_null(mkdtemp(dir));
	ok(limits_open(&l, dir));
	assert_int_equal(limits_left(&l, LIMIT_PIN, "1", 0), 0);
	limits_failed(&l, LIMIT_PIN, "1", 0);
	assert_in_range(limits_left(&l, LIMIT_PIN, "1", 0), 1, 2);
	assert_int_equal(limits_left(&l, LIMIT_PIN, "2", 0), 0);
	limits_failed(&l, LIMIT_PIN, "1", 0);
	assert_in_range(limits_left(&l, LIMIT_PIN, "1", 0), 28, 30);
	limits_failed(&l, LIMIT_PIN, "1", 0);
	assert_in_range(limits_left(&l, LIMIT_PIN, "1", 0), 298, 300);
	/* Over a restart, too. */
	ok(limits_open(&l, dir));
	assert_in_range(limits_left(&l, LIMIT_PIN, "1", 0), 297, 300);
	limits_passed(&l, LIMIT_PIN, "1", 0);
	assert_int_equal(limits_left(&l, LIMIT_PIN, "1", 0), 0);
	ok(limits_open(&l, dir));
	assert_int_equal(limits_left(&l, LIMIT_PIN, "1", 0), 0);
	for (int i = 0; i < 2 * LIMIT_TOKENS; i++) {
		char serial[16];

		(void)snprintf(serial, sizeof serial, "%d", i + 100);
		limits_failed(&l, LIMIT_PIN, serial, 0);
	}
	assert_true(limits_left(&l, LIMIT_PIN, "", 0) == 0);
	(void)snprintf(path, sizeof path, "%s/pin-delays", dir);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
}

/* How far the calendar is off, and how much later it is, sleep included. */
static int64_t clock_is_off, later_ms;

time_t __real_clock_now(void);
time_t __wrap_clock_now(void);
time_t __wrap_clock_now(void)
{
	return __real_clock_now() + (time_t)(clock_is_off + later_ms / 1000);
}

int64_t __real_clock_boot_ms(void);
int64_t __wrap_clock_boot_ms(void);
int64_t __wrap_clock_boot_ms(void)
{
	return __real_clock_boot_ms() + later_ms;
}

#define YEAR (365 * 86400LL)

/* Whatever becomes of the clock, while we run or between two runs: no delay is longer than it is.
 */
static void clock_is_set(void **state)
{
	char dir[] = "/tmp/ecert-limit.XXXXXX", path[64];
	struct limits l;

	(void)state;
	assert_non_null(mkdtemp(dir));
	ok(limits_open(&l, dir));
	limits_failed(&l, LIMIT_PIN, "1", 0);
	clock_is_off = -YEAR;
	assert_in_range(limits_left(&l, LIMIT_PIN, "1", 0), 0, 2);
	clock_is_off = YEAR;
	limits_failed(&l, LIMIT_PIN, "2", 0);
	limits_failed(&l, LIMIT_PIN, "2", 0);
	assert_in_range(limits_left(&l, LIMIT_PIN, "2", 0), 28, 30);
	clock_is_off = 0;
	assert_in_range(limits_left(&l, LIMIT_PIN, "2", 0), 28, 30);
	/* Of the failures that there were, not of the most that there can be. */
	ok(limits_open(&l, dir));
	assert_in_range(limits_left(&l, LIMIT_PIN, "1", 0), 0, 2);
	assert_in_range(limits_left(&l, LIMIT_PIN, "2", 0), 28, 30);
	(void)snprintf(path, sizeof path, "%s/pin-delays", dir);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
}

/* A delay is over when its time has passed, which goes on between two runs as well. */
static void delays_end(void **state)
{
	static const int64_t each[] = {2, 30, 300, 300};
	char dir[] = "/tmp/ecert-limit.XXXXXX", path[64];
	struct limits l;

	(void)state;
	assert_non_null(mkdtemp(dir));
	ok(limits_open(&l, dir));
	for (size_t i = 0; i < sizeof each / sizeof each[0]; i++) {
		limits_failed(&l, LIMIT_PIN, "1", 0);
		assert_int_not_equal(limits_left(&l, LIMIT_PIN, "1", 0), 0);
		later_ms += each[i] * 1000;
		assert_int_equal(limits_left(&l, LIMIT_PIN, "1", 0), 0);
	}
	limits_failed(&l, LIMIT_PIN, "1", 0);
	later_ms += 200000;
	ok(limits_open(&l, dir));
	assert_in_range(limits_left(&l, LIMIT_PIN, "1", 0), 1, 100);
	later_ms += 100000;
	assert_int_equal(limits_left(&l, LIMIT_PIN, "1", 0), 0);
	(void)snprintf(path, sizeof path, "%s/pin-delays", dir);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
}

/* A wrong management key delays its own connection, a wrong PUK the PUK, and neither the PIN. */
static void each_kind_its_own(void **state)
{
	char dir[] = "/tmp/ecert-limit.XXXXXX", path[64];
	struct limits l;

	(void)state;
	assert_non_null(mkdtemp(dir));
	ok(limits_open(&l, dir));
	for (int i = 0; i < 5; i++)
		limits_failed(&l, LIMIT_KEY, "1", 7);
	limits_failed(&l, LIMIT_PUK, "1", 7);
	limits_failed(&l, LIMIT_PUK, "1", 8);
	assert_int_equal(limits_left(&l, LIMIT_PIN, "1", 7), 0);
	assert_int_equal(limits_left(&l, LIMIT_KEY, "1", 8), 0);
	assert_in_range(limits_left(&l, LIMIT_KEY, "1", 7), 298, 300);
	assert_in_range(limits_left(&l, LIMIT_PUK, "1", 9), 28, 30);
	limits_failed(&l, LIMIT_PIN, "1", 7);
	/* However many keys are tried, no PIN's delay is pushed out by them. */
	for (uint64_t i = 0; i < 4 * LIMIT_TOKENS; i++)
		limits_failed(&l, LIMIT_KEY, "1", 100 + i);
	assert_in_range(limits_left(&l, LIMIT_PIN, "1", 1), 1, 2);
	ok(limits_open(&l, dir));
	assert_in_range(limits_left(&l, LIMIT_PUK, "1", 1), 27, 30);
	assert_in_range(limits_left(&l, LIMIT_PIN, "1", 1), 0, 2);
	assert_int_equal(limits_left(&l, LIMIT_KEY, "1", 7), 0);
	limits_passed(&l, LIMIT_PUK, "1", 1);
	assert_int_equal(limits_left(&l, LIMIT_PUK, "1", 1), 0);
	(void)snprintf(path, sizeof path, "%s/pin-delays", dir);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(fair_to_clients),
	    cmocka_unit_test(fair_to_users_and_processes),
	    cmocka_unit_test(comes_back_at_once),
	    cmocka_unit_test(a_turn_is_cut),
	    cmocka_unit_test(gone_clients_leave_nothing),
	    cmocka_unit_test(logins_are_each_ones_own),
	    cmocka_unit_test(delays),
	    cmocka_unit_test(clock_is_set),
	    cmocka_unit_test(delays_end),
	    cmocka_unit_test(each_kind_its_own),
	};

	return cmocka_run_group_tests_name("daemon queue", tests, NULL, NULL);
}
