/* SPDX-License-Identifier: BSD-2-Clause */
/* Output that appears whole or not at all. */
#include "cli_support.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/outfile.h"

static struct rd text(const char *s)
{
	return rd_of(s, strlen(s));
}

static void writes_a_new_file(void **state)
{
	const char *path = in_folder(state, "a.p7s");
	char got[16];
	struct stat st;

	umask(022);
	assert_int_equal(outfile_write(path, text("one"), false), ECERT_OK);
	assert_int_equal(get_file(path, got, sizeof got), 3);
	assert_string_equal(got, "one");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
	assert_int_equal(entries(state), 1);
}

static void never_replaces_unasked(void **state)
{
	const char *path = in_folder(state, "a.p7s");
	char got[16];

	assert_int_equal(outfile_write(path, text("one"), false), ECERT_OK);
	assert_int_equal(outfile_write(path, text("two"), false), ECERT_E_EXISTS);
	assert_int_equal(get_file(path, got, sizeof got), 3);
	assert_string_equal(got, "one");
	assert_int_equal(outfile_write(path, text("three"), true), ECERT_OK);
	assert_int_equal(get_file(path, got, sizeof got), 5);
	assert_string_equal(got, "three");
	assert_int_equal(entries(state), 1);
}

/* Who could not read it before cannot read it after. */
static void force_keeps_the_mode(void **state)
{
	static const mode_t modes[] = {0600, 0640, 0644, 0400, 0755};
	const char *path = in_folder(state, "a.p7s");
	struct stat st;

	umask(022);
	for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
		assert_int_equal(outfile_write(path, text("one"), true), ECERT_OK);
		assert_int_equal(chmod(path, modes[i]), 0);
		assert_int_equal(outfile_write(path, text("two"), true), ECERT_OK);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 07777, modes[i]);
		assert_int_equal(unlink(path), 0);
	}
	/* A link's own mode is nobody's. */
	put_file(in_folder(state, "victim"), "old", 3);
	assert_int_equal(chmod(in_folder(state, "victim"), 0600), 0);
	assert_int_equal(symlink("victim", path), 0);
	assert_int_equal(outfile_write(path, text("new"), true), ECERT_OK);
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISREG(st.st_mode));
	assert_int_equal(st.st_mode & 07777, 0644);
}

static void force_makes_one_too(void **state)
{
	assert_int_equal(outfile_write(in_folder(state, "a"), text("x"), true), ECERT_OK);
	assert_int_equal(entries(state), 1);
}

static void a_link_is_not_followed_out(void **state)
{
	const char *path = in_folder(state, "link"), *victim = in_folder(state, "victim");
	char got[16];

	put_file(victim, "old", 3);
	assert_int_equal(symlink(victim, path), 0);
	assert_int_equal(outfile_write(path, text("new"), false), ECERT_E_EXISTS);
	assert_int_equal(outfile_write(path, text("new"), true), ECERT_OK);
	assert_int_equal(get_file(victim, got, sizeof got), 3);
	assert_string_equal(got, "old");
}

static void a_device_is_not_replaced(void **state)
{
	const char *fifo = in_folder(state, "fifo"), *link = in_folder(state, "link");
	struct stat st;

	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_int_equal(symlink(fifo, link), 0);
	assert_int_equal(outfile_write(fifo, text("new"), false), ECERT_E_EXISTS);
	assert_int_equal(outfile_write(fifo, text("new"), true), ECERT_E_DENIED);
	assert_int_equal(outfile_write(link, text("new"), true), ECERT_E_DENIED);
	assert_int_equal(outfile_write("/dev/null", text("new"), true), ECERT_E_DENIED);
	assert_int_equal(lstat(fifo, &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(entries(state), 2);
}

static void a_secret_is_its_owners(void **state)
{
	const char *path = in_folder(state, "escrow");
	struct stat st;

	umask(0);
	assert_int_equal(outfile_write_secret(path, text("k")), ECERT_OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(outfile_write_secret(path, text("k")), ECERT_E_EXISTS);
}

/* A limit on the size of files stands for a disk that is full. */
static void leaves_nothing_when_writing_fails(void **state)
{
	struct rlimit was, small = {4, 4};
	enum ecert_rc rc, forced;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	small.rlim_max = was.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	rc = outfile_write(in_folder(state, "a"), text("longer than four"), false);
	forced = outfile_write(in_folder(state, "a"), text("longer than four"), true);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	assert_int_equal(rc, ECERT_E_IO);
	assert_int_equal(forced, ECERT_E_IO);
	assert_int_equal(entries(state), 0);
}

static void a_folder_that_is_not_there(void **state)
{
	assert_int_equal(outfile_write(in_folder(state, "none/a"), text("x"), false), ECERT_E_IO);
	assert_int_equal(errno, ENOENT);
}

static void reads_up_to_a_limit(void **state)
{
	const char *path = in_folder(state, "f");
	struct buf b = BUF_INIT(8), c = BUF_INIT(7), d = BUF_INIT(8);

	put_file(path, "12345678", 8);
	assert_int_equal(infile_read(path, &b), ECERT_OK);
	assert_int_equal(buf_len(&b), 8);
	assert_int_equal(infile_read(path, &c), ECERT_E_TOO_LARGE);
	assert_int_equal(infile_read(in_folder(state, "none"), &d), ECERT_E_IO);
	buf_free(&b);
	buf_free(&c);
	buf_free(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(writes_a_new_file, folder_make, folder_remove),
	    cmocka_unit_test_setup_teardown(never_replaces_unasked, folder_make, folder_remove),
	    cmocka_unit_test_setup_teardown(force_keeps_the_mode, folder_make, folder_remove),
	    cmocka_unit_test_setup_teardown(force_makes_one_too, folder_make, folder_remove),
	    cmocka_unit_test_setup_teardown(a_link_is_not_followed_out, folder_make, folder_remove),
	    cmocka_unit_test_setup_teardown(a_device_is_not_replaced, folder_make, folder_remove),
	    cmocka_unit_test_setup_teardown(a_secret_is_its_owners, folder_make, folder_remove),
	    cmocka_unit_test_setup_teardown(
		leaves_nothing_when_writing_fails, folder_make, folder_remove),
	    cmocka_unit_test_setup_teardown(a_folder_that_is_not_there, folder_make, folder_remove),
	    cmocka_unit_test_setup_teardown(reads_up_to_a_limit, folder_make, folder_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
