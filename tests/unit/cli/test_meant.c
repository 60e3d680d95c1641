/* SPDX-License-Identifier: BSD-2-Clause */
/* What was meant by a command, an option or a value that there is not. */
#include "cli_support.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cli/help/meant.h"
#include "cli/help/near.h"
#include "cli/options.h"

#define HINT_MAX 320

static const char *said(const struct message *m, char out[HINT_MAX])
{
	char *words = message_string(m, NULL);

	snprintf(out, HINT_MAX, "%s", words);
	message_free(words);
	return out;
}

static void distances(void **state)
{
	static const struct {
		const char *a, *b;
		size_t want;
	} rows[] = {{"", "", 0}, {"sign", "sign", 0}, {"SIGN", "sign", 0}, {"sgin", "sign", 1},
	    {"sig", "sign", 1}, {"signn", "sign", 1}, {"sing", "sign", 1}, {"", "abc", 3},
	    {"kitten", "sitting", 3}, {"ca", "abc", 3}, {"revfiy", "verify", 3},
	    {"trustmrak", "trustmark", 1}};
	char large[70];

	(void)state;
	memset(large, 'a', sizeof large - 1);
	large[sizeof large - 1] = 0;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(near_distance(rows[i].a, rows[i].b), rows[i].want);
		assert_int_equal(near_distance(rows[i].b, rows[i].a), rows[i].want);
	}
	assert_true(near_distance(large, "a") == (size_t)-1);
	assert_int_equal(near_distance(large + 6, "a"), 62);
}

static const char *nearest(const char *typed, const char *a, const char *b)
{
	struct near n = {.typed = typed};

	near_try(&n, a);
	near_try(&n, b);
	return n.best ? n.best : "";
}

static void only_what_is_near(void **state)
{
	(void)state;
	assert_string_equal(nearest("tokn", "token", "pin"), "token");
	assert_string_equal(nearest("tkn", "token", "pin"), "");
	assert_string_equal(nearest("9b", "9a", "9c"), "");
	assert_string_equal(nearest("verfiy", "veri", "verify"), "verify");
	assert_string_equal(nearest("sin", "pin", "sign"), "sign");
	assert_string_equal(nearest("sin", "sign", "pin"), "sign");
	assert_string_equal(nearest("jour", "token", "journal"), "journal");
	assert_string_equal(nearest("frobnicate", "certificate", "journal"), "");
	assert_string_equal(nearest("", "a", "ab"), "");
}

static void commands_that_were_meant(void **state)
{
	static const struct {
		const char *group, *name, *want;
	} rows[] = {
	    {"tokens", NULL, "token list"},
	    {"Tokens", "--json", "token list"},
	    {"certificate", NULL, "cert list"},
	    {"list", NULL, "token list"},
	    {"init", NULL, "token init"},
	    {"version", NULL, "--version"},
	    {"renew", NULL, "trustmark renew"},
	    {"sgin", "invoice.pdf", "sign"},
	    {"verfy", "a.p7s", "verify"},
	    {"tokne", "list", "token list"},
	    {"tokne", "lsit", "token list"},
	    {"tokne", NULL, "token"},
	    {"token", "lsit", "token list"},
	    {"token", "intit", "token init"},
	    {"token", "show", "token info"},
	    {"pin", "reset", "pin unblock"},
	    {"token", "sign", "sign"},
	    {"token", "generate", "key generate"},
	    {"generate", NULL, "key generate"},
	    {"reconcile", NULL, "journal reconcile"},
	    {"token-list", NULL, "token list"},
	    {"keylist", NULL, "key list"},
	    {"certificat", NULL, "cert list"},
	    {"hepl", NULL, "help"},
	    {"frobnicate", NULL, NULL},
	    {"token", "frobnicate", NULL},
	    {"x", "y", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char hint[HINT_MAX], want[HINT_MAX];
		struct meant meant;

		if (rows[i].want)
			snprintf(want, sizeof want, "Did you mean `ecert %s`? See `ecert help`.",
			    rows[i].want);
		else
			snprintf(want, sizeof want, "See `ecert help`.");
		assert_string_equal(
		    said(meant_command(rows[i].group, rows[i].name, &meant), hint), want);
	}
}

static const struct command *command(const char *full)
{
	for (const struct command *const *t = commands; *t; t++)
		for (const struct command *cmd = *t; cmd->group; cmd++) {
			char name[64];

			snprintf(name, sizeof name, "%s%s%s", cmd->group, cmd->name ? " " : "",
			    cmd->name ? cmd->name : "");
			if (!strcmp(name, full))
				return cmd;
		}
	return NULL;
}

/* Other words name what there is, and are none of its names. */
static void the_tables_of_other_words(void **state)
{
	(void)state;
	for (const struct synonym *s = command_synonyms; s->typed; s++) {
		assert_null(command(s->typed));
		if (strcmp(s->meant, "--version") != 0 && strcmp(s->meant, "help exit-codes") != 0)
			assert_non_null(command(s->meant));
		for (const struct synonym *other = s + 1; other->typed; other++)
			assert_int_not_equal(strcasecmp(s->typed, other->typed), 0);
	}
	for (const struct synonym *s = option_synonyms; s->typed; s++) {
		assert_true(opt_anywhere(s->meant) || opt_by_name(NULL, s->meant));
		assert_null(opt_by_name(NULL, s->typed));
	}
}

static void options_that_were_meant(void **state)
{
	char hint[HINT_MAX];
	struct meant meant;

	(void)state;
	assert_string_equal(said(meant_option(command("sign"), "ouput", &meant), hint),
	    "Did you mean --output? `ecert sign --help` lists the options.");
	assert_string_equal(said(meant_option(command("sign"), "jsno", &meant), hint),
	    "Did you mean --json? `ecert sign --help` lists the options.");
	assert_string_equal(said(meant_option(command("verify"), "cafile", &meant), hint),
	    "Did you mean --anchor? `ecert verify --help` lists the options.");
	assert_string_equal(said(meant_option(command("token list"), "cafile", &meant), hint),
	    "`ecert token list --help` lists the options.");
	assert_string_equal(said(meant_option(NULL, "output", &meant), hint),
	    "It stands behind the command that has it.");
	assert_string_equal(said(meant_option(NULL, "tokn", &meant), hint),
	    "Did you mean --token? `ecert help` lists what stands here.");
}

/* A line is told of before argp sees it. */
static enum outcome told(const char *name, int argc, char **argv)
{
	const struct cli c = {.job.slot_id = -1, .quiet = true};

	return options_told(name ? command(name) : NULL, &c, argc, argv);
}

static void values_and_files_are_no_options(void **state)
{
	char *good[] = {"sign", "-o", "--outptu", "--alg", "--x", "--alg=RS256", "-fo", "--y", "-j",
	    "file", "--", "--outptu", NULL};
	char *bad[] = {"sign", "-o", "out", "file", "--outptu", "x", NULL};
	char *attached[] = {"sign", "-oout", "--outptu", NULL};
	char *common[] = {
	    "ecert", "-t", "--x", "--slot-id", "--y", "--json", "sign", "--outptu", NULL};

	(void)state;
	assert_int_equal(told("sign", 12, good), OUT_OK);
	assert_int_equal(told("sign", 6, bad), OUT_USAGE);
	assert_int_equal(told("sign", 3, attached), OUT_USAGE);
	assert_int_equal(told(NULL, 8, common), OUT_OK);
	common[6] = "--jsno";
	assert_int_equal(told(NULL, 8, common), OUT_USAGE);
}

static const char *value_hint(
    const char *cmd, const char *option, const char *typed, const char *message, char out[HINT_MAX])
{
	struct cli c = {.job.slot_id = -1};
	struct message next;

	meant_value(&c, cmd, opt_by_name(command(*cmd ? cmd : "sign"), option), typed);
	return said(meant_next(&c, message, MSG("Rest."), &next), out);
}

static void values_that_were_meant(void **state)
{
	char hint[HINT_MAX];

	(void)state;
	assert_string_equal(value_hint("sign", "alg", "RS265", "There is no 'RS265'", hint),
	    "Did you mean 'RS256'? Rest.");
	assert_string_equal(value_hint("verify", "level", "atested", "--level takes these", hint),
	    "Did you mean 'attested'? Rest.");
	assert_string_equal(
	    value_hint("", "pin-source", "pinetry", "--pin-source takes these", hint),
	    "Did you mean 'pinentry'? Rest.");
	/* another matter */
	assert_string_equal(value_hint("sign", "alg", "RS265", "There is no file", hint), "Rest.");
	/* right as it is, in other letters */
	assert_string_equal(value_hint("sign", "alg", "rs-256", "--alg", hint), "Rest.");
	/* nothing is near */
	assert_string_equal(value_hint("sign", "alg", "ecdsa", "--alg", hint), "Rest.");
	/* free text */
	assert_string_equal(value_hint("sign", "output", "prompt", "--output", hint), "Rest.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(distances),
	    cmocka_unit_test(only_what_is_near),
	    cmocka_unit_test(commands_that_were_meant),
	    cmocka_unit_test(the_tables_of_other_words),
	    cmocka_unit_test(options_that_were_meant),
	    cmocka_unit_test(values_and_files_are_no_options),
	    cmocka_unit_test(values_that_were_meant),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
