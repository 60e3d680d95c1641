/* SPDX-License-Identifier: BSD-2-Clause */
/* The seam to SQL: one set of tests for both databases (ECERT_TEST_STORE names PostgreSQL's). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/store/store_fix.h"

#define ok(expression) assert_int_equal(expression, ECERT_OK)

static const char *const things[] = {
    "CREATE TABLE things (id INTEGER PRIMARY KEY, word TEXT, bytes BLOB, whole INTEGER NOT NULL "
    "CHECK (whole <> 13)) STRICT",
    "CREATE TABLE parts (id INTEGER PRIMARY KEY, thing INTEGER NOT NULL REFERENCES things (id)) "
    "STRICT",
    NULL};
static const char *const more[] = {
    "CREATE TABLE more (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE) STRICT", "KEEP more",
    NULL};
static const struct store_migration schema[] = {{"things", things}, {"more", more}};

#define INSERT "INSERT INTO things (id, word, bytes, whole) VALUES (?, ?, ?, ?)"

static struct store *with_schema(void)
{
	struct store *s;

	(void)store_fresh();
	s = store_again();
	ok(store_migrate(s, "test", schema, 2));
	return s;
}

static enum ecert_rc put(struct store *s, int64_t id, const char *word, int64_t whole)
{
	return STORE_RUN(s, INSERT, store_int(id), store_text(word), store_blob(rd_of("\0\1", 2)),
	    store_int(whole));
}

static void what_is_put_in_comes_out(void **state)
{
	static const char *const words[] = {"", "貿易標章 97.4 \"'?$1", NULL, "\xF0\x9F\x94\x91"};
	static const int64_t numbers[] = {INT64_MIN, -1, 0, INT64_MAX};
	static const struct rd blobs[] = {{(const uint8_t *)"a\0b", 3}, {(const uint8_t *)"", 0},
	    {NULL, 0}, {(const uint8_t *)"\xFF", 1}};
	struct store *s = with_schema();
	struct store_rows *r;
	struct store_value v;

	(void)state;
	for (int i = 0; i < 4; i++)
		ok(STORE_RUN(s, INSERT, store_int(i), store_text(words[i]), store_blob(blobs[i]),
		    store_int(numbers[i])));
	store_close(&s);
	s = store_again();
	ok(STORE_QUERY(s, &r, "SELECT word, bytes, whole FROM things WHERE id >= ? ORDER BY id",
	    store_int(0)));
	for (int i = 0; i < 4; i++) {
		ok(store_next(r));
		ok(store_cell(r, 0, &v));
		assert_int_equal(v.null, words[i] == NULL);
		if (words[i])
			assert_string_equal(store_get_text(r, 0), words[i]);
		else
			assert_null(store_get_text(r, 0));
		ok(store_cell(r, 1, &v));
		assert_int_equal(v.null, blobs[i].p == NULL);
		assert_true(rd_equal(store_get_blob(r, 1), blobs[i]));
		assert_true(store_get_int(r, 2) == numbers[i]);
		assert_int_equal(store_get_int(r, 0), 0);
		assert_null(store_get_text(r, 1));
		assert_int_equal(store_cell(r, 3, &v), ECERT_E_DATA);
	}
	assert_int_equal(store_next(r), ECERT_E_NOT_FOUND);
	assert_int_equal(store_next(r), ECERT_E_NOT_FOUND);
	store_done(&r);
	store_close(&s);
}

static void rules_of_the_schema_have_their_codes(void **state)
{
	struct store *s = with_schema();

	(void)state;
	ok(put(s, 1, "a", 1));
	assert_int_equal(put(s, 1, "b", 1), ECERT_E_EXISTS);
	assert_int_equal(put(s, 2, "b", 13), ECERT_E_DATA);
	assert_int_equal(STORE_RUN(s, INSERT, store_int(2), store_text("b"),
			     store_blob(rd_of("", 0)), store_no_int()),
	    ECERT_E_DATA);
	assert_int_equal(STORE_RUN(s, "INSERT INTO parts (id, thing) VALUES (?, ?)", store_int(1),
			     store_int(77)),
	    ECERT_E_DATA);
	ok(STORE_RUN(s, "INSERT INTO parts (id, thing) VALUES (?, ?)", store_int(1), store_int(1)));
	assert_int_equal(
	    STORE_RUN(s, "DELETE FROM things WHERE id = ?", store_int(1)), ECERT_E_DATA);
	ok(STORE_RUN(s, "INSERT INTO more (id, word) VALUES (1, 'x')"));
	assert_int_equal(
	    STORE_RUN(s, "INSERT INTO more (id, word) VALUES (2, 'x')"), ECERT_E_EXISTS);
	assert_int_equal(put(s, 3, "\xC3", 1), ECERT_E_DATA);
	assert_true(store_says(s, "parameter 2 is no text in UTF-8"));
	assert_int_equal(put(s, 3, "\xED\xA0\x80", 1), ECERT_E_DATA);
	assert_int_equal(store_number(s, "SELECT count(*) FROM things"), 1);
	store_close(&s);
}

static void a_transaction_is_whole_or_nothing(void **state)
{
	struct store *s = with_schema();

	(void)state;
	ok(store_begin(s));
	assert_int_equal(store_begin(s), ECERT_E_ARG);
	assert_int_equal(store_commit(s), ECERT_E_ARG);
	assert_int_equal(store_commit(s), ECERT_E_ARG);
	assert_true(store_says(s, "no transaction is open"));
	ok(store_begin(s));
	ok(put(s, 1, "a", 1));
	ok(store_commit(s));
	ok(store_begin(s));
	ok(put(s, 2, "b", 1));
	store_rollback(s);
	store_rollback(s);
	assert_int_equal(store_number(s, "SELECT count(*) FROM things"), 1);
	/* After a failure nothing more is carried out, and its reason stays. */
	ok(store_begin(s));
	ok(put(s, 2, "b", 1));
	assert_int_equal(put(s, 2, "c", 1), ECERT_E_EXISTS);
	assert_int_equal(put(s, 3, "c", 1), ECERT_E_EXISTS);
	assert_int_equal(store_commit(s), ECERT_E_EXISTS);
	assert_false(store_says(s, "transaction"));
	assert_int_equal(store_number(s, "SELECT count(*) FROM things"), 1);
	ok(store_begin(s));
	ok(put(s, 4, "d", 1));
	assert_int_equal(store_end(s, ECERT_E_CARD), ECERT_E_CARD);
	ok(store_begin(s));
	ok(put(s, 5, "e", 1));
	ok(store_end(s, ECERT_OK));
	ok(store_begin(s));
	ok(put(s, 6, "f", 1));
	store_close(&s); /* takes it back */
	s = store_again();
	assert_int_equal(store_number(s, "SELECT count(*) FROM things"), 2);
	store_close(&s);
}

static void statements_are_what_they_say(void **state)
{
	struct store *s = with_schema();
	struct store_rows *outer, *inner;
	int64_t changed = 7;
	char sql[64];

	(void)state;
	ok(put(s, 1, "a?", 1));
	ok(put(s, 2, "b", 1));
	assert_int_equal(
	    store_number(s, "SELECT count(*) FROM things WHERE word = 'a?' OR word = 'INTEGER'"),
	    1);
	ok(store_run(s, "UPDATE things SET whole = ? WHERE whole = ?",
	    (const struct store_value[]){store_int(5), store_int(1)}, 2, &changed));
	assert_int_equal(changed, 2);
	assert_int_equal(STORE_RUN(s, "DELETE FROM things WHERE id = ?"), ECERT_E_ARG);
	assert_int_equal(STORE_RUN(s, "DELETE FROM things", store_int(1)), ECERT_E_ARG);
	assert_int_equal(STORE_RUN(s, "DELETE FROM things; DELETE FROM things"), ECERT_E_ARG);
	assert_int_equal(STORE_RUN(s, "DELETE FROM nothing"), ECERT_E_ARG);
	assert_true(store_says(s, "nothing"));
	assert_int_equal(STORE_RUN(s, "SELECT 'no end"), ECERT_E_ARG);
	assert_int_equal(STORE_RUN(s, "SELECT id FROM things"), ECERT_E_ARG);
	assert_true(store_says(s, "rows that nobody reads"));
	/* One statement inside of itself. */
	ok(STORE_QUERY(s, &outer, "SELECT id FROM things ORDER BY id"));
	ok(store_next(outer));
	ok(STORE_QUERY(s, &inner, "SELECT id FROM things ORDER BY id"));
	ok(store_next(inner));
	ok(store_next(inner));
	assert_int_equal(store_get_int(inner, 0), 2);
	assert_int_equal(store_get_int(outer, 0), 1);
	store_done(&inner);
	ok(store_next(outer));
	assert_int_equal(store_get_int(outer, 0), 2);
	store_done(&outer);
	store_done(&outer);
	/* More than are kept. */
	for (int i = 0; i < 200; i++) {
		(void)snprintf(sql, sizeof sql, "SELECT count(*) + %d FROM things", i);
		assert_int_equal(store_number(s, sql), 2 + i);
	}
	assert_int_equal(store_number(s, "SELECT count(*) FROM things"), 2);
	store_close(&s);
}

static void nothing_that_is_kept_is_changed(void **state)
{
	struct store *s = with_schema();

	(void)state;
	ok(STORE_RUN(s, "INSERT INTO more (id, word) VALUES (1, 'a')"));
	assert_int_equal(STORE_RUN(s, "UPDATE more SET word = 'b'"), ECERT_E_DENIED);
	assert_true(store_says(s, "more: nothing is ever changed"));
	assert_int_equal(STORE_RUN(s, "DELETE FROM more"), ECERT_E_DENIED);
	assert_true(store_says(s, "deleted"));
	assert_int_equal(STORE_RUN(s, "INSERT INTO more (id, word) VALUES (1, 'b') "
				      "ON CONFLICT (id) DO UPDATE SET word = 'b'"),
	    ECERT_E_DENIED);
	if (store_on_postgresql())
		assert_int_equal(STORE_RUN(s, "TRUNCATE more"), ECERT_E_DENIED);
	else
		assert_int_equal(
		    STORE_RUN(s, "REPLACE INTO more (id, word) VALUES (1, 'b')"), ECERT_E_DENIED);
	assert_int_equal(store_number(s, "SELECT count(*) FROM more WHERE word = 'a'"), 1);
	store_close(&s);
}

static const char *const broken[] = {
    "CREATE TABLE made (id INTEGER PRIMARY KEY) STRICT", "CREATE TABLE made (no)", NULL};
static const char *const nothing[] = {NULL};

static void migrations_go_on_from_where_they_were(void **state)
{
	const struct store_migration third[] = {
	    {"things", things}, {"more", more}, {"third", broken}};
	const struct store_migration other[] = {{"things", things}, {"other", nothing}};
	struct store *s;

	(void)state;
	(void)store_fresh();
	s = store_again();
	ok(store_migrate(s, "test", schema, 1));
	assert_int_equal(STORE_RUN(s, "INSERT INTO more (id, word) VALUES (1, 'a')"), ECERT_E_ARG);
	ok(store_migrate(s, "test", schema, 2));
	ok(store_migrate(s, "test", schema, 2));
	ok(STORE_RUN(s, "INSERT INTO more (id, word) VALUES (1, 'a')"));
	/* Newer than the program, by name; made by another one. */
	assert_int_equal(store_migrate(s, "test", schema, 1), ECERT_E_UNSUPPORTED);
	assert_true(store_says(s, "newer than this program"));
	assert_true(store_says(s, "2 'more'"));
	assert_int_equal(store_migrate(s, "test", other, 2), ECERT_E_UNSUPPORTED);
	assert_true(store_says(s, "'more', and here it is 'other'"));
	/* One that fails leaves nothing. */
	assert_int_equal(store_migrate(s, "test", third, 3), ECERT_E_ARG);
	assert_int_equal(STORE_RUN(s, "INSERT INTO made (id) VALUES (1)"), ECERT_E_ARG);
	assert_int_equal(store_number(s, "SELECT count(*) FROM migrations"), 2);
	/* Two schemas in one store. */
	ok(store_migrate(s, "else", other + 1, 1));
	assert_int_equal(store_number(s, "SELECT count(*) FROM migrations"), 3);
	ok(store_migrate(s, "test", schema, 2));
	store_close(&s);
}

/* Everybody asks for the schema at once: it is made once. */
static void migrations_wait_for_each_other(void **state)
{
	pid_t pids[4];
	struct store *s;
	int status;

	(void)state;
	(void)store_fresh();
	for (int i = 0; i < 4; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			s = store_again();
			_exit(store_migrate(s, "test", schema, 2) != ECERT_OK);
		}
	}
	for (int i = 0; i < 4; i++) {
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	s = store_again();
	assert_int_equal(store_number(s, "SELECT count(*) FROM migrations"), 2);
	store_close(&s);
}

static void writers_take_turns(void **state)
{
	struct store *s = with_schema();
	int ends[2], status;
	char byte;
	pid_t pid;

	(void)state;
	ok(STORE_RUN(s, "INSERT INTO things (id, whole) VALUES (0, 0)"));
	store_close(&s);
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		bool good;

		s = store_again();
		good = store_begin(s) == ECERT_OK &&
		       STORE_RUN(s, "UPDATE things SET whole = whole + 1") == ECERT_OK &&
		       write(ends[1], "x", 1) == 1;
		(void)usleep(300000);
		_exit(!good || store_commit(s) != ECERT_OK);
	}
	s = store_again();
	assert_int_equal(read(ends[0], &byte, 1), 1);
	ok(store_begin(s));
	ok(STORE_RUN(s, "UPDATE things SET whole = whole + 1"));
	assert_int_equal(store_number(s, "SELECT whole FROM things"), 2);
	ok(store_commit(s));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	(void)close(ends[0]);
	(void)close(ends[1]);
	store_close(&s);
}

static void reason(const char *where, bool make, enum ecert_rc want, const char *part)
{
	struct message_kept why;
	struct store *s = (struct store *)1;
	char text[512];

	assert_int_equal(store_open(where, make, &s, &why), want);
	assert_null(s);
	message_kept_text(&why, NULL, text, sizeof text);
	if (!strstr(text, part))
		fail_msg("%s", text);
}

static void a_store_that_cannot_be_opened_says_why(void **state)
{
	char path[] = "/tmp/ecert-no-store.XXXXXX", text[256];
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	memset(text, 'x', sizeof text);
	for (int i = 0; i < 16; i++)
		assert_int_equal(write(fd, text, sizeof text), sizeof text);
	(void)close(fd);
	reason(path, true, ECERT_E_MALFORMED, "not a database");
	(void)unlink(path);
	reason(path, false, ECERT_E_NOT_FOUND, path);
	reason("sqlite:/nowhere/at/all", true, ECERT_E_NOT_FOUND, "/nowhere/at/all");
	reason("sqlite:/tmp", true, ECERT_E_IO, "/tmp");
	if (!store_on_postgresql())
		return;
	reason("postgresql:host=/nowhere", false, ECERT_E_IO, "/nowhere");
	reason("postgresql:no=such", false, ECERT_E_IO, "no");
	(void)snprintf(text, sizeof text, "%s dbname=absent", getenv("ECERT_TEST_STORE"));
	reason(text, false, ECERT_E_IO, "absent");
	(void)snprintf(text, sizeof text, "%s dbname=ascii", getenv("ECERT_TEST_STORE"));
	reason(text, false, ECERT_E_UNSUPPORTED, "UTF8");
	(void)snprintf(text, sizeof text, "%s user=nobody_here", getenv("ECERT_TEST_STORE"));
	reason(text, false, ECERT_E_IO, "nobody_here");
}

static void a_file_is_kept_well(void **state)
{
	struct store *s = with_schema();
	struct store_rows *r;
	struct stat st;

	(void)state;
	if (store_on_postgresql()) {
		assert_int_equal(STORE_RUN(s, "SET client_encoding TO 'UTF8'"), ECERT_OK);
		store_close(&s);
		return;
	}
	assert_int_equal(store_number(s, "PRAGMA synchronous"), 2); /* FULL */
	assert_int_equal(store_number(s, "PRAGMA foreign_keys"), 1);
	assert_int_equal(store_number(s, "PRAGMA recursive_triggers"), 1);
	ok(STORE_QUERY(s, &r, "PRAGMA journal_mode"));
	ok(store_next(r));
	assert_string_equal(store_get_text(r, 0), "wal");
	store_done(&r);
	ok(STORE_QUERY(s, &r, "SELECT file FROM pragma_database_list"));
	ok(store_next(r));
	assert_int_equal(stat(store_get_text(r, 0), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	store_done(&r);
	store_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_put_in_comes_out),
	    cmocka_unit_test(rules_of_the_schema_have_their_codes),
	    cmocka_unit_test(a_transaction_is_whole_or_nothing),
	    cmocka_unit_test(statements_are_what_they_say),
	    cmocka_unit_test(nothing_that_is_kept_is_changed),
	    cmocka_unit_test(migrations_go_on_from_where_they_were),
	    cmocka_unit_test(migrations_wait_for_each_other),
	    cmocka_unit_test(writers_take_turns),
	    cmocka_unit_test(a_store_that_cannot_be_opened_says_why),
	    cmocka_unit_test(a_file_is_kept_well),
	};

	return cmocka_run_group_tests(tests, NULL, store_cleanup);
}
