/* SPDX-License-Identifier: BSD-2-Clause */
/* One text of a JSON object: found, decoded, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "util/member.h"

static enum ecert_rc get(const char *json, const char *name, char *out, size_t cap)
{
	/* Read no further than its end: what is asked for stands behind it. */
	return member_text(rd_of(json, strlen(json)), name, out, cap);
}

static void a_text_is_found_however_the_object_is_laid_out(void **state)
{
	static const char *const good[] = {"{\"a\":\"x\"}",
	    "{\n  \"b\": \"a\",\n  \"a\": \"x\"\n}\n", " \t{ \"a\" : \"x\" , \"b\" : 1 } ",
	    "\xEF\xBB\xBF{\"a\":\"x\"}", "{\"b\":{\"a\":\"no\",\"c\":[1,\"}\"]},\"a\":\"x\"}",
	    "{\"b\":[],\"a\":\"x\"}", "{\"b\":null,\"c\":-1.5e3,\"a\":\"x\"}",
	    "{\"b\":\"\\\"a\\\": \\\"no\\\"\",\"a\":\"x\"}", "{\"\\u0061\":\"\\u0078\"}"};
	char out[2];

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		assert_int_equal(get(good[i], "a", out, sizeof out), ECERT_OK);
		assert_string_equal(out, "x");
	}
	assert_int_equal(get("{\"a\":\"\"}", "a", out, sizeof out), ECERT_OK);
	assert_string_equal(out, "");
}

static void escapes_mean_what_the_standard_says(void **state)
{
	char out[64];

	(void)state;
	assert_int_equal(
	    get("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}", "a", out, sizeof out), ECERT_OK);
	assert_string_equal(out, "\"\\/\b\f\n\r\t");
	assert_int_equal(
	    get("{\"a\":\"\\u00e9\\u5370\\uD83D\\uDD11\"}", "a", out, sizeof out), ECERT_OK);
	assert_string_equal(out, "\xC3\xA9\xE5\x8D\xB0\xF0\x9F\x94\x91");
	assert_int_equal(get("{\"a\":\"\xE5\x8D\xB0\"}", "a", out, sizeof out), ECERT_OK);
	assert_string_equal(out, "\xE5\x8D\xB0");
}

static void what_is_not_there_or_does_not_fit_is_told_apart(void **state)
{
	char out[4] = "old";

	(void)state;
	assert_int_equal(get("{}", "a", out, sizeof out), ECERT_E_NOT_FOUND);
	assert_string_equal(out, "");
	assert_int_equal(
	    get("{\"aa\":\"x\",\"b\":{\"a\":\"x\"}}", "a", out, sizeof out), ECERT_E_NOT_FOUND);
	assert_int_equal(get("{\"a\":\"123\"}", "a", out, sizeof out), ECERT_OK);
	assert_string_equal(out, "123");
	assert_int_equal(get("{\"a\":\"1234\"}", "a", out, sizeof out), ECERT_E_TOO_LARGE);
	assert_string_equal(out, "");
}

static void what_is_no_object_or_not_clear_is_refused(void **state)
{
	static const char *const bad[] = {"", "[]", "\"a\"", "{", "{\"a\"", "{\"a\":", "{\"a\":\"x",
	    "{\"a\":\"x\"", "{\"a\":\"x\",}", "{\"a\":\"x\"} x", "{\"a\":\"x\"}{}",
	    "{\"a\":\"x\",\"a\":\"x\"}", "{\"a\":1}", "{\"a\":null}", "{\"a\":{}}", "{a:\"x\"}",
	    "{\"a\" \"x\"}", "{\"a\":\"\n\"}", "{\"a\":\"\\q\"}", "{\"a\":\"\\u00\"}",
	    "{\"a\":\"\\u0000\"}", "{\"a\":\"\\uD83D\"}", "{\"a\":\"\\uDD11\"}",
	    "{\"a\":\"\\uD83D\\u0041\"}", "{\"a\":\"\xFF\"}", "{\"b\":,\"a\":\"x\"}",
	    "{\"b\":[,\"a\":\"x\"}", "{\"b\":\"\xC0\x80\",\"a\":\"x\"}", "{\"b\":", "{\"b\":[[[["};
	char out[8];

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		strcpy(out, "old");
		assert_int_equal(get(bad[i], "a", out, sizeof out), ECERT_E_MALFORMED);
		assert_string_equal(out, "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_text_is_found_however_the_object_is_laid_out),
	    cmocka_unit_test(escapes_mean_what_the_standard_says),
	    cmocka_unit_test(what_is_not_there_or_does_not_fit_is_told_apart),
	    cmocka_unit_test(what_is_no_object_or_not_clear_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
