/* SPDX-License-Identifier: BSD-2-Clause */
/* Files that were found in folders, when the folders are others by the time that they are read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actions/names.h"

static char root[PATH_MAX - 64];

static const char *path(const char *name)
{
	static char room[4][PATH_MAX];
	static unsigned next;
	char *p = room[next++ % 4];

	snprintf(p, PATH_MAX, "%s/%s", root, name);
	return p;
}

static void put(const char *name, const char *text)
{
	int fd = open(path(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

/* What stands in the file now; "" and errno: it is not read. */
static const char *opened(const struct named_file *f, const char *name)
{
	static char text[64];
	int fd = named_file_open(f, name);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
	int e = errno;

	text[n > 0 ? n : 0] = 0;
	if (fd >= 0)
		close(fd);
	errno = e;
	return text;
}

static void clear(void)
{
	static const char *const files[] = {"in/a.txt", "in/a.p7s", "else/a.txt", "named"};
	static const char *const folders[] = {"in", "else"};

	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
		assert_int_equal(unlink(path(files[i])), 0);
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
		assert_int_equal(rmdir(path(folders[i])), 0);
	assert_int_equal(rmdir(root), 0);
}

static void other_folders(const struct named_file *f)
{
	/* A link in the folder's place, then another folder, then none. */
	assert_int_equal(rename(path("in"), path("away")), 0);
	assert_int_equal(symlink("else", path("in")), 0);
	assert_string_equal(opened(f, f->path), "");
	assert_int_equal(errno, ELOOP);
	assert_int_equal(unlink(path("in")), 0);
	assert_int_equal(rename(path("else"), path("in")), 0);
	assert_string_equal(opened(f, f->path), "");
	assert_int_equal(errno, ELOOP);
	assert_int_equal(rename(path("in"), path("else")), 0);
	assert_string_equal(opened(f, f->path), "");
	assert_int_equal(errno, ENOENT);
	/* The one that it was, which is kept: whatever takes its place is not read. */
	assert_int_equal(rename(path("away"), path("in")), 0);
	assert_string_equal(opened(f, f->path), "mine");
	assert_string_equal(opened(f, path("named/in/a.p7s")), "beside it");
	assert_string_equal(opened(f, path("named/else/a.txt")), "");
	assert_int_equal(errno, ELOOP);
	assert_int_equal(rename(path("in"), path("away")), 0);
	assert_int_equal(symlink("else", path("in")), 0);
	assert_string_equal(opened(f, f->path), "mine");
	assert_int_equal(unlink(path("in")), 0);
	assert_int_equal(rename(path("away"), path("in")), 0);
	assert_string_equal(opened(f, f->path), "mine");
}

static void folders_that_change(void **state)
{
	const char *named[1];
	const struct strlist names = {named, 1};
	const struct ui_calls calls = {.failed = NULL};
	const struct ui ui = {&calls, NULL};
	struct job job = {.ui = &ui};
	struct named_files all;

	(void)state;
	snprintf(
	    root, sizeof root, "%s/names.XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	assert_non_null(mkdtemp(root));
	assert_int_equal(mkdir(path("in"), 0700), 0);
	assert_int_equal(mkdir(path("else"), 0700), 0);
	put("in/a.txt", "mine");
	put("in/a.p7s", "beside it");
	put("else/a.txt", "another's");
	/* The folder that is named may be a link, and stays one. */
	assert_int_equal(symlink(".", path("named")), 0);
	named[0] = path("named");
	assert_int_equal(named_files_list(&job, &names, true, &all), OUT_OK);
	for (size_t i = 0; i < all.n; i++) {
		const struct named_file *f = &all.v[i];

		if (!strstr(f->path, "/in/a.txt"))
			continue;
		assert_non_null(f->folder);
		other_folders(f);
		/* A link in the file's place. */
		assert_int_equal(unlink(path("in/a.txt")), 0);
		assert_int_equal(symlink("../else/a.txt", path("in/a.txt")), 0);
		assert_string_equal(opened(f, f->path), "");
		assert_int_equal(errno, ELOOP);
		named_files_free(&all);
		clear();
		return;
	}
	fail();
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(folders_that_change)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
