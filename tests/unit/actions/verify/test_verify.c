/* SPDX-License-Identifier: BSD-2-Clause */
/* Verifying files, called as a page or a program would: what comes out, and what is said last. */
#include "tests/unit/actions/verify/verify_fix.h"

static void a_signed_file_that_is_valid(void **state)
{
	(void)state;
	invoice("pay 100", "pay 100");
	assert_int_equal(verify(), OUT_OK);
	assert_int_equal(at.r.kind, VERIFY_SIGNATURE);
	assert_int_equal(at.r.verdict, VERDICT_PASSED);
	assert_null(at.r.why);
	assert_string_equal(at.r.file, at.name[0]);
	assert_string_equal(at.r.content, at.name[0]);
	assert_int_equal(at.r.signature->n, 1);
	assert_string_equal(at.r.signature->signer[0].who.name, "WONG Mei");
	assert_int_equal(at.r.signature->signer[0].when, T0 - DAY);
	assert_int_equal(verified_close(&at.d->said.ui, &at.r), OUT_OK);
	assert_int_equal(at.d->said.n, 0);
	assert_true(at.d->said.progress_ends >= 1);
}

static void a_file_that_was_altered(void **state)
{
	(void)state;
	invoice("pay 100", "pay 900");
	assert_int_equal(verify(), OUT_OK);
	assert_int_equal(at.r.verdict, VERDICT_FAILED);
	assert_int_equal(at.r.why->id, CHK_CONTENT_DIGEST);
	assert_int_equal(at.r.why->reason, REASON_CONTENT_CHANGED);
	assert_string_equal(at.r.indication, "HASH_FAILURE");
	assert_int_equal(verified_close(&at.d->said.ui, &at.r), OUT_INVALID);
	assert_string_equal(recorder_failure(&at.d->said)->reason, "not-valid");
	assert_string_equal(recorder_failure(&at.d->said)->next,
	    "The file was changed after it was signed, or it is another file: compare it with the "
	    "one that the signer has.");
}

static void a_signer_whose_ca_is_not_known(void **state)
{
	(void)state;
	invoice("pay 100", "pay 100");
	at.anchor = anchor(&other_ca);
	assert_int_equal(verify(), OUT_OK);
	assert_int_equal(at.r.verdict, VERDICT_INDETERMINATE);
	assert_string_equal(at.r.indication, "NO_CERTIFICATE_CHAIN_FOUND");
	assert_int_equal(at.r.why->id, CHK_CHAIN);
	assert_int_equal(at.r.why->reason, REASON_UNKNOWN_CA);
	assert_int_equal(verified_close(&at.d->said.ui, &at.r), OUT_INDETERMINATE);
	assert_string_equal(recorder_failure(&at.d->said)->reason, "indeterminate");
	assert_string_equal(recorder_failure(&at.d->said)->next,
	    "If you trust this CA, take its root from the CA itself, not from the signer, and say "
	    "so: once with `ecert trust add ROOT.pem`, or for this run with --anchor ROOT.pem.");
}

static void a_signature_whose_file_is_missing(void **state)
{
	(void)state;
	invoice("pay 100", "pay 100");
	assert_int_equal(unlink(at.name[0]), 0);
	named(0, deed_file(at.d, "invoice.txt.p7s", NULL));
	assert_int_equal(verify(), OUT_OK);
	assert_int_equal(at.r.verdict, VERDICT_INDETERMINATE);
	assert_string_equal(at.r.indication, "SIGNED_DATA_NOT_FOUND");
	assert_int_equal(at.r.why->reason, REASON_NO_CONTENT);
	assert_null(at.r.content);
	assert_int_equal(verified_close(&at.d->said.ui, &at.r), OUT_INDETERMINATE);
	assert_string_equal(recorder_failure(&at.d->said)->next,
	    "Name the signed file, then its signature: ecert verify FILE SIGNATURE.");
}

static void a_file_that_is_not_there_and_one_without_signature(void **state)
{
	(void)state;
	named(0, deed_file(at.d, "none.txt", NULL));
	assert_int_equal(verify(), OUT_IO);
	assert_string_equal(recorder_failure(&at.d->said)->reason, "file-unreadable");
	named(0, deed_file(at.d, "plain.txt", "nobody signed it"));
	assert_int_equal(verify(), OUT_INPUT);
	assert_string_equal(recorder_failure(&at.d->said)->reason, "no-signature");
	named(0, at.d->dir);
	assert_int_equal(verify(), OUT_INPUT);
	assert_string_equal(recorder_failure(&at.d->said)->reason, "is-a-folder");
}

static void an_option_for_another_kind_is_no_luck(void **state)
{
	json_t *o;

	(void)state;
	invoice("pay 100", "pay 100");
	at.deed.nonce = "8fK2mX01pQ";
	assert_int_equal(verify(), OUT_OK);
	assert_true(at.r.unread);
	assert_null(at.r.signature);
	assert_int_equal(at.r.verdict, VERDICT_FAILED);
	o = verified_json(&at.r);
	assert_string_equal(json_string_value(json_object_get(o, "verdict")), "failed");
	assert_int_equal(json_array_size(json_object_get(o, "checks")), 1);
	json_decref(o);
	closes("not-valid", "{file}: not valid: {check}: {why}",
	    "not valid: kind: it is a signed file, for which --nonce means nothing",
	    "It is not what you asked for; if it is what you want, leave the option out.");
}

/* What a relying party no longer relies on is open, and nothing is wrong with it. */
static void an_algorithm_that_is_no_longer_relied_on(void **state)
{
	(void)state;
	invoice("pay 100", "pay 100");
	algorithm("sha256=2020-01-01");
	assert_int_equal(verify(), OUT_OK);
	assert_int_equal(at.r.verdict, VERDICT_INDETERMINATE);
	assert_int_equal(at.r.why->reason, REASON_ALGORITHM_OLD);
	assert_string_equal(at.r.indication, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE");
	algorithm("EC-256=2020-01-01");
	assert_int_equal(verify(), OUT_OK);
	assert_int_equal(at.r.why->reason, REASON_KEY_WEAK);
	algorithm("SHA256=2090-01-01");
	assert_int_equal(verify(), OUT_OK);
	assert_int_equal(at.r.verdict, VERDICT_PASSED);
	algorithm("SHA256=never");
	assert_int_equal(verify(), OUT_OK);
	assert_int_equal(at.r.verdict, VERDICT_PASSED);
	for (size_t i = 0; i < 5; i++) {
		static const char *const bad[] = {
		    "SHA256", "SHA256=", "SHA0=never", "SHA256=0", "SHA256=soon"};

		algorithm(bad[i]);
		assert_int_equal(verify(), OUT_USAGE);
		assert_string_equal(recorder_failure(&at.d->said)->reason, "algorithm-malformed");
	}
}

/* What is advised has to help: each of these was told something that did not. */
static void advice_that_helps(void **state)
{
	static const struct {
		enum check_name check;
		enum reason reason;
		const char *word;
	} rows[] = {
	    {CHK_VALIDITY, REASON_CHAIN_REFUSED, "several certificates of one key"},
	    {CHK_CHAIN, REASON_CHAIN_REFUSED, "Another --anchor does not help"},
	    {CHK_VALIDITY, REASON_EXPIRED_SINCE, "--tsa-anchor"},
	    {CHK_REVOCATION, REASON_REVOCATION_MISSING, "Nobody can be asked"},
	    {CHK_REVOCATION, REASON_REVOCATION_STALE, "between it and the certificate's end"},
	};
	struct online_fetch one = {.outcome = "url-refused"};
	const struct online_result nobody = {.on = true, .n = 1, .v = &one};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct check c;

		check_set(&c, rows[i].check, CHECK_FAILED, rows[i].reason, MSG_EMPTY);
		assert_non_null(strstr(verify_advice(&c, NULL, &nobody), rows[i].word));
	}
}

/* The clock of whoever verifies has nothing to do with what the signer says. */
static void a_claim_from_before_the_certificate(void **state)
{
	struct doc_signature *s = calloc(1, sizeof *s);
	struct check c;

	(void)state;
	assert_non_null(s);
	check_set(&c, CHK_VALIDITY, CHECK_FAILED, REASON_NOT_YET_VALID, MSG_EMPTY);
	s->who.not_before = 2000;
	s->when = 1999;
	assert_non_null(strstr(verify_advice(&c, s, NULL), "clock of the signer's computer"));
	s->when = 2000;
	assert_non_null(strstr(verify_advice(&c, s, NULL), "clock of this computer"));
	s->when = 0;
	assert_non_null(strstr(verify_advice(&c, s, NULL), "clock of this computer"));
	free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH(a_signed_file_that_is_valid),
	    WITH(a_file_that_was_altered),
	    WITH(a_signer_whose_ca_is_not_known),
	    WITH(a_signature_whose_file_is_missing),
	    WITH(a_file_that_is_not_there_and_one_without_signature),
	    WITH(an_option_for_another_kind_is_no_luck),
	    WITH(an_algorithm_that_is_no_longer_relied_on),
	    cmocka_unit_test(advice_that_helps),
	    cmocka_unit_test(a_claim_from_before_the_certificate),
	};

	return cmocka_run_group_tests(tests, keys, no_keys);
}
