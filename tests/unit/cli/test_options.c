/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables: commands, their options, exit codes; and how a line becomes parameters. */
#include "cli_support.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options.h"

struct params {
	const char *output;
	struct strlist many;
	long number, count;
	bool flag;
};

static const struct opt opts[] = {
    {"output", 'o', OPT_STR, "FILE", offsetof(struct params, output), "x"},
    {"many", 0, OPT_LIST, "X", offsetof(struct params, many), "x"},
    {"number", 'n', OPT_INT, "N", offsetof(struct params, number), "x"},
    {"count", 0, OPT_COUNT, "N", offsetof(struct params, count), "x"},
    {"flag", 'f', OPT_FLAG, NULL, offsetof(struct params, flag), "x"}, {0}};
static const struct command test = {
    "test", NULL, "FILE...", 1, 3, "test", "", opts, sizeof(struct params), NULL};

static void a_line_becomes_parameters(void **state)
{
	char *argv[] = {"ecert test", "-o", "out", "a", "--many=1", "--json", "--many", "2", "-n7",
	    "b", "--token", "T", "-f", "--", "-c", NULL};
	struct params p = {.flag = false};
	struct cli c = {.job.slot_id = -1};
	struct strlist args = {0};

	(void)state;
	assert_int_equal(options_parse(&test, &c, &p, 15, argv, &args), OUT_OK);
	assert_string_equal(p.output, "out");
	assert_int_equal(p.many.n, 2);
	assert_string_equal(p.many.v[1], "2");
	assert_int_equal(p.number, 7);
	assert_true(p.flag);
	assert_true(c.json);
	assert_string_equal(c.job.token, "T");
	assert_int_equal(c.job.slot_id, -1);
	assert_int_equal(args.n, 3);
	assert_string_equal(args.v[2], "-c");
	options_free(opts, &p);
	assert_null(p.many.v);
	/* out a 1 2 T b -c: each may name a file that the command reads. */
	assert_int_equal(c.job.reads.n, 7);
	free(c.job.reads.v);
	free(args.v);
}

static void common_options_stop_at_the_group(void **state)
{
	char *argv[] = {"ecert", "--json", "-t", "T", "sign", "--output", "x", NULL};
	struct cli c = {.job.slot_id = -1};

	(void)state;
	assert_int_equal(options_common(&c, 7, argv), 4);
	assert_true(c.json);
	assert_string_equal(c.job.token, "T");
	assert_int_equal(options_common(&c, 4, argv), 4);
	free(c.job.reads.v);
}

/* No two options of a command share a name or letter, its own nor with the common ones. */
static void check_options(const struct opt *own, const struct opt *other)
{
	for (const struct opt *a = own; a && a->name; a++) {
		assert_non_null(a->doc);
		assert_int_equal(a->arg == NULL, a->type == OPT_FLAG);
		for (const struct opt *b = other; b->name; b++) {
			if (a == b)
				continue;
			assert_string_not_equal(a->name, b->name);
			assert_false(a->letter && a->letter == b->letter);
		}
	}
}

static void the_table_of_commands(void **state)
{
	size_t n = 0;

	(void)state;
	check_options(global_opts, global_opts);
	for (const struct command *const *t = commands; *t; t++) {
		for (const struct command *cmd = *t; cmd->group; cmd++, n++) {
			assert_string_equal(cmd->group, (*t)->group);
			assert_non_null(cmd->run);
			assert_true(cmd->min_args <= cmd->max_args);
			assert_int_equal(cmd->max_args == 0, cmd->args[0] == 0);
			assert_true(islower((unsigned char)cmd->summary[0]));
			assert_int_not_equal(cmd->summary[strlen(cmd->summary) - 1], '.');
			assert_non_null(strstr(cmd->teach, "Example"));
			if (cmd->opts) {
				check_options(cmd->opts, cmd->opts);
				check_options(cmd->opts, global_opts);
			}
		}
	}
	assert_true(n > 15);
}

static void exit_codes(void **state)
{
	size_t n;
	const struct exit_row *rows = exit_rows(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		assert_ptr_equal(exit_row(rows[i].code), &rows[i]);
		assert_int_equal(rows[i].meaning[strlen(rows[i].meaning) - 1], '.');
		for (size_t k = 0; k < i; k++) {
			assert_true(rows[k].code < rows[i].code);
			assert_string_not_equal(rows[k].name, rows[i].name);
		}
	}
	/* Scripts rely on these numbers. */
	assert_int_equal(OUT_OK, 0);
	assert_int_equal(OUT_INVALID, 1);
	assert_int_equal(OUT_USAGE, 2);
	assert_int_equal(OUT_NO_TOKEN, 3);
	assert_int_equal(OUT_PIN, 4);
	assert_int_equal(OUT_REFUSED, 5);
	assert_int_equal(OUT_IO, 6);
	assert_int_equal(OUT_CARD, 7);
	assert_int_equal(OUT_INPUT, 8);
	assert_int_equal(OUT_INTERNAL, 9);
}

static void each_failure_has_its_code_and_advice(void **state)
{
	(void)state;
	assert_int_equal(outcome_of_rc(ECERT_OK), OUT_OK);
	for (int rc = 1; rc < ECERT_RC_COUNT; rc++) {
		const char *hint = next_of_rc((enum ecert_rc)rc);

		assert_int_not_equal(outcome_of_rc((enum ecert_rc)rc), OUT_OK);
		assert_non_null(hint);
		if (hint[0])
			assert_int_equal(hint[strlen(hint) - 1], '.');
	}
	assert_int_equal(outcome_of_rc((enum ecert_rc)9999), OUT_INTERNAL);
	assert_int_equal(outcome_of_rc(ECERT_E_PIN_BLOCKED), OUT_PIN);
	assert_int_equal(outcome_of_rc(ECERT_E_NO_SERVICE), OUT_NO_TOKEN);
	assert_int_equal(outcome_of_rc(ECERT_E_REMOVED), OUT_CARD);
	assert_int_equal(outcome_of_rc(ECERT_E_BAD_SIGNATURE), OUT_INVALID);
}

static void hostile_text_is_cleaned(void **state)
{
	char small[4], out[CLI_CLEAN];

	(void)state;
	assert_string_equal(cli_clean("a\x1b[31mb\n\x7f", out), "a?[31mb??");
	assert_string_equal(cli_clean(NULL, out), "");
	assert_string_equal(
	    cli_clean("caf\xE9 \xC3\xA9 \xE9\xBB\x83", out), "caf? \xC3\xA9 \xE9\xBB\x83");
	assert_string_equal(cli_clean("\xC0\x80 \xED\xA0\x80 \xC2\x9B", out), "?? ??? ??");
	assert_string_equal(cli_clean("cut \xE9\xBB", out), "cut ??");
	text_copy(small, sizeof small, "abcdef");
	assert_string_equal(small, "abc");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_line_becomes_parameters),
	    cmocka_unit_test(common_options_stop_at_the_group),
	    cmocka_unit_test(the_table_of_commands),
	    cmocka_unit_test(exit_codes),
	    cmocka_unit_test(each_failure_has_its_code_and_advice),
	    cmocka_unit_test(hostile_text_is_cleaned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
