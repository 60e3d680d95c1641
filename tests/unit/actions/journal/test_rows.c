/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of a journal: each operation once, with its outcome, whatever lies between the two. */
#include "tests/unit/client/deed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions/journal/rows.h"

static char rows[4096];

/* "n:what:rc " for each */
static void collect(void *arg, const json_t *row)
{
	const char *rc = json_string_value(json_object_get(row, "rc"));
	size_t used = strlen(rows);

	(void)arg;
	assert_null(json_object_get(row, "phase"));
	assert_null(json_object_get(row, "prev"));
	assert_null(json_object_get(row, "mac"));
	snprintf(rows + used, sizeof rows - used, "%d:%s:%s ",
	    (int)json_integer_value(json_object_get(row, "n")),
	    json_string_value(json_object_get(row, "what")), rc ? rc : "-");
}

static const char *shown(struct deed *d, const char *since, const char *serial)
{
	rows[0] = 0;
	assert_int_equal(journal_rows(d->dir, since, serial, collect, NULL), ECERT_OK);
	return rows;
}

static void an_outcome_goes_to_its_own_intent(void **state)
{
	struct deed *d = *state;
	const struct journal_entry asked = {.phase = JOURNAL_INTENT,
	    .what = "sign",
	    .exe = "/bin/a",
	    .serial = "4711",
	    .ref = 0x9C};
	struct journal_entry done = {.phase = JOURNAL_OUTCOME,
	    .what = "sign",
	    .exe = "/bin/a",
	    .serial = "4711",
	    .ref = 0x9C};
	struct journal *j;
	uint64_t first, second, n;

	assert_int_equal(journal_open(d->dir, &j), ECERT_OK);
	assert_int_equal(journal_append(j, &asked, &first), ECERT_OK);
	assert_int_equal(journal_append(j, &asked, &second), ECERT_OK);
	assert_true(first == 2 && second == 3);
	done.intent = second;
	done.rc = ECERT_E_REMOVED;
	assert_int_equal(journal_append(j, &done, &n), ECERT_OK);
	done.intent = first;
	done.rc = ECERT_OK;
	assert_int_equal(journal_append(j, &done, &n), ECERT_OK);
	journal_close(&j);
	assert_string_equal(
	    shown(d, "", NULL), "1:start:- 2:sign:ECERT_OK 3:sign:ECERT_E_REMOVED ");
}

/* What nobody writes, and a hand that meddles may: every operation is shown, and none twice. An
 * outcome is none. */
static void odd_lines_hide_nothing(void **state)
{
	struct deed *d = *state;

	deed_file(d, "journal.jsonl",
	    "{\"n\":1,\"phase\":\"event\",\"what\":\"start\"}\n"
	    "{\"n\":2,\"phase\":\"outcome\",\"of\":9,\"what\":\"sign\",\"rc\":\"X\"}\n"
	    "{\"n\":3,\"phase\":\"intent\",\"what\":\"login\"}\n"
	    "{\"n\":4,\"phase\":\"outcome\",\"of\":3,\"what\":\"login\",\"rc\":\"A\"}\n"
	    "{\"n\":5,\"phase\":\"outcome\",\"of\":3,\"what\":\"login\",\"rc\":\"B\"}\n"
	    "cut sh\n"
	    "{\"n\":6,\"phase\":\"intent\",\"what\":\"sign\"}\n"
	    "{\"n\":7,\"phase\":7,\"what\":7}\n");
	assert_string_equal(
	    shown(d, "", NULL), "1:start:- 3:login:A 0:unreadable:- 6:sign:- 7:(null):- ");
}

static void rows_are_chosen_by_time_and_token(void **state)
{
	struct deed *d = *state;

	deed_file(d, "journal.jsonl",
	    "{\"n\":1,\"phase\":\"event\",\"what\":\"token\",\"at\":\"2026-01-01T00:00:00Z\","
	    "\"serial\":\"00AB\"}\n"
	    "{\"n\":2,\"phase\":\"event\",\"what\":\"token\",\"at\":\"2026-02-01T00:00:00Z\","
	    "\"serial\":\"00AC\"}\n"
	    "{\"n\":3,\"phase\":\"event\",\"what\":\"token\"}\n");
	assert_string_equal(shown(d, "", "00ab"), "1:token:- ");
	assert_string_equal(shown(d, "2026-01-15T00:00:00", NULL), "2:token:- ");
	assert_string_equal(shown(d, "2026-01-01T00:00:00", "00AC"), "2:token:- ");
	assert_string_equal(shown(d, "", NULL), "1:token:- 2:token:- 3:token:- ");
}

static void no_journal_is_an_error(void **state)
{
	struct deed *d = *state;

	assert_int_equal(journal_rows(d->dir, "", NULL, collect, NULL), ECERT_E_NOT_FOUND);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, deed_bare, deed_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_outcome_goes_to_its_own_intent),
	    TEST(odd_lines_hide_nothing),
	    TEST(rows_are_chosen_by_time_and_token),
	    TEST(no_journal_is_an_error),
	};

	return cmocka_run_group_tests_name("actions: rows of the journal", tests, NULL, NULL);
}
