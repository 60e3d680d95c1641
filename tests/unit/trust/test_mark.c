/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of trust marks and delegations. */
#include "mark_fix.h"

static void a_good_mark(void **state)
{
	struct buf mark = BUF_INIT(JWS_MAX_SIZE);
	struct trust_set *s = trust(false);
	struct mark_info m;
	(void)state;
	struct mark_grant g = grant;
	g.holder_cert = holder.der;
	g.request = rd_of("request\n", 8);
	g.logo_uri = "https://issuer.example/logo.svg";
	issue(&issuer, &g, &mark);
	struct mark_expect e = {
	    .sub = SHOP, .type = TYPE, .holder = holder.der, .now = T0, .trust = s};
	assert_string_equal(judge(&mark, &e, &m), "");
	assert_string_equal(m.sub, SHOP);
	assert_string_equal(m.type, TYPE);
	assert_true(m.has_cnf && !m.delegated);
	assert_int_equal(m.exp, T0 + 365 * DAY);
	json_t *j = mark_json(&m);
	assert_string_equal(json_string_value(json_object_get(j, "iss")), ISS);
	json_decref(j);
	/* hktm_request is the digest of the request without its line end. */
	const struct jws_rules rules = {.typ = TRUST_MARK_TYP, .need_kid = true};
	struct jws *jws = NULL;
	char want[44];
	assert_int_equal(jws_parse(buf_view(&mark), &rules, &jws, NULL), ECERT_OK);
	assert_int_equal(jws_sha256(rd_of("request", 7), want), ECERT_OK);
	assert_string_equal(jws_str(jws, "hktm_request"), want);
	jws_free(&jws);
	trust_set_free(&s);
	buf_free(&mark);
}

static void bad_marks(void **state)
{
	struct buf mark = BUF_INIT(JWS_MAX_SIZE);
	struct trust_set *s = trust(false);
	struct mark_expect e = {.sub = SHOP, .type = TYPE, .now = T0, .trust = s};
	(void)state;
	issue(&stranger, &grant, &mark);
	assert_string_equal(judge(&mark, &e, NULL), "mark issuer");
	/* A stranger under the issuer's kid. */
	char kid[44];
	assert_int_equal(trust_kid(issuer.der, kid), ECERT_OK);
	struct mark_grant g = grant;
	g.kid = kid;
	issue(&stranger, &g, &mark);
	assert_string_equal(judge(&mark, &e, NULL), "mark signature");
	/* The issuer in another's name. */
	g = grant;
	g.iss = "https://else.example";
	issue(&issuer, &g, &mark);
	assert_string_equal(judge(&mark, &e, NULL), "mark issuer");
	g = grant;
	g.sub = "https://other.example";
	issue(&issuer, &g, &mark);
	assert_string_equal(judge(&mark, &e, NULL), "mark subject");
	g = grant;
	g.type = "https://owner.example/mark/2";
	issue(&issuer, &g, &mark);
	assert_string_equal(judge(&mark, &e, NULL), "mark type");
	issue(&issuer, &grant, &mark);
	e.now = T0 - DAY;
	assert_string_equal(judge(&mark, &e, NULL), "mark time");
	g = grant;
	g.exp = T0 + DAY;
	issue(&issuer, &g, &mark);
	e.now = T0 + 2 * DAY;
	assert_string_equal(judge(&mark, &e, NULL), "mark time");
	/* The holder: another certificate, or none named. */
	e.now = T0;
	e.holder = thief.der;
	g.holder_cert = holder.der;
	issue(&issuer, &g, &mark);
	assert_string_equal(judge(&mark, &e, NULL), "mark holder");
	issue(&issuer, &grant, &mark);
	assert_string_equal(judge(&mark, &e, NULL), "mark holder");
	buf_reset(&mark);
	buf_str(&mark, "a.b.c");
	assert_string_equal(judge(&mark, &e, NULL), "mark form");
	trust_set_free(&s);
	buf_free(&mark);
}

static void delegations(void **state)
{
	struct buf mark = BUF_INIT(JWS_MAX_SIZE), d = BUF_INIT(JWS_MAX_SIZE);
	struct trust_set *s = trust(true);
	struct mark_expect e = {.sub = SHOP, .type = TYPE, .now = T0, .trust = s};
	struct mark_grant g = grant;
	struct mark_info m;
	static const struct {
		struct pki_id *by;
		const char *iss, *sub, *type;
		time_t now, exp;
		bool good;
	} row[] = {
	    {&owner, OWNER, ISS, TYPE, T0 - DAY, 0, true},
	    {&owner, OWNER, ISS, TYPE, T0 - DAY, T0 + DAY, true},
	    {&owner, OWNER, ISS, TYPE, T0 - 2 * DAY, T0 - DAY, false},
	    {&owner, OWNER, ISS, TYPE, T0 + DAY, 0, false},
	    {&owner, OWNER, "https://else.example", TYPE, T0 - DAY, 0, false},
	    {&owner, OWNER, ISS, "https://owner.example/mark/2", T0 - DAY, 0, false},
	    {&owner, "https://else.example", ISS, TYPE, T0 - DAY, 0, false},
	    {&issuer, OWNER, ISS, TYPE, T0 - DAY, 0, false},
	    {&stranger, OWNER, ISS, TYPE, T0 - DAY, 0, false},
	};
	(void)state;
	issue(&issuer, &grant, &mark);
	assert_string_equal(judge(&mark, &e, NULL), "mark delegation"); /* missing */
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct doc_signer by = pki_signer(row[i].by);
		buf_reset(&d);
		assert_int_equal(mark_delegate(&by, row[i].iss, row[i].sub, row[i].type, row[i].now,
				     row[i].exp, &d),
		    ECERT_OK);
		buf_u8(&d, 0);
		g.delegation = (const char *)buf_view(&d).p;
		issue(&issuer, &g, &mark);
		assert_string_equal(judge(&mark, &e, &m), row[i].good ? "" : "mark delegation");
		assert_int_equal(m.delegated, row[i].good);
	}
	g.delegation = "not.a.jwt";
	issue(&issuer, &g, &mark);
	assert_string_equal(judge(&mark, &e, NULL), "mark delegation");
	trust_set_free(&s);
	buf_free(&mark);
	buf_free(&d);
}

/* A URL that a key is bound to is spoken for by that key; whoever is bound to none has the rest. */
static void unbound_keys(void **state)
{
	struct trust_set *s = trust(false);
	struct buf t = BUF_INIT(JWS_MAX_SIZE), st = BUF_INIT(JWS_MAX_SIZE);
	struct doc_signer no = pki_signer(&stranger), by = pki_signer(&issuer);
	struct mark_grant g = grant;
	const struct mark_expect e = {.sub = SHOP, .now = T0, .trust = s};
	char v[32];
	(void)state;
	assert_int_equal(
	    trust_set_add_der(s, stranger.der, TRUST_MARK_ISSUER, TRUST_EXPLICIT, NULL), ECERT_OK);
	issue(&stranger, &g, &t);
	assert_string_equal(judge(&t, &e, NULL), "mark issuer");
	assert_int_equal(mark_status_issue(&no,
			     &(const struct mark_status){
				 .iss = ISS, .mark = buf_view(&t), .status = "active", .iat = T0},
			     &st),
	    ECERT_OK);
	assert_string_equal(status_of(buf_view(&st), buf_view(&t), &e, v), "status issuer");
	/* Nor for the same place by another spelling. */
	static const char *const spelt[] = {ISS "/", ISS ":443", ISS "#a", ISS "?x=1", ISS "/./"};
	for (size_t i = 0; i < sizeof spelt / sizeof spelt[0]; i++) {
		g.iss = spelt[i];
		issue(&stranger, &g, &t);
		assert_string_equal(judge(&t, &e, NULL), "mark issuer");
	}
	/* Where nobody is bound, it counts, for its own marks and no others. */
	g.iss = "https://third.example";
	issue(&stranger, &g, &t);
	assert_string_equal(judge(&t, &e, NULL), "");
	buf_reset(&st);
	assert_int_equal(mark_status_issue(&no,
			     &(const struct mark_status){
				 .iss = g.iss, .mark = buf_view(&t), .status = "active", .iat = T0},
			     &st),
	    ECERT_OK);
	assert_string_equal(status_of(buf_view(&st), buf_view(&t), &e, v), "");
	assert_int_equal(
	    trust_set_add_der(s, issuer.der, TRUST_MARK_ISSUER, TRUST_EXPLICIT, NULL), ECERT_OK);
	buf_reset(&st);
	assert_int_equal(mark_status_issue(&by,
			     &(const struct mark_status){
				 .iss = g.iss, .mark = buf_view(&t), .status = "active", .iat = T0},
			     &st),
	    ECERT_OK);
	assert_string_equal(status_of(buf_view(&st), buf_view(&t), &e, v), "status mark");
	trust_set_free(&s);
	buf_free(&t);
	buf_free(&st);
}

/* One key for two issuers, each bound to its URL and its types. */
static void one_key_for_two_issuers(void **state)
{
	struct trust_set *s = trust(false);
	struct buf t = BUF_INIT(JWS_MAX_SIZE);
	struct mark_grant g = grant;
	const struct mark_expect e = {.sub = SHOP, .now = T0, .trust = s};
	(void)state;
	assert_int_equal(trust_set_add_der(s, issuer.der, TRUST_MARK_ISSUER, TRUST_EXPLICIT,
			     "https://second.example"),
	    ECERT_OK);
	issue(&issuer, &g, &t);
	assert_string_equal(judge(&t, &e, NULL), "");
	g.iss = "https://second.example";
	issue(&issuer, &g, &t);
	assert_string_equal(judge(&t, &e, NULL), "");
	g.iss = "https://third.example";
	issue(&issuer, &g, &t);
	assert_string_equal(judge(&t, &e, NULL), "mark issuer");
	/* Bound to none comes after those that are bound. */
	assert_int_equal(
	    trust_set_add_der(s, issuer.der, TRUST_MARK_ISSUER, TRUST_EXPLICIT, NULL), ECERT_OK);
	issue(&issuer, &g, &t);
	assert_string_equal(judge(&t, &e, NULL), "");
	trust_set_free(&s);
	buf_free(&t);
}

/* A list may have one kid for two keys of an issuer: either may have signed. */
static void one_kid_for_two_keys(void **state)
{
	struct trust_set *s = NULL;
	struct buf t = BUF_INIT(JWS_MAX_SIZE), st = BUF_INIT(JWS_MAX_SIZE);
	struct pki_id *const by[] = {&stranger, &issuer, &thief};
	struct mark_grant g = grant;
	const struct mark_expect e = {.sub = SHOP, .now = T0, .trust = (s = trust(false))};
	char v[32];
	(void)state;
	assert_int_equal(
	    trust_set_add_der(s, stranger.der, TRUST_MARK_ISSUER, TRUST_EXPLICIT, ISS), ECERT_OK);
	for (size_t i = 0; i < 2; i++)
		strcpy(((struct trust_entry *)(uintptr_t)trust_set_entry(s, i))->kid, "key-1");
	g.kid = "key-1";
	for (size_t i = 0; i < sizeof by / sizeof by[0]; i++) {
		struct doc_signer signer = pki_signer(by[i]);
		issue(by[i], &g, &t);
		assert_string_equal(judge(&t, &e, NULL), i < 2 ? "" : "mark signature");
		buf_reset(&st);
		assert_int_equal(
		    mark_status_issue(&signer,
			&(const struct mark_status){
			    .iss = ISS, .mark = buf_view(&t), .status = "active", .iat = T0},
			&st),
		    ECERT_OK);
		assert_string_equal(
		    status_of(buf_view(&st), buf_view(&t), &e, v), i < 2 ? "" : "status issuer");
	}
	trust_set_free(&s);
	buf_free(&t);
	buf_free(&st);
}

/* OpenID Federation recommends the JWK thumbprint (RFC 7638) as kid. */
static void a_kid_that_is_the_keys_thumbprint(void **state)
{
	struct trust_set *s = trust(true);
	struct buf t = BUF_INIT(JWS_MAX_SIZE), d = BUF_INIT(JWS_MAX_SIZE);
	struct mark_grant g = grant;
	const struct mark_expect e = {.sub = SHOP, .now = T0, .trust = s};
	struct doc_signer by = pki_signer(&owner);
	char kid[44], other[44];
	(void)state;
	assert_int_equal(jws_thumbprint(issuer.der, kid), ECERT_OK);
	assert_int_equal(jws_thumbprint(stranger.der, other), ECERT_OK);
	assert_int_equal(mark_delegate(&by, OWNER, ISS, TYPE, T0, 0, &d), ECERT_OK);
	buf_u8(&d, 0);
	g.delegation = (const char *)buf_view(&d).p;
	g.kid = kid;
	issue(&issuer, &g, &t);
	assert_string_equal(judge(&t, &e, NULL), "");
	/* The name alone is nothing. */
	issue(&stranger, &g, &t);
	assert_string_equal(judge(&t, &e, NULL), "mark signature");
	g.kid = other;
	issue(&issuer, &g, &t);
	assert_string_equal(judge(&t, &e, NULL), "mark issuer");
	trust_set_free(&s);
	buf_free(&t);
	buf_free(&d);
}

static void issuing_has_limits(void **state)
{
	struct doc_signer by = pki_signer(&issuer);
	struct buf out = BUF_INIT(JWS_MAX_SIZE);
	struct mark_grant g = grant;
	(void)state;
	g.exp = T0 + 400 * DAY;
	assert_int_equal(mark_issue(&by, &g, &out), ECERT_E_ARG);
	g.exp = T0;
	assert_int_equal(mark_issue(&by, &g, &out), ECERT_E_ARG);
	g = grant;
	g.sub = NULL;
	assert_int_equal(mark_issue(&by, &g, &out), ECERT_E_ARG);
	assert_int_equal(mark_delegate(&by, OWNER, ISS, TYPE, T0, T0 - 1, &out), ECERT_E_ARG);
	assert_int_equal(mark_status_issue(&by,
			     &(const struct mark_status){
				 .iss = ISS, .mark = rd_of(NULL, 0), .status = "active", .iat = T0},
			     &out),
	    ECERT_E_ARG);
	assert_int_equal(buf_len(&out), 0);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_good_mark),
	    cmocka_unit_test(bad_marks),
	    cmocka_unit_test(delegations),
	    cmocka_unit_test(unbound_keys),
	    cmocka_unit_test(one_key_for_two_issuers),
	    cmocka_unit_test(one_kid_for_two_keys),
	    cmocka_unit_test(a_kid_that_is_the_keys_thumbprint),
	    cmocka_unit_test(issuing_has_limits),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
