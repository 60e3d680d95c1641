/* SPDX-License-Identifier: BSD-2-Clause */
/* Verifying marks, statuses and counterparty tokens, called as a page or a program would. */
#include "tests/unit/actions/verify/verify_fix.h"

static void a_mark_and_one_that_somebody_else_signed(void **state)
{
	struct buf mark = BUF_INIT(65536), fake = BUF_INIT(65536);

	(void)state;
	expects_marks();
	granted(&issuer, "mark.jwt", &mark);
	assert_int_equal(verify(), OUT_OK);
	assert_int_equal(at.r.kind, VERIFY_MARK);
	assert_int_equal(at.r.verdict, VERDICT_PASSED);
	assert_string_equal(at.r.mark.sub, SHOP);
	assert_false(at.r.has_status);
	assert_int_equal(verified_close(&at.d->said.ui, &at.r), OUT_OK);
	granted(&wong, "fake.jwt", &fake);
	assert_int_equal(verify(), OUT_OK);
	assert_int_equal(at.r.verdict, VERDICT_INDETERMINATE);
	assert_int_equal(at.r.why->id, CHK_MARK_ISSUER);
	assert_string_equal(at.r.indication, "NO_CERTIFICATE_CHAIN_FOUND");
	assert_int_equal(verified_close(&at.d->said.ui, &at.r), OUT_INDETERMINATE);
	buf_free(&mark);
	buf_free(&fake);
}

/* As genuine as any, and the mark does not count. */
static void a_status_that_withdraws_its_mark(void **state)
{
	struct buf mark = BUF_INIT(65536), status = BUF_INIT(65536);
	struct doc_signer s = pki_signer(&issuer);
	char previous[128];

	(void)state;
	expects_marks();
	granted(&issuer, "mark.jwt", &mark);
	snprintf(previous, sizeof previous, "%s", at.name[0]);
	assert_int_equal(mark_status_issue(&s,
			     &(const struct mark_status){.iss = ISS,
				 .mark = buf_view(&mark),
				 .status = "revoked",
				 .reason = "complaints",
				 .iat = T0 - 3600,
				 .exp = T0 + 3600},
			     &status),
	    ECERT_OK);
	named(0, file("status.jwt", buf_view(&status)));
	assert_int_equal(verify(), OUT_USAGE);
	assert_string_equal(recorder_failure(&at.d->said)->reason, "mark-missing");
	at.deed.previous = previous;
	assert_int_equal(verify(), OUT_OK);
	assert_int_equal(at.r.kind, VERIFY_STATUS);
	assert_string_equal(at.r.status, "revoked");
	assert_string_equal(at.r.status_reason, "complaints");
	assert_false(at.r.active);
	closes("mark-not-in-force", "{name}: the trust mark is not in force: its status is {value}",
	    "the trust mark is not in force: its status is revoked",
	    "The status is genuine; do not rely on the mark. The issuer can tell why.");
	buf_free(&mark);
	buf_free(&status);
}

static void token(long life)
{
	const struct counterparty_options o = {.audience = AUD,
	    .nonce = "8fK2mX01pQ",
	    .subject = SHOP,
	    .now = T0 - 5,
	    .lifetime = life};
	struct doc_signer s = pki_signer(&wong);
	struct buf text = BUF_INIT(65536);

	assert_int_equal(counterparty_create(&s, &o, &text), ECERT_OK);
	named(0, file("token.jwt", buf_view(&text)));
	buf_free(&text);
}

static void a_counterparty_once_and_not_twice(void **state)
{
	(void)state;
	token(60);
	assert_int_equal(verify(), OUT_USAGE);
	assert_string_equal(recorder_failure(&at.d->said)->reason, "audience-missing");
	at.deed.audience = AUD;
	at.deed.nonce = "8fK2mX01pQ";
	assert_int_equal(verify(), OUT_OK);
	assert_int_equal(at.r.kind, VERIFY_COUNTERPARTY);
	assert_int_equal(at.r.verdict, VERDICT_PASSED);
	assert_string_equal(at.r.counterparty->subject, SHOP);
	assert_string_equal(at.r.evidence, "none");
	assert_int_equal(verify(), OUT_OK);
	assert_int_equal(at.r.verdict, VERDICT_FAILED);
	assert_string_equal(at.r.why->name, "nonce");
}

/* Tokens are judged by the same table: a mark, whose key nobody but the pin vouches for. */
static void a_mark_by_an_algorithm_of_before(void **state)
{
	struct buf mark = BUF_INIT(65536);

	(void)state;
	expects_marks();
	granted(&issuer, "mark.jwt", &mark);
	assert_int_equal(verify(), OUT_OK);
	assert_int_equal(at.r.verdict, VERDICT_PASSED);
	algorithm("SHA256=2020-01-01");
	assert_int_equal(verify(), OUT_OK);
	assert_int_equal(at.r.verdict, VERDICT_INDETERMINATE);
	assert_int_equal(at.r.why->id, CHK_MARK_SIGNATURE);
	assert_int_equal(at.r.why->reason, REASON_ALGORITHM_OLD);
	assert_string_equal(
	    at.r.why->detail, "it fits, but SHA256 is not relied on since 2020-01-01");
	assert_string_equal(at.r.indication, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE");
	algorithm("EC-256=2020-01-01");
	assert_int_equal(verify(), OUT_OK);
	assert_int_equal(at.r.why->reason, REASON_KEY_WEAK);
	algorithm("EC-256=never");
	assert_int_equal(verify(), OUT_OK);
	assert_int_equal(at.r.verdict, VERDICT_PASSED);
	buf_free(&mark);
}

static void a_token_that_is_damaged(void **state)
{
	(void)state;
	named(0, deed_file(at.d, "token.jwt", "eyJhbGciOiJFUzI1NiJ9.eyJ"));
	assert_int_equal(verify(), OUT_OK);
	assert_true(at.r.unread);
	assert_string_equal(verify_kind_name(at.r.kind), "unknown");
	assert_int_equal(at.r.why->id, CHK_FORM);
	/* {"a":"\xFF"}, and the same with a line end before the name. */
	named(0, deed_file(at.d, "token.jwt", "eyJhIjoi_yJ9.e30.AA"));
	assert_int_equal(verify(), OUT_OK);
	assert_string_equal(at.r.why->detail, "the header has a byte that is no UTF-8");
	named(0, deed_file(at.d, "token.jwt", "ewoiYSI6Iv8ifQ.e30.AA"));
	assert_int_equal(verify(), OUT_OK);
	assert_true(at.r.unread);
	assert_string_equal(at.r.why->detail, "the header has a byte that is no UTF-8");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH(a_mark_and_one_that_somebody_else_signed),
	    WITH(a_status_that_withdraws_its_mark),
	    WITH(a_counterparty_once_and_not_twice),
	    WITH(a_mark_by_an_algorithm_of_before),
	    WITH(a_token_that_is_damaged),
	};

	return cmocka_run_group_tests(tests, keys, no_keys);
}
