/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of BER walks, and of signatures that have more of something than anybody needs. */
#include "cades_fix.h"

#include "document/ber.h"
#include "util/tlv.h"

static void ber_is_walked_over(void **state)
{
	static const uint8_t list[] = {0x04, 1, 'a', 0x30, 0x80, 0x24, 0x80, 0x04, 1, 'b', 0, 0, 0,
	    0, 0x1F, 0x81, 0x01, 1, 'c', 0x04, 0x84, 0, 0, 0, 1, 'd'};
	static const struct {
		uint8_t tag;
		size_t whole, value;
	} want[] = {{0x04, 3, 1}, {0x30, 11, 7}, {0x1F, 5, 1}, {0x04, 7, 1}};
	struct rd r = rd_of(list, sizeof list), value;
	struct ber b;
	(void)state;
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(ber_next(&r, &b), ECERT_OK);
		assert_int_equal(b.tag, want[i].tag);
		assert_int_equal(b.whole.n, want[i].whole);
		assert_int_equal(b.value.n, want[i].value);
	}
	assert_int_equal(ber_next(&r, &b), ECERT_E_NOT_FOUND);
	r = rd_of(list, sizeof list);
	assert_int_equal(ber_expect(&r, 0x30, &value), ECERT_E_MALFORMED);
	assert_int_equal(r.n, sizeof list);
	assert_int_equal(ber_expect(&r, 0x04, &value), ECERT_OK);
	assert_true(rd_equal(value, rd_of("a", 1)));
}

static void ber_that_is_none(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
	} rows[] = {
	    {"\x30", 1},
	    {"\x30\x01", 2},
	    {"\x30\x80\x04\x00", 4},	     /* open to the end */
	    {"\x04\x80\x00\x00", 4},	     /* in one piece without a length */
	    {"\x30\x81", 2},		     /* no length */
	    {"\x30\x82\x00", 3},	     /* half of one */
	    {"\x1F\x81", 2},		     /* half a tag */
	    {"\x1F\x81\x01", 3},	     /* no length behind it */
	    {"\x30\x80\x04\x05\x00\x00", 6}, /* the zeros are a value's */
	    {"\x30\x88\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 10},
	    {"\x30\x89\x01\x00\x00\x00\x00\x00\x00\x00\x00", 11},
	};
	/* More octets than it needs (8.1.3.5). */
	struct rd padded = rd_of("\x30\x89\x00\x00\x00\x00\x00\x00\x00\x00\x01x", 12);
	struct ber b;
	(void)state;
	assert_int_equal(ber_next(&padded, &b), ECERT_OK);
	assert_int_equal(b.value.n, 1);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct rd r = rd_of(rows[i].bytes, rows[i].n);
		assert_int_equal(ber_next(&r, &b), ECERT_E_MALFORMED);
		assert_int_equal(r.n, rows[i].n);
	}
}

/* However deep: no stack is used for it. */
static void ber_a_million_deep(void **state)
{
	const size_t deep = 1u << 20;
	uint8_t *p = calloc(4, deep);
	struct ber b;
	(void)state;
	assert_non_null(p);
	for (size_t i = 0; i < deep; i++)
		memcpy(p + 2 * i, "\x30\x80", 2);
	struct rd r = rd_of(p, 4 * deep);
	assert_int_equal(ber_next(&r, &b), ECERT_OK);
	assert_int_equal(b.value.n, 4 * deep - 4);
	r = rd_of(p, 4 * deep - 1);
	assert_int_equal(ber_next(&r, &b), ECERT_E_MALFORMED);
	free(p);
}

/* ---- files with n times something ---- */
#define FILE_MAX (15u << 20)

static struct rd part(struct rd *r, uint8_t tag)
{
	struct rd value;
	assert_int_equal(ber_expect(r, tag, &value), ECERT_OK);
	return value;
}

static void wrap(struct buf *b, uint32_t tag)
{
	struct buf whole = BUF_INIT(FILE_MAX);
	tlv_put(&whole, tag, buf_view(b));
	assert_int_equal(buf_rc(&whole), ECERT_OK);
	buf_reset(b);
	buf_rd(b, buf_view(&whole));
	buf_free(&whole);
}

/* What is more in the members of this tag; a NULL item stands for what is there. */
struct more {
	uint8_t tag;
	struct rd item;
	size_t n;
	bool in_signer; /* inside the first element, at its end */
};

static void grow(struct buf *member, const struct ber *b, const struct more *m)
{
	struct rd value = b->value;
	if (m->in_signer) {
		buf_rd(member, part(&value, 0x30));
		buf_rd(member, m->item);
		wrap(member, 0x30);
		return;
	}
	buf_rd(member, value);
	for (size_t k = 0; k < m->n; k++)
		buf_rd(member, m->item.p ? m->item : value);
}

/* A signature of ours with more in it. */
static void grown(struct buf *out, const struct more *m)
{
	struct buf ours = BUF_INIT(65536), data = BUF_INIT(FILE_MAX);
	struct ber b;
	sign(&p256, DOC_SIG_NONE, &ours);
	struct rd file = buf_view(&ours), info = part(&file, 0x30), oid = info;
	(void)part(&info, 0x06);
	oid.n -= info.n;
	struct rd tagged = part(&info, 0xA0), members = part(&tagged, 0x30);
	/* Version, algorithms and content are the first three. */
	for (unsigned i = 0; ber_next(&members, &b) == ECERT_OK; i++) {
		struct buf member = BUF_INIT(FILE_MAX);
		if (i > 2 && b.tag == m->tag)
			grow(&member, &b, m);
		else
			buf_rd(&member, b.value);
		tlv_put(&data, b.tag, buf_view(&member));
		buf_free(&member);
	}
	wrap(&data, 0x30);
	wrap(&data, 0xA0);
	buf_init(out, FILE_MAX);
	buf_rd(out, oid);
	buf_rd(out, buf_view(&data));
	wrap(out, 0x30);
	buf_free(&ours);
	buf_free(&data);
}

static void refused(struct buf *file, const char *words)
{
	struct doc_result *r = verify(buf_view(file), invoice, sizeof invoice);
	const struct check *c = report_reason(&r->report);
	assert_int_equal(doc_verdict(r), VERDICT_INDETERMINATE);
	assert_non_null(c);
	assert_string_equal(c->name, "structure");
	assert_int_equal(c->reason, REASON_TOO_MUCH);
	if (!strstr(c->detail, words))
		fail_msg("%s", c->detail);
	doc_result_free(&r);
	buf_free(file);
}

/* One is the signer's, one the CA's; 256 are read. */
static void certificates(void **state)
{
	struct buf f;
	(void)state;
	grown(&f, &(struct more){.tag = 0xA0, .item = ca.der, .n = 254});
	expect_passed(verify(buf_view(&f), invoice, sizeof invoice), 1);
	buf_free(&f);
	grown(&f, &(struct more){.tag = 0xA0, .item = ca.der, .n = 255});
	refused(&f, "more than 256 certificates");
	grown(&f, &(struct more){.tag = 0xA0, .item = ca.der, .n = 30000});
	refused(&f, "more than 256 certificates");
}

static void a_large_certificate(void **state)
{
	struct buf f, large = BUF_INIT(1u << 20);
	(void)state;
	uint8_t *room = buf_room(&large, 65536);
	assert_non_null(room);
	memset(room, 0, 65536);
	wrap(&large, 0x30);
	grown(&f, &(struct more){.tag = 0xA0, .item = buf_view(&large), .n = 1});
	refused(&f, "a certificate is larger than 64 KiB");
	buf_free(&large);
}

static void signers(void **state)
{
	struct buf f;
	(void)state;
	grown(&f, &(struct more){.tag = 0x31, .item = rd_of(NULL, 0), .n = 15});
	expect_passed(verify(buf_view(&f), invoice, sizeof invoice), 16);
	buf_free(&f);
	grown(&f, &(struct more){.tag = 0x31, .item = rd_of(NULL, 0), .n = 16});
	refused(&f, "more than 16 signers");
}

static void as_file(CMS_ContentInfo *cms, struct buf *f)
{
	unsigned char *der = NULL;
	int n = i2d_CMS_ContentInfo(cms, &der);
	assert_true(n > 0);
	buf_init(f, FILE_MAX);
	buf_put(f, der, (size_t)n);
	OPENSSL_free(der);
	CMS_ContentInfo_free(cms);
}

/* Signed and unsigned ones. Whoever signs chooses how many there are, and in what order: they are
 * not put right by the million. */
static void attributes(void **state)
{
	(void)state;
	for (int is_signed = 0; is_signed < 2; is_signed++) {
		CMS_ContentInfo *cms = foreign(
		    &p256, EVP_sha256(), CMS_DETACHED | CMS_CADES, false);
		CMS_SignerInfo *si = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
		struct buf f;
		for (int i = 0; i < 300; i++) {
			char oid[32];
			(void)snprintf(oid, sizeof oid, "1.2.3.4.%d", i);
			assert_int_equal(is_signed ? CMS_signed_add1_attr_by_txt(
							 si, oid, V_ASN1_OCTET_STRING, "x", 1)
						   : CMS_unsigned_add1_attr_by_txt(
							 si, oid, V_ASN1_OCTET_STRING, "x", 1),
			    1);
		}
		as_file(cms, &f);
		refused(&f, "a signer has more than 256 attributes");
	}
}

/* A value costs two bytes in the file and a hundred in memory. */
static void values(void **state)
{
	static const struct {
		size_t n;
		bool good;
	} rows[] = {{256, true}, {257, false}, {2000000, false}};
	struct rusage before, after;
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct buf f, one = BUF_INIT(FILE_MAX), nulls = BUF_INIT(FILE_MAX);
		/* [1] SET of Attribute { 1.2.3.4, SET of NULL }, as the last of a SignerInfo. */
		for (size_t k = 0; k < rows[i].n; k++)
			buf_put(&nulls, "\5", 2);
		buf_put(&one, "\6\3\x2A\3\4", 5);
		tlv_put(&one, 0x31, buf_view(&nulls));
		wrap(&one, 0x30);
		wrap(&one, 0xA1);
		grown(&f, &(struct more){.tag = 0x31, .item = buf_view(&one), .in_signer = true});
		buf_free(&one);
		buf_free(&nulls);
		getrusage(RUSAGE_SELF, &before);
		if (rows[i].good) {
			expect_passed(verify(buf_view(&f), invoice, sizeof invoice), 1);
			buf_free(&f);
		} else {
			refused(&f, "an attribute has more than 256 values");
		}
		getrusage(RUSAGE_SELF, &after);
		assert_true(after.ru_maxrss - before.ru_maxrss < 16 * 1024);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ber_is_walked_over),
	    cmocka_unit_test(ber_that_is_none),
	    cmocka_unit_test(ber_a_million_deep),
	    cmocka_unit_test(certificates),
	    cmocka_unit_test(a_large_certificate),
	    cmocka_unit_test(signers),
	    cmocka_unit_test(attributes),
	    cmocka_unit_test(values),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
