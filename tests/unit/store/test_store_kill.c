/* SPDX-License-Identifier: BSD-2-Clause */
/* A program that is killed at any moment: each transaction is whole or not there, and what was
 * acknowledged is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/store/store_fix.h"

#define ok(expression) assert_int_equal(expression, ECERT_OK)
#define ROWS	       7
#define KILLS	       40

static const char *const tables[] = {
    "CREATE TABLE lines (run INTEGER NOT NULL, line INTEGER NOT NULL, text TEXT NOT NULL, "
    "PRIMARY KEY (run, line)) STRICT",
    "KEEP lines", NULL};
static const struct store_migration schema[] = {{"lines", tables}};

/* Writes transactions of ROWS lines until it is killed; *told: the last one acknowledged. */
static _Noreturn void write_on(volatile int64_t *told)
{
	struct store *s = store_again();
	int64_t run = store_number(s, "SELECT coalesce(max(run), 0) FROM lines");

	for (;;) {
		if (store_begin(s) != ECERT_OK)
			_exit(1);
		run++;
		for (int64_t i = 0; i < ROWS; i++)
			if (STORE_RUN(s, "INSERT INTO lines (run, line, text) VALUES (?, ?, ?)",
				store_int(run), store_int(i), store_text("a line")) != ECERT_OK)
				_exit(1);
		if (store_commit(s) != ECERT_OK)
			_exit(1);
		*told = run;
	}
}

static void look(int64_t told)
{
	struct store *s = store_again();
	int64_t runs = store_number(s, "SELECT count(DISTINCT run) FROM lines");

	assert_int_equal(store_number(s, "SELECT count(*) FROM lines"), runs * ROWS);
	assert_int_equal(store_number(s, "SELECT coalesce(max(run), 0) FROM lines"), runs);
	assert_true(runs == told || runs == told + 1);
	if (!store_on_postgresql())
		assert_int_equal(store_number(s, "SELECT count(*) FROM pragma_integrity_check "
						 "WHERE integrity_check <> 'ok'"),
		    0);
	store_close(&s);
}

/* The server ends the dead client's session, and with it what that held, in its own time. */
static void settled(void)
{
	struct store *s = store_again();

	ok(store_begin(s));
	if (store_on_postgresql())
		ok(STORE_RUN(s, "LOCK TABLE lines"));
	store_rollback(s);
	store_close(&s);
}

static void killed_at_any_moment(void **state)
{
	int64_t *told = mmap(
	    NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct store *s;
	int status;

	(void)state;
	assert_true(told != MAP_FAILED);
	(void)store_fresh();
	s = store_again();
	ok(store_migrate(s, "test", schema, 1));
	store_close(&s);
	for (int i = 0; i < KILLS; i++) {
		int64_t before = *told;
		pid_t pid = fork();

		if (pid == 0)
			write_on(told);
		for (int ms = 0; *(volatile int64_t *)told == before && ms < 10000; ms++)
			(void)usleep(1000);
		(void)usleep((useconds_t)(i * 131 % 5000));
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		settled();
		look(*told);
		s = store_again(); /* one that was written and not acknowledged */
		*told = store_number(s, "SELECT max(run) FROM lines");
		store_close(&s);
	}
	(void)munmap(told, sizeof *told);
}

/* Another process, which opens the store when it is told to, writes a line, and is gone. It knows
 * nothing of what this one has open: SQLite's own account would go into a fork. */
struct other {
	pid_t pid;
	int go;
};

static struct other other_process(int64_t run)
{
	struct other o;
	char c;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	o = (struct other){fork(), ends[1]};
	if (o.pid == 0) {
		struct store *s;
		enum ecert_rc rc = ECERT_E_IO;

		(void)close(ends[1]);
		(void)!read(ends[0], &c, 1);
		s = store_again();
		if (s)
			rc = STORE_RUN(s, "INSERT INTO lines (run, line, text) VALUES (?, 0, 'x')",
			    store_int(run));
		store_close(&s);
		_exit(rc == ECERT_OK ? 0 : 1);
	}
	assert_true(o.pid > 0);
	(void)close(ends[0]);
	return o;
}

static void other_writes(struct other *o)
{
	int status;

	assert_int_equal(write(o->go, "", 1), 1);
	(void)close(o->go);
	assert_true(waitpid(o->pid, &status, 0) == o->pid);
	assert_int_equal(status, 0);
}

/* One process has it open twice: neither takes the other's locks away, without which a program that
 * comes and goes removes the log that is written to. */
static void open_twice(void **state)
{
	struct store *first, *second;
	struct other one, three;

	(void)state;
	(void)store_fresh();
	one = other_process(1);
	three = other_process(3);
	first = store_again();
	ok(store_migrate(first, "test", schema, 1));
	second = store_again();
	other_writes(&one);
	ok(STORE_RUN(
	    first, "INSERT INTO lines (run, line, text) VALUES (?, 0, 'x')", store_int(2)));
	other_writes(&three);
	assert_int_equal(store_number(first, "SELECT count(*) FROM lines"), 3);
	assert_int_equal(store_number(second, "SELECT count(*) FROM lines"), 3);
	store_close(&first);
	store_close(&second);
	first = store_again();
	assert_int_equal(store_number(first, "SELECT count(*) FROM lines"), 3);
	store_close(&first);
}

/* For whoever else writes, and not for ever. */
static void a_writer_waits_ten_seconds(void **state)
{
	struct store *s;

	(void)state;
	(void)store_fresh();
	s = store_again();
	assert_int_equal(store_number(s, store_on_postgresql()
					     ? "SELECT CAST(setting AS BIGINT) FROM pg_settings "
					       "WHERE name = 'lock_timeout'"
					     : "PRAGMA busy_timeout"),
	    10000);
	store_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(a_writer_waits_ten_seconds),
	    cmocka_unit_test(killed_at_any_moment), cmocka_unit_test(open_twice)};

	return cmocka_run_group_tests(tests, NULL, store_cleanup);
}
