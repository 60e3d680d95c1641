/* SPDX-License-Identifier: BSD-2-Clause */
/* Sources and channels over PC/SC that cannot be made: what was made for them before is given back.
 */
#include "tests/unit/transport/pcsc_fix.h"

#include <errno.h>

/* Locks, conditions and threads that are made from here on, and the one that fails. */
static unsigned made, failing = ~0u;
/* Locks and conditions that were made and not destroyed. */
static int alive;

int __real_pthread_cond_init(pthread_cond_t *c, const pthread_condattr_t *attr);
int __real_pthread_cond_destroy(pthread_cond_t *c);
int __real_pthread_mutex_init(pthread_mutex_t *m, const pthread_mutexattr_t *attr);
int __real_pthread_mutex_destroy(pthread_mutex_t *m);
int __real_pthread_create(
    pthread_t *t, const pthread_attr_t *attr, void *(*run)(void *), void *arg);
int __wrap_pthread_cond_init(pthread_cond_t *c, const pthread_condattr_t *attr);
int __wrap_pthread_cond_destroy(pthread_cond_t *c);
int __wrap_pthread_mutex_init(pthread_mutex_t *m, const pthread_mutexattr_t *attr);
int __wrap_pthread_mutex_destroy(pthread_mutex_t *m);
int __wrap_pthread_create(
    pthread_t *t, const pthread_attr_t *attr, void *(*run)(void *), void *arg);

int __wrap_pthread_cond_init(pthread_cond_t *c, const pthread_condattr_t *attr)
{
	if (made++ == failing)
		return ENOMEM;
	alive++;
	return __real_pthread_cond_init(c, attr);
}

int __wrap_pthread_cond_destroy(pthread_cond_t *c)
{
	alive--;
	return __real_pthread_cond_destroy(c);
}

int __wrap_pthread_mutex_init(pthread_mutex_t *m, const pthread_mutexattr_t *attr)
{
	if (made++ == failing)
		return ENOMEM;
	alive++;
	return __real_pthread_mutex_init(m, attr);
}

int __wrap_pthread_mutex_destroy(pthread_mutex_t *m)
{
	alive--;
	return __real_pthread_mutex_destroy(m);
}

int __wrap_pthread_create(pthread_t *t, const pthread_attr_t *attr, void *(*run)(void *), void *arg)
{
	return made++ == failing ? EAGAIN : __real_pthread_create(t, attr, run, arg);
}

static void from_now_fails(unsigned nth)
{
	made = 0;
	failing = nth;
}

/* Opens sources until all that one needs can be made, and counts the failures before that. */
static void a_source_that_cannot_be_made_leaves_nothing(void **state)
{
	struct readers *r = NULL;
	unsigned nth = 0;
	enum ecert_rc rc;

	(void)state;
	for (; nth < 20; nth++) {
		int before = alive;

		from_now_fails(nth);
		rc = readers_open(NULL, &r);
		if (rc == ECERT_OK)
			break;
		assert_int_equal(rc, ECERT_E_MEMORY);
		assert_int_equal(alive, before);
	}
	assert_int_equal(nth, 4); /* three locks and a condition */
	readers_close(&r);
	from_now_fails(~0u);
}

static void a_channel_that_cannot_be_made_leaves_nothing(void **state)
{
	struct fixture *f = *state;
	unsigned nth = 0;
	enum ecert_rc rc;

	for (; nth < 20; nth++) {
		int before = alive;

		from_now_fails(nth);
		rc = channel_open(f->r, "Fake 00 00", &f->c);
		if (rc == ECERT_OK)
			break;
		assert_int_equal(rc, ECERT_E_MEMORY);
		assert_int_equal(alive, before);
		assert_int_equal(fake_contexts(), 0);
	}
	assert_int_equal(nth, 3); /* a lock, a condition and a thread */
	from_now_fails(~0u);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
	    TEST(a_source_that_cannot_be_made_leaves_nothing),
	    TEST(a_channel_that_cannot_be_made_leaves_nothing),
	};

	return cmocka_run_group_tests_name("pcsc_faults", tests, NULL, NULL);
}
