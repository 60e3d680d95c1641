/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of signed attributes that contradict, or are not in DER: signatures made by hand. */
#include "cades_fix.h"

#include "document/cert.h"
#include "util/tlv.h"

#define ATTRS 5
static const uint8_t oid_type[] = {6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 3};
static const uint8_t oid_digest[] = {6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 4};
static const uint8_t oid_time[] = {6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 5};
static const uint8_t oid_v1[] = {6, 11, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 2, 12};
static const uint8_t oid_v2[] = {6, 11, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 2, 47};
static const uint8_t id_data[] = {6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 1};
static const uint8_t id_signed[] = {6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2};
static const uint8_t sha256[] = {0x30, 11, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1};
static const uint8_t es256[] = {0x30, 10, 6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2};

/* What the attributes look like. */
struct recipe {
	const struct pki_id *v1, *v2;		    /* whose certificate they name; NULL: none */
	const struct pki_id *issuer_of, *serial_of; /* IssuerSerial beside v2; NULL: none */
	bool long_form;				    /* v2's outer length in two bytes */
	bool backwards;				    /* the set in the file the other way round */
	unsigned without;			    /* 1: contentType, 2: messageDigest */
	bool bent;				    /* the signature value */
	bool signed_as_it_came; /* the signature is over that, not over the DER */
};

static void wrap(struct buf *b, uint32_t tag)
{
	struct buf whole = BUF_INIT(8192);
	tlv_put(&whole, tag, buf_view(b));
	buf_reset(b);
	buf_rd(b, buf_view(&whole));
	buf_free(&whole);
}

/* Appends SEQUENCE { oid, SET { value } }. */
static void attribute(struct buf *out, const uint8_t *oid, size_t n, struct buf *value)
{
	struct buf body = BUF_INIT(8192);
	buf_put(&body, oid, n);
	tlv_put(&body, 0x31, buf_view(value));
	tlv_put(out, 0x30, buf_view(&body));
	buf_free(&body);
	buf_reset(value);
}

static void put_issuer_and_serial(
    struct buf *out, const struct pki_id *issuer_of, const struct pki_id *serial_of, bool general)
{
	struct buf name = BUF_INIT(4096);
	unsigned char *der = NULL;
	int n = i2d_X509_NAME(X509_get_issuer_name(issuer_of->cert), &der);
	buf_put(&name, der, (size_t)n);
	OPENSSL_free(der);
	if (general) {
		wrap(&name, 0xA4);
		wrap(&name, 0x30);
	}
	der = NULL;
	n = i2d_ASN1_INTEGER(X509_get0_serialNumber(serial_of->cert), &der);
	buf_put(&name, der, (size_t)n);
	OPENSSL_free(der);
	wrap(&name, 0x30);
	buf_rd(out, buf_view(&name));
	buf_free(&name);
}

static void put_ess(struct buf *out, const struct pki_id *of, bool v2, const struct recipe *r)
{
	uint8_t hash[32];
	struct buf v = BUF_INIT(4096);
	assert_int_equal(X509_digest(of->cert, v2 ? EVP_sha256() : EVP_sha1(), hash, NULL), 1);
	tlv_put(&v, 4, rd_of(hash, v2 ? 32 : 20));
	if (v2 && r->issuer_of)
		put_issuer_and_serial(&v, r->issuer_of, r->serial_of, true);
	wrap(&v, 0x30);
	wrap(&v, 0x30);
	if (v2 && r->long_form) {
		buf_u8(out, 0x30);
		buf_u8(out, 0x81);
		buf_u8(out, (uint8_t)buf_len(&v));
		buf_rd(out, buf_view(&v));
	} else {
		tlv_put(out, 0x30, buf_view(&v));
	}
	buf_free(&v);
}

static size_t make_attributes(const struct recipe *r, struct buf list[ATTRS])
{
	struct buf value = BUF_INIT(4096);
	uint8_t digest[32];
	size_t n = 0;
	buf_put(&value, id_data, sizeof id_data);
	attribute(&list[n], oid_type, sizeof oid_type, &value);
	n += r->without != 1;
	buf_reset(&list[n]);
	assert_int_equal(bytes_sha256(rd_of(invoice, sizeof invoice), digest), ECERT_OK);
	tlv_put(&value, 4, rd_of(digest, 32));
	attribute(&list[n], oid_digest, sizeof oid_digest, &value);
	n += r->without != 2;
	buf_reset(&list[n]);
	tlv_put(&value, 0x17, rd_of("261121120000Z", 13));
	attribute(&list[n++], oid_time, sizeof oid_time, &value);
	if (r->v1) {
		put_ess(&value, r->v1, false, r);
		attribute(&list[n++], oid_v1, sizeof oid_v1, &value);
	}
	if (r->v2) {
		put_ess(&value, r->v2, true, r);
		attribute(&list[n++], oid_v2, sizeof oid_v2, &value);
	}
	buf_free(&value);
	return n;
}

static int ascending(const void *a, const void *b)
{
	struct rd x = buf_view(a), y = buf_view(b);
	int c = memcmp(x.p, y.p, x.n < y.n ? x.n : y.n);
	return c ? c : (x.n > y.n) - (x.n < y.n);
}

static void put_signature(struct buf *out, struct buf *set, bool bent)
{
	uint8_t sig[128];
	size_t n = sizeof sig;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	assert_int_equal(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, p256.key), 1);
	assert_int_equal(EVP_DigestSign(ctx, sig, &n, buf_view(set).p, buf_view(set).n), 1);
	EVP_MD_CTX_free(ctx);
	sig[n - 1] ^= (uint8_t)bent;
	tlv_put(out, 4, rd_of(sig, n));
}

static void put_signer(struct buf *info, const struct recipe *r)
{
	struct buf list[ATTRS], came = BUF_INIT(8192), der = BUF_INIT(8192);
	for (size_t i = 0; i < ATTRS; i++)
		buf_init(&list[i], 8192);
	size_t n = make_attributes(r, list);
	qsort(list, n, sizeof list[0], ascending);
	for (size_t i = 0; i < n; i++) {
		buf_rd(&der, buf_view(&list[i]));
		buf_rd(&came, buf_view(&list[r->backwards ? n - 1 - i : i]));
	}
	tlv_put_u8(info, 2, 1);
	put_issuer_and_serial(info, &p256, &p256, false);
	buf_put(info, sha256, sizeof sha256);
	tlv_put(info, 0xA0, buf_view(&came));
	buf_put(info, es256, sizeof es256);
	wrap(&der, 0x31);
	wrap(&came, 0x31);
	put_signature(info, r->signed_as_it_came ? &came : &der, r->bent);
	wrap(info, 0x30);
	for (size_t i = 0; i < ATTRS; i++)
		buf_free(&list[i]);
	buf_free(&came);
	buf_free(&der);
}

static struct doc_result *made(const struct recipe *r)
{
	struct buf info = BUF_INIT(8192), data = BUF_INIT(16384);
	put_signer(&info, r);
	tlv_put_u8(&data, 2, 1);
	tlv_put(&data, 0x31, rd_of(sha256, sizeof sha256));
	tlv_put(&data, 0x30, rd_of(id_data, sizeof id_data));
	tlv_put(&data, 0xA0, p256.der);
	tlv_put(&data, 0x31, buf_view(&info));
	wrap(&data, 0x30);
	wrap(&data, 0xA0);
	buf_reset(&info);
	buf_put(&info, id_signed, sizeof id_signed);
	buf_rd(&info, buf_view(&data));
	wrap(&info, 0x30);
	struct doc_result *result = verify(buf_view(&info), invoice, sizeof invoice);
	assert_int_equal(result->n, 1);
	buf_free(&info);
	buf_free(&data);
	return result;
}

static void passes(const struct recipe *r)
{
	expect_passed(made(r), 1);
}

static void fails(const struct recipe *r, const char *check, enum reason reason, const char *words)
{
	struct doc_result *result = made(r);
	const struct check *c = report_find(&result->signer[0].report, check);
	assert_non_null(c);
	/* What is of another profile is not called wrong. */
	assert_int_equal(
	    c->state, reason == REASON_ATTRIBUTES_MISSING || reason == REASON_ALGORITHM_UNKNOWN
			  ? CHECK_UNKNOWN
			  : CHECK_FAILED);
	assert_int_equal(c->reason, reason);
	if (!strstr(c->detail, words))
		fail_msg("%s", c->detail);
	doc_result_free(&result);
}

static void in_der_order_or_not(void **state)
{
	(void)state;
	passes(&(struct recipe){.v2 = &p256});
	/* RFC 5652, 5.4: the signature is over the DER, however the attributes travelled. */
	passes(&(struct recipe){.v2 = &p256, .backwards = true});
	fails(&(struct recipe){.v2 = &p256, .backwards = true, .signed_as_it_came = true},
	    "signature value", REASON_ALGORITHM_UNKNOWN, "RFC 5652, 5.4");
}

static void in_ber(void **state)
{
	(void)state;
	fails(&(struct recipe){.v2 = &p256, .long_form = true}, "signed attributes",
	    REASON_ATTRIBUTES_BAD, "not in DER");
}

static void issuer_and_serial_number(void **state)
{
	(void)state;
	passes(&(struct recipe){.v2 = &p256, .issuer_of = &p256, .serial_of = &p256});
	fails(&(struct recipe){.v2 = &p256, .issuer_of = &p256, .serial_of = &rsa},
	    "signing certificate", REASON_SIGNER_CERT_OTHER, "another issuer or serial number");
	struct pki_id stranger;
	pki_make(&(struct pki_spec){.cn = "Somebody else"}, &stranger);
	fails(&(struct recipe){.v2 = &p256, .issuer_of = &stranger, .serial_of = &p256},
	    "signing certificate", REASON_SIGNER_CERT_OTHER, "another issuer or serial number");
	pki_free(&stranger);
}

static void both_versions(void **state)
{
	(void)state;
	passes(&(struct recipe){.v1 = &p256, .v2 = &p256});
	passes(&(struct recipe){.v1 = &p256});
	fails(&(struct recipe){.v1 = &rsa, .v2 = &p256}, "signing certificate",
	    REASON_SIGNER_CERT_OTHER, "different certificates");
	fails(&(struct recipe){.v1 = &p256, .v2 = &rsa}, "signing certificate",
	    REASON_SIGNER_CERT_OTHER, "different certificates");
	fails(&(struct recipe){.v1 = &rsa, .v2 = &rsa}, "signing certificate",
	    REASON_SIGNER_CERT_OTHER, "names another certificate");
	/* Only CAdES asks for one. */
	passes(&(struct recipe){.v1 = NULL});
}

/* RFC 5652, 5.4: without signed attributes the content itself is signed. It is no CAdES, but its
 * mathematics are right. */
static void without_any(void **state)
{
	(void)state;
	/* The last one by RSASSA-PSS, whose parameters stand in its algorithm. */
	for (unsigned i = 0; i < 3; i++) {
		struct doc_result *r = verify_foreign(
		    foreign(i ? &rsa : &p256, EVP_sha256(), CMS_DETACHED | CMS_NOATTR, i == 2),
		    true);
		expect(r, 0, "signed attributes", CHECK_UNKNOWN);
		expect(r, 0, "content digest", CHECK_SKIPPED);
		expect(r, 0, "signature value", CHECK_OK);
		assert_int_equal(doc_verdict(r), VERDICT_INDETERMINATE);
		assert_int_equal(
		    report_reason(&r->signer[0].report)->reason, REASON_ATTRIBUTES_MISSING);
		doc_result_free(&r);
	}
}

/* The key did sign: that the attributes are not as they have to be is said of them alone. */
static void signed_without_one(void **state)
{
	(void)state;
	for (unsigned i = 1; i <= 2; i++) {
		fails(&(struct recipe){.v2 = &p256, .without = i}, "signed attributes",
		    REASON_ATTRIBUTES_BAD, "is missing");
		fails(&(struct recipe){.v2 = &p256, .without = i}, "signature value",
		    REASON_ATTRIBUTES_BAD, "it fits, but");
		fails(&(struct recipe){.v2 = &p256, .without = i, .bent = true}, "signature value",
		    REASON_SIGNATURE_BAD, "does not verify");
	}
}

/* Signed as mail has it: another file for the mathematics, and the same text. */
static void a_text_with_other_ends(void **state)
{
	static const char text[] = "Invoice 4711\nAmount 5\r\nend\n", other[] = "Invoice 4711\n";
	static const char mail[] = "Invoice 4711\r\nAmount 5\r\nend\r\n";
	BIO *in = BIO_new_mem_buf(mail, sizeof mail - 1);
	CMS_ContentInfo *cms = CMS_sign(
	    p256.cert, p256.key, NULL, in, CMS_DETACHED | CMS_CADES | CMS_BINARY | CMS_NOSMIMECAP);
	unsigned char *der = NULL;
	int n = i2d_CMS_ContentInfo(cms, &der);

	(void)state;
	assert_true(n > 0);
	struct doc_result *r = verify(rd_of(der, (size_t)n), text, sizeof text - 1);
	const struct check *c = report_find(&r->signer[0].report, "content digest");
	assert_int_equal(c->state, CHECK_UNKNOWN);
	assert_int_equal(c->reason, REASON_TEXT_FORM);
	assert_int_equal(check_judge(c).sub, SUB_SIG_CONSTRAINTS_FAILURE);
	doc_result_free(&r);
	r = verify(rd_of(der, (size_t)n), mail, sizeof mail - 1);
	expect(r, 0, "content digest", CHECK_OK);
	doc_result_free(&r);
	r = verify(rd_of(der, (size_t)n), other, sizeof other - 1);
	expect(r, 0, "content digest", CHECK_FAILED);
	doc_result_free(&r);
	OPENSSL_free(der);
	CMS_ContentInfo_free(cms);
	BIO_free(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(in_der_order_or_not),
	    cmocka_unit_test(in_ber),
	    cmocka_unit_test(signed_without_one),
	    cmocka_unit_test(issuer_and_serial_number),
	    cmocka_unit_test(both_versions),
	    cmocka_unit_test(without_any),
	    cmocka_unit_test(a_text_with_other_ends),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
