/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of SignedData that is read without its certificates, which were parsed before. */
#include "twin_fix.h"

#include "document/certs.h"
#include "document/cms/form/cades_open.h"
#include "util/tlv.h"

static CMS_ContentInfo *whole(struct rd der)
{
	const unsigned char *p = der.p;
	return d2i_CMS_ContentInfo(NULL, &p, (long)der.n);
}

/* What is read is what OpenSSL reads of the whole. */
static void expect_same(struct rd der)
{
	struct cades_opened o;
	CMS_ContentInfo *cms = whole(der);
	STACK_OF(X509) *certs = cms ? CMS_get1_certs(cms) : NULL;
	assert_int_equal(cades_open(der, NULL, &o), cms != NULL);
	if (cms) {
		STACK_OF(CMS_SignerInfo) *have = CMS_get0_SignerInfos(o.cms),
					 *want = CMS_get0_SignerInfos(cms);
		assert_int_equal(sk_X509_num(o.certs) > 0 ? sk_X509_num(o.certs) : 0,
		    sk_X509_num(certs) > 0 ? sk_X509_num(certs) : 0);
		for (int i = 0; i < sk_X509_num(certs); i++)
			assert_int_equal(
			    X509_cmp(sk_X509_value(o.certs, i), sk_X509_value(certs, i)), 0);
		assert_int_equal(sk_CMS_SignerInfo_num(have), sk_CMS_SignerInfo_num(want));
		for (int i = 0; i < sk_CMS_SignerInfo_num(want); i++)
			assert_int_equal(
			    ASN1_STRING_cmp(
				CMS_SignerInfo_get0_signature(sk_CMS_SignerInfo_value(have, i)),
				CMS_SignerInfo_get0_signature(sk_CMS_SignerInfo_value(want, i))),
			    0);
		assert_int_equal(o.used, der.n);
	}
	sk_X509_pop_free(certs, X509_free);
	CMS_ContentInfo_free(cms);
	cades_opened_free(&o);
}

static void it_is_what_openssl_reads(void **state)
{
	static const unsigned flags[] = {
	    CMS_DETACHED, 0, CMS_STREAM, CMS_NOCERTS | CMS_DETACHED, CMS_NOATTR | CMS_DETACHED};
	(void)state;
	for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
		BIO *in = BIO_new_mem_buf(invoice, sizeof invoice), *out = BIO_new(BIO_s_mem());
		STACK_OF(X509) *more = sk_X509_new_null();
		int f = (int)(flags[i] | CMS_BINARY);
		assert_true(sk_X509_push(more, ca.cert) > 0 && sk_X509_push(more, rsa.cert) > 0);
		CMS_ContentInfo *cms = CMS_sign(p256.cert, p256.key, more, in, (unsigned)f);
		assert_non_null(cms);
		assert_int_equal(i2d_CMS_bio_stream(out, cms, in, f), 1);
		char *p = NULL;
		long n = BIO_get_mem_data(out, &p);
		expect_same(rd_of(p, (size_t)n));
		/* Of its beginnings, too. */
		for (long cut = 0; cut < n; cut += 7)
			expect_same(rd_of(p, (size_t)cut));
		CMS_ContentInfo_free(cms);
		sk_X509_free(more);
		BIO_free(in);
		BIO_free(out);
	}
}

/* A SignedData of these certificates and nothing else, in DER. */
static void put_signed_data(
    struct buf *out, struct rd before, struct rd certs, struct rd more, struct rd behind)
{
	static const uint8_t id_signed[] = {6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2};
	static const uint8_t start[] = {
	    2, 1, 1, 0x31, 0, 0x30, 11, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 1};
	static const uint8_t end[] = {0x31, 0};
	struct buf data = BUF_INIT(1u << 20), seq = BUF_INIT(1u << 20), all = BUF_INIT(1u << 20);
	buf_put(&data, start, sizeof start);
	buf_rd(&data, before);
	if (certs.p)
		tlv_put(&data, 0xA0, certs);
	buf_rd(&data, more);
	buf_put(&data, end, sizeof end);
	buf_rd(&data, behind);
	tlv_put(&seq, 0x30, buf_view(&data));
	buf_put(&all, id_signed, sizeof id_signed);
	tlv_put(&all, 0xA0, buf_view(&seq));
	buf_reset(out);
	tlv_put(out, 0x30, buf_view(&all));
	assert_int_equal(buf_rc(out), ECERT_OK);
	buf_free(&data);
	buf_free(&seq);
	buf_free(&all);
}

static void odd_ones_are_read_as_before(void **state)
{
	static const uint8_t attribute_cert[] = {0xA2, 2, 0x30, 0}, broken[] = {0x30, 3, 2, 1, 1},
			     other[] = {0xA3, 5, 6, 1, 0x2A, 5, 0}, open[] = {0x30, 4, 0};
	const struct rd none = rd_of(NULL, 0);
	struct buf der = BUF_INIT(1u << 20), again = BUF_INIT(65536), two = BUF_INIT(65536);
	(void)state;
	tlv_put(&again, 0xA0, rsa.der);
	buf_rd(&two, p256.der);
	buf_rd(&two, ca.der);
	const struct {
		struct rd before, certs, more, behind;
		bool read;
	} rows[] = {
	    {none, none, none, none, true},
	    {none, rd_of("", 0), none, none, true},
	    {none, buf_view(&two), none, none, true},
	    {none, rd_of(attribute_cert, sizeof attribute_cert), none, none, true},
	    {none, rd_of(other, sizeof other), none, none, true},
	    {none, rd_of(broken, sizeof broken), none, none, false},
	    {none, rd_of(open, sizeof open), none, none, false},
	    {none, p256.der, buf_view(&again), none, false}, /* twice */
	    {none, none, none, buf_view(&again), false},     /* in another place */
	    {none, p256.der, none, buf_view(&again), false},
	    {buf_view(&again), rd_of("", 0), none, none, false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cades_opened o;
		put_signed_data(&der, rows[i].before, rows[i].certs, rows[i].more, rows[i].behind);
		if (cades_open(buf_view(&der), NULL, &o) != rows[i].read)
			fail_msg("row %zu", i);
		cades_opened_free(&o);
		expect_same(buf_view(&der));
	}
	buf_free(&der);
	buf_free(&again);
	buf_free(&two);
}

/* Lengths of one byte and of up to three, on both sides of the cut. */
static void lengths_of_every_size(void **state)
{
	static const unsigned many[] = {0, 1, 2, 200};
	struct buf certs = BUF_INIT(1u << 20), der = BUF_INIT(1u << 20);
	const struct rd none = rd_of(NULL, 0);
	(void)state;
	for (size_t i = 0; i < sizeof many / sizeof many[0]; i++) {
		buf_reset(&certs);
		for (unsigned k = 0; k < many[i]; k++)
			buf_rd(&certs, p256.der);
		put_signed_data(&der, none, buf_view(&certs), none, none);
		expect_same(buf_view(&der));
	}
	assert_true(buf_len(&certs) > 65536);
	buf_free(&certs);
	buf_free(&der);
}

static void what_follows_is_told(void **state)
{
	struct buf der = BUF_INIT(65536);
	struct cades_opened o;
	(void)state;
	put_signed_data(&der, rd_of(NULL, 0), p256.der, rd_of(NULL, 0), rd_of(NULL, 0));
	size_t n = buf_len(&der);
	buf_str(&der, "more");
	assert_true(cades_open(buf_view(&der), NULL, &o));
	assert_int_equal(o.used, n);
	cades_opened_free(&o);
	buf_free(&der);
}

/* ---- one table, many documents ---- */
static const struct check *verified(
    struct doc_certs *certs, struct rd p7s, const char *check, struct doc_result **r)
{
	struct doc_verify_options o = {.now = T0 + DAY, .path = &yes, .certs = certs};
	int fd = file_with(invoice, sizeof invoice);
	assert_int_equal(cades_verify(p7s, fd, &o, r), ECERT_OK);
	close(fd);
	assert_int_equal((*r)->n, 1);
	return report_find(&(*r)->signer[0].report, check);
}

/* A twin of the signer's certificate in another file, before or after, changes nothing. */
static void nobody_takes_the_place_of_another(void **state)
{
	CMS_ContentInfo *cms = foreign(&twin, EVP_sha256(), CMS_DETACHED | CMS_CADES, false);
	struct buf honest = BUF_INIT(65536);
	unsigned char *der = NULL;
	int n = i2d_CMS_ContentInfo(cms, &der);
	(void)state;
	assert_true(n > 0);
	sign(&p256, DOC_SIG_NONE, &honest);
	for (int first = 0; first < 2; first++) {
		struct doc_certs *c = doc_certs_new();
		for (int i = first; i < first + 4; i++) {
			struct doc_result *r;
			struct rd p7s = i % 2 ? buf_view(&honest) : rd_of(der, (size_t)n);
			assert_int_equal(verified(c, p7s, "signature value", &r)->state, CHECK_OK);
			assert_string_equal(r->signer[0].who.user_name, i % 2 ? "E" : "Mallory");
			doc_result_free(&r);
		}
		doc_certs_free(&c);
	}
	OPENSSL_free(der);
	CMS_ContentInfo_free(cms);
	buf_free(&honest);
}

/* Certificates of one file do not complete another: not its path, and not its signer. */
static void what_a_file_brings_is_its_own(void **state)
{
	CMS_ContentInfo *bare = foreign(
	    &p256, EVP_sha256(), CMS_DETACHED | CMS_CADES | CMS_NOCERTS, false);
	struct doc_certs *c = doc_certs_new();
	struct buf full = BUF_INIT(65536);
	struct doc_result *r;
	unsigned char *der = NULL;
	int n = i2d_CMS_ContentInfo(bare, &der);
	(void)state;
	assert_true(n > 0);
	sign(&p256, DOC_SIG_NONE, &full);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(
		    verified(c, buf_view(&full), "signature value", &r)->state, CHECK_OK);
		assert_int_equal(others_seen, 2);
		doc_result_free(&r);
		const struct check *why = verified(
		    c, rd_of(der, (size_t)n), "signing certificate", &r);
		assert_int_equal(why->state, CHECK_UNKNOWN);
		assert_int_equal(why->reason, REASON_SIGNER_CERT_MISSING);
		doc_result_free(&r);
	}
	doc_certs_free(&c);
	OPENSSL_free(der);
	CMS_ContentInfo_free(bare);
	buf_free(&full);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(it_is_what_openssl_reads),
	    cmocka_unit_test(odd_ones_are_read_as_before),
	    cmocka_unit_test(lengths_of_every_size),
	    cmocka_unit_test(what_follows_is_told),
	    cmocka_unit_test(nobody_takes_the_place_of_another),
	    cmocka_unit_test(what_a_file_brings_is_its_own),
	};
	return cmocka_run_group_tests(tests, setup_twin, teardown_twin);
}
