/* SPDX-License-Identifier: BSD-2-Clause */
/* What reaches the terminal: lines, errors and JSON with hostile text in them. */
#include "cli_support.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/terminal.h"

/* C0, DEL, C1 (CSI in UTF-8), an override, an isolate, a line separator, a tag. */
#define HOSTILE "\x1B[2J\x7F\xC2\x9B\xE2\x80\xAE\xE2\x81\xA6\xE2\x80\xA8\xF3\xA0\x81\x81"
#define ESCAPED "\\u001B[2J\\u007f\\u009b\\u202e\\u2066\\u2028\\udb40\\udc41"
#define CHINESE "\xE9\xA6\x99\xE6\xB8\xAF"

static char said[8192];

struct capture {
	int fd, kept;
	const char *path;
};

static struct capture begin(void **state, int fd)
{
	struct capture c = {fd, dup(fd), in_folder(state, "said")};
	int to = open(c.path, O_CREAT | O_TRUNC | O_WRONLY, 0600);

	assert_true(to >= 0 && c.kept >= 0);
	fflush(stdout);
	dup2(to, fd);
	close(to);
	return c;
}

static const char *end(const struct capture *c)
{
	fflush(stdout);
	dup2(c->kept, c->fd);
	close(c->kept);
	assert_true(get_file(c->path, said, sizeof said) >= 0);
	return said;
}

static void lines_steer_nothing(void **state)
{
	struct cli c = {.job.slot_id = -1};
	const struct ui ui = {&terminal_calls, &c};
	struct capture cap = begin(state, STDOUT_FILENO);

	cli_say(&c, "%s and %s", CHINESE, "a\n" HOSTILE "b");
	assert_string_equal(end(&cap), CHINESE " and a??[2J????????????????b\n");
	cap = begin(state, STDERR_FILENO);
	ui_note(&ui, MSG("{text}", P_TEXT("text", HOSTILE)));
	assert_string_equal(end(&cap), "?[2J????????????????\n");
	cap = begin(state, STDERR_FILENO);
	assert_int_equal(ui_fail(&ui, OUT_INPUT, "x", MSG("{text}\n", P_TEXT("text", "x\xC2\x9B")),
			     MSG("a\x1B")),
	    OUT_INPUT);
	assert_string_equal(end(&cap), "ecert: x???.\n       a?\n");
}

static void json_escapes_and_loses_nothing(void **state)
{
	struct cli c = {.job.slot_id = -1, .json = true};
	struct capture cap;
	json_t *back;

	cap = begin(state, STDOUT_FILENO);
	assert_int_equal(cli_json(&c, json_pack("{s:s, s:{s:i}}", "name", CHINESE HOSTILE, "deep",
					  "key" HOSTILE, 1)),
	    OUT_OK);
	end(&cap);
	assert_non_null(strstr(said, "\"name\": \"" CHINESE ESCAPED "\""));
	assert_non_null(strstr(said, "\"key" ESCAPED "\": 1"));
	back = json_loads(said, 0, NULL);
	assert_string_equal(json_string_value(json_object_get(back, "name")), CHINESE HOSTILE);
	json_decref(back);
}

static void errors_in_json(void **state)
{
	struct cli c = {.job.slot_id = -1, .json = true};
	const struct ui ui = {&terminal_calls, &c};
	struct capture cap = begin(state, STDOUT_FILENO);

	assert_int_equal(ui_fail(&ui, OUT_INPUT, "bad-name",
			     MSG("{text} is bad", P_TEXT("text", CHINESE HOSTILE)), NULL),
	    OUT_INPUT);
	end(&cap);
	assert_non_null(strstr(said, "\"message\": \"" CHINESE ESCAPED " is bad\""));
	assert_non_null(strstr(said, "\"reason\": \"bad-name\""));
	assert_non_null(strstr(said, "\"hint\": \"\""));
	cap = begin(state, STDOUT_FILENO);
	assert_int_equal(ui_fail_rc(&ui, ECERT_E_IO,
			     MSG("Cannot read {text}: {why}", P_TEXT("text", "caf\xE9"))),
	    OUT_IO);
	end(&cap);
	assert_non_null(strstr(said, "\"message\": \"Cannot read caf\\\\xe9: "));
	assert_non_null(strstr(said, "\"reason\": \"io\""));
}

static void names_that_are_no_text(void **state)
{
	json_t *o = cli_json_text("caf\xE9 " CHINESE);

	(void)state;
	assert_string_equal(json_string_value(o), "caf\\xe9 " CHINESE);
	json_decref(o);
	o = cli_json_text("");
	assert_string_equal(json_string_value(o), "");
	json_decref(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(lines_steer_nothing, folder_make, folder_remove),
	    cmocka_unit_test_setup_teardown(
		json_escapes_and_loses_nothing, folder_make, folder_remove),
	    cmocka_unit_test_setup_teardown(errors_in_json, folder_make, folder_remove),
	    cmocka_unit_test(names_that_are_no_text),
	};

	return cmocka_run_group_tests_name("cli: telling", tests, NULL, NULL);
}
