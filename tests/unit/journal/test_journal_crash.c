/* SPDX-License-Identifier: BSD-2-Clause */
/* The journal on a disk that forgets: nothing acknowledged is lost, and the next run goes on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "journal/journal_key.h"
#include "tests/unit/journal/lossy_disk.h"

#define ok(expression) assert_int_equal(expression, ECERT_OK)
#define RECORD_SPACE   600 /* more than one of the records here takes */

static char dir[64];
static struct disk_faults faults;
static uint64_t *told; /* the last record acknowledged, shared */

static int setup(void **state)
{
	(void)state;
	told = mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return told == MAP_FAILED;
}

static int teardown(void **state)
{
	(void)state;
	return munmap(told, sizeof *told);
}

static const char *path(const char *name)
{
	static char text[400];

	(void)snprintf(text, sizeof text, "%s/%s", dir, name);
	return text;
}

static void new_dir(void)
{
	(void)strcpy(dir, "/tmp/ecert-crash.XXXXXX");
	assert_non_null(mkdtemp(dir));
	*told = 0;
}

static void remove_dir(void)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	while ((e = readdir(d)) != NULL)
		(void)unlink(path(e->d_name));
	(void)closedir(d);
	assert_int_equal(rmdir(dir), 0);
}

static enum ecert_rc append(struct journal *j, uint64_t *n)
{
	static const uint8_t hash[32] = {1, 2, 3};
	const struct journal_entry e = {.phase = JOURNAL_INTENT,
	    .what = "sign",
	    .pid = 4711,
	    .exe = "/usr/bin/program",
	    .serial = "815",
	    .ref = 0x9A,
	    .hash = {hash, sizeof hash}};

	return journal_append(j, &e, n);
}

/* A run of the daemon until its power is cut at the given call; 0 when it was, 1 when it ended. */
static int run(long cut_at, unsigned records)
{
	struct journal *j;
	uint64_t n;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		disk_begin(dir, cut_at, &faults);
		if (journal_open(dir, &j) != ECERT_OK)
			_exit(2);
		for (unsigned i = 0; i < records; i++)
			if (append(j, &n) == ECERT_OK)
				*told = n;
		_exit(1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* Clean, or the last record is not whole; every acknowledged one is there. */
static void check_after_crash(void)
{
	struct journal_report r;
	enum ecert_rc rc = journal_verify(dir, &r);

	if (rc == ECERT_E_NOT_FOUND) {
		assert_int_equal(*told, 0);
		return;
	}
	if (rc != ECERT_OK) {
		assert_int_equal(rc, ECERT_E_BAD_SIGNATURE);
		assert_false(r.chain_ok);
		assert_int_equal(r.bad, r.records + 1);
		assert_true(strcmp(r.why, "the last record has no end") == 0 ||
			    strcmp(r.why, "not a record, or not the next one") == 0);
	}
	assert_true(r.records >= *told);
}

/* The next run mends it and goes on. */
static void check_recovery(void)
{
	struct journal_report r;
	struct journal *j;
	uint64_t n, before = *told;

	ok(journal_open(dir, &j));
	ok(append(j, &n));
	assert_true(n >= before + 2); /* the run's first event, and this one */
	journal_close(&j);
	ok(journal_verify(dir, &r));
	assert_int_equal(r.records, n);
	assert_true(r.head_known && r.mac_known);
}

/* Power cuts at every call of a run; a run before it left `first` records. */
static void cut_everywhere(unsigned first, unsigned records)
{
	unsigned cuts = 0;
	long at;
	int how = 0;

	for (faults.loss = 0; faults.loss < LOSS_COUNT; faults.loss++) {
		for (at = 0, how = 0; how != 1; at++, cuts++) {
			new_dir();
			if (first > 0)
				assert_int_equal(run(-1, first), 1);
			how = run(at, records);
			assert_true(how == 0 || how == 1);
			check_after_crash();
			check_recovery();
			remove_dir();
		}
	}
	(void)printf("journal-crash cuts=%u lost=0\n", cuts);
	assert_true(cuts > LOSS_COUNT * records);
}

static void from_the_beginning(void **state)
{
	(void)state;
	faults.short_every = 0;
	cut_everywhere(0, 12);
}

static void in_a_later_run(void **state)
{
	(void)state;
	cut_everywhere(5, 12);
}

static void with_short_writes(void **state)
{
	(void)state;
	faults.short_every = 2;
	cut_everywhere(3, 8);
	faults.short_every = 0;
}

/* Until the file is so full that a later run rotates after a few records. */
static void fill(void)
{
	struct journal *j;
	struct stat st = {0};
	uint64_t n;

	ok(journal_open(dir, &j));
	while (st.st_size < (off_t)JOURNAL_FILE_MAX - 3 * RECORD_SPACE) {
		ok(append(j, &n));
		assert_int_equal(stat(path(JOURNAL_NAME), &st), 0);
	}
	journal_close(&j);
	*told = n;
}

static void copy_from(const char *from, const char *name)
{
	char source[400];
	uint8_t *p;
	size_t n;
	FILE *f;

	(void)snprintf(source, sizeof source, "%s/%s", from, name);
	p = disk_read(source, &n);
	f = fopen(path(name), "w");
	assert_non_null(f);
	assert_int_equal(fwrite(p, 1, n, f), n);
	(void)fclose(f);
	free(p);
}

static void while_rotating(void **state)
{
	char full[sizeof dir];
	uint64_t had;
	unsigned rotated = 0, cuts = 0;

	(void)state;
	new_dir();
	fill();
	had = *told;
	(void)strcpy(full, dir);
	for (faults.loss = 0; faults.loss < LOSS_COUNT; faults.loss++) {
		for (long at = 9; at < 33; at++, cuts++) {
			new_dir();
			copy_from(full, JOURNAL_NAME);
			copy_from(full, JOURNAL_KEY_NAME);
			copy_from(full, JOURNAL_VERIFY_NAME);
			*told = had;
			assert_int_equal(run(at, 12), 0);
			rotated += access(path(JOURNAL_NAME ".1"), F_OK) == 0;
			check_after_crash();
			check_recovery();
			remove_dir();
		}
	}
	(void)strcpy(dir, full);
	remove_dir();
	(void)printf("journal-crash cuts=%u lost=0 rotated=%u\n", cuts, rotated);
	assert_true(rotated > 0 && rotated < cuts);
}

/* A write that says that it wrote all of it and did not: that record is not acknowledged. */
static void lying_write(void **state)
{
	struct journal_report r;

	(void)state;
	/* The first two are the key's and the run's first event. */
	for (unsigned at = 3; at < 11; at++) {
		new_dir();
		faults.lie_at = at;
		assert_int_equal(run(-1, 12), 1);
		faults.lie_at = 0;
		ok(journal_verify(dir, &r));
		assert_true(r.records == *told && *told == 12);
		check_recovery();
		remove_dir();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(from_the_beginning),
	    cmocka_unit_test(in_a_later_run),
	    cmocka_unit_test(with_short_writes),
	    cmocka_unit_test(while_rotating),
	    cmocka_unit_test(lying_write),
	};

	return cmocka_run_group_tests_name("journal, lost writes", tests, setup, teardown);
}
