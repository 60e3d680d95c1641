/* SPDX-License-Identifier: BSD-2-Clause */
/* What checks add up to: every row of the two tables against the standard's own table, and the
 * rules for several checks. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "document/verdict.h"

/* EN 319 102-1 V1.3.1, table 6: which main indication each goes with. */
static const struct {
	const char *name;
	enum verdict verdict;
} standard[] = {
    {"FORMAT_FAILURE", VERDICT_FAILED},
    {"HASH_FAILURE", VERDICT_FAILED},
    {"SIG_CRYPTO_FAILURE", VERDICT_FAILED},
    {"REVOKED", VERDICT_FAILED},
    {"EXPIRED", VERDICT_FAILED},
    {"NOT_YET_VALID", VERDICT_FAILED},
    {"SIG_CONSTRAINTS_FAILURE", VERDICT_INDETERMINATE},
    {"CHAIN_CONSTRAINTS_FAILURE", VERDICT_INDETERMINATE},
    {"CERTIFICATE_CHAIN_GENERAL_FAILURE", VERDICT_INDETERMINATE},
    {"CRYPTO_CONSTRAINTS_FAILURE", VERDICT_INDETERMINATE},
    {"CRYPTO_CONSTRAINTS_FAILURE_NO_POE", VERDICT_INDETERMINATE},
    {"NO_SIGNING_CERTIFICATE_FOUND", VERDICT_INDETERMINATE},
    {"NO_CERTIFICATE_CHAIN_FOUND", VERDICT_INDETERMINATE},
    {"NO_CERTIFICATE_CHAIN_FOUND_NO_POE", VERDICT_INDETERMINATE},
    {"REVOKED_NO_POE", VERDICT_INDETERMINATE},
    {"REVOKED_CA_NO_POE", VERDICT_INDETERMINATE},
    {"OUT_OF_BOUNDS_NOT_REVOKED", VERDICT_INDETERMINATE},
    {"OUT_OF_BOUNDS_NO_POE", VERDICT_INDETERMINATE},
    {"REVOCATION_OUT_OF_BOUNDS_NO_POE", VERDICT_INDETERMINATE},
    {"TRY_LATER", VERDICT_INDETERMINATE},
    {"SIGNED_DATA_NOT_FOUND", VERDICT_INDETERMINATE},
    {"TIMESTAMP_ORDER_FAILURE", VERDICT_INDETERMINATE},
};
#define STANDARD (sizeof standard / sizeof standard[0])

static struct judgement judged(enum check_name name, enum check_state state, enum reason reason)
{
	static struct check c;

	check_set(&c, name, state, reason, MSG_EMPTY);
	return check_judge(&c);
}

/* False for one that goes with another indication. */
static bool agrees(struct judgement j)
{
	const char *name = sub_indication_name(j.sub);

	if (!*name)
		return j.verdict != VERDICT_INDETERMINATE;
	for (size_t i = 0; i < STANDARD; i++)
		if (strcmp(standard[i].name, name) == 0)
			return standard[i].verdict == j.verdict;
	return false;
}

static void each_word_is_the_standards(void **state)
{
	(void)state;
	assert_int_equal(SUB_COUNT, STANDARD + 1);
	assert_string_equal(sub_indication_name(SUB_NONE), "");
	assert_string_equal(sub_indication_name(SUB_COUNT), "");
	for (size_t i = 0; i < STANDARD; i++)
		assert_string_equal(
		    sub_indication_name((enum sub_indication)(i + 1)), standard[i].name);
}

/* Each pair of a check and a reason, in each state. */
static void every_row_agrees_with_the_standard(void **state)
{
	bool reached[SUB_COUNT] = {false};

	(void)state;
	for (enum check_name n = CHK_STRUCTURE; n < CHK_COUNT; n++) {
		for (enum reason r = REASON_NONE; r < REASON_COUNT; r++) {
			struct judgement failed = judged(n, CHECK_FAILED, r);
			struct judgement unknown = judged(n, CHECK_UNKNOWN, r);

			assert_int_not_equal(failed.verdict, VERDICT_PASSED);
			assert_int_equal(unknown.verdict, VERDICT_INDETERMINATE);
			if (!agrees(failed) || !agrees(unknown))
				fail_msg("%s, %s: %s or %s", check_name(n), reason_code(r),
				    sub_indication_name(failed.sub),
				    sub_indication_name(unknown.sub));
			assert_int_equal(judged(n, CHECK_OK, r).verdict, VERDICT_PASSED);
			assert_int_equal(judged(n, CHECK_SKIPPED, r).sub, SUB_NONE);
			reached[failed.sub] = reached[unknown.sub] = true;
		}
	}
	for (int i = 0; i < SUB_COUNT; i++)
		if (!reached[i])
			fail_msg("nothing leads to %s", standard[i - 1].name);
}

static void add(struct report *r, enum check_name name, enum reason reason)
{
	bool missing = reason == REASON_NO_CONTENT || reason == REASON_REVOCATION_MISSING;

	report_add_why(r, name,
	    missing  ? CHECK_UNKNOWN
	    : reason ? reason_state(reason)
		     : CHECK_FAILED,
	    reason, MSG_EMPTY);
}

/* Of two reasons one is the headline, in whichever order they were found. */
static void two_reasons(void **state)
{
	static const struct {
		enum check_name a, b;
		enum reason first, second;
		const char *sub;
	} row[] = {
	    /* the worse verdict */
	    {CHK_CHAIN, CHK_CONTENT_DIGEST, REASON_UNKNOWN_CA, REASON_CONTENT_CHANGED,
		"HASH_FAILURE"},
	    {CHK_STRUCTURE, CHK_VALIDITY, REASON_NO_CONTENT, REASON_EXPIRED_PROVED, "EXPIRED"},
	    /* what is wrong before what is missing */
	    {CHK_REVOCATION, CHK_CONTENT_DIGEST, REASON_REVOCATION_MISSING, REASON_REVOKED,
		"REVOKED_NO_POE"},
	    /* the blocks, 5.2.2 to 5.2.8, and what comes behind them */
	    {CHK_CONTENT_DIGEST, CHK_SIGNED_ATTRIBUTES, REASON_CONTENT_CHANGED,
		REASON_ATTRIBUTES_BAD, "FORMAT_FAILURE"},
	    {CHK_VALIDITY, CHK_SIGNATURE_VALUE, REASON_EXPIRED_PROVED, REASON_SIGNATURE_BAD,
		"SIG_CRYPTO_FAILURE"},
	    {CHK_AUDIENCE, CHK_SIGNATURE, REASON_NONE, REASON_SIGNATURE_BAD, "SIG_CRYPTO_FAILURE"},
	    {CHK_AUDIENCE, CHK_VALIDITY, REASON_NONE, REASON_EXPIRED_PROVED, "EXPIRED"},
	    {CHK_CHAIN, CHK_SIGNING_CERTIFICATE, REASON_UNKNOWN_CA, REASON_SIGNER_CERT_OTHER,
		"NO_SIGNING_CERTIFICATE_FOUND"},
	    {CHK_CONTENT_DIGEST, CHK_CHAIN, REASON_ALGORITHM_OLD, REASON_UNKNOWN_CA,
		"NO_CERTIFICATE_CHAIN_FOUND"},
	    {CHK_CONTENT_DIGEST, CHK_REVOCATION, REASON_ALGORITHM_OLD, REASON_REVOKED,
		"REVOKED_NO_POE"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct report one, other;

		report_init(&one);
		report_init(&other);
		add(&one, row[i].a, row[i].first);
		add(&one, row[i].b, row[i].second);
		add(&other, row[i].b, row[i].second);
		add(&other, row[i].a, row[i].first);
		if (strcmp(sub_indication_name(report_judge(&one).sub), row[i].sub) != 0 ||
		    strcmp(sub_indication_name(report_judge(&other).sub), row[i].sub) != 0)
			fail_msg("row %zu: %s, %s", i, sub_indication_name(report_judge(&one).sub),
			    sub_indication_name(report_judge(&other).sub));
	}
}

/* A reason decides whatever the check is called, but for the few that say nothing new. */
static void reasons(void **state)
{
	static const struct {
		enum reason reason;
		enum verdict verdict;
		const char *sub;
	} row[] = {
	    {REASON_NOT_A_SIGNATURE, VERDICT_FAILED, "FORMAT_FAILURE"},
	    {REASON_TRAILING, VERDICT_FAILED, "FORMAT_FAILURE"},
	    {REASON_NO_CONTENT, VERDICT_INDETERMINATE, "SIGNED_DATA_NOT_FOUND"},
	    {REASON_CONTENT_CHANGED, VERDICT_FAILED, "HASH_FAILURE"},
	    {REASON_ATTRIBUTES_MISSING, VERDICT_INDETERMINATE, "SIG_CONSTRAINTS_FAILURE"},
	    {REASON_ATTRIBUTES_BAD, VERDICT_FAILED, "FORMAT_FAILURE"},
	    {REASON_ALGORITHM_OLD, VERDICT_INDETERMINATE, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"},
	    {REASON_KEY_WEAK, VERDICT_INDETERMINATE, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"},
	    {REASON_ALGORITHM_UNKNOWN, VERDICT_INDETERMINATE, "CRYPTO_CONSTRAINTS_FAILURE"},
	    {REASON_SIGNER_CERT_MISSING, VERDICT_INDETERMINATE, "NO_SIGNING_CERTIFICATE_FOUND"},
	    {REASON_SIGNATURE_BAD, VERDICT_FAILED, "SIG_CRYPTO_FAILURE"},
	    {REASON_NO_ANCHOR, VERDICT_INDETERMINATE, "NO_CERTIFICATE_CHAIN_FOUND"},
	    {REASON_UNKNOWN_CA, VERDICT_INDETERMINATE, "NO_CERTIFICATE_CHAIN_FOUND"},
	    {REASON_ISSUER_MISSING, VERDICT_INDETERMINATE, "NO_CERTIFICATE_CHAIN_FOUND"},
	    {REASON_CHAIN_REFUSED, VERDICT_INDETERMINATE, "CERTIFICATE_CHAIN_GENERAL_FAILURE"},
	    {REASON_EXPIRED_THEN, VERDICT_INDETERMINATE, "OUT_OF_BOUNDS_NO_POE"},
	    {REASON_EXPIRED_PROVED, VERDICT_FAILED, "EXPIRED"},
	    {REASON_EXPIRED_SINCE, VERDICT_INDETERMINATE, "OUT_OF_BOUNDS_NO_POE"},
	    {REASON_NOT_YET_VALID, VERDICT_INDETERMINATE, "OUT_OF_BOUNDS_NO_POE"},
	    {REASON_NOT_YET_PROVED, VERDICT_FAILED, "NOT_YET_VALID"},
	    {REASON_USAGE, VERDICT_INDETERMINATE, "CHAIN_CONSTRAINTS_FAILURE"},
	    {REASON_REVOKED, VERDICT_INDETERMINATE, "REVOKED_NO_POE"},
	    {REASON_REVOKED_THEN, VERDICT_INDETERMINATE, "REVOKED_NO_POE"},
	    {REASON_REVOKED_PROVED, VERDICT_FAILED, "REVOKED"},
	    {REASON_CA_REVOKED, VERDICT_INDETERMINATE, "REVOKED_CA_NO_POE"},
	    {REASON_SUSPENDED, VERDICT_INDETERMINATE, "TRY_LATER"},
	    {REASON_REVOCATION_STALE, VERDICT_INDETERMINATE, "TRY_LATER"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct judgement j = judged(CHK_STRUCTURE, CHECK_FAILED, row[i].reason);

		if (j.verdict != row[i].verdict ||
		    strcmp(sub_indication_name(j.sub), row[i].sub) != 0)
			fail_msg("%s: %s %s", reason_code(row[i].reason), verdict_name(j.verdict),
			    sub_indication_name(j.sub));
	}
}

/* What only the name of the check tells; with an unknown one nothing is more than open. */
static void names(void **state)
{
	struct judgement j;

	(void)state;
	j = judged(CHK_NONCE, CHECK_FAILED, REASON_NONE);
	assert_int_equal(j.verdict, VERDICT_FAILED);
	assert_int_equal(j.sub, SUB_NONE);
	j = judged(CHK_NONCE_BURNED, CHECK_UNKNOWN, REASON_NONE);
	assert_int_equal(j.sub, SUB_SIG_CONSTRAINTS_FAILURE);
	j = judged(CHK_MARK_ISSUER, CHECK_FAILED, REASON_NONE);
	assert_int_equal(j.sub, SUB_NO_CERTIFICATE_CHAIN_FOUND);
	j = judged(CHK_STATUS, CHECK_UNKNOWN, REASON_NONE);
	assert_int_equal(j.sub, SUB_TRY_LATER);
	/* As of a clock that is behind: no statement of the signer's. */
	j = judged(CHK_VALIDITY, CHECK_UNKNOWN, REASON_NOT_YET_VALID);
	assert_int_equal(j.sub, SUB_OUT_OF_BOUNDS_NO_POE);
}

static void the_worst_decides_and_of_equals_the_first(void **state)
{
	struct report r;
	struct judgement j;

	(void)state;
	report_init(&r);
	j = report_judge(&r);
	assert_int_equal(j.verdict, VERDICT_FAILED);
	assert_null(j.why);
	report_add_why(&r, CHK_CHAIN, CHECK_UNKNOWN, REASON_NO_ANCHOR, MSG_EMPTY);
	j = report_judge(&r);
	assert_int_equal(j.verdict, VERDICT_INDETERMINATE);
	assert_ptr_equal(j.why, &r.checks[0]);
	/* A failed check before an unknown one, where both leave it open. */
	report_add_why(&r, CHK_KEY_USAGE, CHECK_FAILED, REASON_USAGE, MSG_EMPTY);
	j = report_judge(&r);
	assert_int_equal(j.sub, SUB_CHAIN_CONSTRAINTS_FAILURE);
	assert_ptr_equal(j.why, &r.checks[1]);
	assert_int_equal(report_strict(&r), VERDICT_FAILED);
	report_add_why(&r, CHK_CONTENT_DIGEST, CHECK_FAILED, REASON_CONTENT_CHANGED, MSG_EMPTY);
	report_add_why(&r, CHK_SIGNATURE_VALUE, CHECK_FAILED, REASON_SIGNATURE_BAD, MSG_EMPTY);
	j = report_judge(&r);
	assert_int_equal(j.sub, SUB_HASH_FAILURE);
	assert_ptr_equal(j.why, &r.checks[2]);
	assert_int_equal(report_verdict(&r), VERDICT_FAILED);
	assert_ptr_equal(report_reason(&r), &r.checks[2]);
}

/* Whom a forged token is for means nothing; what a genuine one lacks is told in order. */
static void a_forgery_comes_before_what_was_asked_for(void **state)
{
	struct report r;

	(void)state;
	report_init(&r);
	report_add(&r, CHK_AUDIENCE, CHECK_FAILED, MSG_EMPTY);
	report_add(&r, CHK_REPLAY, CHECK_FAILED, MSG_EMPTY);
	assert_ptr_equal(report_reason(&r), &r.checks[0]);
	report_add(&r, CHK_SIGNATURE, CHECK_FAILED, MSG_EMPTY);
	assert_ptr_equal(report_reason(&r), &r.checks[2]);
	assert_int_equal(report_judge(&r).sub, SUB_SIG_CRYPTO_FAILURE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_word_is_the_standards),
	    cmocka_unit_test(every_row_agrees_with_the_standard),
	    cmocka_unit_test(reasons),
	    cmocka_unit_test(two_reasons),
	    cmocka_unit_test(names),
	    cmocka_unit_test(the_worst_decides_and_of_equals_the_first),
	    cmocka_unit_test(a_forgery_comes_before_what_was_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
