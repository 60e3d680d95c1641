/* SPDX-License-Identifier: BSD-2-Clause */
/* JAdES: what is made verifies in each form and with each key; what another may make is judged by
 * its header, member by member. */
#include "jades_fix.h"
#include "document/kind/named.h"
#include "util/text.h"

static void make(struct pki_id *id, const struct doc_sign_options *o, struct buf *out)
{
	struct doc_signer s = pki_signer(id);
	const struct doc_format *f = doc_format_named("jades");
	int fd = file_with(invoice, sizeof invoice);
	assert_non_null(f);
	assert_int_equal(doc_sign_fd(f->kind, &s, o, fd, out), ECERT_OK);
	close(fd);
}

static void what_is_made_verifies(void **state)
{
	struct pki_id *const id[] = {&rsa, &p256, &p384, &ed};
	static const enum doc_kind kind[] = {DOC_KIND_JADES, DOC_KIND_JSON_JWS, DOC_KIND_JSON_JWS};
	(void)state;
	for (size_t k = 0; k < 4; k++)
		for (int how = 0; how < 6; how++) {
			struct doc_sign_options o = {.now = T0,
			    .form = (enum doc_serialization)(how % 3),
			    .attached = how >= 3,
			    .name = "a/in voice.txt"};
			struct buf out = BUF_INIT(TEXT_MAX);
			make(id[k], &o, &out);
			struct rd text = buf_view(&out);
			assert_int_equal(doc_kind_bytes(text), kind[how % 3]);
			assert_int_equal(doc_holds_content(kind[how % 3], text), o.attached);
			struct doc_result *r = judge(
			    text, o.attached ? NULL : invoice, sizeof invoice);
			assert_int_equal(r->attached, o.attached);
			assert_int_equal(r->content_size, sizeof invoice);
			assert_int_equal(r->signer[0].when, T0);
			passes(r, "JAdES-B-B");
			passes(judge(text, invoice, sizeof invoice), "JAdES-B-B");
			buf_free(&out);
		}
}

/* PS256 is asked for by name. */
static void by_the_algorithm_asked_for(void **state)
{
	struct doc_sign_options o = {.now = T0, .alg = DOC_PS256, .attached = true};
	struct buf out = BUF_INIT(TEXT_MAX);
	(void)state;
	make(&rsa, &o, &out);
	struct doc_result *r = judge(buf_view(&out), NULL, 0);
	assert_string_equal(r->signer[0].algorithm, "PS256");
	passes(r, "JAdES-B-B");
	buf_free(&out);
}

/* TS 119 182-1, 5.2.8.1: SHA-256 of the base64url, by another's program (python3):
 * base64url(sha256(base64url(b"abc"))). */
static void the_digest_is_of_the_base64url(void **state)
{
	struct doc_digest d;
	int fd = file_with("abc", 3);
	(void)state;
	assert_int_equal(jades_object_digest(fd, EVP_sha256(), true, NULL, NULL, &d), ECERT_OK);
	assert_string_equal(coded(d.value, d.len), "NdlWlNPxYCFdspPHiZ2qWQeDeDj7S4EZ7XE-MkRsEmY");
	close(fd);
}

static void a_name_is_a_uri(void **state)
{
	struct buf b = BUF_INIT(256);
	(void)state;
	named_uri(&b, named_base("/tmp/x/a b:\xE7\x99\xBC.pdf"));
	assert_true(rd_equal(buf_view(&b), rd_of("a%20b%3A%E7%99%BC.pdf", 21)));
	buf_free(&b);
}

static bool note(void *ctx, uint64_t done, uint64_t total)
{
	uint64_t *seen = ctx;
	assert_true(done >= *seen && done <= total);
	*seen = done;
	return true;
}

/* In pieces it is the same. */
static void a_large_file(void **state)
{
	size_t n = 5u << 20;
	uint64_t seen = 0;
	uint8_t *all = malloc(n);
	struct buf text = BUF_INIT(2 * n);
	uint8_t want[32];
	struct doc_digest d;
	(void)state;
	for (size_t i = 0; i < n; i++)
		all[i] = (uint8_t)(i * 7 + i / 251);
	int fd = file_with(all, n);
	b64url_put(&text, rd_of(all, n));
	EVP_Digest(buf_view(&text).p, buf_len(&text), want, NULL, EVP_sha256(), NULL);
	assert_int_equal(jades_object_digest(fd, EVP_sha256(), true, note, &seen, &d), ECERT_OK);
	assert_memory_equal(d.value, want, 32);
	assert_int_equal(seen, n);
	assert_int_equal(d.size, n);
	close(fd);
	buf_free(&text);
	free(all);
}

static void changed(void **state)
{
	static const char other[] = "INVOICE 2026-0042: HKD 9,234.00";
	struct doc_sign_options o = {.now = T0, .name = "x"};
	(void)state;
	for (int attached = 0; attached < 2; attached++) {
		struct buf out = BUF_INIT(TEXT_MAX);
		o.attached = attached;
		make(&p256, &o, &out);
		struct doc_result *r = judge(buf_view(&out), other, sizeof other);
		expect(r, 0, "content digest", CHECK_FAILED);
		assert_int_equal(doc_judge(r).sub, SUB_HASH_FAILURE);
		doc_result_free(&r);
		/* Another payload or header under the same signature. */
		for (size_t at = 5; at < buf_len(&out); at += 97) {
			struct buf bent = BUF_INIT(TEXT_MAX);
			buf_rd(&bent, buf_view(&out));
			char *c = (char *)(uintptr_t)buf_view(&bent).p + at;
			if (*c == '.')
				continue;
			*c = *c == 'A' ? 'B' : 'A';
			r = judge(buf_view(&bent), attached ? NULL : invoice, sizeof invoice);
			assert_int_not_equal(doc_verdict(r), VERDICT_PASSED);
			doc_result_free(&r);
			buf_free(&bent);
		}
		buf_free(&out);
	}
	/* Nothing to compare with. */
	struct buf out = BUF_INIT(TEXT_MAX);
	o.attached = false;
	make(&p256, &o, &out);
	struct doc_result *r = judge(buf_view(&out), NULL, 0);
	assert_int_equal(doc_judge(r).sub, SUB_SIGNED_DATA_NOT_FOUND);
	assert_int_equal(doc_verdict(r), VERDICT_INDETERMINATE);
	doc_result_free(&r);
	buf_free(&out);
}

static const struct header_case {
	const char *more; /* behind alg, iat, x5c and x5t#S256 */
	enum verdict verdict;
	enum sub_indication sub;
	enum check_name check;
} headers[] = {
    {"", VERDICT_PASSED, SUB_NONE, CHK_NONE},
    {",\"typ\":\"jose\",\"cty\":\"text/plain\",\"exp\":1", VERDICT_PASSED, SUB_NONE, CHK_NONE},
    {",\"sigPId\":{\"id\":\"urn:x\"},\"srCms\":[],\"sigPl\":{},\"crit\":[\"sigPId\",\"srCms\","
     "\"sigPl\"]",
	VERDICT_PASSED, SUB_NONE, CHK_NONE},
    {",\"b64\":true,\"crit\":[\"b64\"]", VERDICT_PASSED, SUB_NONE, CHK_NONE},
    {",\"adoTst\":{},\"crit\":[\"adoTst\"]", VERDICT_PASSED, SUB_NONE, CHK_NONE},
    {",\"jku\":\"http://127.0.0.1/\",\"x5u\":\"http://127.0.0.1/\"", VERDICT_PASSED, SUB_NONE,
	CHK_NONE},
    {",\"new\":1,\"crit\":[\"new\"]", VERDICT_INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE,
	CHK_SIGNED_ATTRIBUTES},
    {",\"crit\":[]", VERDICT_FAILED, SUB_FORMAT_FAILURE, CHK_SIGNED_ATTRIBUTES},
    {",\"crit\":\"sigT\"", VERDICT_FAILED, SUB_FORMAT_FAILURE, CHK_SIGNED_ATTRIBUTES},
    {",\"crit\":[1]", VERDICT_FAILED, SUB_FORMAT_FAILURE, CHK_SIGNED_ATTRIBUTES},
    {",\"crit\":[\"sigPl\"]", VERDICT_FAILED, SUB_FORMAT_FAILURE, CHK_SIGNED_ATTRIBUTES},
    {",\"sigPl\":{},\"crit\":[\"sigPl\",\"sigPl\"]", VERDICT_FAILED, SUB_FORMAT_FAILURE,
	CHK_SIGNED_ATTRIBUTES},
    {",\"sigT\":\"2026-05-28T00:00:00Z\",\"crit\":[\"sigT\"]", VERDICT_FAILED, SUB_FORMAT_FAILURE,
	CHK_SIGNED_ATTRIBUTES},
    {",\"b64\":false", VERDICT_FAILED, SUB_FORMAT_FAILURE, CHK_SIGNED_ATTRIBUTES},
    {",\"b64\":0,\"crit\":[\"b64\"]", VERDICT_FAILED, SUB_FORMAT_FAILURE, CHK_SIGNED_ATTRIBUTES},
    {",\"alg\":\"ES256\"", VERDICT_FAILED, SUB_FORMAT_FAILURE, CHK_SIGNED_ATTRIBUTES},
    {",\"sigD\":{\"mId\":\"" JADES_BY_URI_HASH
     "\",\"pars\":[\"a\"],\"hashM\":\"S256\",\"hashV\":[\"AA\"]},\"crit\":[\"sigD\"]",
	VERDICT_FAILED, SUB_FORMAT_FAILURE, CHK_SIGNED_ATTRIBUTES},
    {",\"x5t#o\":{\"digAlg\":\"S512\",\"digVal\":\"AAAA\"}", VERDICT_INDETERMINATE,
	SUB_NO_SIGNING_CERTIFICATE_FOUND, CHK_SIGNING_CERTIFICATE},
};

static void by_the_header(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
		const struct header_case *c = &headers[i];
		const char *inside = coded(invoice, sizeof invoice);
		struct buf text = BUF_INIT(TEXT_MAX);
		/* Doubled members are no object that says anything. */
		compact(header(c->more), inside, inside, &text);
		struct doc_result *r = NULL;
		struct doc_verify_options o = {.now = T0 + DAY, .path = &yes};
		assert_int_equal(jades_verify(buf_view(&text), -1, &o, &r), ECERT_OK);
		struct judgement j = doc_judge(r);
		if (j.verdict != c->verdict || j.sub != c->sub ||
		    (j.why ? j.why->id : CHK_NONE) != c->check)
			fail_msg("%s: %s %s: %s", c->more, verdict_name(j.verdict),
			    sub_indication_name(j.sub), j.why ? j.why->detail : "");
		doc_result_free(&r);
		buf_free(&text);
	}
}

/* Times as older JAdES has them. */
static void times(void **state)
{
	static const struct {
		const char *text;
		time_t when; /* 0: not a time */
	} row[] = {
	    {"2026-05-28T20:26:40Z", T0},
	    {"2026-05-28T20:26:40.123Z", T0},
	    {"2026-05-29T04:26:40+08:00", T0},
	    {"2026-05-28T20:26:40", 0},
	    {"2026-05-28", 0},
	    {"2026-05-28T20:26:40+8", 0},
	    {"2026-05-28T20:26:40Zx", 0},
	    {"", 0},
	};
	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		const char *inside = coded(invoice, sizeof invoice);
		struct buf text = BUF_INIT(TEXT_MAX);
		char head[16384];
		snprintf(head, sizeof head,
		    "{\"alg\":\"ES256\",\"sigT\":\"%s\",\"crit\":[\"sigT\"],%s,%s}", row[i].text,
		    x5c(&p256), x5t(&p256));
		compact(head, inside, inside, &text);
		struct doc_result *r = judge(buf_view(&text), NULL, 0);
		if (r->signer[0].when != row[i].when && row[i].when)
			fail_msg("%s is %lld", row[i].text, (long long)r->signer[0].when);
		expect(r, 0, "signed attributes", row[i].when ? CHECK_OK : CHECK_FAILED);
		doc_result_free(&r);
		buf_free(&text);
	}
}

/* What it says of the time and of the certificate is what it is called. */
static void other_profiles(void **state)
{
	const char *inside = coded(invoice, sizeof invoice);
	struct buf text = BUF_INIT(TEXT_MAX);
	char head[16384];
	(void)state;
	snprintf(head, sizeof head, "{\"alg\":\"ES256\",%s}", x5c(&p256));
	compact(head, inside, inside, &text);
	struct doc_result *r = judge(buf_view(&text), NULL, 0);
	assert_int_equal(r->signer[0].when, 0);
	assert_true(asked.unclaimed);
	passes(r, "JWS");
	buf_free(&text);
	/* The certificate is among those that whoever verifies has given, or nowhere. */
	snprintf(
	    head, sizeof head, "{\"alg\":\"ES256\",\"iat\":%lld,%s}", (long long)T0, x5t(&p256));
	compact(head, inside, inside, &text);
	r = judge(buf_view(&text), NULL, 0);
	assert_int_equal(doc_judge(r).sub, SUB_NO_SIGNING_CERTIFICATE_FOUND);
	assert_int_equal(doc_verdict(r), VERDICT_INDETERMINATE);
	doc_result_free(&r);
	buf_free(&text);
	/* A signed digest of another certificate than x5c's. */
	snprintf(head, sizeof head, "{\"alg\":\"ES256\",\"iat\":%lld,%s,%s}", (long long)T0,
	    x5c(&p256), x5t(&p384));
	compact(head, inside, inside, &text);
	r = judge(buf_view(&text), NULL, 0);
	expect(r, 0, "signing certificate", CHECK_FAILED);
	assert_int_not_equal(doc_verdict(r), VERDICT_PASSED);
	doc_result_free(&r);
	buf_free(&text);
}

/* What is signed is the file itself, as RFC 7515, F and RFC 7797 have it. */
static void over_the_file_itself(void **state)
{
	static const char by_uri[] = ",\"sigD\":{\"mId\":\"" JADES_BY_URI
				     "\",\"pars\":[\"a\"]},\"crit\":[\"sigD\"]";
	static const char two[] = ",\"sigD\":{\"mId\":\"" JADES_BY_URI
				  "\",\"pars\":[\"a\",\"b\"]},\"crit\":[\"sigD\"]";
	static const char headers_of_http[] =
	    ",\"sigD\":{\"mId\":\"http://uri.etsi.org/19182/"
	    "HttpHeaders\",\"pars\":[\"digest\"]},\"crit\":[\"sigD\"]";
	const char *inside = coded(invoice, strlen(invoice));
	struct buf text = BUF_INIT(TEXT_MAX);
	struct doc_result *r;
	(void)state;
	compact(header(""), inside, NULL, &text);
	passes(judge(buf_view(&text), invoice, strlen(invoice)), "JAdES-B-B");
	r = judge(buf_view(&text), "other", 5);
	assert_int_equal(doc_judge(r).sub, SUB_SIG_CRYPTO_FAILURE);
	doc_result_free(&r);
	buf_free(&text);
	compact(header(by_uri), inside, NULL, &text);
	passes(judge(buf_view(&text), invoice, strlen(invoice)), "JAdES-B-B");
	buf_free(&text);
	compact(header(",\"b64\":false,\"crit\":[\"b64\"]"), invoice, NULL, &text);
	passes(judge(buf_view(&text), invoice, strlen(invoice)), "JAdES-B-B");
	buf_free(&text);
	compact(header(two), inside, NULL, &text);
	r = judge(buf_view(&text), invoice, strlen(invoice));
	assert_int_equal(doc_judge(r).sub, SUB_SIGNED_DATA_NOT_FOUND);
	doc_result_free(&r);
	buf_free(&text);
	compact(header(headers_of_http), inside, NULL, &text);
	r = judge(buf_view(&text), invoice, strlen(invoice));
	assert_int_equal(doc_verdict(r), VERDICT_INDETERMINATE);
	doc_result_free(&r);
	buf_free(&text);
}

/* Several signatures: each has its word, and the worst one counts. */
static void several(void **state)
{
	const char *inside = coded(invoice, sizeof invoice);
	struct buf a = BUF_INIT(TEXT_MAX), b = BUF_INIT(TEXT_MAX), s = BUF_INIT(1024);
	struct buf t = BUF_INIT(1024), text = BUF_INIT(4 * TEXT_MAX);
	char head[16384];
	(void)state;
	jws_parts(&p256, DOC_ES256, header(""), inside, &a, &s);
	snprintf(head, sizeof head, "{\"alg\":\"RS256\",\"iat\":%lld,%s,%s}", (long long)T0,
	    x5c(&rsa), x5t(&rsa));
	jws_parts(&rsa, DOC_RS256, head, inside, &b, &t);
	for (int bent = 0; bent < 2; bent++) {
		buf_reset(&text);
		buf_str(&text, "{\"payload\":\"");
		buf_str(&text, inside);
		buf_str(&text, "\",\"signatures\":[{\"protected\":\"");
		buf_rd(&text, buf_view(&a));
		buf_str(&text, "\",\"signature\":\"");
		buf_rd(&text, buf_view(&s));
		buf_str(&text, "\"},{\"header\":{\"x\":1},\"protected\":\"");
		buf_rd(&text, buf_view(bent ? &a : &b));
		buf_str(&text, "\",\"signature\":\"");
		buf_rd(&text, buf_view(&t));
		buf_str(&text, "\"}]}");
		struct doc_result *r = judge(buf_view(&text), NULL, 0);
		assert_int_equal(r->n, 2);
		expect(r, 0, "signature value", CHECK_OK);
		expect(r, 1, "signature value", bent ? CHECK_FAILED : CHECK_OK);
		assert_int_equal(doc_verdict(r), bent ? VERDICT_FAILED : VERDICT_PASSED);
		doc_result_free(&r);
	}
	buf_free(&a);
	buf_free(&b);
	buf_free(&s);
	buf_free(&t);
	buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_made_verifies),
	    cmocka_unit_test(by_the_algorithm_asked_for),
	    cmocka_unit_test(the_digest_is_of_the_base64url),
	    cmocka_unit_test(a_name_is_a_uri),
	    cmocka_unit_test(a_large_file),
	    cmocka_unit_test(changed),
	    cmocka_unit_test(by_the_header),
	    cmocka_unit_test(times),
	    cmocka_unit_test(other_profiles),
	    cmocka_unit_test(over_the_file_itself),
	    cmocka_unit_test(several),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
