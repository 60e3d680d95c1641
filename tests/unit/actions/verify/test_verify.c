/* SPDX-License-Identifier: BSD-2-Clause */
/* Verifying, called as a page or a program would: what comes out for each kind, and what is said
 * last. */
#include "tests/unit/client/deed.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "actions/verify/verify.h"
#include "document/format.h"
#include "tests/unit/document/pki.h"
#include "trust/mark/mark.h"

#define AT_T0 "1780000000"
#define ISS   "https://issuer.example"
#define SHOP  "https://shop.example"
#define TYPE  "https://issuer.example/mark/1"
#define AUD   "https://me.example"

static struct pki_id ca, other_ca, wong, issuer;

static int keys(void **state)
{
	(void)state;
	pki_make(&(struct pki_spec){.cn = "CA", .ca = true}, &ca);
	pki_make(&(struct pki_spec){.cn = "Other CA", .ca = true}, &other_ca);
	pki_make(&(struct pki_spec){.cn = "WONG Mei", .usage = "digitalSignature", .issuer = &ca},
	    &wong);
	pki_make(&(struct pki_spec){.cn = "Issuer"}, &issuer);
	return 0;
}

static int no_keys(void **state)
{
	(void)state;
	pki_free(&wong);
	pki_free(&ca);
	pki_free(&other_ca);
	pki_free(&issuer);
	return 0;
}

/* What one test has at hand. */
static struct {
	struct deed *d;
	struct verify_deed deed;
	const char *anchor, *mark_issuer;
	const char *name[2];
	char room[2][128];
	struct strlist files;
	struct verified r;
} at;

static const char *file(const char *base, struct rd bytes)
{
	const char *path = deed_file(at.d, base, NULL);

	pki_write(path, bytes);
	return path;
}

static void named(size_t i, const char *path)
{
	snprintf(at.room[i], sizeof at.room[i], "%s", path);
	at.name[i] = at.room[i];
	at.files = (struct strlist){at.name, i + 1};
}

static const char *anchor(const struct pki_id *id)
{
	static char path[128];

	snprintf(path, sizeof path, "%s", deed_file(at.d, "anchor.pem", NULL));
	pki_write_pem(path, id);
	return path;
}

static int begin(void **state)
{
	struct deed *d;

	if (deed_bare(state))
		return -1;
	d = *state;
	setenv("XDG_STATE_HOME", d->dir, 1);
	memset(&at, 0, sizeof at);
	at.d = d;
	at.anchor = anchor(&ca);
	at.deed.trust = (struct trust_options){.anchor = {&at.anchor, 1}, .at = AT_T0};
	return 0;
}

static int end(void **state)
{
	verified_free(&at.r);
	return deed_end(state);
}

static enum outcome verify(void)
{
	verified_free(&at.r);
	deed_types(at.d, NULL);
	return verify_files(&at.d->job, &at.deed, &at.files, &at.r);
}

/* invoice.txt with these words, and its signature beside it, made of other ones. */
static void invoice(const char *signed_words, const char *words)
{
	const struct doc_sign_options o = {.now = T0 - DAY};
	struct doc_signer s = pki_signer(&wong);
	struct buf p7s = BUF_INIT(DOC_SIGNATURE_MAX);
	int fd = open(deed_file(at.d, "signed.txt", signed_words), O_RDONLY | O_CLOEXEC);

	assert_int_equal(doc_sign_fd(DOC_KIND_CMS, &s, &o, fd, &p7s), ECERT_OK);
	assert_int_equal(close(fd), 0);
	named(0, file("invoice.txt", rd_of(words, strlen(words))));
	(void)file("invoice.txt.p7s", buf_view(&p7s));
	buf_free(&p7s);
}

/* Nothing was said meanwhile; this is said last. */
static void closes(const char *reason, const char *id, const char *words, const char *next)
{
	char want[512];

	assert_int_equal(at.d->said.n, 0);
	snprintf(want, sizeof want, "%s: %s", at.r.about ? at.r.about : at.r.file, words);
	assert_int_equal(verified_close(&at.d->said.ui, &at.r), OUT_INVALID);
	deed_failed(at.d, OUT_INVALID, reason, id, want, next);
}

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

/* A mark for the shop, by this key. */
static void granted(struct pki_id *by, const char *base, struct buf *mark)
{
	const struct mark_grant grant = {
	    .iss = ISS, .sub = SHOP, .type = TYPE, .now = T0 - DAY, .exp = T0 + DAY};
	struct doc_signer s = pki_signer(by);

	assert_int_equal(mark_issue(&s, &grant, mark), ECERT_OK);
	named(0, file(base, buf_view(mark)));
}

static void expects_marks(void)
{
	static char option[192];
	const char *pem = deed_file(at.d, "issuer.pem", NULL);

	pki_write_pem(pem, &issuer);
	snprintf(option, sizeof option, "%s=%s", ISS, pem);
	at.mark_issuer = option;
	at.deed.trust = (struct trust_options){.mark_issuer = {&at.mark_issuer, 1}, .at = AT_T0};
}

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

static void algorithm(const char *value)
{
	static const char *one;

	one = value;
	at.deed.algorithms = (struct strlist){&one, 1};
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
	    {CHK_REVOCATION, REASON_REVOCATION_STALE, "between it and the certificate's end"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct check c;

		check_set(&c, rows[i].check, CHECK_FAILED, rows[i].reason, MSG_EMPTY);
		assert_non_null(strstr(verify_advice(&c), rows[i].word));
	}
}

#define WITH(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH(a_signed_file_that_is_valid),
	    WITH(a_file_that_was_altered),
	    WITH(a_signer_whose_ca_is_not_known),
	    WITH(a_signature_whose_file_is_missing),
	    WITH(a_file_that_is_not_there_and_one_without_signature),
	    WITH(a_mark_and_one_that_somebody_else_signed),
	    WITH(a_status_that_withdraws_its_mark),
	    WITH(a_counterparty_once_and_not_twice),
	    WITH(an_option_for_another_kind_is_no_luck),
	    WITH(an_algorithm_that_is_no_longer_relied_on),
	    WITH(a_mark_by_an_algorithm_of_before),
	    WITH(a_token_that_is_damaged),
	    cmocka_unit_test(advice_that_helps),
	};

	return cmocka_run_group_tests(tests, keys, no_keys);
}
