/* SPDX-License-Identifier: BSD-2-Clause */
/* Which JWS are signed documents, and what is too old or too much in them. */
#include "jades_fix.h"
#include "util/text.h"

/* The relying party says until when what is relied on. */
static void algorithms_that_are_too_old(void **state)
{
	const char *inside = coded(invoice, sizeof invoice);
	struct algorithm_policy policy;
	struct buf text = BUF_INIT(TEXT_MAX);
	(void)state;
	compact(header(""), inside, inside, &text);
	for (int i = 0; i < 2; i++) {
		algorithm_policy_init(&policy);
		policy.end[i ? ALGORITHM_SHA256 : ALGORITHM_EC_256] = T0 - DAY;
		struct doc_result *r = judge_at(buf_view(&text), NULL, 0, T0 + DAY, &policy);
		assert_int_equal(doc_verdict(r), VERDICT_INDETERMINATE);
		assert_int_equal(doc_judge(r).sub, SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE);
		doc_result_free(&r);
	}
	buf_free(&text);
}

/* Statements are no signatures of files, whatever certificate they bring. */
static void which_are_documents(void **state)
{
	static const struct {
		const char *header;
		bool is;
	} row[] = {
	    {"{\"alg\":\"ES256\"}", false},
	    {"{\"alg\":\"ES256\",\"typ\":\"JWT\",\"x5c\":[]}", false},
	    {"{\"alg\":\"ES256\",\"typ\":\"trust-mark+jwt\",\"x5t#S256\":\"\"}", false},
	    {"{\"alg\":\"ES256\",\"x5c\":[]}", true},
	    {"{\"alg\":\"ES256\",\"typ\":\"application/JOSE\",\"x5t#S256\":\"\"}", true},
	    {"{\"alg\":\"ES256\",\"typ\":\"x\",\"sigT\":\"\"}", true},
	    {"[]", false},
	    {"", false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct buf text = BUF_INIT(1024);
		assert_int_equal(
		    jades_is_header(rd_of(row[i].header, strlen(row[i].header))), row[i].is);
		b64url_put(&text, rd_of(row[i].header, strlen(row[i].header)));
		buf_str(&text, ".e30.AA");
		if (row[i].header[0] == '{')
			assert_int_equal(doc_kind_bytes(buf_view(&text)),
			    row[i].is ? DOC_KIND_JADES : DOC_KIND_JWS);
		buf_free(&text);
	}
}

/* Hostile in number and depth: each ends, with a verdict that is none of passed. */
static void too_much_of_something(void **state)
{
	static const struct {
		const char *begin, *again, *end;
		size_t n;
	} row[] = {
	    {"{\"payload\":\"\",\"signatures\":[", "{\"protected\":\"e30\",\"signature\":\"AA\"},",
		"{\"protected\":\"e30\",\"signature\":\"AA\"}]}", 10000},
	    {"{\"protected\":\"e30\",\"signature\":\"AA\",\"header\":{\"etsiU\":[",
		"{\"sigTst\":{\"tstTokens\":[{\"val\":\"AAAA\"}]}},", "\"\"]}}", 10000},
	    {"{\"protected\":\"e30\",\"signature\":\"AA\",\"header\":{\"x5c\":[", "\"AAAA\",",
		"\"\"]}}", 10000},
	    {"{\"protected\":\"e30\",\"signature\":\"AA\",\"x\":", "[", "]}", 200000},
	    {"eyJ4Ijo", "W1tb", "..", 100000},
	};
	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct buf text = BUF_INIT(4u << 20);
		buf_str(&text, row[i].begin);
		for (size_t k = 0; k < row[i].n; k++)
			buf_str(&text, row[i].again);
		buf_str(&text, row[i].end);
		struct doc_verify_options o = {.now = T0 + DAY, .path = &yes};
		struct doc_result *r = NULL;
		int fd = file_with(invoice, sizeof invoice);
		assert_int_equal(buf_rc(&text), ECERT_OK);
		assert_int_equal(jades_verify(buf_view(&text), fd, &o, &r), ECERT_OK);
		assert_int_not_equal(doc_verdict(r), VERDICT_PASSED);
		for (size_t k = 0; k < r->n; k++)
			assert_true(r->signer[k].stamps_n <= DOC_STAMPS_MAX);
		doc_result_free(&r);
		close(fd);
		buf_free(&text);
	}
}

/* Thousands of names of files in one signature, one of which is the file: the others are not seen.
 */
static void ten_thousand_references(void **state)
{
	struct buf head = BUF_INIT(4u << 20), text = BUF_INIT(4u << 20);
	struct buf signature = BUF_INIT(1024), h = BUF_INIT(4u << 20), all = BUF_INIT(4u << 20);
	struct buf raw = BUF_INIT(1024);
	struct doc_signer s = pki_signer(&p256);
	struct doc_digest d;
	(void)state;
	int fd = file_with(invoice, sizeof invoice);
	assert_int_equal(jades_object_digest(fd, EVP_sha256(), true, NULL, NULL, &d), ECERT_OK);
	close(fd);
	buf_str(&head, "{\"alg\":\"ES256\",\"iat\":1780000000,");
	buf_str(&head, x5c(&p256));
	buf_str(&head, ",\"crit\":[\"sigD\"],\"sigD\":{\"mId\":\"" JADES_BY_URI_HASH
		       "\",\"hashM\":\"S256\",\"pars\":[\"a\"");
	for (int i = 0; i < 9999; i++)
		buf_str(&head, ",\"../../etc/passwd\"");
	buf_str(&head, "],\"hashV\":[");
	for (int i = 0; i < 9999; i++)
		buf_str(&head, "\"AAAA\",");
	buf_str(&head, "\"");
	buf_str(&head, coded(d.value, d.len));
	buf_str(&head, "\"]}}");
	b64url_put(&h, buf_view(&head));
	buf_rd(&all, buf_view(&h));
	buf_str(&all, ".");
	assert_int_equal(doc_sign_message(&s, DOC_ES256, buf_view(&all), &raw), ECERT_OK);
	b64url_put(&signature, buf_view(&raw));
	buf_rd(&text, buf_view(&all));
	buf_str(&text, ".");
	buf_rd(&text, buf_view(&signature));
	struct doc_verify_options o = {.now = T0 + DAY, .path = &yes};
	struct doc_result *r = NULL;
	fd = file_with(invoice, sizeof invoice);
	assert_int_equal(jades_verify(buf_view(&text), fd, &o, &r), ECERT_OK);
	close(fd);
	expect(r, 0, "signature value", CHECK_OK);
	expect(r, 0, "content digest", CHECK_UNKNOWN);
	assert_int_equal(doc_judge(r).sub, SUB_SIG_CONSTRAINTS_FAILURE);
	doc_result_free(&r);
	buf_free(&head);
	buf_free(&text);
	buf_free(&signature);
	buf_free(&h);
	buf_free(&all);
	buf_free(&raw);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(algorithms_that_are_too_old),
	    cmocka_unit_test(which_are_documents),
	    cmocka_unit_test(too_much_of_something),
	    cmocka_unit_test(ten_thousand_references),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
