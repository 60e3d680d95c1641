/* SPDX-License-Identifier: BSD-2-Clause */
/* The same output on a file system without nameless files and without links, as USB sticks have. */
#include "cli_support.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int no_tmpfile(const char *path, int flags, mode_t mode)
{
	if ((flags & O_TMPFILE) == O_TMPFILE) {
		errno = EOPNOTSUPP;
		return -1;
	}
	return open(path, flags, mode);
}

static int no_link(const char *from, const char *to)
{
	(void)from;
	(void)to;
	errno = EPERM;
	return -1;
}

/* What is tested is the source itself with these two calls replaced. */
#define OPEN_3(path, flags, mode)   no_tmpfile(path, flags, mode)
#define OPEN_2(path, flags)	    no_tmpfile(path, flags, 0)
#define PICK(_1, _2, _3, NAME, ...) NAME
#define open(...)		    PICK(__VA_ARGS__, OPEN_3, OPEN_2, )(__VA_ARGS__)
#define link(from, to)		    no_link(from, to)
#include "client/outfile.c"

static void writes_and_does_not_replace(void **state)
{
	const char *path = in_folder(state, "a.p7s");
	char got[16];

	assert_int_equal(outfile_write(path, rd_of("one", 3), false), ECERT_OK);
	assert_int_equal(outfile_write(path, rd_of("two", 3), false), ECERT_E_EXISTS);
	assert_int_equal(get_file(path, got, sizeof got), 3);
	assert_string_equal(got, "one");
	assert_int_equal(outfile_write(path, rd_of("three", 5), true), ECERT_OK);
	assert_int_equal(get_file(path, got, sizeof got), 5);
	assert_int_equal(entries(state), 1);
}

static void a_secret_too(void **state)
{
	struct stat st;

	umask(0);
	assert_int_equal(outfile_write_secret(in_folder(state, "e"), rd_of("k", 1)), ECERT_OK);
	assert_int_equal(stat(in_folder(state, "e"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(entries(state), 1);
}

static void no_folder(void **state)
{
	assert_int_equal(
	    outfile_write(in_folder(state, "none/a"), rd_of("x", 1), false), ECERT_E_IO);
	assert_int_equal(entries(state), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		writes_and_does_not_replace, folder_make, folder_remove),
	    cmocka_unit_test_setup_teardown(a_secret_too, folder_make, folder_remove),
	    cmocka_unit_test_setup_teardown(no_folder, folder_make, folder_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
