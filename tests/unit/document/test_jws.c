/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of JWS: round trips for every algorithm, and what is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <openssl/evp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "document/jose/jws.h"
#include "pki.h"
#include "util/hex.h"

static struct pki_id ca, rsa, p256, p384, ed, weak;
static const struct jws_rules rules = {.typ = "test+jwt"};

static int setup(void **state)
{
	(void)state;
	pki_make(&(struct pki_spec){.cn = "CA", .ca = true}, &ca);
	pki_make(&(struct pki_spec){.cn = "rsa", .key = KEY_RSA2048, .issuer = &ca}, &rsa);
	pki_make(&(struct pki_spec){.cn = "p256", .key = KEY_P256, .issuer = &ca}, &p256);
	pki_make(&(struct pki_spec){.cn = "p384", .key = KEY_P384, .issuer = &ca}, &p384);
	pki_make(&(struct pki_spec){.cn = "ed", .key = KEY_ED25519, .issuer = &ca}, &ed);
	pki_make(&(struct pki_spec){.cn = "weak", .key = KEY_RSA1024, .issuer = &ca}, &weak);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	pki_free(&rsa);
	pki_free(&p256);
	pki_free(&p384);
	pki_free(&ed);
	pki_free(&weak);
	pki_free(&ca);
	return 0;
}

static void round_trip(struct pki_id *id, enum doc_sig_alg alg, const char *name)
{
	struct doc_signer s = pki_signer(id);
	struct buf out = BUF_INIT(JWS_MAX_SIZE);
	struct jws *j = NULL;
	json_t *claims = json_pack(
	    "{s:s, s:i, s:[s,s]}", "iss", "https://a", "iat", 5, "aud", "x", "y");
	assert_int_equal(
	    jws_create(&s,
		&(struct jws_options){.typ = "test+jwt", .kid = "k1", .x5c = true, .alg = alg},
		claims, &out),
	    ECERT_OK);
	assert_int_equal(jws_parse(buf_view(&out), &rules, &j, NULL), ECERT_OK);
	assert_string_equal(doc_sig_name(j->alg), name);
	assert_string_equal(j->kid, "k1");
	assert_int_equal(j->x5c_n, 2);
	assert_true(rd_equal(buf_view(&j->x5c[0]), id->der));
	assert_true(rd_equal(buf_view(&j->x5c[1]), ca.der));
	assert_int_equal(jws_check_cert(j, id->der), ECERT_OK);
	assert_int_not_equal(jws_check_cert(j, ca.der), ECERT_OK);
	unsigned char *spki = NULL;
	int n = i2d_PUBKEY(id->key, &spki);
	assert_true(n > 0);
	assert_int_equal(jws_check_spki(j, rd_of(spki, (size_t)n)), ECERT_OK);
	assert_int_equal(jws_check_spki(j, rd_of(spki, (size_t)n - 1)), ECERT_E_MALFORMED);
	OPENSSL_free(spki);
	assert_string_equal(jws_str(j, "iss"), "https://a");
	assert_null(jws_str(j, "iat"));
	time_t t;
	assert_true(jws_time(j, "iat", &t) && t == 5);
	assert_false(jws_time(j, "iss", &t));
	assert_true(jws_has_aud(j, "y"));
	assert_false(jws_has_aud(j, "z"));
	jws_free(&j);
	/* Every byte of the signature counts. */
	struct rd text = buf_view(&out);
	uint8_t *copy = malloc(text.n);
	memcpy(copy, text.p, text.n);
	copy[text.n - 10] = copy[text.n - 10] == 'A' ? 'B' : 'A';
	assert_int_equal(jws_parse(rd_of(copy, text.n), &rules, &j, NULL), ECERT_OK);
	assert_int_equal(jws_check_cert(j, id->der), ECERT_E_BAD_SIGNATURE);
	jws_free(&j);
	free(copy);
	json_decref(claims);
	buf_free(&out);
}

static void every_algorithm(void **state)
{
	(void)state;
	round_trip(&rsa, DOC_SIG_NONE, "RS256");
	round_trip(&rsa, DOC_PS256, "PS256");
	round_trip(&p256, DOC_SIG_NONE, "ES256");
	round_trip(&p384, DOC_SIG_NONE, "ES384");
	round_trip(&ed, DOC_SIG_NONE, "EdDSA");
}

static void alg_must_fit_the_key(void **state)
{
	struct doc_signer s = pki_signer(&p256);
	struct buf out = BUF_INIT(JWS_MAX_SIZE);
	json_t *claims = json_object();
	(void)state;
	struct jws_options o = {.typ = "t", .alg = DOC_RS256};
	assert_int_equal(jws_create(&s, &o, claims, &out), ECERT_E_KEY_TYPE);
	o.alg = DOC_ES384;
	assert_int_equal(jws_create(&s, &o, claims, &out), ECERT_E_KEY_TYPE);
	s = pki_signer(&weak);
	o.alg = DOC_SIG_NONE;
	assert_int_equal(jws_create(&s, &o, claims, &out), ECERT_E_KEY_TYPE);
	assert_int_equal(buf_len(&out), 0);
	json_decref(claims);
	buf_free(&out);
}

static void names(void **state)
{
	(void)state;
	assert_int_equal(doc_sig_for_key(KEY_RSA4096), DOC_RS256);
	assert_int_equal(doc_sig_for_key(KEY_X25519), DOC_SIG_NONE);
	assert_int_equal(doc_sig_for_key(KEY_SM2), DOC_SIG_NONE);
	assert_int_equal(doc_sig_by_name("none"), DOC_SIG_NONE);
	assert_int_equal(doc_sig_by_name(NULL), DOC_SIG_NONE);
	assert_null(doc_sig_name(DOC_SIG_NONE));
	assert_null(doc_sig_name(DOC_SIG_COUNT));
	assert_null(doc_sig_digest(DOC_EDDSA));
	assert_string_equal(doc_sig_digest(DOC_ES384), "SHA384");
}

static void a_lying_token_is_noticed(void **state)
{
	struct doc_signer s = pki_signer(&p256);
	struct buf out = BUF_INIT(JWS_MAX_SIZE);
	json_t *claims = json_object();
	(void)state;
	struct jws_options o = {.typ = "t"};
	p256.lie = true;
	assert_int_equal(jws_create(&s, &o, claims, &out), ECERT_E_BAD_SIGNATURE);
	p256.lie = false;
	p256.fail = ECERT_E_PIN_WRONG;
	assert_int_equal(jws_create(&s, &o, claims, &out), ECERT_E_PIN_WRONG);
	p256.fail = ECERT_OK;
	assert_int_equal(buf_len(&out), 0);
	o.extra = json_pack("{s:s}", "alg", "none");
	assert_int_equal(jws_create(&s, &o, claims, &out), ECERT_E_ARG);
	json_decref((json_t *)(uintptr_t)o.extra);
	json_decref(claims);
	buf_free(&out);
}

/* A token with this header and payload, and a signature that nobody gets to look at. */
static enum ecert_rc parse(const char *header, const char *payload, char *why, size_t n)
{
	struct buf b = BUF_INIT(1u << 20);
	struct jws *j = NULL;
	b64url_put(&b, rd_of(header, strlen(header)));
	buf_u8(&b, '.');
	b64url_put(&b, rd_of(payload, strlen(payload)));
	buf_str(&b, ".AAAA");
	struct message_kept kept;
	enum ecert_rc rc = jws_parse(buf_view(&b), &rules, &j, &kept);
	if (n)
		message_kept_text(&kept, NULL, why, n);
	assert_true((rc == ECERT_OK) == (j != NULL));
	jws_free(&j);
	buf_free(&b);
	return rc;
}

static void forbidden_headers(void **state)
{
	static const struct {
		const char *header;
		enum ecert_rc rc;
		const char *why;
	} row[] = {
	    {"{\"alg\":\"ES256\",\"typ\":\"test+jwt\"}", ECERT_OK, ""},
	    {"{\"alg\":\"ES256\",\"typ\":\"application/TEST+jwt\"}", ECERT_OK, ""},
	    {"{\"alg\":\"none\",\"typ\":\"test+jwt\"}", ECERT_E_DENIED, "alg"},
	    {"{\"alg\":\"None\",\"typ\":\"test+jwt\"}", ECERT_E_DENIED, "alg"},
	    {"{\"alg\":\"HS256\",\"typ\":\"test+jwt\"}", ECERT_E_DENIED, "alg"},
	    {"{\"alg\":7,\"typ\":\"test+jwt\"}", ECERT_E_DENIED, "alg"},
	    {"{\"typ\":\"test+jwt\"}", ECERT_E_DENIED, "alg"},
	    {"{\"alg\":\"ES256\"}", ECERT_E_DENIED, "typ"},
	    {"{\"alg\":\"ES256\",\"typ\":\"JWT\"}", ECERT_E_DENIED, "typ"},
	    {"{\"alg\":\"ES256\",\"typ\":\"test+jwt\",\"jku\":\"https://evil\"}", ECERT_E_DENIED,
		"jku"},
	    {"{\"alg\":\"ES256\",\"typ\":\"test+jwt\",\"x5u\":\"https://evil\"}", ECERT_E_DENIED,
		"x5u"},
	    {"{\"alg\":\"ES256\",\"typ\":\"test+jwt\",\"jwk\":{}}", ECERT_E_DENIED, "jwk"},
	    {"{\"alg\":\"ES256\",\"typ\":\"test+jwt\",\"crit\":[\"exp\"]}", ECERT_E_DENIED, "crit"},
	    {"{\"alg\":\"ES256\",\"typ\":\"test+jwt\",\"crit\":[]}", ECERT_E_DENIED, "crit"},
	    {"{\"alg\":\"ES256\",\"typ\":\"test+jwt\",\"b64\":false}", ECERT_E_DENIED, "b64"},
	    {"{\"alg\":\"ES256\",\"typ\":\"test+jwt\",\"zip\":\"DEF\"}", ECERT_E_DENIED, "zip"},
	    {"{\"alg\":\"ES256\",\"typ\":\"test+jwt\",\"kid\":5}", ECERT_E_DENIED, "kid"},
	    {"{\"alg\":\"ES256\",\"alg\":\"RS256\",\"typ\":\"test+jwt\"}", ECERT_E_MALFORMED,
		"distinct"},
	    {"{\"alg\":\"ES256\",\"typ\":\"test+jwt\",\"x5c\":[]}", ECERT_E_MALFORMED, "x5c"},
	    {"{\"alg\":\"ES256\",\"typ\":\"test+jwt\",\"x5c\":\"AAAA\"}", ECERT_E_MALFORMED, "x5c"},
	    {"{\"alg\":\"ES256\",\"typ\":\"test+jwt\",\"x5c\":[\"AAAA\"]}", ECERT_E_MALFORMED,
		"x5c"},
	    {"{\"alg\":\"ES256\",\"typ\":\"test+jwt\",\"x5c\":[1]}", ECERT_E_MALFORMED, "x5c"},
	    {"{\"alg\":\"ES256\",\"typ\":\"test+jwt\",\"x5c\":[1,2,3,4,5,6,7,8,9]}",
		ECERT_E_TOO_LARGE, "x5c"},
	    {"[]", ECERT_E_MALFORMED, "header"},
	    {"{\"alg\":\"ES256\",\"typ\":\"test+jwt\",\"a\":\"\xFF\"}", ECERT_E_MALFORMED,
		"header has a byte that is no UTF-8"},
	    {"{\"alg\":\"ES256\",\"typ\":\"test+jwt\",\"\xC0\x80\":1}", ECERT_E_MALFORMED,
		"header has a byte that is no UTF-8"},
	    {"{\"alg\":\"ES256\",\"typ\":\"test+jwt\",\"a\":\"\xED\xA0\x80\"}", ECERT_E_MALFORMED,
		"header has a byte that is no UTF-8"},
	    {"{\"alg\":\"ES256\",\"typ\":\"test+jwt\"} x", ECERT_E_MALFORMED, "header"},
	};
	char why[128];
	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		enum ecert_rc rc = parse(row[i].header, "{}", why, sizeof why);
		if (rc != row[i].rc || !strstr(why, row[i].why))
			fail_msg("%s: %s, %s", row[i].header, ecert_rc_name(rc), why);
	}
}

static void bad_payloads(void **state)
{
	const char *h = "{\"alg\":\"ES256\",\"typ\":\"test+jwt\"}";
	char why[128];
	(void)state;
	assert_int_equal(parse(h, "{\"a\":1,\"a\":2}", NULL, 0), ECERT_E_MALFORMED);
	assert_int_equal(parse(h, "{\"a\":{\"b\":1,\"b\":2}}", NULL, 0), ECERT_E_MALFORMED);
	assert_int_equal(parse(h, "[]", NULL, 0), ECERT_E_MALFORMED);
	assert_int_equal(parse(h, "{\"\xE9\":1}", why, sizeof why), ECERT_E_MALFORMED);
	assert_string_equal(why, "the payload has a byte that is no UTF-8");
	assert_int_equal(parse(h, "{\"a\":\"\xF5\"}", why, sizeof why), ECERT_E_MALFORMED);
	assert_string_equal(why, "the payload has a byte that is no UTF-8");
	assert_int_equal(parse(h, "{\"a\":\"\xFF\"}", NULL, 0), ECERT_E_MALFORMED);
	assert_int_equal(parse(h, "{\"a\":\"\\u0000\"}", NULL, 0), ECERT_E_MALFORMED);
	assert_int_equal(parse(h, "{\"a\":1e999}", NULL, 0), ECERT_E_MALFORMED);
}

static enum ecert_rc parse_text(const char *text)
{
	struct jws *j = NULL;
	enum ecert_rc rc = jws_parse(rd_of(text, strlen(text)), &rules, &j, NULL);
	jws_free(&j);
	return rc;
}

static void the_reason_is_the_readers(void **state)
{
	const char *h = "{\"alg\":\"ES256\",\"typ\":\"test+jwt\"}";
	char why[160];
	(void)state;
	assert_int_equal(parse(h, "{\"a\":1e400}", why, sizeof why), ECERT_E_MALFORMED);
	assert_non_null(strstr(why, "payload"));
	assert_non_null(strstr(why, "overflow"));
	assert_int_equal(
	    parse(h, "{\"a\":12345678901234567890}", why, sizeof why), ECERT_E_MALFORMED);
	assert_non_null(strstr(why, "too big"));
	assert_int_equal(parse(h, "{\"exp\":1,\"exp\":2}", why, sizeof why), ECERT_E_MALFORMED);
	assert_non_null(strstr(why, "exp"));
}

static void bad_forms(void **state)
{
	static const char *const texts[] = {"", "\n", ".", "..", "...", "e30.e30", "e30..",
	    "a.b.c.d.e", "e30=.e30=.AA==", "e30 .e30.AA", "e30.e30.A", "e31.e30.AA"};
	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		assert_int_not_equal(parse_text(texts[i]), ECERT_OK);
}

static void what_editors_add(void **state)
{
	static const struct {
		const char *before, *behind;
		bool good;
	} row[] = {
	    {"", "\r\n", true},
	    {"\xEF\xBB\xBF", "", true},
	    {"\xEF\xBB\xBF \n", "\n\n\t ", true},
	    {" ", " x", false},
	    {"", "\xEF\xBB\xBF", false},
	    {"x", "", false},
	};
	struct doc_signer s = pki_signer(&p256);
	struct buf token = BUF_INIT(JWS_MAX_SIZE), text = BUF_INIT(JWS_MAX_SIZE);
	json_t *claims = json_pack("{s:i}", "iat", 5);
	(void)state;
	assert_int_equal(
	    jws_create(&s, &(struct jws_options){.typ = "test+jwt"}, claims, &token), ECERT_OK);
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct jws *j = NULL;
		char typ[32];
		buf_reset(&text);
		buf_str(&text, row[i].before);
		buf_rd(&text, buf_view(&token));
		buf_str(&text, row[i].behind);
		enum ecert_rc rc = jws_parse(buf_view(&text), &rules, &j, NULL);
		assert_int_equal(rc == ECERT_OK, row[i].good);
		if (rc == ECERT_OK) {
			assert_int_equal(jws_check_cert(j, p256.der), ECERT_OK);
			assert_int_equal(jws_peek_typ(buf_view(&text), typ, sizeof typ), ECERT_OK);
			assert_string_equal(typ, "test+jwt");
		}
		jws_free(&j);
	}
	json_decref(claims);
	buf_free(&token);
	buf_free(&text);
}

static void numbers_are_signed_as_they_are(void **state)
{
	struct doc_signer s = pki_signer(&p256);
	struct buf token = BUF_INIT(JWS_MAX_SIZE), payload = BUF_INIT(JWS_MAX_SIZE);
	json_t *claims = json_pack("{s:f}", "v", 97.4);
	(void)state;
	assert_int_equal(
	    jws_create(&s, &(struct jws_options){.typ = "test+jwt"}, claims, &token), ECERT_OK);
	buf_u8(&token, 0);
	const char *from = strchr((const char *)buf_view(&token).p, '.') + 1;
	assert_int_equal(
	    b64url_get(rd_of(from, (size_t)(strchr(from, '.') - from)), &payload), ECERT_OK);
	assert_true(rd_equal(buf_view(&payload), rd_of("{\"v\":97.4}", 10)));
	json_decref(claims);
	buf_free(&token);
	buf_free(&payload);
}

static void too_large(void **state)
{
	size_t n = JWS_MAX_SIZE + 1;
	char *text = malloc(n);
	struct jws *j = NULL;
	char typ[8];
	(void)state;
	memset(text, 'e', n);
	assert_int_equal(jws_parse(rd_of(text, n), &rules, &j, NULL), ECERT_E_TOO_LARGE);
	const struct jws_rules small = {.typ = "test+jwt", .max = 100};
	assert_int_equal(jws_parse(rd_of(text, 101), &small, &j, NULL), ECERT_E_TOO_LARGE);
	assert_int_equal(jws_peek_typ(rd_of(text, n), typ, sizeof typ), ECERT_E_MALFORMED);
	free(text);
}

static void deep_nesting(void **state)
{
	struct buf b = BUF_INIT(1u << 17);
	(void)state;
	buf_str(&b, "{\"a\":");
	buf_fill(&b, '[', 20000);
	buf_fill(&b, ']', 20000);
	buf_str(&b, "}");
	buf_u8(&b, 0);
	assert_int_equal(parse("{\"alg\":\"ES256\",\"typ\":\"test+jwt\"}",
			     (const char *)buf_view(&b).p, NULL, 0),
	    ECERT_E_MALFORMED);
	buf_free(&b);
}

static void peeks(void **state)
{
	char typ[32];
	(void)state;
	/* {"typ":"application/x+jwt"} */
	const char *t = "eyJ0eXAiOiJhcHBsaWNhdGlvbi94K2p3dCJ9.e30.";
	assert_int_equal(jws_peek_typ(rd_of(t, strlen(t)), typ, sizeof typ), ECERT_OK);
	assert_string_equal(typ, "x+jwt");
	assert_int_equal(jws_peek_typ(rd_of("%PDF", 4), typ, sizeof typ), ECERT_E_MALFORMED);
	assert_string_equal(typ, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_algorithm),
	    cmocka_unit_test(alg_must_fit_the_key),
	    cmocka_unit_test(names),
	    cmocka_unit_test(a_lying_token_is_noticed),
	    cmocka_unit_test(forbidden_headers),
	    cmocka_unit_test(bad_payloads),
	    cmocka_unit_test(the_reason_is_the_readers),
	    cmocka_unit_test(bad_forms),
	    cmocka_unit_test(what_editors_add),
	    cmocka_unit_test(numbers_are_signed_as_they_are),
	    cmocka_unit_test(too_large),
	    cmocka_unit_test(deep_nesting),
	    cmocka_unit_test(peeks),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
