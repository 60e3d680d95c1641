/* SPDX-License-Identifier: BSD-2-Clause */
/* A descriptor's number and what it stands for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/fd.h"

static void ours_and_not_ours(void **state)
{
	int pair[2], other[2], file = open("/dev/null", O_RDWR);
	struct fd_mark socket_mark, file_mark, none;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, other), 0);
	socket_mark = fd_mark(pair[0]);
	file_mark = fd_mark(file);
	assert_true(fd_is(pair[0], &socket_mark) && fd_is(file, &file_mark));
	assert_false(fd_is(pair[1], &socket_mark) || fd_is(file, &socket_mark));
	/* Another one under its number is not closed. */
	assert_int_equal(dup2(other[0], pair[0]), pair[0]);
	assert_false(fd_is(pair[0], &socket_mark));
	fd_close(pair[0], &socket_mark);
	assert_true(fcntl(pair[0], F_GETFD) >= 0);
	fd_close(file, &file_mark);
	assert_int_equal(fcntl(file, F_GETFD), -1);
	/* A closed one is nothing, and nothing is nobody's. */
	none = fd_mark(file);
	assert_false(fd_is(file, &none) || fd_is(-1, &none) || fd_is(file, &file_mark));
	for (int i = 0; i < 2; i++) {
		(void)close(pair[i]);
		(void)close(other[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(ours_and_not_ours)};

	return cmocka_run_group_tests_name("descriptors", tests, NULL, NULL);
}
