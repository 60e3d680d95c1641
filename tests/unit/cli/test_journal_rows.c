/* SPDX-License-Identifier: BSD-2-Clause */
/* Operations of the journal with their outcomes, in order, and what verify says of a broken one. */
#include "cli_support.h"

#include <stdio.h>
#include <string.h>

#include "actions/journal/judge.h"
#include "actions/journal/rows.h"
#include "cli/cli.h"

static struct cli quiet = {.quiet = true};
static char rows[4096];

/* "n:what:rc " for each */
static void collect(void *arg, const json_t *row)
{
	const char *rc = json_string_value(json_object_get(row, "rc"));
	size_t used = strlen(rows);

	(void)arg;
	assert_null(json_object_get(row, "mac"));
	snprintf(rows + used, sizeof rows - used, "%d:%s:%s ",
	    (int)json_integer_value(json_object_get(row, "n")),
	    json_string_value(json_object_get(row, "what")), rc ? rc + strlen("ECERT_") : "-");
}

static uint64_t put(
    struct journal *j, enum journal_phase phase, const char *what, uint64_t of, const char *serial)
{
	struct journal_entry e = {.phase = phase,
	    .what = what,
	    .intent = of,
	    .rc = of ? ECERT_E_PIN_WRONG : ECERT_OK,
	    .pid = 1,
	    .exe = "/bin/\"\\x\001",
	    .serial = serial,
	    .ref = 0x9C};
	uint64_t n;

	assert_int_equal(journal_append(j, &e, &n), ECERT_OK);
	return n;
}

static const char *shown(const char *dir, const char *since, const char *serial)
{
	rows[0] = 0;
	assert_int_equal(journal_rows(dir, since, serial, collect, NULL), ECERT_OK);
	return rows;
}

static void joined(void **state)
{
	struct journal *j;

	assert_int_equal(journal_open(*state, &j), ECERT_OK);
	assert_int_equal(put(j, JOURNAL_INTENT, "login", 0, "A"), 2);
	assert_int_equal(put(j, JOURNAL_INTENT, "sign", 0, "B"), 3); /* another reader's */
	put(j, JOURNAL_OUTCOME, "sign", 3, "B");
	put(j, JOURNAL_EVENT, "token", 0, "A");
	put(j, JOURNAL_OUTCOME, "login", 2, "A");
	put(j, JOURNAL_INTENT, "decrypt", 0, "A"); /* 7: killed here */
	journal_close(&j);
	assert_int_equal(journal_open(*state, &j), ECERT_OK);
	put(j, JOURNAL_INTENT, "sign", 0, "A"); /* 9: and here */
	journal_close(&j);
	assert_string_equal(shown(*state, "", NULL),
	    "1:start:- 2:login:E_PIN_WRONG 3:sign:E_PIN_WRONG 5:token:- 7:decrypt:- 8:start:- "
	    "9:sign:- ");
	assert_string_equal(shown(*state, "", "B"), "3:sign:E_PIN_WRONG ");
	assert_string_equal(shown(*state, "2000-01-01T00:00:00", "b"), "3:sign:E_PIN_WRONG ");
	assert_string_equal(shown(*state, "9999-01-01T00:00:00", NULL), "");
	assert_int_equal(journal_rows("/nonexistent", "", NULL, collect, NULL), ECERT_E_NOT_FOUND);
}

static void unreadable(void **state)
{
	static const char text[] =
	    "{\"n\":1,\"phase\":\"event\",\"what\":\"start\"}\nrubbish\n[]\n";

	put_file(in_folder(state, "journal.jsonl"), text, strlen(text));
	assert_string_equal(shown(*state, "", NULL), "1:start:- 0:unreadable:- 0:unreadable:- ");
}

static void told(void **state)
{
	struct journal_judged r;
	struct journal *j;
	char file[8192];
	long n;

	assert_int_equal(journal_judge(&quiet.job, *state, rd_of(NULL, 0), &r), OUT_IO);
	assert_int_equal(journal_open(*state, &j), ECERT_OK);
	put(j, JOURNAL_EVENT, "token", 0, "A");
	journal_close(&j);
	assert_int_equal(journal_judge(&quiet.job, *state, rd_of(NULL, 0), &r), OUT_OK);
	assert_string_equal(r.dir, *state);
	assert_true(r.right);
	assert_int_equal(journal_tell(&quiet.job, &r), OUT_OK);
	n = get_file(in_folder(state, "journal.jsonl"), file, sizeof file);
	strstr(file, "token")[0] ^= 1;
	put_file(in_folder(state, "journal.jsonl"), file, (size_t)n);
	assert_int_equal(journal_judge(&quiet.job, *state, rd_of(NULL, 0), &r), OUT_OK);
	assert_false(r.right);
	assert_int_equal(r.report.bad, 2);
	assert_int_equal(journal_tell(&quiet.job, &r), OUT_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(joined, folder_make, folder_remove),
	    cmocka_unit_test_setup_teardown(unreadable, folder_make, folder_remove),
	    cmocka_unit_test_setup_teardown(told, folder_make, folder_remove),
	};

	return cmocka_run_group_tests_name("journal rows", tests, NULL, NULL);
}
