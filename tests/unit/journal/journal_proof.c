/* SPDX-License-Identifier: BSD-2-Clause */
/* A journal of 200 records, cut at every byte and with every single bit flipped: all of it is
 * found.
 *
 * The verifier works line by line and stops at the first line that is bad. So what it knows before
 * each line is kept, and each change is verified from the line that it is in to the end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "journal/journal_check.h"

#define RECORDS	       200
#define ok(expression) assert_int_equal(expression, ECERT_OK)

static char dir[] = "/tmp/ecert-proof.XXXXXX";
static uint8_t *text;
static size_t size;
static struct journal_head head;
static uint8_t first_key[JOURNAL_HASH];
/* The verifier before line i, and where that line begins; one past the end, too. */
static struct journal_check before[RECORDS + 1];
static size_t start[RECORDS + 1];

static int open_in(const char *name)
{
	char path[400];
	int fd;

	(void)snprintf(path, sizeof path, "%s/%s", dir, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

static void write_records(void)
{
	static const char *const what[] = {"sign", "login", "decrypt", "key-generate"};
	static const uint8_t hash[32] = {1, 2, 3}, counters[] = {0x9A, 0, 0, 0, 5};
	struct journal *j;
	uint64_t n;

	ok(journal_open(dir, &j));
	for (unsigned i = 1; i < RECORDS; i++) {
		const struct journal_entry e = {.phase = i % 3,
		    .what = what[i / 3 % 4],
		    .intent = i,
		    .pid = i % 5 ? 4711 : 0,
		    .uid = 1000,
		    .exe = "/usr/bin/pro\"gram\n",
		    .serial = "815",
		    .ref = 0x9A,
		    .hash = {hash, i % 2 ? sizeof hash : 0},
		    .input = {hash, i % 4 ? 20 : 0},
		    .counters = {counters, i % 7 ? 0 : sizeof counters}};

		ok(journal_append(j, &e, &n));
	}
	journal_close(&j);
}

static void read_all(void)
{
	int fd = open_in(JOURNAL_NAME);

	size = (size_t)lseek(fd, 0, SEEK_END);
	text = malloc(size);
	assert_non_null(text);
	assert_int_equal(pread(fd, text, size, 0), size);
	(void)close(fd);
	fd = open_in(JOURNAL_KEY_NAME);
	ok(journal_head_read(fd, &head));
	(void)close(fd);
	fd = open_in(JOURNAL_VERIFY_NAME);
	assert_int_equal(read(fd, first_key, sizeof first_key), sizeof first_key);
	(void)close(fd);
}

static int setup(void **state)
{
	struct journal_report r;

	(void)state;
	assert_non_null(mkdtemp(dir));
	write_records();
	ok(journal_verify(dir, &r));
	assert_int_equal(r.records, RECORDS);
	read_all();
	return 0;
}

static int teardown(void **state)
{
	static const char *const names[] = {JOURNAL_NAME, JOURNAL_KEY_NAME, JOURNAL_VERIFY_NAME};
	char path[400];

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		(void)snprintf(path, sizeof path, "%s/%s", dir, names[i]);
		(void)unlink(path);
	}
	free(text);
	return rmdir(dir);
}

static void walk(const uint8_t *key)
{
	journal_check_begin(&before[0], &head, key);
	for (size_t i = 0; i < RECORDS; i++) {
		const uint8_t *end = memchr(text + start[i], '\n', size - start[i]);

		assert_non_null(end);
		start[i + 1] = (size_t)(end - text) + 1;
		before[i + 1] = before[i];
		assert_true(journal_check_line(
		    &before[i + 1], rd_of(text + start[i], start[i + 1] - start[i])));
	}
	assert_int_equal(start[RECORDS], size);
}

/* Does the verifier say that the first n bytes, changed in line i at the earliest, are bad? */
static bool found(size_t i, size_t n)
{
	struct journal_check c = before[i];

	(void)journal_check_text(&c, rd_of(text + start[i], n - start[i]));
	return journal_check_end(&c) == ECERT_E_BAD_SIGNATURE && c.r.bad > 0 && c.r.why[0] != '\0';
}

static void prove(const char *how, const uint8_t *key)
{
	size_t cuts = 0, cuts_found = 0, flips = 0, flips_found = 0, line = 0;

	walk(key);
	for (size_t at = 0; at < size; at++) {
		if (at == start[line + 1])
			line++;
		cuts++;
		cuts_found += found(line, at);
		for (unsigned bit = 0; bit < 8; bit++) {
			text[at] ^= (uint8_t)(1u << bit);
			flips++;
			flips_found += found(line, size);
			text[at] ^= (uint8_t)(1u << bit);
		}
	}
	(void)printf("journal-proof records=%d cuts=%zu found=%zu flips=%zu found=%zu %s\n",
	    RECORDS, cuts, cuts_found, flips, flips_found, how);
	assert_int_equal(cuts, size);
	assert_int_equal(cuts_found, cuts);
	assert_int_equal(flips, 8 * size);
	assert_int_equal(flips_found, flips);
}

static void by_codes(void **state)
{
	(void)state;
	prove("by=codes", first_key);
}

/* Whoever verifies may not have the first key. */
static void by_chain_and_head(void **state)
{
	(void)state;
	prove("by=chain+head", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(by_codes),
	    cmocka_unit_test(by_chain_and_head),
	};

	return cmocka_run_group_tests_name("journal, every byte and bit", tests, setup, teardown);
}
