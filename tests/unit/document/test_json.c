/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of JSON from outside: what editors put around it, and numbers that stay as written. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "document/json.h"

static struct rd text_of(const char *s)
{
	return rd_of(s, strlen(s));
}

static void what_stands_around_it(void **state)
{
	static const char *const good[] = {
	    "{}", "\xEF\xBB\xBF{}", " {} ", "\r\n\t{}\r\n", "\xEF\xBB\xBF \n{}\n \t"};
	static const char *const bad[] = {"", "\xEF\xBB\xBF", "\xEF\xBB{}",
	    "\xEF\xBB\xBF\xEF\xBB\xBF{}", "{}\xEF\xBB\xBF", "{} x", "\v{}"};
	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		json_t *v = json_read(text_of(good[i]), NULL);
		assert_true(json_is_object(v));
		json_decref(v);
		struct rd t = json_trim(text_of(good[i]));
		assert_true(rd_equal(t, text_of("{}")));
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_null(json_read(text_of(bad[i]), NULL));
	assert_int_equal(json_trim(text_of(" \n ")).n, 0);
	assert_int_equal(json_trim(rd_of(NULL, 0)).n, 0);
}

static void utf16_is_named(void **state)
{
	static const uint8_t texts[][6] = {
	    {0xFF, 0xFE, '{', 0, '}', 0}, {0xFE, 0xFF, 0, '{', 0, '}'}, {'{', 0, '}', 0, ' ', 0}};
	json_error_t err;
	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		assert_null(json_read(rd_of(texts[i], sizeof texts[i]), &err));
		assert_non_null(strstr(err.text, "UTF-16"));
		assert_null(json_read(rd_of(texts[i], sizeof texts[i]), NULL));
	}
}

static void lines_are_counted_behind_the_mark(void **state)
{
	json_error_t err;
	(void)state;
	assert_null(json_read(text_of("\xEF\xBB\xBF{\n\"a\": x}"), &err));
	assert_int_equal(err.line, 2);
}

static void numbers_stay_as_written(void **state)
{
	static const struct {
		const char *in, *out;
	} row[] = {
	    {"[97.4]", "[97.4]"},
	    {"[0.1,0.2,0.30000000000000004]", "[0.1,0.2,0.30000000000000004]"},
	    {"[-97.4,5.0,1e22,1.5e-7]", "[-97.4,5.0,1e22,1.5e-7]"},
	    {"[97.40]", "[97.4]"},
	    {"[9007199254740993]", "[9007199254740993]"},
	    {"[-9223372036854775808,9223372036854775807,0]",
		"[-9223372036854775808,9223372036854775807,0]"},
	    {"[5e-324,1.7976931348623157e308]", "[5e-324,1.7976931348623157e308]"},
	    {"[\"97.400000000000006 \\\" 1e5\",97.4]", "[\"97.400000000000006 \\\" 1e5\",97.4]"},
	    {"{\"1.10\":{\"b\\\\\":[1.1,{}]}}", "{\"1.10\":{\"b\\\\\":[1.1,{}]}}"},
	    {"[123456.7,1234567890123.25]", "[123456.7,1234567890123.25]"},
	    {"[100.0,1e2]", "[100.0,100.0]"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		json_t *v = json_read(text_of(row[i].in), NULL);
		char *text = json_text(v, JSON_COMPACT);
		if (strcmp(text, row[i].out) != 0)
			fail_msg("%s became %s", row[i].in, text);
		json_t *again = json_read(text_of(text), NULL);
		assert_true(json_equal(v, again));
		json_decref(again);
		free(text);
		json_decref(v);
	}
}

static void what_would_be_lost_is_found(void **state)
{
	static const struct {
		const char *json, *lost;
	} row[] = {
	    {"[97.4]", NULL},
	    {"[97.40, 1.0, 100.0, 1e2, 0.0, -0.0, 0e5, 1E+2, 12.50e-3]", NULL},
	    {"[0.30000000000000004]", NULL},
	    {"[\"1e-400\", \"x\\\"1e-400\"]", NULL},
	    {"[12345678901234567890]", NULL}, /* the reader refuses it */
	    {"[1, 0.1234567890123456789]", "0.1234567890123456789"},
	    {"[1e-400]", "1e-400"},
	    {"{\"a\": [\"1.5\", 97.40000000000000001]}", "97.40000000000000001"},
	    {"[123456789012345678.9]", "123456789012345678.9"},
	    {"[1e999999999999999999999]", "1e999999999999999999999"},
	};
	char number[64];
	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		number[0] = 0;
		bool lost = json_number_lost(text_of(row[i].json), number, sizeof number);
		if (lost != (row[i].lost != NULL) || strcmp(number, row[i].lost ? row[i].lost : ""))
			fail_msg("%s: %s", row[i].json, lost ? number : "nothing is lost");
	}
}

static void what_cannot_be_kept_is_refused(void **state)
{
	static const char *const texts[] = {"[1e400]", "[-1e400]", "[12345678901234567890]",
	    "[9223372036854775808]", "[01]", "[.5]", "[1.]", "[+1]", "[NaN]"};
	json_error_t err;
	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		assert_null(json_read(text_of(texts[i]), &err));
		assert_true(err.text[0]);
	}
}

static void a_moment_that_is_not_known_is_null(void **state)
{
	json_t *t = json_time(0);
	(void)state;
	assert_true(json_is_null(t));
	json_decref(t);
	t = json_time(1795934243);
	assert_int_equal(json_integer_value(t), 1795934243);
	json_decref(t);
}

static void a_text_that_may_be_shown(void **state)
{
	json_t *o = json_read(text_of("{\"a\": \"abc\", \"n\": 1, \"esc\": \"\\u001b\"}"), NULL);
	char four[4], three[3];
	(void)state;
	assert_true(json_shown(o, "a", four, sizeof four));
	assert_string_equal(four, "abc");
	assert_false(json_shown(o, "a", three, sizeof three));
	assert_string_equal(three, "");
	assert_false(json_shown(o, "n", four, sizeof four));
	assert_false(json_shown(o, "esc", four, sizeof four));
	assert_string_equal(four, "");
	assert_false(json_shown(o, "none", four, sizeof four));
	assert_false(json_shown(NULL, "a", four, sizeof four));
	json_decref(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_stands_around_it),
	    cmocka_unit_test(utf16_is_named),
	    cmocka_unit_test(lines_are_counted_behind_the_mark),
	    cmocka_unit_test(numbers_stay_as_written),
	    cmocka_unit_test(what_would_be_lost_is_found),
	    cmocka_unit_test(what_cannot_be_kept_is_refused),
	    cmocka_unit_test(a_moment_that_is_not_known_is_null),
	    cmocka_unit_test(a_text_that_may_be_shown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
