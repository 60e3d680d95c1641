/* SPDX-License-Identifier: BSD-2-Clause */
/* Ages, deadlines, and condition variables that wait for them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdbool.h>
#include <unistd.h>

#include "util/clock.h"

/* The first says that there is no such clock, the second that memory is short. */
static bool no_clock, no_cond;

int __real_pthread_cond_init(pthread_cond_t *c, const pthread_condattr_t *attr);
int __real_pthread_condattr_setclock(pthread_condattr_t *attr, clockid_t id);
int __wrap_pthread_cond_init(pthread_cond_t *c, const pthread_condattr_t *attr);
int __wrap_pthread_condattr_setclock(pthread_condattr_t *attr, clockid_t id);

int __wrap_pthread_cond_init(pthread_cond_t *c, const pthread_condattr_t *attr)
{
	return no_cond ? ENOMEM : __real_pthread_cond_init(c, attr);
}

int __wrap_pthread_condattr_setclock(pthread_condattr_t *attr, clockid_t id)
{
	return no_clock ? EINVAL : __real_pthread_condattr_setclock(attr, id);
}

static void deadlines_count_down(void **state)
{
	struct timespec in_a_while = deadline_in(59999), now = deadline_in(0);

	(void)state;
	assert_in_range(deadline_left_ms(&in_a_while), 1, 59999);
	usleep(2000);
	assert_int_equal(deadline_left_ms(&now), 0);
}

static void a_time_is_the_same_as_a_timespec(void **state)
{
	struct timespec t = clock_timespec(12346);
	int64_t before = clock_ms();

	(void)state;
	assert_int_equal(t.tv_sec, 12);
	assert_int_equal(t.tv_nsec, 345000000);
	t = clock_timespec(clock_ms() + 60000);
	assert_in_range(deadline_left_ms(&t), 1, 60000);
	assert_true(before > 0 && clock_ms() >= before);
}

static void a_wait_ends_at_its_deadline(void **state)
{
	pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	struct timespec past = clock_timespec(clock_ms() - 1), soon = deadline_in(20);
	pthread_cond_t cond;

	(void)state;
	assert_int_equal(clock_cond_init(&cond), 0);
	(void)pthread_mutex_lock(&lock);
	assert_int_equal(pthread_cond_timedwait(&cond, &lock, &past), ETIMEDOUT);
	assert_int_equal(pthread_cond_timedwait(&cond, &lock, &soon), ETIMEDOUT);
	assert_int_equal(deadline_left_ms(&soon), 0);
	(void)pthread_mutex_unlock(&lock);
	(void)pthread_cond_destroy(&cond);
}

static void what_cannot_be_made_is_told(void **state)
{
	pthread_cond_t cond;

	(void)state;
	no_clock = true;
	assert_int_equal(clock_cond_init(&cond), EINVAL);
	no_clock = false;
	no_cond = true;
	assert_int_equal(clock_cond_init(&cond), ENOMEM);
	no_cond = false;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(deadlines_count_down),
	    cmocka_unit_test(a_time_is_the_same_as_a_timespec),
	    cmocka_unit_test(a_wait_ends_at_its_deadline),
	    cmocka_unit_test(what_cannot_be_made_is_told),
	};

	return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
