/* SPDX-License-Identifier: BSD-2-Clause */
/* PIN sources: what the options mean, and what comes out of files and variables. */
#include "cli_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/pin.h"

static const struct message title = MSG_INIT("test");
static const struct pin_ask ask = {.title = &title, .prompt = "PIN"};

static void sources_are_named(void **state)
{
	static const struct {
		const char *text;
		enum ecert_rc rc;
		enum pin_kind kind;
		const char *arg;
	} rows[] = {
	    {NULL, ECERT_OK, PIN_PROMPT, NULL},
	    {"prompt", ECERT_OK, PIN_PROMPT, NULL},
	    {"pinentry", ECERT_OK, PIN_PINENTRY, NULL},
	    {"env:X", ECERT_OK, PIN_ENV, "X"},
	    {"file:/a b", ECERT_OK, PIN_FILE, "/a b"},
	    {"env:", ECERT_E_ARG, PIN_PROMPT, NULL},
	    {"file:", ECERT_E_ARG, PIN_PROMPT, NULL},
	    {"", ECERT_E_ARG, PIN_PROMPT, NULL},
	    {"123456", ECERT_E_ARG, PIN_PROMPT, NULL},
	    {"promptly", ECERT_E_ARG, PIN_PROMPT, NULL},
	    {"pinentry:x", ECERT_E_ARG, PIN_PROMPT, NULL},
	    {"Env:X", ECERT_E_ARG, PIN_PROMPT, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct pin_source src;

		assert_int_equal(pin_source_parse(rows[i].text, &src), rows[i].rc);
		if (rows[i].rc)
			continue;
		assert_int_equal(src.kind, rows[i].kind);
		if (rows[i].arg)
			assert_string_equal(src.arg, rows[i].arg);
		else
			assert_null(src.arg);
	}
}

static enum ecert_rc from(enum pin_kind kind, const char *arg, char *out)
{
	struct pin_source src = {kind, arg};
	struct pin pin;
	enum ecert_rc rc = pin_get(NULL, &src, &ask, &pin);

	out[0] = 0;
	if (!rc)
		memcpy(out, pin.text, pin.n + 1);
	else
		assert_null(pin.text);
	pin_free(&pin);
	assert_null(pin.text);
	return rc;
}

static void from_a_variable(void **state)
{
	char got[PIN_TEXT_MAX + 1], large[PIN_TEXT_MAX + 2];

	(void)state;
	setenv("ECERT_TEST_PIN", "248163", 1);
	assert_int_equal(from(PIN_ENV, "ECERT_TEST_PIN", got), ECERT_OK);
	assert_string_equal(got, "248163");
	setenv("ECERT_TEST_PIN", "", 1);
	assert_int_equal(from(PIN_ENV, "ECERT_TEST_PIN", got), ECERT_E_PIN_FORMAT);
	unsetenv("ECERT_TEST_PIN");
	assert_int_equal(from(PIN_ENV, "ECERT_TEST_PIN", got), ECERT_E_NOT_FOUND);
	memset(large, '1', sizeof large - 1);
	large[sizeof large - 1] = 0;
	setenv("ECERT_TEST_PIN", large, 1);
	assert_int_equal(from(PIN_ENV, "ECERT_TEST_PIN", got), ECERT_E_TOO_LARGE);
	unsetenv("ECERT_TEST_PIN");
}

static void from_a_file(void **state)
{
	static const struct {
		const char *content, *want;
		enum ecert_rc rc;
	} rows[] = {
	    {"248163", "248163", ECERT_OK},
	    {"248163\n", "248163", ECERT_OK},
	    {"248163\r\n", "248163", ECERT_OK},
	    {"248163\nand a remark\n", "248163", ECERT_OK},
	    {" 248163 \n", " 248163 ", ECERT_OK},
	    {"", "", ECERT_E_PIN_FORMAT},
	    {"\n248163\n", "", ECERT_E_PIN_FORMAT},
	};
	char got[PIN_TEXT_MAX + 1];
	const char *path = in_folder(state, "pin");

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		put_file(path, rows[i].content, strlen(rows[i].content));
		assert_int_equal(from(PIN_FILE, path, got), rows[i].rc);
		assert_string_equal(got, rows[i].want);
	}
	assert_int_equal(from(PIN_FILE, in_folder(state, "none"), got), ECERT_E_IO);
	assert_int_equal(from(PIN_FILE, (const char *)*state, got), ECERT_E_IO);
}

static void a_file_at_the_limit(void **state)
{
	char text[PIN_TEXT_MAX + 64], got[PIN_TEXT_MAX + 1];
	const char *path = in_folder(state, "pin");

	memset(text, 'x', sizeof text);
	put_file(path, text, PIN_TEXT_MAX);
	assert_int_equal(from(PIN_FILE, path, got), ECERT_OK);
	assert_int_equal(strlen(got), PIN_TEXT_MAX);
	text[PIN_TEXT_MAX] = '\n';
	put_file(path, text, PIN_TEXT_MAX + 1);
	assert_int_equal(from(PIN_FILE, path, got), ECERT_OK);
	text[PIN_TEXT_MAX] = 'x';
	put_file(path, text, PIN_TEXT_MAX + 1);
	assert_int_equal(from(PIN_FILE, path, got), ECERT_E_TOO_LARGE);
	put_file(path, text, sizeof text);
	assert_int_equal(from(PIN_FILE, path, got), ECERT_E_TOO_LARGE);
}

static void an_empty_pin_is_not_a_keypad(void **state)
{
	struct pin pin = {.text = NULL};

	(void)state;
	assert_non_null(pin_view(&pin).p);
	assert_int_equal(pin_view(&pin).n, 0);
}

static void setting_again_wipes(void **state)
{
	struct pin pin = {.text = NULL};

	(void)state;
	assert_int_equal(pin_set(&pin, rd_of("87654321", 8)), ECERT_OK);
	assert_int_equal(pin_set(&pin, rd_of("123", 3)), ECERT_OK);
	assert_memory_equal(pin.text, "123\0\0\0\0\0", 8);
	pin_free(&pin);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sources_are_named),
	    cmocka_unit_test(from_a_variable),
	    cmocka_unit_test_setup_teardown(from_a_file, folder_make, folder_remove),
	    cmocka_unit_test_setup_teardown(a_file_at_the_limit, folder_make, folder_remove),
	    cmocka_unit_test(an_empty_pin_is_not_a_keypad),
	    cmocka_unit_test(setting_again_wipes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
