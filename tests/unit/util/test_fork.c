/* SPDX-License-Identifier: BSD-2-Clause */
/* A handle of a parent process is known as one in its children. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/fork.h"

static int status_of(pid_t child)
{
	int status = -1;

	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void a_child_sees_that_it_is_one(void **state)
{
	unsigned stamp = fork_stamp();
	struct fork_mark mark;
	pid_t child;

	(void)state;
	fork_mark_set(&mark);
	child = fork();
	if (child == 0) {
		struct fork_mark mine;

		fork_mark_set(&mine);
		/* What the child makes itself is its own. */
		_exit(fork_passed(stamp) && fork_mark_inherited(&mark) &&
			      !fork_passed(fork_stamp()) && !fork_mark_inherited(&mine)
			  ? 0
			  : 1);
	}
	assert_int_equal(status_of(child), 0);
	assert_false(fork_passed(stamp) || fork_mark_inherited(&mark));
}

static void a_raw_clone_is_seen_by_its_process_id(void **state)
{
	struct fork_mark mark;
	pid_t child;

	(void)state;
	fork_mark_set(&mark);
	child = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
	if (child == 0)
		_exit(fork_mark_inherited(&mark) ? 0 : 1);
	assert_int_equal(status_of(child), 0);
	assert_false(fork_mark_inherited(&mark));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_child_sees_that_it_is_one),
	    cmocka_unit_test(a_raw_clone_is_seen_by_its_process_id),
	};

	return cmocka_run_group_tests_name("fork", tests, NULL, NULL);
}
