/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of the counterparty token: every step of its verification, good and hostile. */
#include <dirent.h>
#include <openssl/ocsp.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "document/jws.h"
#include "trust/counterparty.h"
#include "token_sim.h"

#define AUD    "https://buyer.example"
#define NONCE  "nonce-of-22-characters"
#define SHOP   "https://shop.example"
#define ISSUER "https://issuer.example"
#define TYPE   "https://issuer.example/mark/1"

static struct pki_id ca, ecert, imported, stranger, issuer, slot_key;
static struct token_sim card;
static struct pki_id stmt, stmt_never, stmt_other;
static struct buf mark = BUF_INIT(JWS_MAX_SIZE), status = BUF_INIT(JWS_MAX_SIZE);
static char dir[] = "./counterparty-XXXXXX";
static struct nonce_store *used;

static struct trust_set *trust(bool with_root)
{
	struct trust_set *s = NULL;
	assert_int_equal(trust_set_new(&s), ECERT_OK);
	assert_int_equal(
	    trust_set_add_der(s, ca.der, TRUST_ECERT_SIGNING, TRUST_EXPLICIT, NULL), ECERT_OK);
	assert_int_equal(
	    trust_set_add_der(s, issuer.der, TRUST_MARK_ISSUER, TRUST_EXPLICIT, ISSUER), ECERT_OK);
	if (with_root)
		assert_int_equal(
		    trust_set_add_der(s, card.root.der, TRUST_ATTESTATION, TRUST_EXPLICIT, NULL),
		    ECERT_OK);
	return s;
}

static int setup(void **state)
{
	(void)state;
	pki_make(&(struct pki_spec){.cn = "CA", .ca = true}, &ca);
	pki_make(
	    &(struct pki_spec){.cn = "Chan", .usage = "digitalSignature", .issuer = &ca}, &ecert);
	pki_make(
	    &(struct pki_spec){
		.cn = "Lee", .key = KEY_RSA2048, .usage = "digitalSignature", .issuer = &ca},
	    &imported);
	pki_make(&(struct pki_spec){.cn = "Stranger", .usage = "digitalSignature"}, &stranger);
	pki_make(&(struct pki_spec){.cn = "Issuer"}, &issuer);
	pki_make(&(struct pki_spec){.cn = "slot"}, &slot_key);
	token_sim_make("Card TEST Root", &card);
	token_sim_attest(&card, ecert.key, 2, false, &stmt);
	token_sim_attest(&card, ecert.key, PIN_POLICY_NEVER, false, &stmt_never);
	token_sim_attest(&card, slot_key.key, 2, false, &stmt_other);
	struct doc_signer s = pki_signer(&issuer);
	struct mark_grant g = {
	    .iss = ISSUER, .sub = SHOP, .type = TYPE, .holder_cert = ecert.der, .now = T0};
	assert_int_equal(mark_issue(&s, &g, &mark), ECERT_OK);
	assert_int_equal(
	    mark_status_issue(&s, ISSUER, buf_view(&mark), "active", NULL, T0, 0, &status),
	    ECERT_OK);
	assert_non_null(mkdtemp(dir));
	return nonce_store_open(dir, T0, &used) == ECERT_OK ? 0 : -1;
}

static void forget(void)
{
	char path[512];
	DIR *d = opendir(dir);
	for (const struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
		snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
		if (e->d_name[0] != '.')
			assert_int_equal(unlink(path), 0);
	}
	closedir(d);
}

static int teardown(void **state)
{
	struct pki_id *const all[] = {
	    &stmt, &stmt_never, &stmt_other, &ecert, &imported, &stranger, &issuer, &slot_key, &ca};
	(void)state;
	forget();
	nonce_store_close(&used);
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		pki_free(all[i]);
	token_sim_free(&card);
	buf_free(&mark);
	buf_free(&status);
	return rmdir(dir);
}

static struct counterparty_options options(struct rd att[2], const struct pki_id *statement)
{
	struct counterparty_options o = {
	    .audience = AUD, .nonce = NONCE, .subject = SHOP, .now = T0, .slot = "9a"};
	if (statement) {
		att[0] = statement->der;
		att[1] = card.f9.der;
		o.attestation = att;
		o.attestation_n = 2;
	}
	return o;
}

static void create(struct pki_id *by, const struct counterparty_options *o, struct buf *out)
{
	struct doc_signer s = pki_signer(by);
	buf_reset(out);
	assert_int_equal(counterparty_create(&s, o, out), ECERT_OK);
}

static struct counterparty_result *verify(struct rd token, const struct counterparty_expect *e)
{
	struct counterparty_result *r = NULL;
	assert_int_equal(counterparty_verify(token, e, &r), ECERT_OK);
	assert_non_null(r);
	return r;
}

/* The first check that is not good, or none (""); the store is emptied before, so that each case
 * stands alone. */
static void expect(const struct buf *t, const struct counterparty_expect *e, const char *check,
    enum evidence_level level)
{
	forget();
	struct counterparty_result *r = verify(buf_view(t), e);
	const struct check *c = report_reason(&r->report);
	if (strcmp(c ? c->name : "", check) != 0)
		fail_msg(
		    "%s: %s, instead of %s", c ? c->name : "all good", c ? c->detail : "", check);
	assert_int_equal(r->level, level);
	counterparty_result_free(&r);
}

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

/* Rewrites one claim and signs again with the e-Cert's own key: the holder as attacker. */
static void resign(
    struct buf *t, struct pki_id *by, const char *typ, const char *key, json_t *value)
{
	const struct jws_rules rules = {.typ = COUNTERPARTY_TYP};
	struct doc_signer s = pki_signer(by);
	struct jws *j = NULL;
	assert_int_equal(jws_parse(buf_view(t), &rules, &j, NULL, 0), ECERT_OK);
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
	assert_int_equal(
	    mark_status_issue(&by, ISSUER, buf_view(&other), "revoked", "x", T0, 0, &st), ECERT_OK);
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
	    cmocka_unit_test(an_imported_key),
	    cmocka_unit_test(hostile_claims),
	    cmocka_unit_test(marks_of_others),
	    cmocka_unit_test(not_a_token),
	    cmocka_unit_test(creating_has_limits),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
