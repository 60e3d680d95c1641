/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of the counterparty token: every step of its verification. */
#include "counterparty_fix.h"

static void everything_good(void **state)
{
	static const char *const order[] = {"form", "profile", "subject", "audience", "nonce",
	    "time", "chain", "validity", "key usage", "policy", "signature", "revocation",
	    "attestation chain", "attestation statement", "attested key", "PIN policy",
	    "evidence level", "mark form", "mark issuer", "mark type", "mark subject", "mark time",
	    "mark signature", "mark delegation", "mark holder", "status form", "status issuer",
	    "status signature", "status mark", "status time", "status value", "nonce burned"};
	struct rd att[2];
	struct trust_set *s = trust(true);
	struct buf t = BUF_INIT(JWS_MAX_SIZE);
	(void)state;
	struct counterparty_options o = options(att, &stmt);
	struct rd ocsp = pki_ocsp(&ca, &ca, &ecert, V_OCSP_CERTSTATUS_GOOD, T0 - 60, T0 + DAY);
	o.mark = buf_view(&mark);
	o.status = buf_view(&status);
	o.ocsp = ocsp;
	create(&ecert, &o, &t);
	struct counterparty_expect e = {.audience = AUD,
	    .nonce = NONCE,
	    .used = used,
	    .now = T0 + 10,
	    .trust = s,
	    .min_level = EVIDENCE_ATTESTED,
	    .need_mark = true};
	struct counterparty_result *r = verify(buf_view(&t), &e);
	assert_int_equal(report_verdict(&r->report), VERDICT_PASSED);
	assert_int_equal(r->report.n, sizeof order / sizeof order[0]);
	for (size_t i = 0; i < r->report.n; i++)
		assert_string_equal(r->report.checks[i].name, order[i]);
	assert_int_equal(report_find(&r->report, "revocation")->state, CHECK_OK);
	assert_int_equal(r->level, EVIDENCE_ATTESTED);
	assert_true(r->has_attestation && r->has_mark);
	assert_string_equal(r->status, "active");
	assert_string_equal(r->who.user_name, "Chan");
	json_t *j = counterparty_json(r);
	assert_string_equal(json_string_value(json_object_get(j, "evidence_level")), "attested");
	json_decref(j);
	counterparty_result_free(&r);
	/* The same again: a replay. */
	r = verify(buf_view(&t), &e);
	assert_string_equal(report_reason(&r->report)->name, "nonce");
	assert_int_equal(report_find(&r->report, "nonce burned")->state, CHECK_SKIPPED);
	counterparty_result_free(&r);
	OPENSSL_free((void *)(uintptr_t)ocsp.p);
	trust_set_free(&s);
	buf_free(&t);
}

static void freshness(void **state)
{
	struct rd att[2];
	struct trust_set *s = trust(true);
	struct buf t = BUF_INIT(JWS_MAX_SIZE);
	struct counterparty_options o = options(att, &stmt);
	(void)state;
	create(&ecert, &o, &t);
	struct counterparty_expect e = {
	    .audience = AUD, .nonce = NONCE, .used = used, .now = T0, .trust = s};
	expect(&t, &e, "", EVIDENCE_ATTESTED);
	e.audience = "https://else.example";
	expect(&t, &e, "audience", EVIDENCE_ATTESTED);
	e.audience = AUD;
	e.nonce = "another-nonce";
	expect(&t, &e, "nonce", EVIDENCE_ATTESTED);
	e.nonce = NONCE;
	e.now = T0 + 301;
	expect(&t, &e, "time", EVIDENCE_ATTESTED);
	e.now = T0 - 61; /* issued in the future */
	expect(&t, &e, "time", EVIDENCE_ATTESTED);
	e.now = T0 - 59; /* clocks differ */
	expect(&t, &e, "", EVIDENCE_ATTESTED);
	e.now = T0;
	e.used = NULL;
	expect(&t, &e, "nonce burned", EVIDENCE_ATTESTED);
	/* A token for somebody else does not use up our nonce. */
	e.used = used;
	e.audience = "https://else.example";
	expect(&t, &e, "audience", EVIDENCE_ATTESTED);
	bool seen = true;
	assert_int_equal(nonce_store_seen(used, "https://else.example", NONCE, &seen), ECERT_OK);
	assert_false(seen);
	trust_set_free(&s);
	buf_free(&t);
}

static void who_signed(void **state)
{
	struct rd att[2];
	struct trust_set *s = trust(true);
	struct buf t = BUF_INIT(JWS_MAX_SIZE);
	struct counterparty_options o = options(att, NULL);
	struct counterparty_expect e = {
	    .audience = AUD, .nonce = NONCE, .used = used, .now = T0, .trust = s};
	(void)state;
	create(&stranger, &o, &t);
	expect(&t, &e, "chain", EVIDENCE_NONE);
	create(&ecert, &o, &t);
	expect(&t, &e, "", EVIDENCE_NONE);
	/* The signature of another token under this header and payload. */
	uint8_t *last = t.data + t.len - 20;
	*last = *last == 'A' ? 'B' : 'A';
	expect(&t, &e, "signature", EVIDENCE_NONE);
	struct rd crl = pki_crl(
	    &ca, (const struct pki_id *[]){&ecert, NULL}, T0 - DAY, T0 + DAY, NULL);
	assert_int_equal(trust_set_add_crl(s, crl), ECERT_OK);
	create(&ecert, &o, &t);
	expect(&t, &e, "revocation", EVIDENCE_NONE);
	OPENSSL_free((void *)(uintptr_t)crl.p);
	trust_set_free(&s);
	buf_free(&t);
}

static void levels(void **state)
{
	struct rd att[2];
	struct trust_set *s = trust(true), *without = trust(false), *declared = trust(true);
	struct buf t = BUF_INIT(JWS_MAX_SIZE);
	struct counterparty_options o = options(att, &stmt);
	struct counterparty_expect e = {
	    .audience = AUD, .nonce = NONCE, .used = used, .now = T0, .trust = without};
	(void)state;
	create(&ecert, &o, &t);
	/* The TEST root was not given. */
	expect(&t, &e, "attestation chain", EVIDENCE_NONE);
	/* A key that signs without PIN. */
	e.trust = s;
	o = options(att, &stmt_never);
	create(&ecert, &o, &t);
	expect(&t, &e, "PIN policy", EVIDENCE_NONE);
	/* No evidence, and none asked; then asked. */
	o = options(att, NULL);
	create(&ecert, &o, &t);
	expect(&t, &e, "", EVIDENCE_NONE);
	e.min_level = EVIDENCE_DECLARED;
	expect(&t, &e, "evidence level", EVIDENCE_NONE);
	/* The policy of the CA declares tokens. */
	((struct trust_entry *)(uintptr_t)trust_set_entry(declared, 0))->declares_token = true;
	e.trust = declared;
	expect(&t, &e, "", EVIDENCE_DECLARED);
	e.min_level = EVIDENCE_CO_RESIDENT;
	expect(&t, &e, "evidence level", EVIDENCE_DECLARED);
	trust_set_free(&s);
	trust_set_free(&without);
	trust_set_free(&declared);
	buf_free(&t);
}

/* What whoever has a status of its own expects. */
static struct counterparty_expect with_own(const struct trust_set *s, struct rd own)
{
	return (struct counterparty_expect){
	    .audience = AUD, .nonce = NONCE, .used = used, .now = T0, .trust = s, .status = own};
}

static void a_status(const struct doc_signer *by, const char *word, time_t iat, struct buf *out)
{
	buf_reset(out);
	assert_int_equal(mark_status_issue(by,
			     &(const struct mark_status){.iss = ISSUER,
				 .mark = buf_view(&mark),
				 .status = word,
				 .iat = iat,
				 .exp = T0 + 6 * DAY},
			     out),
	    ECERT_OK);
}

/* Two statuses, one that was fetched and one that the token brings: the newer one decides, and
 * nobody keeps an old one alive. */
static void two_statuses(void **state)
{
	static const struct {
		const char *ours, *theirs;
		time_t ours_iat, theirs_iat;
		bool forged; /* theirs, by a stranger */
		const char *check;
	} row[] = {
	    {"active", "revoked", T0 - 3600, T0 - 60, false, "status value"},
	    {"active", "suspended", T0 - 60, T0 - 60, false, "status value"},
	    {"active", "revoked", T0 - 3600, T0 - 60, true, ""},
	    {"active", "suspended", T0 - 60, T0 - 3600, false, ""},
	    {"revoked", "active", T0 - 60, T0 - 3600, false, "status value"},
	    {"suspended", "active", T0 - 3600, T0 - 60, false, ""},
	    {"suspended", "active", T0 - 60, T0 - 60, false, "status value"},
	    {"suspended", "active", T0 - 3600, T0 - 60, true, "status value"},
	    {"active", "active", T0 - 2 * DAY, T0 - 60, false, ""},
	    {"active", "active", T0 - 60, T0 - 2 * DAY, false, ""},
	    {"active", "revoked", T0 - 60, T0 + DAY, false, ""},
	};
	struct rd att[2];
	struct trust_set *s = trust(true);
	struct buf t = BUF_INIT(JWS_MAX_SIZE), a = BUF_INIT(JWS_MAX_SIZE),
		   b = BUF_INIT(JWS_MAX_SIZE);
	struct counterparty_options o = options(att, &stmt);
	struct doc_signer by = pki_signer(&issuer), no = pki_signer(&stranger);
	(void)state;
	o.mark = buf_view(&mark);
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		a_status(&by, row[i].ours, row[i].ours_iat, &a);
		a_status(row[i].forged ? &no : &by, row[i].theirs, row[i].theirs_iat, &b);
		o.status = buf_view(&b);
		create(&ecert, &o, &t);
		const struct counterparty_expect e = with_own(s, buf_view(&a));
		expect(&t, &e, row[i].check, EVIDENCE_ATTESTED);
	}
	/* The relying party's own decides when it is bad, and is not passed over. */
	buf_reset(&a);
	buf_str(&a, "not.a.status");
	const struct counterparty_expect e = with_own(s, buf_view(&a));
	o.status = buf_view(&status);
	create(&ecert, &o, &t);
	expect(&t, &e, "status form", EVIDENCE_ATTESTED);
	trust_set_free(&s);
	buf_free(&t);
	buf_free(&a);
	buf_free(&b);
}

static void creating_has_limits(void **state)
{
	struct rd att[2];
	struct doc_signer s = pki_signer(&ecert);
	struct buf t = BUF_INIT(JWS_MAX_SIZE);
	struct counterparty_options o = options(att, NULL);
	char nonce[NONCE_MAX + 2];
	(void)state;
	memset(nonce, 'n', sizeof nonce);
	nonce[NONCE_MAX + 1] = 0;
	o.nonce = nonce;
	assert_int_equal(counterparty_create(&s, &o, &t), ECERT_E_ARG);
	nonce[NONCE_MIN - 1] = 0;
	assert_int_equal(counterparty_create(&s, &o, &t), ECERT_E_ARG);
	o.nonce = NONCE;
	o.lifetime = 301;
	assert_int_equal(counterparty_create(&s, &o, &t), ECERT_E_ARG);
	o.lifetime = 0;
	o.alg = DOC_ES384;
	assert_int_equal(counterparty_create(&s, &o, &t), ECERT_E_KEY_TYPE);
	o.alg = DOC_SIG_NONE;
	o.audience = "";
	assert_int_equal(counterparty_create(&s, &o, &t), ECERT_E_ARG);
	assert_int_equal(buf_len(&t), 0);
	buf_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(everything_good),
	    cmocka_unit_test(freshness),
	    cmocka_unit_test(who_signed),
	    cmocka_unit_test(levels),
	    cmocka_unit_test(two_statuses),
	    cmocka_unit_test(creating_has_limits),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
