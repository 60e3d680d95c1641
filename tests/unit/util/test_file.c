/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of reading whole files: regular ones, pipes, what cannot be read, the maximum. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "util/file.h"

static char path[] = "./file-XXXXXX";
static uint8_t text[10000];

static int setup(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = (uint8_t)(i * 7 + i / 256);
	if (fd < 0 || write(fd, text, sizeof text) != (ssize_t)sizeof text)
		return -1;
	return close(fd);
}

static int teardown(void **state)
{
	(void)state;
	return unlink(path);
}

static void the_whole_file_and_no_more_than_the_maximum(void **state)
{
	struct buf exact = BUF_INIT(sizeof text), small = BUF_INIT(sizeof text - 1);

	(void)state;
	assert_int_equal(file_read(path, &exact), ECERT_OK);
	assert_true(rd_equal(buf_view(&exact), rd_of(text, sizeof text)));
	assert_int_equal(file_read(path, &small), ECERT_E_TOO_LARGE);
	assert_int_equal(buf_view(&small).n, 0);
	buf_free(&exact);
	buf_free(&small);
}

static void what_cannot_be_read(void **state)
{
	struct buf b = BUF_INIT(100);

	(void)state;
	assert_int_equal(file_read("./no such file", &b), ECERT_E_NOT_FOUND);
	assert_int_equal(file_read(".", &b), ECERT_E_IO);
	assert_int_equal(file_read_fd(-1, &b), ECERT_E_IO);
	assert_int_equal(file_read("/dev/null", &b), ECERT_OK);
	assert_int_equal(buf_len(&b), 0);
	buf_free(&b);
}

static void a_pipe_stays_open(void **state)
{
	struct buf b = BUF_INIT(100);
	int fd[2];
	char c;

	(void)state;
	buf_str(&b, "before ");
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(write(fd[1], "and after", 9), 9);
	assert_int_equal(close(fd[1]), 0);
	assert_int_equal(file_read_fd(fd[0], &b), ECERT_OK);
	assert_true(rd_equal(buf_view(&b), rd_of("before and after", 16)));
	assert_int_equal(read(fd[0], &c, 1), 0);
	assert_int_equal(close(fd[0]), 0);
	buf_free(&b);
}

static void folders_above_are_made(void **state)
{
	char folder[64], below[96];

	(void)state;
	(void)snprintf(folder, sizeof folder, "%s-d", path);
	(void)snprintf(below, sizeof below, "%s/a/b", folder);
	assert_true(file_make_folders(below));
	assert_true(file_make_folders(below));
	assert_int_equal(rmdir(below), 0);
	*strrchr(below, '/') = '\0';
	assert_int_equal(rmdir(below), 0);
	assert_int_equal(rmdir(folder), 0);
	/* Not below a file; the name is as it was. */
	(void)snprintf(below, sizeof below, "%s/a", path);
	assert_false(file_make_folders(below));
	assert_int_equal(errno, ENOTDIR);
	assert_int_equal(strlen(below), strlen(path) + 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_whole_file_and_no_more_than_the_maximum),
	    cmocka_unit_test(what_cannot_be_read),
	    cmocka_unit_test(a_pipe_stays_open),
	    cmocka_unit_test(folders_above_are_made),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
