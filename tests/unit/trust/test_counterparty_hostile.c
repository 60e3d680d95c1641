/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of the counterparty token: claims, keys and marks that are not what they say. */
#include "counterparty_fix.h"
#include "ecert/piv_const.h"

/* Rewrites one claim and signs again with the e-Cert's own key: the holder as attacker. */
static void resign(
    struct buf *t, struct pki_id *by, const char *typ, const char *key, json_t *value)
{
	const struct jws_rules rules = {.typ = COUNTERPARTY_TYP};
	struct doc_signer s = pki_signer(by);
	struct jws *j = NULL;
	assert_int_equal(jws_parse(buf_view(t), &rules, &j, NULL), ECERT_OK);
	json_t *claims = json_deep_copy(j->claims);
	jws_free(&j);
	if (value)
		json_object_set_new(claims, key, value);
	else
		json_object_del(claims, key);
	buf_reset(t);
	assert_int_equal(
	    jws_create(&s, &(struct jws_options){.typ = typ, .x5c = true}, claims, t), ECERT_OK);
	json_decref(claims);
}

/* The same for one member of the key evidence. */
static void with_evidence(struct buf *t, struct pki_id *by, const char *key, json_t *value)
{
	const struct jws_rules rules = {.typ = COUNTERPARTY_TYP};
	struct jws *j = NULL;
	assert_int_equal(jws_parse(buf_view(t), &rules, &j, NULL), ECERT_OK);
	json_t *k = json_deep_copy(json_object_get(j->claims, "hktm_key_att"));
	jws_free(&j);
	json_object_set_new(k, key, value);
	resign(t, by, COUNTERPARTY_TYP, "hktm_key_att", k);
}

static void an_imported_key(void **state)
{
	struct rd att[2];
	struct trust_set *s = trust(true);
	struct buf t = BUF_INIT(JWS_MAX_SIZE);
	struct counterparty_options o = options(att, &stmt_other);
	struct counterparty_expect e = {
	    .audience = AUD, .nonce = NONCE, .used = used, .now = T0, .trust = s};
	struct doc_signer by = pki_signer(&imported), slot = pki_signer(&slot_key);
	(void)state;
	/* A statement about another key is not even sent. */
	assert_int_equal(counterparty_create(&by, &o, &t), ECERT_E_DATA);
	o.co_resident = &slot;
	create(&imported, &o, &t);
	expect(&t, &e, "", EVIDENCE_CO_RESIDENT);
	e.min_level = EVIDENCE_ATTESTED;
	expect(&t, &e, "evidence level", EVIDENCE_CO_RESIDENT);
	e.min_level = EVIDENCE_NONE;
	/* The co-resident statement taken to another e-Cert, and to another nonce. */
	resign(&t, &ecert, COUNTERPARTY_TYP, "jti", json_string("x"));
	expect(&t, &e, "attested key", EVIDENCE_NONE);
	create(&imported, &o, &t);
	resign(&t, &imported, COUNTERPARTY_TYP, "eat_nonce", json_string("second-nonce"));
	e.nonce = "second-nonce";
	expect(&t, &e, "attested key", EVIDENCE_NONE);
	e.nonce = NONCE;
	/* The attested key of somebody else's card, without its signature. */
	o = options(att, &stmt);
	create(&ecert, &o, &t);
	resign(&t, &imported, COUNTERPARTY_TYP, "jti", json_string("x"));
	expect(&t, &e, "attested key", EVIDENCE_NONE);
	/* A co-resident statement by a key that is not the attested one. */
	o = options(att, &stmt_other);
	struct doc_signer wrong = pki_signer(&stranger);
	o.co_resident = &wrong;
	assert_int_equal(counterparty_create(&by, &o, &t), ECERT_E_BAD_SIGNATURE);
	trust_set_free(&s);
	buf_free(&t);
}

static void hostile_claims(void **state)
{
	static const struct {
		const char *key, *json, *check;
	} row[] = {
	    {"eat_profile", "\"urn:other\"", "profile"},
	    {"eat_profile", NULL, "profile"},
	    {"iss", "\"https://else.example\"", "subject"},
	    {"sub", NULL, "subject"},
	    {"aud", "[\"https://else.example\"]", "audience"},
	    {"aud", "7", "audience"},
	    {"eat_nonce", "\"short\"", "nonce"},
	    {"eat_nonce", "[\"nonce-of-22-characters\"]", "nonce"},
	    {"exp", NULL, "time"},
	    {"exp", "1780000301", "time"},
	    {"exp", "\"soon\"", "time"},
	    {"nbf", "1780000061", "time"},
	    {"nbf", "\"1780000000\"", "time"},
	    {"nbf", "1780000060", ""},
	    {"iat", NULL, "time"},
	    {"hktm_key_att", "{}", "attestation chain"},
	    {"hktm_key_att", "\"x\"", "attestation chain"},
	    {"hktm_key_att", "{\"fmt\":\"yubico-piv\",\"x5c\":[\"AAAA\",\"AAAA\"]}",
		"attestation chain"},
	    {"hktm_key_att", "{\"fmt\":\"tpm\",\"x5c\":[]}", "attestation chain"},
	    {"trust_marks", "{}", "mark"},
	    {"trust_marks", "[]", "mark"},
	    {"trust_marks", "[{\"trust_mark_type\":\"a\",\"trust_mark\":\"b\"},{}]", "mark"},
	    {"trust_marks", "[{\"trust_mark_type\":\"a\",\"trust_mark\":\"b\"}]", "mark form"},
	    {"hktm_ocsp", "\"!\"", "revocation"},
	    {"hktm_ocsp", "7", "revocation"},
	    {"unknown_claim", "1", ""},
	};
	struct rd att[2];
	struct trust_set *s = trust(true);
	struct buf t = BUF_INIT(JWS_MAX_SIZE);
	struct counterparty_options o = options(att, &stmt);
	struct counterparty_expect e = {
	    .audience = AUD, .nonce = NONCE, .used = used, .now = T0, .trust = s};
	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		create(&ecert, &o, &t);
		resign(&t, &ecert, COUNTERPARTY_TYP, row[i].key,
		    row[i].json ? json_loads(row[i].json, JSON_DECODE_ANY, NULL) : NULL);
		forget();
		struct counterparty_result *r = verify(buf_view(&t), &e);
		const struct check *c = report_reason(&r->report);
		if (strcmp(c ? c->name : "", row[i].check) != 0)
			fail_msg("%s %s: %s", row[i].key, row[i].json, c ? c->name : "all good");
		counterparty_result_free(&r);
	}
	create(&ecert, &o, &t);
	resign(&t, &ecert, "JWT", "x", json_true());
	expect(&t, &e, "form", EVIDENCE_NONE);
	trust_set_free(&s);
	buf_free(&t);
}

/* Only what firmware is known to mean by it asks for a PIN. */
static void pin_policies(void **state)
{
	struct rd att[2];
	struct trust_set *s = trust(true);
	struct buf t = BUF_INIT(JWS_MAX_SIZE);
	struct counterparty_expect e = {
	    .audience = AUD, .nonce = NONCE, .used = used, .now = T0, .trust = s};
	(void)state;
	for (unsigned p = 0; p < 256; p += p < 9 ? 1 : 41) {
		bool asks = p >= 2 && p <= 5;
		struct pki_id st;
		token_sim_attest(&card, ecert.key, (uint8_t)p, false, &st);
		struct counterparty_options o = options(att, &st);
		create(&ecert, &o, &t);
		e.min_level = EVIDENCE_NONE;
		expect(&t, &e, asks ? "" : "PIN policy", asks ? EVIDENCE_ATTESTED : EVIDENCE_NONE);
		pki_free(&st);
	}
	trust_set_free(&s);
	buf_free(&t);
}

/* A token that attests imported keys was pinned: it was there, and that is all. */
static void an_enrolled_token(void **state)
{
	static const uint8_t policy[] = {2, 1};
	struct rd att[2];
	struct trust_set *s = trust(false);
	struct buf t = BUF_INIT(JWS_MAX_SIZE);
	struct token_sim applet;
	struct pki_id own, never, twin, st;
	const struct counterparty_expect e = {
	    .audience = AUD, .nonce = NONCE, .used = used, .now = T0, .trust = s};
	struct counterparty_expect need = e;
	struct doc_signer slot = pki_signer(&slot_key);
	(void)state;
	pki_make(&(struct pki_spec){.cn = "F9", .ext = {{ECERT_OID_YUBICO_POLICY, policy, 2}}},
	    &applet.f9);
	pki_make(&(struct pki_spec){.cn = "F9", .use_key = applet.f9.key}, &twin);
	assert_int_equal(
	    trust_set_add_der(s, twin.der, TRUST_ATTESTATION, TRUST_EXPLICIT, NULL), ECERT_OK);
	token_sim_attest(&applet, ecert.key, 2, true, &own);
	token_sim_attest(&applet, ecert.key, PIN_POLICY_NEVER, true, &never);
	token_sim_attest(&applet, slot_key.key, 2, true, &st);
	struct counterparty_options o = options(att, &own);
	att[1] = applet.f9.der;
	create(&ecert, &o, &t);
	expect(&t, &e, "", EVIDENCE_CO_RESIDENT);
	need.min_level = EVIDENCE_ATTESTED;
	expect(&t, &need, "evidence level", EVIDENCE_CO_RESIDENT);
	/* Without a PIN it is nobody's will; another key of it vouches as far. */
	att[0] = never.der;
	create(&ecert, &o, &t);
	expect(&t, &e, "PIN policy", EVIDENCE_NONE);
	att[0] = st.der;
	o.co_resident = &slot;
	create(&imported, &o, &t);
	expect(&t, &e, "", EVIDENCE_CO_RESIDENT);
	trust_set_free(&s);
	buf_free(&t);
	pki_free(&own);
	pki_free(&never);
	pki_free(&st);
	pki_free(&twin);
	pki_free(&applet.f9);
}

/* A copied e-Cert with its statement, signed by somebody else, is evidence of nothing. */
static void copied_evidence(void **state)
{
	struct rd att[2];
	struct trust_set *s = trust(true);
	struct buf t = BUF_INIT(JWS_MAX_SIZE);
	struct counterparty_options o = options(att, &stmt);
	struct counterparty_expect e = {
	    .audience = AUD, .nonce = NONCE, .used = used, .now = T0, .trust = s};
	(void)state;
	create(&ecert, &o, &t);
	uint8_t *last = t.data + t.len - 20;
	*last = *last == 'A' ? 'B' : 'A';
	expect(&t, &e, "signature", EVIDENCE_NONE);
	trust_set_free(&s);
	buf_free(&t);
}

/* The co-resident key's own statement has its own times. */
static void a_co_resident_statement_of_later(void **state)
{
	static const struct {
		const char *claim;
		long at;
		bool good;
	} row[] = {{"nbf", 61, false}, {"nbf", 60, true}, {"exp", 0, false}, {"exp", 1, true}};
	struct rd att[2];
	struct trust_set *s = trust(true);
	struct buf t = BUF_INIT(JWS_MAX_SIZE), co = BUF_INIT(JWS_MAX_SIZE);
	struct counterparty_options o = options(att, &stmt_other);
	struct doc_signer slot = pki_signer(&slot_key);
	const struct counterparty_expect e = {
	    .audience = AUD, .nonce = NONCE, .used = used, .now = T0, .trust = s};
	char thumb[44];
	(void)state;
	o.co_resident = &slot;
	assert_int_equal(jws_sha256(imported.der, thumb), ECERT_OK);
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		json_t *c = json_pack("{s:s, s:s, s:s, s:I}", "x5t#S256", thumb, "eat_nonce", NONCE,
		    "aud", AUD, row[i].claim, (json_int_t)(T0 + row[i].at));
		buf_reset(&co);
		assert_int_equal(
		    jws_create(&slot, &(struct jws_options){.typ = CO_RESIDENT_TYP}, c, &co),
		    ECERT_OK);
		json_decref(c);
		create(&imported, &o, &t);
		with_evidence(&t, &imported, "co_resident",
		    json_stringn((const char *)buf_view(&co).p, buf_len(&co)));
		expect(&t, &e, row[i].good ? "" : "attested key",
		    row[i].good ? EVIDENCE_CO_RESIDENT : EVIDENCE_NONE);
	}
	trust_set_free(&s);
	buf_free(&t);
	buf_free(&co);
}

/* Who does not hold what was asked for leaves the nonce to the one who does. */
static void strangers_burn_nothing(void **state)
{
	struct rd att[2];
	struct trust_set *s = trust(true);
	struct buf t = BUF_INIT(JWS_MAX_SIZE);
	struct counterparty_options o = options(att, NULL);
	struct counterparty_expect e = {
	    .audience = AUD, .nonce = NONCE, .used = used, .now = T0, .trust = s};
	struct counterparty_result *r;
	(void)state;
	forget();
	/* Nobody's certificate; then a trusted CA's customer without the evidence, then without
	 * the mark that are asked for. */
	create(&stranger, &o, &t);
	for (int i = 0; i < 3; i++) {
		if (i == 1) {
			create(&imported, &o, &t);
			e.min_level = EVIDENCE_ATTESTED;
		} else if (i == 2) {
			e.min_level = EVIDENCE_NONE;
			e.need_mark = true;
		}
		r = verify(buf_view(&t), &e);
		/* Whose CA is not known, may be anybody; nothing that he says is believed. */
		assert_int_equal(
		    report_verdict(&r->report), i ? VERDICT_FAILED : VERDICT_INDETERMINATE);
		assert_int_equal(report_strict(&r->report), VERDICT_FAILED);
		assert_int_equal(report_find(&r->report, "nonce burned")->state, CHECK_SKIPPED);
		counterparty_result_free(&r);
	}
	/* The one who does, once. */
	o = options(att, &stmt);
	o.mark = buf_view(&mark);
	create(&ecert, &o, &t);
	r = verify(buf_view(&t), &e); /* its status is not at hand yet */
	assert_string_equal(report_reason(&r->report)->name, "status");
	counterparty_result_free(&r);
	e.status = buf_view(&status);
	for (int i = 0; i < 2; i++) {
		r = verify(buf_view(&t), &e);
		assert_int_equal(report_verdict(&r->report), i ? VERDICT_FAILED : VERDICT_PASSED);
		assert_int_equal(
		    report_find(&r->report, "nonce")->state, i ? CHECK_FAILED : CHECK_OK);
		counterparty_result_free(&r);
	}
	trust_set_free(&s);
	buf_free(&t);
}

static void say_revoked(const struct doc_signer *by, struct rd of, struct buf *out)
{
	const struct mark_status st = {
	    .iss = ISSUER, .mark = of, .status = "revoked", .reason = "x", .iat = T0};

	assert_int_equal(mark_status_issue(by, &st, out), ECERT_OK);
}

static void marks_of_others(void **state)
{
	struct rd att[2];
	struct trust_set *s = trust(true);
	struct buf t = BUF_INIT(JWS_MAX_SIZE), other = BUF_INIT(JWS_MAX_SIZE),
		   st = BUF_INIT(JWS_MAX_SIZE);
	struct counterparty_expect e = {
	    .audience = AUD, .nonce = NONCE, .used = used, .now = T0, .trust = s};
	struct counterparty_options o = options(att, &stmt);
	struct doc_signer by = pki_signer(&issuer);
	struct mark_grant g = {
	    .iss = ISSUER, .sub = SHOP, .type = TYPE, .holder_cert = imported.der, .now = T0};
	(void)state;
	/* No status, then one. */
	o.mark = buf_view(&mark);
	create(&ecert, &o, &t);
	expect(&t, &e, "status", EVIDENCE_ATTESTED);
	e.status = buf_view(&status);
	expect(&t, &e, "", EVIDENCE_ATTESTED);
	e.status = rd_of(NULL, 0);
	/* Granted to another certificate: stolen. */
	assert_int_equal(mark_issue(&by, &g, &other), ECERT_OK);
	o.mark = buf_view(&other);
	o.status = buf_view(&status);
	create(&ecert, &o, &t);
	expect(&t, &e, "mark holder", EVIDENCE_ATTESTED);
	/* Of another subject. */
	g.sub = "https://else.example";
	g.holder_cert = ecert.der;
	buf_reset(&other);
	assert_int_equal(mark_issue(&by, &g, &other), ECERT_OK);
	o.mark = buf_view(&other);
	create(&ecert, &o, &t);
	expect(&t, &e, "mark subject", EVIDENCE_ATTESTED);
	/* The status of another mark, and a revoked one. */
	g.sub = SHOP;
	buf_reset(&other);
	assert_int_equal(mark_issue(&by, &g, &other), ECERT_OK);
	o.mark = buf_view(&other);
	create(&ecert, &o, &t);
	expect(&t, &e, "status mark", EVIDENCE_ATTESTED);
	say_revoked(&by, buf_view(&other), &st);
	o.status = buf_view(&st);
	create(&ecert, &o, &t);
	expect(&t, &e, "status value", EVIDENCE_ATTESTED);
	/* Without a mark, where one is asked for. */
	o = options(att, &stmt);
	create(&ecert, &o, &t);
	e.need_mark = true;
	expect(&t, &e, "mark", EVIDENCE_ATTESTED);
	o.mark = rd_of("not a mark", 10);
	struct doc_signer me = pki_signer(&ecert);
	assert_int_equal(counterparty_create(&me, &o, &t), ECERT_E_DATA);
	trust_set_free(&s);
	buf_free(&t);
	buf_free(&other);
	buf_free(&st);
}

static void not_a_token(void **state)
{
	struct trust_set *s = trust(true);
	struct counterparty_expect e = {
	    .audience = AUD, .nonce = NONCE, .used = used, .now = T0, .trust = s};
	struct buf t = BUF_INIT(1u << 20);
	(void)state;
	buf_str(&t, "eyJhbGciOiJub25lIiwidHlwIjoiZWF0K2p3dCJ9.e30.");
	expect(&t, &e, "form", EVIDENCE_NONE);
	buf_reset(&t);
	buf_fill(&t, 'A', 200000);
	expect(&t, &e, "form", EVIDENCE_NONE);
	struct counterparty_result *r = NULL;
	e.nonce = NULL;
	assert_int_equal(counterparty_verify(buf_view(&t), &e, &r), ECERT_E_ARG);
	assert_null(r);
	trust_set_free(&s);
	buf_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_imported_key),
	    cmocka_unit_test(hostile_claims),
	    cmocka_unit_test(pin_policies),
	    cmocka_unit_test(an_enrolled_token),
	    cmocka_unit_test(copied_evidence),
	    cmocka_unit_test(a_co_resident_statement_of_later),
	    cmocka_unit_test(strangers_burn_nothing),
	    cmocka_unit_test(marks_of_others),
	    cmocka_unit_test(not_a_token),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
