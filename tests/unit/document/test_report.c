/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of checks and verdicts. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "document/report.h"

static void scrubs(const char *in, const char *want)
{
	char text[128];
	strcpy(text, in);
	text_scrub(text);
	assert_string_equal(text, want);
}

static void hides_what_must_not_be_shown(void **state)
{
	(void)state;
	scrubs("plain \xE9\xA6\x99\xE6\xB8\xAF", "plain \xE9\xA6\x99\xE6\xB8\xAF");
	scrubs("a\x1B[31mb\n", "a?[31mb?");
	scrubs("a\x7F\xC2\x9Bz", "a???z");	       /* DEL, C1 CSI */
	scrubs("a\xE2\x80\xAEtxt.exe", "a???txt.exe"); /* right-to-left override */
	scrubs("\xE2\x81\xA6x\xD8\x9Cy", "???x??y");   /* isolate, Arabic letter mark */
	scrubs("\xC0\x80\xFF\xED\xA0\x80", "??????");  /* over-long, no UTF-8, surrogate */
	scrubs("\xF0\x9F\x98\x80\xF4\x90\x80\x80", "\xF0\x9F\x98\x80????"); /* beyond U+10FFFF */
	scrubs("cut \xE9\xA6", "cut ");
	scrubs("", "");
}

static void adds_up(void **state)
{
	struct report r;
	(void)state;
	report_init(&r);
	assert_int_equal(report_verdict(&r), VERDICT_FAILED); /* nothing proves nothing */
	report_add(&r, "a", CHECK_SKIPPED, "not asked");
	assert_int_equal(report_verdict(&r), VERDICT_FAILED);
	assert_true(report_test(&r, "b", true, "fine %d", 7));
	assert_int_equal(report_verdict(&r), VERDICT_PASSED);
	assert_null(report_reason(&r));
	report_add(&r, "c", CHECK_UNKNOWN, "who knows");
	assert_int_equal(report_verdict(&r), VERDICT_INDETERMINATE);
	assert_string_equal(report_reason(&r)->name, "c");
	assert_false(report_test(&r, "d", false, "bad"));
	assert_int_equal(report_verdict(&r), VERDICT_FAILED);
	assert_string_equal(report_reason(&r)->name, "d");
	assert_string_equal(report_find(&r, "b")->detail, "fine 7");
	assert_null(report_find(&r, "e"));
}

static void too_many_is_failed(void **state)
{
	struct report r;
	(void)state;
	report_init(&r);
	for (int i = 0; i < REPORT_MAX; i++)
		report_add(&r, "x", CHECK_OK, "%s", "");
	assert_int_equal(report_verdict(&r), VERDICT_PASSED);
	report_add(&r, "y", CHECK_OK, "%s", "");
	assert_int_equal(report_verdict(&r), VERDICT_FAILED);
	assert_int_equal(r.n, REPORT_MAX);
}

static void long_details_are_cut(void **state)
{
	struct report r;
	char text[600];
	(void)state;
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = 0;
	report_init(&r);
	report_add(&r, "x", CHECK_OK, "%s", text);
	assert_int_equal(strlen(r.checks[0].detail), sizeof r.checks[0].detail - 1);
	assert_string_equal(r.checks[0].detail + sizeof r.checks[0].detail - 4, "\xE2\x80\xA6");
}

static void as_json(void **state)
{
	struct report r;
	(void)state;
	report_init(&r);
	report_add(&r, "chain", CHECK_UNKNOWN, "a\x01z");
	json_t *j = report_json(&r);
	assert_int_equal(json_array_size(j), 1);
	const json_t *row = json_array_get(j, 0);
	assert_string_equal(json_string_value(json_object_get(row, "check")), "chain");
	assert_string_equal(json_string_value(json_object_get(row, "state")), "unknown");
	assert_string_equal(json_string_value(json_object_get(row, "detail")), "a?z");
	json_decref(j);
	assert_string_equal(verdict_name(VERDICT_INDETERMINATE), "indeterminate");
	assert_string_equal(check_state_name(CHECK_SKIPPED), "skipped");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hides_what_must_not_be_shown),
	    cmocka_unit_test(adds_up),
	    cmocka_unit_test(too_many_is_failed),
	    cmocka_unit_test(long_details_are_cut),
	    cmocka_unit_test(as_json),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
