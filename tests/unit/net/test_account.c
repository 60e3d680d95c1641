/* SPDX-License-Identifier: BSD-2-Clause */
/* What a run may spend: of all, of one host, by several processes, and when one of them is killed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/account.h"

static struct net_account *make(struct net_limits run, struct net_limits host)
{
	struct net_account *a = net_account_new(&run, &host);

	assert_non_null(a);
	return a;
}

static unsigned ask(struct net_account *a, const char *host)
{
	int64_t ms;

	return net_account_ask(a, host, &ms);
}

static void test_requests(void **state)
{
	struct net_account *a = make(
	    (struct net_limits){5, 1000, 1000}, (struct net_limits){3, 1000, 1000});

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_int_equal(ask(a, "a.example"), NET_ACCOUNT_OK);
	assert_int_equal(ask(a, "a.example"), NET_ACCOUNT_HOST);
	assert_int_equal(ask(a, "b.example"), NET_ACCOUNT_OK);
	assert_int_equal(ask(a, "c.example"), NET_ACCOUNT_OK);
	assert_int_equal(ask(a, "c.example"), NET_ACCOUNT_RUN);
	assert_int_equal(ask(a, "d.example"), NET_ACCOUNT_RUN);
	assert_int_equal(net_account_refused(a), 3);
	net_account_free(&a);
	assert_null(a);
}

static void test_bytes_and_time(void **state)
{
	struct net_account *a = make(
	    (struct net_limits){99, 100, 1000}, (struct net_limits){99, 60, 600});
	int64_t ms;

	(void)state;
	assert_int_equal(net_account_ask(a, "a", &ms), NET_ACCOUNT_OK);
	assert_int_equal(ms, 600);
	assert_true(net_account_took(a, "a", 60));
	assert_int_equal(ask(a, "a"), NET_ACCOUNT_HOST);
	assert_true(net_account_took(a, "b", 40));
	assert_int_equal(ask(a, "b"), NET_ACCOUNT_RUN);
	assert_false(net_account_took(a, "b", 1));
	assert_false(net_account_took(a, "b", UINT64_MAX));
	net_account_free(&a);

	a = make((struct net_limits){99, 100, 1000}, (struct net_limits){99, 60, 600});
	net_account_waited(a, "a", 599);
	assert_int_equal(net_account_ask(a, "a", &ms), NET_ACCOUNT_OK);
	assert_int_equal(ms, 1);
	net_account_waited(a, "a", 300);
	assert_int_equal(ask(a, "a"), NET_ACCOUNT_HOST);
	assert_int_equal(net_account_ask(a, "b", &ms), NET_ACCOUNT_OK);
	assert_int_equal(ms, 101);
	net_account_waited(a, "b", 101);
	assert_int_equal(ask(a, "c"), NET_ACCOUNT_RUN);
	net_account_free(&a);
}

/* Each host has a row of its own, whatever its name; behind the last row nobody is asked. */
static void test_hosts(void **state)
{
	struct net_account *a = make(
	    (struct net_limits){1 << 20, 1, 1}, (struct net_limits){1, 1, 1});
	char host[32];

	(void)state;
	for (int i = 0; i < NET_ACCOUNT_HOSTS; i++) {
		snprintf(host, sizeof host, "h%d.example", i);
		assert_int_equal(ask(a, host), NET_ACCOUNT_OK);
	}
	assert_int_equal(ask(a, "h0.example"), NET_ACCOUNT_HOST);
	assert_int_equal(ask(a, "one.more.example"), NET_ACCOUNT_RUN);
	net_account_free(&a);
}

static void ask_for_ever(struct net_account *a)
{
	for (;;)
		(void)ask(a, "a.example");
}

static void test_processes(void **state)
{
	struct net_account *a = make(
	    (struct net_limits){1000, 1, 1}, (struct net_limits){900, 1, 1});
	int status;

	(void)state;
	for (int i = 0; i < 4; i++)
		if (fork() == 0) {
			for (int k = 0; k < 250; k++)
				(void)ask(a, "a.example");
			_exit(0);
		}
	while (wait(&status) > 0)
		assert_int_equal(status, 0);
	assert_int_equal(net_account_refused(a), 100);
	for (int i = 0; i < 100; i++)
		assert_int_equal(ask(a, "b.example"), NET_ACCOUNT_OK);
	assert_int_equal(ask(a, "b.example"), NET_ACCOUNT_RUN);
	net_account_free(&a);
}

/* Killed while it counts: often enough while it has the lock. */
static void test_killed(void **state)
{
	struct net_account *a = make(
	    (struct net_limits){UINT64_MAX, 1, 1}, (struct net_limits){1, 1, 1});

	(void)state;
	for (int i = 0; i < 50; i++) {
		uint64_t before = net_account_refused(a);
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0)
			ask_for_ever(a);
		while (net_account_refused(a) < before + 10)
			;
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, NULL, 0), pid);
	}
	assert_int_equal(ask(a, "b.example"), NET_ACCOUNT_OK);
	net_account_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_requests),
	    cmocka_unit_test(test_bytes_and_time),
	    cmocka_unit_test(test_hosts),
	    cmocka_unit_test(test_processes),
	    cmocka_unit_test(test_killed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
