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
	report_add(&r, CHK_CHAIN, CHECK_SKIPPED, MSG("not asked"));
	assert_int_equal(report_verdict(&r), VERDICT_FAILED);
	assert_true(report_test(&r, CHK_FORM, true, MSG("fine {n}", P_NUMBER("n", 7))));
	assert_int_equal(report_verdict(&r), VERDICT_PASSED);
	assert_null(report_reason(&r));
	report_add(&r, CHK_POLICY, CHECK_UNKNOWN, MSG("who knows"));
	assert_int_equal(report_verdict(&r), VERDICT_INDETERMINATE);
	assert_string_equal(report_reason(&r)->name, "policy");
	assert_false(report_test(&r, CHK_SIGNATURE_VALUE, false, MSG("bad")));
	assert_int_equal(report_verdict(&r), VERDICT_FAILED);
	assert_string_equal(report_reason(&r)->name, "signature value");
	assert_string_equal(report_find(&r, "form")->detail, "fine 7");
	assert_null(report_find(&r, "time"));
}

static void too_many_is_failed(void **state)
{
	struct report r;
	(void)state;
	report_init(&r);
	for (int i = 0; i < REPORT_MAX; i++)
		report_add(&r, CHK_TIME, CHECK_OK, MSG(""));
	assert_int_equal(report_verdict(&r), VERDICT_PASSED);
	report_add(&r, CHK_FORM, CHECK_OK, MSG(""));
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
	report_add(&r, CHK_FORM, CHECK_OK, MSG_TEXT(text));
	assert_int_equal(strlen(r.checks[0].detail), sizeof r.checks[0].detail - 1);
	assert_string_equal(r.checks[0].detail + sizeof r.checks[0].detail - 4, "\xE2\x80\xA6");
}

static void as_json(void **state)
{
	struct report r;
	(void)state;
	report_init(&r);
	report_add(&r, CHK_CHAIN, CHECK_UNKNOWN, MSG_TEXT("a\x01z"));
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

/* Programs tell checks apart by their names. */
static void each_check_has_a_name_of_its_own(void **state)
{
	struct report r;
	(void)state;
	report_init(&r);
	assert_string_equal(check_name(CHK_NONE), "");
	assert_string_equal(check_name(CHK_COUNT), "");
	for (int i = CHK_NONE + 1; i < CHK_COUNT; i++) {
		enum check_name id = (enum check_name)i;
		assert_true(check_name(id)[0] != 0);
		assert_null(report_find(&r, check_name(id)));
		if (r.n == REPORT_MAX)
			r.n = 0;
		report_add(&r, id, CHECK_OK, MSG(""));
		assert_ptr_equal(report_get(&r, id), report_find(&r, check_name(id)));
		assert_int_equal(report_get(&r, id)->id, id);
	}
}

static const char *in_chinese(const char *id)
{
	return !strcmp(id, "the CA {ca}: {why}") ? "{why} (CA {ca})"
	       : !strcmp(id, "ended on {date}")	 ? "{date} \xE5\xB7\xB2\xE5\xAE\x8C"
						 : id;
}

/* What is kept is not the words: another language words it anew, and a copy as well. */
static void a_check_is_worded_in_any_language(void **state)
{
	static const struct message_words zh = {.sentence = in_chinese};
	struct report r, copy;
	char text[64];
	(void)state;
	report_init(&r);
	report_init(&copy);
	{
		char name[] = "One", date[] = "2026-11-29";
		report_add_why(&r, CHK_REVOCATION, CHECK_UNKNOWN, REASON_REVOCATION_STALE,
		    MSG("the CA {ca}: {why}", P_TEXT("ca", name),
			P_MSG("why", MSG("ended on {date}", P_TEXT("date", date)))));
		memset(name, '#', sizeof name - 1);
		memset(date, '#', sizeof date - 1);
	}
	report_copy(&copy, &r.checks[0]);
	memset(&r, 0, sizeof r);
	assert_string_equal(copy.checks[0].detail, "the CA One: ended on 2026-11-29");
	assert_int_equal(copy.checks[0].reason, REASON_REVOCATION_STALE);
	message_kept_text(&copy.checks[0].what, &zh, text, sizeof text);
	assert_string_equal(text, "2026-11-29 \xE5\xB7\xB2\xE5\xAE\x8C (CA One)");
	assert_string_equal(reason_code(copy.checks[0].reason), "revocation-stale");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hides_what_must_not_be_shown),
	    cmocka_unit_test(adds_up),
	    cmocka_unit_test(too_many_is_failed),
	    cmocka_unit_test(long_details_are_cut),
	    cmocka_unit_test(as_json),
	    cmocka_unit_test(each_check_has_a_name_of_its_own),
	    cmocka_unit_test(a_check_is_worded_in_any_language),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
