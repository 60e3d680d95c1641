/* SPDX-License-Identifier: BSD-2-Clause */
/* A folder for one test, and files in it. */
#include "cli_support.h"

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int folder_make(void **state)
{
	char *path = strdup("/tmp/ecert-cli-test.XXXXXX");

	if (!path || !mkdtemp(path))
		return -1;
	*state = path;
	return 0;
}

static int drop(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

int folder_remove(void **state)
{
	int rc = nftw(*state, drop, 16, FTW_DEPTH | FTW_PHYS);

	free(*state);
	return rc;
}

const char *in_folder(void **state, const char *name)
{
	static char ring[4][256];
	static unsigned next;
	char *out = ring[next++ % 4];

	snprintf(out, sizeof ring[0], "%s/%s", (const char *)*state, name);
	return out;
}

void put_file(const char *path, const void *bytes, size_t n)
{
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

long get_file(const char *path, char *out, size_t cap)
{
	FILE *f = fopen(path, "re");
	size_t n;

	if (!f)
		return -1;
	n = fread(out, 1, cap - 1, f);
	out[n] = 0;
	fclose(f);
	return (long)n;
}

size_t entries(void **state)
{
	DIR *d = opendir(*state);
	size_t n = 0;

	assert_non_null(d);
	for (struct dirent *e = readdir(d); e; e = readdir(d))
		n += strcmp(e->d_name, ".") && strcmp(e->d_name, "..");
	closedir(d);
	return n;
}
