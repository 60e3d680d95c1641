/* SPDX-License-Identifier: BSD-2-Clause */
/* CAdES made to last: a SignedData written anew, time stamps, archive time stamps; levels. */
#include "../cades_fix.h"

#include "document/cms/extend/cades_extend.h"
#include "document/cms/extend/cades_remake.h"
#include "document/format.h"

/* ---- levels ---- */
static void levels(void **state)
{
	(void)state;
	for (int i = DOC_LEVEL_B; i < DOC_LEVEL_COUNT; i++)
		assert_int_equal(doc_level_named(doc_level_name((enum doc_level)i)), i);
	assert_int_equal(doc_level_named("XL"), DOC_LEVEL_NONE);
	assert_int_equal(doc_level_named(""), DOC_LEVEL_NONE);
	assert_string_equal(doc_level_profile("XAdES-B-B", DOC_LEVEL_LT), "XAdES-B-LT");
	assert_string_equal(doc_level_profile("CAdES-B-LTA", DOC_LEVEL_B), "CAdES-B-B");
	assert_string_equal(doc_level_profile("CMS", DOC_LEVEL_LT), "CMS");
	assert_null(doc_level_profile(NULL, DOC_LEVEL_T));
	assert_int_equal(doc_level_of_profile("PAdES-B-T"), DOC_LEVEL_T);
	assert_int_equal(doc_level_of_profile("JWS"), DOC_LEVEL_NONE);
	assert_int_equal(doc_extends_to(DOC_KIND_CMS), DOC_LEVEL_LTA);
	assert_int_equal(doc_extends_to(DOC_KIND_SIGNED_PDF), DOC_LEVEL_LTA);
	assert_int_equal(doc_extends_to(DOC_KIND_SIGNED_XML), DOC_LEVEL_LT);
	assert_int_equal(doc_extends_to(DOC_KIND_ASIC), DOC_LEVEL_LT);
	assert_int_equal(doc_extends_to(DOC_KIND_JSON_JWS), DOC_LEVEL_T);
	assert_int_equal(doc_extends_to(DOC_KIND_JWS), DOC_LEVEL_NONE);
}

/* ---- remaking ---- */
static enum ecert_rc keep(void *ctx, struct rd part)
{
	struct buf *b = ctx;

	buf_rd(b, part);
	return buf_rc(b);
}

/* [1] { id-ri-ocsp-response, SEQUENCE { 10 } } */
static const uint8_t ocsp[] = {0xA1, 15, 6, 8, 0x2B, 6, 1, 5, 5, 7, 16, 2, 0x30, 3, 0x0A, 1, 6};
/* An attribute of an arc that nobody has. */
static const uint8_t type[] = {6, 3, 0x2A, 3, 4}, value[] = {4, 2, 'h', 'i'};

static void fill(struct cades_addition *a)
{
	cades_addition_init(a);
	buf_rd(&a->certs, ca.der);
	buf_rd(&a->certs, ca.der);
	buf_rd(&a->certs, p384.der);
	buf_put(&a->crls, ocsp, sizeof ocsp);
	cades_put_attribute(
	    &a->attributes[0], rd_of(type, sizeof type), rd_of(value, sizeof value));
}

static size_t count(struct rd in, struct rd what)
{
	size_t n = 0;

	for (size_t i = 0; i + what.n <= in.n; i++)
		n += !memcmp(in.p + i, what.p, what.n);
	return n;
}

static void remake(void **state)
{
	struct buf p7s = BUF_INIT(1u << 20), once = BUF_INIT(1u << 20), twice = BUF_INIT(1u << 20);
	struct cades_addition a;
	struct doc_result *r;

	(void)state;
	sign(&p256, DOC_SIG_NONE, &p7s);
	fill(&a);
	assert_int_equal(cades_remake(buf_view(&p7s), NULL, &a, keep, &once), ECERT_OK);
	/* RFC 5652, 5.1: version 5 with revocation information of another kind. */
	assert_int_equal(count(buf_view(&once), rd_of("\x02\x01\x05", 3)) > 0, true);
	assert_int_equal(count(buf_view(&once), ca.der), 1);
	assert_int_equal(count(buf_view(&once), p384.der), 1);
	assert_int_equal(count(buf_view(&once), rd_of(ocsp, sizeof ocsp)), 1);
	assert_int_equal(count(buf_view(&once), rd_of(value, sizeof value)), 1);
	/* What is there is not put in again. */
	assert_int_equal(cades_remake(buf_view(&once), NULL, &a, keep, &twice), ECERT_OK);
	assert_true(rd_equal(buf_view(&once), buf_view(&twice)));
	r = verify(buf_view(&once), invoice, sizeof invoice);
	assert_int_equal(doc_verdict(r), VERDICT_PASSED);
	doc_result_free(&r);
	cades_addition_free(&a);
	buf_free(&p7s);
	buf_free(&once);
	buf_free(&twice);
}

/* No beginning of one is taken for one, and none of them is written anew. */
static void cut(void **state)
{
	struct buf p7s = BUF_INIT(1u << 20), out = BUF_INIT(1u << 20);
	struct cades_addition a;

	(void)state;
	sign(&p256, DOC_SIG_NONE, &p7s);
	fill(&a);
	for (size_t n = 0; n < buf_len(&p7s); n++) {
		assert_int_not_equal(
		    cades_remake(rd_of(buf_view(&p7s).p, n), NULL, &a, keep, &out), ECERT_OK);
		assert_int_equal(buf_len(&out), 0);
	}
	cades_addition_free(&a);
	buf_free(&p7s);
	buf_free(&out);
}

/* ---- steps ---- */
/* A TSA's stand-in: gives this, and remembers over what. */
static struct rd token;
static struct buf over;
static int stamps;

static enum ecert_rc stamp(void *ctx, struct rd bytes, struct buf *out)
{
	(void)ctx;
	stamps++;
	buf_reset(&over);
	buf_rd(&over, bytes);
	buf_rd(out, token);
	return ECERT_OK;
}

static enum ecert_rc step(enum doc_level to, struct doc_result *found, struct rd p7s,
    const struct doc_material *m, size_t n, struct buf *out)
{
	const uint8_t digest[32] = {7};
	struct doc_extend_options o = {
	    .step = to, .now = T0, .stamp = stamp, .material = m, .material_n = n, .found = found};
	const struct doc_refusal *why = NULL;
	enum ecert_rc rc;

	stamps = 0;
	rc = cades_extend_bytes(&o, p7s, rd_of(digest, sizeof digest), out, &why);
	assert_null(why);
	return rc;
}

static void time_stamp(void **state)
{
	static const uint8_t oid[] = {6, 11, 0x2A, 0x86, 0x48, 0x86, 0xF7, 13, 1, 9, 16, 2, 14};
	struct buf p7s = BUF_INIT(1u << 20), out = BUF_INIT(1u << 20);
	struct doc_result *found = doc_result_new(1);
	struct doc_stamp there = {.counts = true};

	(void)state;
	sign(&p256, DOC_SIG_NONE, &p7s);
	token = rd_of("\x30\x03\x02\x01\x07", 5);
	assert_int_equal(step(DOC_LEVEL_T, found, buf_view(&p7s), NULL, 0, &out), ECERT_OK);
	assert_int_equal(stamps, 1);
	/* Over the signature's value, which stands in the file as it is. */
	assert_int_equal(count(buf_view(&p7s), buf_view(&over)), 1);
	assert_int_equal(count(buf_view(&out), rd_of(oid, sizeof oid)), 1);
	assert_int_equal(count(buf_view(&out), token), 1);
	buf_reset(&out);
	found->signer[0].stamps = &there;
	found->signer[0].stamps_n = 1;
	assert_int_equal(step(DOC_LEVEL_T, found, buf_view(&p7s), NULL, 0, &out), ECERT_OK);
	assert_int_equal(stamps, 0);
	assert_true(rd_equal(buf_view(&out), buf_view(&p7s)));
	there.counts = false;
	token = rd_of(NULL, 0);
	buf_reset(&out);
	assert_int_equal(
	    step(DOC_LEVEL_T, found, buf_view(&p7s), NULL, 0, &out), ECERT_E_NO_SERVICE);
	assert_int_equal(buf_len(&out), 0);
	found->signer[0].stamps = NULL;
	found->signer[0].stamps_n = 0;
	doc_result_free(&found);
	buf_free(&p7s);
	buf_free(&out);
}

/* LT puts each in once; LTA is over all of it (EN 319 122-1, 5.5.3). */
static void archive(void **state)
{
	static const uint8_t data[] = {6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 13, 1, 7, 1};
	static const uint8_t v3[] = {6, 6, 4, 0, 0x8D, 0x45, 2, 4};
	const struct doc_material m[] = {{{DOC_BROUGHT_CERT, ca.der}, 0, false},
	    {{DOC_BROUGHT_CERT, ca.der}, 0, true}, {{DOC_BROUGHT_CERT, p384.der}, 0, true}};
	struct buf p7s = BUF_INIT(1u << 20), lt = BUF_INIT(1u << 20), lta = BUF_INIT(1u << 20);
	struct buf other = BUF_INIT(1u << 20), was = BUF_INIT(1u << 20);
	struct doc_result *found = doc_result_new(1);

	(void)state;
	sign(&p256, DOC_SIG_NONE, &p7s);
	assert_int_equal(step(DOC_LEVEL_LT, found, buf_view(&p7s), m, 3, &lt), ECERT_OK);
	assert_int_equal(stamps, 0);
	assert_int_equal(count(buf_view(&lt), ca.der), 1);
	assert_int_equal(count(buf_view(&lt), p384.der), 1);
	/* A token is a SignedData, which gets the index inside. */
	sign(&rsa, DOC_SIG_NONE, &other);
	token = buf_view(&other);
	assert_int_equal(step(DOC_LEVEL_LTA, found, buf_view(&lt), NULL, 0, &lta), ECERT_OK);
	assert_int_equal(stamps, 1);
	assert_memory_equal(buf_view(&over).p, data, sizeof data);
	assert_int_equal(buf_view(&over).p[sizeof data], 7);
	assert_int_equal(count(buf_view(&lta), rd_of(v3, sizeof v3)), 1);
	/* Another value that it covers makes it another one. */
	buf_rd(&was, buf_view(&over));
	assert_int_equal(step(DOC_LEVEL_LTA, found, buf_view(&p7s), NULL, 0, &other), ECERT_OK);
	assert_false(rd_equal(buf_view(&was), buf_view(&over)));
	token = rd_of("\x30\x03\x02\x01\x07", 5);
	buf_reset(&lta);
	assert_int_not_equal(step(DOC_LEVEL_LTA, found, buf_view(&lt), NULL, 0, &lta), ECERT_OK);
	doc_result_free(&found);
	buf_free(&p7s);
	buf_free(&lt);
	buf_free(&lta);
	buf_free(&other);
	buf_free(&was);
}

static int begin(void **state)
{
	buf_init(&over, 1u << 20);
	return setup(state);
}

static int end(void **state)
{
	buf_free(&over);
	return teardown(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(levels),
	    cmocka_unit_test(remake),
	    cmocka_unit_test(cut),
	    cmocka_unit_test(time_stamp),
	    cmocka_unit_test(archive),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
