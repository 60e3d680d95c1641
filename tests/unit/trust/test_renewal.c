/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of the renewal request: the merchant's file, signing, verifying. */
#include <dirent.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "document/jose/jws.h"
#include "trust/renewal/renewal.h"
#include "util/hex.h"
#include "tests/unit/document/pki.h"

#define AUD "https://issuer.example"
#define BR  "0012345678000123"

static const char good[] =
    "{\"merchant\":\"https://shop.example.hk\",\"issuer\":\"" AUD "\","
    "\"trust_mark_type\":\"https://issuer.example/mark/1\","
    "\"code_of_practice\":{\"name\":\"Code of Practice\",\"version\":\"2025\"},"
    "\"cop\":[{\"item\":1,\"statement\":\"Prices are shown with all "
    "charges\",\"evidence\":[{\"uri\":"
    "\"https://shop.example.hk/p\",\"sha256\":"
    "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"media_type\":"
    "\"text/html\"}]}],"
    "\"evidence\":[{\"std\":\"ISO 32112\",\"edition\":2025,\"factor\":2,\"indicator_ref\":\"x-1\","
    "\"value\":98.5,\"unit\":\"%\",\"period\":\"2025\"}],"
    "\"terms_url\":\"https://shop.example.hk/t\",\"privacy_url\":\"https://shop.example.hk/y\","
    "\"odr\":{\"provider\":\"eBRAM\",\"url\":\"https://odr.example\"},"
    "\"complaint_contact\":\"help@shop.example.hk\",\"domains\":[\"shop.example.hk\"],"
    "\"br_no\":\"00123456\"}";

static struct pki_id ca, shop, enc;
static struct trust_set *set;
static char dir[] = "./renewal-XXXXXX";

static int setup(void **state)
{
	(void)state;
	pki_make(&(struct pki_spec){.cn = "CA", .ca = true}, &ca);
	pki_make(
	    &(struct pki_spec){
		.cn = "Chan", .ou = {BR "00012345"}, .usage = "digitalSignature", .issuer = &ca},
	    &shop);
	pki_make(&(struct pki_spec){.cn = "Chan", .usage = "keyEncipherment", .issuer = &ca}, &enc);
	assert_int_equal(trust_set_new(&set), ECERT_OK);
	assert_int_equal(
	    trust_set_add_der(set, ca.der, TRUST_ECERT_SIGNING, TRUST_EXPLICIT, NULL), ECERT_OK);
	return mkdtemp(dir) ? 0 : -1;
}

static int teardown(void **state)
{
	char path[512];
	DIR *d = opendir(dir);
	(void)state;
	for (const struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
		snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
		if (e->d_name[0] != '.')
			(void)unlink(path);
	}
	closedir(d);
	trust_set_free(&set);
	pki_free(&shop);
	pki_free(&enc);
	pki_free(&ca);
	return rmdir(dir);
}

static void create(struct pki_id *id, const struct renewal_options *o, struct buf *out)
{
	struct doc_signer s = pki_signer(id);
	struct report rep;
	report_init(&rep);
	enum ecert_rc rc = renewal_create(&s, rd_of(good, sizeof good - 1), o, out, &rep);
	if (rc != ECERT_OK)
		fail_msg("%s: %s", ecert_rc_name(rc),
		    report_reason(&rep) ? report_reason(&rep)->detail : "");
}

static struct renewal_result *verify(const struct buf *token, const struct renewal_expect *e)
{
	struct renewal_result *r = NULL;
	assert_int_equal(renewal_verify(buf_view(token), e, &r), ECERT_OK);
	assert_non_null(r);
	return r;
}

static void expect_reason(const struct buf *token, const struct renewal_expect *e, const char *name)
{
	struct renewal_result *r = verify(token, e);
	const struct check *c = report_reason(&r->report);
	if (strcmp(c ? c->name : "", name) != 0)
		fail_msg("%s: %s instead of %s", c ? c->name : "", c ? c->detail : "", name);
	renewal_result_free(&r);
}

static void a_good_request(void **state)
{
	static const char *const order[] = {"form", "subject", "audience", "time", "chain",
	    "validity", "key usage", "policy", "signature", "revocation", "content",
	    "previous mark", "business number", "replay"};
	struct buf t = BUF_INIT(JWS_MAX_SIZE);
	struct renewal_options o = {.now = T0, .prev = rd_of("old.mark.jwt\n", 13)};
	struct renewal_expect e = {
	    .audience = AUD, .now = T0, .trust = set, .prev = rd_of("old.mark.jwt", 12)};
	(void)state;
	create(&shop, &o, &t);
	struct renewal_result *r = verify(&t, &e);
	assert_int_equal(report_verdict(&r->report), VERDICT_PASSED);
	assert_int_equal(r->report.n, sizeof order / sizeof order[0]);
	for (size_t i = 0; i < r->report.n; i++)
		assert_string_equal(r->report.checks[i].name, order[i]);
	assert_string_equal(r->merchant, "https://shop.example.hk");
	assert_string_equal(r->who.br, BR);
	assert_int_equal(report_find(&r->report, "business number")->state, CHECK_OK);
	assert_int_equal(r->exp - r->iat, 7 * DAY);
	json_t *j = renewal_json(r);
	assert_string_equal(json_string_value(json_object_get(j, "verdict")), "passed");
	json_decref(j);
	renewal_result_free(&r);
	buf_free(&t);
}

static void bad_requests(void **state)
{
	struct buf t = BUF_INIT(JWS_MAX_SIZE);
	struct renewal_options o = {.now = T0, .prev = rd_of("a", 1)};
	struct renewal_expect e = {.audience = AUD, .now = T0, .trust = set};
	(void)state;
	create(&shop, &o, &t);
	e.audience = "https://else.example";
	expect_reason(&t, &e, "audience");
	e.audience = AUD;
	e.now = T0 + 8 * DAY;
	expect_reason(&t, &e, "time");
	e.now = T0 - DAY;
	expect_reason(&t, &e, "time");
	e.now = T0;
	e.prev = rd_of("b", 1);
	expect_reason(&t, &e, "previous mark");
	e.prev = rd_of(NULL, 0);
	struct trust_set *none = NULL;
	assert_int_equal(trust_set_new(&none), ECERT_OK);
	e.trust = none;
	expect_reason(&t, &e, "chain");
	e.trust = set;
	/* One bit of the payload. */
	struct rd v = buf_view(&t);
	uint8_t *dot = memchr(t.data, '.', v.n), *p = dot + 30;
	uint8_t was = *p;
	*p = was == 'A' ? 'B' : 'A';
	struct renewal_result *r = verify(&t, &e);
	assert_int_equal(report_verdict(&r->report), VERDICT_FAILED);
	renewal_result_free(&r);
	*p = was;
	expect_reason(&t, &e, "");
	buf_reset(&t);
	create(&enc, &o, &t);
	expect_reason(&t, &e, "key usage");
	buf_reset(&t);
	buf_str(&t, "hello");
	expect_reason(&t, &e, "form");
	trust_set_free(&none);
	buf_free(&t);
}

/* Claims of our own making, signed rightly. */
static void signed_claims(const char *key, json_t *value, const char *check)
{
	struct doc_signer s = pki_signer(&shop);
	struct buf t = BUF_INIT(JWS_MAX_SIZE), u = BUF_INIT(JWS_MAX_SIZE);
	struct renewal_options o = {.now = T0};
	struct renewal_expect e = {.audience = AUD, .now = T0, .trust = set};
	create(&shop, &o, &t);
	struct renewal_result *r = verify(&t, &e);
	json_t *claims = json_deep_copy(r->claims);
	renewal_result_free(&r);
	if (value)
		json_object_set_new(claims, key, value);
	else
		json_object_del(claims, key);
	assert_int_equal(
	    jws_create(&s, &(struct jws_options){.typ = RENEWAL_TYP, .x5c = true}, claims, &u),
	    ECERT_OK);
	expect_reason(&u, &e, check);
	json_decref(claims);
	buf_free(&t);
	buf_free(&u);
}

static void hostile_claims(void **state)
{
	(void)state;
	signed_claims("iss", json_string("https://else.example"), "subject");
	signed_claims("sub", NULL, "content");
	signed_claims("aud", NULL, "content");
	signed_claims("iat", NULL, "time");
	signed_claims("exp", NULL, "time");
	signed_claims("exp", json_integer(T0 + 90 * DAY), "time");
	signed_claims("hktm_evidence", NULL, "content");
	signed_claims("hktm_evidence", json_string("x"), "content");
	signed_claims("hktm_cop", NULL, "content");
	signed_claims("hktm_evidence", json_pack("{s:s}", "br_no", "99999999"), "content");
}

static void expect_defect(const char *from, const char *to, const char *text)
{
	struct report rep;
	char *at = strstr(good, from), *file = calloc(1, sizeof good + strlen(to));
	assert_non_null(at);
	memcpy(file, good, (size_t)(at - good));
	strcat(file, to);
	strcat(file, at + strlen(from));
	report_init(&rep);
	bool ok = renewal_check_file(rd_of(file, strlen(file)), &rep);
	if (ok || !strstr(report_reason(&rep)->detail, text))
		fail_msg("%s: %s", to, ok ? "accepted" : report_reason(&rep)->detail);
	struct doc_signer s = pki_signer(&shop);
	struct buf out = BUF_INIT(JWS_MAX_SIZE);
	unsigned calls = shop.calls;
	assert_int_equal(renewal_create(&s, rd_of(file, strlen(file)),
			     &(struct renewal_options){.now = T0}, &out, &rep),
	    ECERT_E_DATA);
	assert_int_equal(shop.calls, calls); /* the token was not asked */
	buf_free(&out);
	free(file);
}

static void says_what_to_fix(void **state)
{
	(void)state;
	expect_defect("{\"merchant\"", "[\"merchant\"", "line 1");
	expect_defect("\"merchant\":\"https://shop.example.hk\",", "", "merchant: is missing");
	expect_defect("https://shop.example.hk\"", "http://shop\"", "merchant: must be a URL");
	expect_defect(
	    "\"item\":1", "\"item\":1.5", "cop[0].item: must be a text or a whole number");
	expect_defect("\"item\":1,", "", "cop[0].item: is missing");
	expect_defect("e3b0c4", "", "cop[0].evidence[0].sha256: must be the SHA-256");
	expect_defect("\"std\"", "\"standard\"", "evidence[0].std: is missing");
	expect_defect("\"factor\"", "\"factr\"", "evidence[0].factr: is not a field");
	expect_defect("\"value\":98.5,", "", "evidence[0]: give a value");
	expect_defect(
	    "[\"shop.example.hk\"]", "[\"https://x\"]", "domains[0]: must be a domain name");
	expect_defect("[\"shop.example.hk\"]", "[]", "domains: must be a list");
	expect_defect(
	    "\"br_no\":\"00123456\"", "\"br_no\":123", "br_no: must be the number as text");
	expect_defect("\"version\":\"2025\"", "\"version\":\"\"", "code_of_practice.version");
	expect_defect("{\"provider\":\"eBRAM\",\"url\":\"https://odr.example\"}", "\"x\"",
	    "odr: must be an object");
	expect_defect("\"br_no\"", "\"br_no\":\"12345678\",\"br_no\"", "duplicate");
}

static void limits(void **state)
{
	struct doc_signer s = pki_signer(&shop);
	struct buf out = BUF_INIT(JWS_MAX_SIZE);
	struct report rep;
	(void)state;
	report_init(&rep);
	struct renewal_options o = {.now = T0, .lifetime = RENEWAL_MAX_LIFE + 1};
	assert_int_equal(
	    renewal_create(&s, rd_of(good, sizeof good - 1), &o, &out, &rep), ECERT_E_ARG);
	buf_free(&out);
}

/* The content again, with one field bent; the defect has to be told. */
static void domains_of_the_merchant(void **state)
{
	static const struct {
		const char *key, *json, *why;
	} row[] = {
	    {"domains", "[\"*.example.hk\"]", "domains[0]: must be a domain name"},
	    {"domains", "[\"shop.example.hk.\"]", "domains[0]: must be a domain name"},
	    {"domains", "[\"other.hk\"]", "the merchant's own domain"},
	    {"domains", "[\"op.example.hk\"]", "the merchant's own domain"},
	    {"merchant", "\"https://shop.example.hk@evil.hk\"", "merchant: must be a URL"},
	    {"domains", "[\"other.hk\", \"example.hk\"]", NULL},
	};
	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct report rep;
		report_init(&rep);
		json_t *o = json_loads(good, 0, NULL);
		json_t *v = json_loads(row[i].json, JSON_DECODE_ANY, NULL);
		assert_int_equal(json_object_set_new(o, row[i].key, v), 0);
		char *text = json_dumps(o, 0);
		bool ok = renewal_check_file(rd_of(text, strlen(text)), &rep);
		const struct check *c = report_reason(&rep);
		assert_int_equal(ok, !row[i].why);
		if (!ok && !strstr(c->detail, row[i].why))
			fail_msg("%s", c->detail);
		free(text);
		json_decref(o);
	}
}

/* The merchant's numbers are signed as they were written, or not at all. */
static void numbers(void **state)
{
	static const struct {
		const char *value, *why;
	} row[] = {
	    {"97.4", NULL},
	    {"0.30000000000000004", NULL},
	    {"1e400", "overflow"},
	    {"12345678901234567890", "too big"},
	    {"97.40000000000000001", "the number 97.40000000000000001 has more digits"},
	    {"1e-400", "the number 1e-400 has more digits"},
	};
	struct doc_signer by = pki_signer(&shop);
	const struct renewal_options o = {.now = T0};
	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct buf file = BUF_INIT(65536), out = BUF_INIT(JWS_MAX_SIZE);
		struct report rep;
		char want[80];
		struct jws *j = NULL;
		report_init(&rep);
		const char *cut = strstr(good, "98.5");
		buf_put(&file, good, (size_t)(cut - good));
		buf_str(&file, row[i].value);
		buf_str(&file, cut + 4);
		enum ecert_rc rc = renewal_create(&by, buf_view(&file), &o, &out, &rep);
		assert_int_equal(rc, row[i].why ? ECERT_E_DATA : ECERT_OK);
		if (row[i].why && !strstr(report_reason(&rep)->detail, row[i].why))
			fail_msg("%s: %s", row[i].value, report_reason(&rep)->detail);
		if (!row[i].why) {
			struct buf payload = BUF_INIT(JWS_MAX_SIZE);
			assert_int_equal(jws_parse(buf_view(&out),
					     &(struct jws_rules){.typ = RENEWAL_TYP}, &j, NULL),
			    ECERT_OK);
			struct rd in = buf_view(&j->signing_input);
			const uint8_t *dot = memchr(in.p, '.', in.n);
			assert_int_equal(
			    b64url_get(rd_of(dot + 1, in.n - (size_t)(dot + 1 - in.p)), &payload),
			    ECERT_OK);
			snprintf(want, sizeof want, "\"value\":%s,", row[i].value);
			assert_true(rd_contains(buf_view(&payload), want));
			buf_free(&payload);
		}
		jws_free(&j);
		buf_free(&file);
		buf_free(&out);
	}
}

/* Looking uses nothing up; who grants what it asks for burns it. */
static void looked_up_before_it_is_burned(void **state)
{
	struct buf t = BUF_INIT(JWS_MAX_SIZE);
	struct renewal_options o = {.now = T0};
	struct nonce_store *used = NULL;
	(void)state;
	assert_int_equal(nonce_store_open(dir, T0, &used), ECERT_OK);
	struct renewal_expect e = {.audience = AUD, .now = T0, .trust = set, .used = used};
	create(&shop, &o, &t);
	expect_reason(&t, &e, "");
	expect_reason(&t, &e, "");
	struct renewal_result *r = verify(&t, &e);
	assert_int_equal(report_verdict(&r->report), VERDICT_PASSED);
	assert_int_equal(renewal_burn(used, r), ECERT_OK);
	assert_int_equal(renewal_burn(used, r), ECERT_E_EXISTS);
	renewal_result_free(&r);
	expect_reason(&t, &e, "replay");
	nonce_store_close(&used);
	buf_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(numbers),
	    cmocka_unit_test(domains_of_the_merchant),
	    cmocka_unit_test(looked_up_before_it_is_burned),
	    cmocka_unit_test(a_good_request),
	    cmocka_unit_test(bad_requests),
	    cmocka_unit_test(hostile_claims),
	    cmocka_unit_test(says_what_to_fix),
	    cmocka_unit_test(limits),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
