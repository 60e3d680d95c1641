/* SPDX-License-Identifier: BSD-2-Clause */
/* The journal: what is on record stays, and what was changed is found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "journal/journal_key.h"

#define ok(expression) assert_int_equal(expression, ECERT_OK)

static char dir[64];

static char *path(const char *name)
{
	static char text[400];

	(void)snprintf(text, sizeof text, "%s/%s", dir, name);
	return text;
}

static int setup(void **state)
{
	(void)state;
	(void)strcpy(dir, "/tmp/ecert-journal.XXXXXX");
	return mkdtemp(dir) == NULL;
}

static int teardown(void **state)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	(void)state;
	while ((e = readdir(d)) != NULL)
		(void)unlink(path(e->d_name));
	(void)closedir(d);
	return rmdir(dir);
}

static void append(
    struct journal *j, enum journal_phase phase, const char *what, uint64_t of, enum ecert_rc rc)
{
	static const uint8_t hash[32] = {1, 2, 3}, counters[] = {0x9A, 0, 0, 0, 5};
	struct journal_entry e = {.phase = phase,
	    .what = what,
	    .intent = of,
	    .rc = rc,
	    .pid = 4711,
	    .uid = 1000,
	    .exe = "/usr/bin/pro\"gram\n",
	    .serial = "815",
	    .ref = 0x9A,
	    .hash = {hash, sizeof hash},
	    .input = {hash, 20}};
	uint64_t n;

	if (phase == JOURNAL_EVENT) {
		e = (struct journal_entry){.phase = phase, .what = what, .serial = "815"};
		e.counters = rd_of(counters, sizeof counters);
	}
	ok(journal_append(j, &e, &n));
}

/* records: the start's event, then operations. */
static void fill(unsigned records)
{
	struct journal *j;

	ok(journal_open(dir, &j));
	for (unsigned i = 1; i < records; i++)
		append(j, i % 2 ? JOURNAL_INTENT : JOURNAL_OUTCOME, "sign", i, ECERT_OK);
	journal_close(&j);
}

static off_t size_of(const char *name)
{
	struct stat st;

	assert_int_equal(stat(path(name), &st), 0);
	return st.st_size;
}

static void as_written(void **state)
{
	struct journal_report r;

	(void)state;
	assert_int_equal(journal_verify(dir, &r), ECERT_E_NOT_FOUND);
	fill(200);
	ok(journal_verify(dir, &r));
	assert_int_equal(r.records, 200);
	assert_true(r.head_known && r.mac_known);
	fill(10); /* a second run goes on where the first one ended */
	ok(journal_verify(dir, &r));
	assert_int_equal(r.records, 210);
	/* Whoever took the first key away still has chain and head. */
	assert_int_equal(unlink(path(JOURNAL_VERIFY_NAME)), 0);
	ok(journal_verify(dir, &r));
	assert_false(r.mac_known);
}

static void truncated_at_every_byte(void **state)
{
	struct journal_report r;
	off_t size;

	(void)state;
	fill(200);
	size = size_of(JOURNAL_NAME);
	for (off_t n = size - 1; n >= 0; n--) {
		assert_int_equal(truncate(path(JOURNAL_NAME), n), 0);
		/* All of the end, and a sample of the rest, so that the test ends today. */
		if (size - n < 3000 || n % 37 == 0)
			assert_int_equal(journal_verify(dir, &r), ECERT_E_BAD_SIGNATURE);
	}
	assert_int_equal(unlink(path(JOURNAL_NAME)), 0);
	assert_int_equal(journal_verify(dir, &r), ECERT_E_BAD_SIGNATURE);
}

static void flip(int fd, off_t at, int bit)
{
	uint8_t b;

	assert_int_equal(pread(fd, &b, 1, at), 1);
	b ^= (uint8_t)(1 << bit);
	assert_int_equal(pwrite(fd, &b, 1, at), 1);
}

static void flip_all(unsigned records, off_t step)
{
	struct journal_report r;
	off_t size;
	int fd;

	fill(records);
	size = size_of(JOURNAL_NAME);
	fd = open(path(JOURNAL_NAME), O_RDWR);
	assert_true(fd >= 0);
	for (off_t i = 0; i < size * 8; i += step) {
		flip(fd, i / 8, (int)(i % 8));
		assert_int_equal(journal_verify(dir, &r), ECERT_E_BAD_SIGNATURE);
		assert_true(r.bad > 0 && r.why[0] != '\0');
		flip(fd, i / 8, (int)(i % 8));
	}
	(void)close(fd);
	ok(journal_verify(dir, &r));
}

static void every_flipped_bit(void **state)
{
	(void)state;
	flip_all(8, 1);
}

static void flipped_bits_of_many_records(void **state)
{
	(void)state;
	flip_all(200, 121); /* coprime to 8: all bits, all over */
}

/* A line taken out, two swapped, one put in twice. */
static void rearranged(void **state)
{
	char *line[8], *text;
	struct journal_report r;
	size_t n = 0;
	FILE *f;

	(void)state;
	fill(8);
	text = calloc(1, (size_t)size_of(JOURNAL_NAME) + 1);
	f = fopen(path(JOURNAL_NAME), "r");
	assert_int_equal(fread(text, 1, (size_t)size_of(JOURNAL_NAME), f), size_of(JOURNAL_NAME));
	(void)fclose(f);
	for (char *p = strtok(text, "\n"); p != NULL; p = strtok(NULL, "\n"))
		line[n++] = p;
	assert_int_equal(n, 8);
	for (int kind = 0; kind < 3; kind++) {
		f = fopen(path(JOURNAL_NAME), "w");
		for (size_t i = 0; i < 8; i++) {
			size_t k = kind == 1 && (i == 3 || i == 4) ? 7 - i : i;

			if (kind != 0 || i != 5)
				(void)fprintf(f, "%s\n", line[k]);
			if (kind == 2 && i == 5)
				(void)fprintf(f, "%s\n", line[k]);
		}
		(void)fclose(f);
		assert_int_equal(journal_verify(dir, &r), ECERT_E_BAD_SIGNATURE);
	}
	free(text);
}

/* A crash in the middle of a record: it was never acknowledged, the rest goes on. */
static void unfinished_record(void **state)
{
	struct journal_report r;
	struct journal *j;
	FILE *f;

	(void)state;
	fill(5);
	f = fopen(path(JOURNAL_NAME), "a");
	(void)fputs("{\"n\":6,\"at\":\"2026-", f);
	(void)fclose(f);
	assert_int_equal(journal_verify(dir, &r), ECERT_E_BAD_SIGNATURE);
	ok(journal_open(dir, &j));
	append(j, JOURNAL_INTENT, "sign", 0, ECERT_OK);
	journal_close(&j);
	ok(journal_verify(dir, &r));
	assert_int_equal(r.records, 7);
}

/* The head was not written after the last records (a power cut): the records bring it up. */
static void old_head(void **state)
{
	uint8_t old[256];
	struct journal_report r;
	struct journal *j;
	int fd;

	(void)state;
	fill(6);
	fd = open(path(JOURNAL_KEY_NAME), O_RDWR);
	assert_int_equal(pread(fd, old, sizeof old, 0), sizeof old);
	ok(journal_open(dir, &j));
	for (int i = 0; i < 9; i++)
		append(j, JOURNAL_INTENT, "sign", 0, ECERT_OK);
	journal_close(&j);
	assert_int_equal(pwrite(fd, old, sizeof old, 0), sizeof old);
	(void)close(fd);
	ok(journal_verify(dir, &r));
	fill(3);
	ok(journal_verify(dir, &r));
	assert_int_equal(r.records, 6 + 1 + 9 + 3);
}

static void one_writer(void **state)
{
	struct journal *a, *b;

	(void)state;
	ok(journal_open(dir, &a));
	assert_int_equal(journal_open(dir, &b), ECERT_E_EXISTS);
	journal_close(&a);
	ok(journal_open(dir, &b));
	journal_close(&b);
}

static void full_disk(void **state)
{
	const struct journal_entry e = {.phase = JOURNAL_EVENT, .what = "x", .serial = "815"};
	struct journal_report r;
	int status;
	pid_t pid;

	(void)state;
	fill(5);
	pid = fork();
	if (pid == 0) {
		struct rlimit tight = {(rlim_t)size_of(JOURNAL_NAME) + 400, RLIM_INFINITY};
		enum ecert_rc rc = ECERT_OK;
		struct journal *j;
		uint64_t n;

		(void)signal(SIGXFSZ, SIG_IGN);
		if (journal_open(dir, &j) != ECERT_OK || setrlimit(RLIMIT_FSIZE, &tight) != 0)
			_exit(2);
		for (int i = 0; i < 20 && rc == ECERT_OK; i++)
			rc = journal_append(j, &e, &n);
		_exit(rc != ECERT_E_IO);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	/* Nothing half-written stayed. */
	ok(journal_verify(dir, &r));
}

/* Without a descriptor for the next file nothing is done unrecorded; with one again it goes on. */
static void rotation(void **state)
{
	const struct journal_entry e = {.phase = JOURNAL_EVENT, .what = "x", .serial = "815"};
	struct journal_report r;
	struct rlimit was, none;
	struct journal *j;
	uint64_t n;

	(void)state;
	ok(journal_open(dir, &j));
	append(j, JOURNAL_EVENT, "token", 0, ECERT_OK);
	while (size_of(JOURNAL_NAME) <= JOURNAL_FILE_MAX)
		append(j, JOURNAL_INTENT, "sign", 0, ECERT_OK);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
	none = (struct rlimit){3, was.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	for (int i = 0; i < 3; i++)
		assert_int_equal(journal_append(j, &e, &n), ECERT_E_IO);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &was), 0);
	ok(journal_append(j, &e, &n));
	ok(journal_append(j, &e, &n));
	journal_close(&j);
	ok(journal_verify(dir, &r));
	assert_true(r.records > 2000);
	assert_int_equal(r.records, n);
	assert_int_equal(r.files, 2);
	assert_true(size_of(JOURNAL_NAME ".1") > JOURNAL_FILE_MAX);
}

/* With every name taken no full file is written over: a record that cannot be kept is refused. */
static void no_name_is_left(void **state)
{
	const struct journal_entry e = {.phase = JOURNAL_EVENT, .what = "x", .serial = "815"};
	char name[4200];
	struct journal *j;
	uint64_t n;

	(void)state;
	ok(journal_open(dir, &j));
	while (size_of(JOURNAL_NAME) <= JOURNAL_FILE_MAX)
		append(j, JOURNAL_INTENT, "sign", 0, ECERT_OK);
	for (int i = 1; i < 100000; i++) {
		(void)snprintf(name, sizeof name, "%s/%s.%d", dir, JOURNAL_NAME, i);
		assert_int_equal(symlink("nowhere", name), 0);
	}
	/* A link that leads nowhere holds its name, too. */
	assert_int_equal(journal_append(j, &e, &n), ECERT_E_IO);
	assert_true(size_of(JOURNAL_NAME) > JOURNAL_FILE_MAX);
	(void)snprintf(name, sizeof name, "%s/%s.99999", dir, JOURNAL_NAME);
	assert_int_equal(unlink(name), 0);
	ok(journal_append(j, &e, &n));
	assert_true(size_of(JOURNAL_NAME ".99999") > JOURNAL_FILE_MAX);
	journal_close(&j);
}

static void reconcile(void **state)
{
	static const uint8_t now[] = {0x9A, 0, 0, 0, 12, 0x9C, 0, 0, 0, 0};
	struct journal_gap gap[4];
	struct journal *j;
	size_t n;

	(void)state;
	ok(journal_open(dir, &j));
	append(j, JOURNAL_EVENT, "token", 0, ECERT_OK); /* 9A stands at 5 */
	for (int i = 0; i < 4; i++) {
		append(j, JOURNAL_INTENT, "sign", 0, ECERT_OK);
		append(j, JOURNAL_OUTCOME, "sign", 3, i == 3 ? ECERT_E_AUTH : ECERT_OK);
	}
	append(j, JOURNAL_INTENT, "decrypt", 0, ECERT_OK); /* killed before the outcome */
	journal_close(&j);
	assert_int_equal(
	    journal_reconcile(dir, "999", rd_of(now, sizeof now), gap, 4, &n), ECERT_E_NOT_FOUND);
	ok(journal_reconcile(dir, "815", rd_of(now, sizeof now), gap, 4, &n));
	assert_int_equal(n, 2);
	assert_int_equal(gap[0].ref, 0x9A);
	assert_int_equal(gap[0].first, 5);
	assert_int_equal(gap[0].recorded, 3);
	assert_int_equal(gap[0].open, 1);
	assert_int_equal(gap[0].missing, 4); /* 12 - 5 - 3: one may be the open one */
	assert_int_equal(gap[1].missing, 0);
}

/* A gap lies between the last time that the counter agreed and the first that it did not. */
static void place_of_a_gap(void **state)
{
	static const uint8_t now[] = {0x9A, 0, 0, 0, 6};
	struct journal_gap gap[1];
	struct journal *j;
	size_t n;

	(void)state;
	ok(journal_open(dir, &j));			     /* 1 */
	append(j, JOURNAL_EVENT, "token", 0, ECERT_OK);	     /* 2: 9A stands at 5 */
	append(j, JOURNAL_INTENT, "sign", 0, ECERT_OK);	     /* 3 */
	append(j, JOURNAL_OUTCOME, "sign", 3, ECERT_E_CARD); /* 4: who knows */
	append(j, JOURNAL_EVENT, "token", 0, ECERT_OK);	     /* 5: it had not begun */
	ok(journal_reconcile(dir, "815", rd_of(now, sizeof now), gap, 1, &n));
	assert_int_equal(gap[0].missing, 1);
	assert_int_equal(gap[0].open, 1);
	assert_int_equal(gap[0].agreed, 5);
	assert_int_equal(gap[0].differed, 0);
	append(j, JOURNAL_INTENT, "sign", 0, ECERT_OK); /* 6, 7: should stand at 6 now */
	append(j, JOURNAL_OUTCOME, "sign", 6, ECERT_OK);
	append(j, JOURNAL_EVENT, "token", 0, ECERT_OK); /* 8: at 5, another key */
	ok(journal_reconcile(dir, "815", rd_of(now, sizeof now), gap, 1, &n));
	assert_int_equal(gap[0].agreed, 5);
	assert_int_equal(gap[0].differed, 8);
	append(j, JOURNAL_INTENT, "key-generate", 0, ECERT_OK); /* 9, 10: on record */
	append(j, JOURNAL_OUTCOME, "key-generate", 9, ECERT_OK);
	ok(journal_reconcile(dir, "815", rd_of(now, sizeof now), gap, 1, &n));
	assert_int_equal(gap[0].first, 0);
	assert_int_equal(gap[0].missing, 6);
	assert_int_equal(gap[0].agreed, 10);
	journal_close(&j);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(as_written, setup, teardown),
	    cmocka_unit_test_setup_teardown(truncated_at_every_byte, setup, teardown),
	    cmocka_unit_test_setup_teardown(every_flipped_bit, setup, teardown),
	    cmocka_unit_test_setup_teardown(flipped_bits_of_many_records, setup, teardown),
	    cmocka_unit_test_setup_teardown(rearranged, setup, teardown),
	    cmocka_unit_test_setup_teardown(unfinished_record, setup, teardown),
	    cmocka_unit_test_setup_teardown(old_head, setup, teardown),
	    cmocka_unit_test_setup_teardown(one_writer, setup, teardown),
	    cmocka_unit_test_setup_teardown(full_disk, setup, teardown),
	    cmocka_unit_test_setup_teardown(rotation, setup, teardown),
	    cmocka_unit_test_setup_teardown(no_name_is_left, setup, teardown),
	    cmocka_unit_test_setup_teardown(reconcile, setup, teardown),
	    cmocka_unit_test_setup_teardown(place_of_a_gap, setup, teardown),
	};

	return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}
