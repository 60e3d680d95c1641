/* SPDX-License-Identifier: BSD-2-Clause */
/* CAdES signatures of other makers: accepted, refused, and with attributes that disagree. */
#include "cades_fix.h"

static void other_makers(void **state)
{
	const unsigned f = CMS_DETACHED | CMS_CADES;
	(void)state;
	expect_passed(verify_foreign(foreign(&rsa, EVP_sha256(), f, false), true), 1);
	expect_passed(verify_foreign(foreign(&rsa, EVP_sha512(), f, true), true), 1);
	expect_passed(verify_foreign(foreign(&rsa, EVP_sha384(), f, false), true), 1);
	expect_passed(
	    verify_foreign(foreign(&p384, EVP_sha512(), f | CMS_USE_KEYID, false), true), 1);
}

static void several_signers(void **state)
{
	BIO *in = BIO_new_mem_buf(invoice, sizeof invoice);
	const unsigned f = CMS_DETACHED | CMS_CADES | CMS_PARTIAL | CMS_BINARY | CMS_NOSMIMECAP;
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, in, f);
	(void)state;
	assert_non_null(CMS_add1_signer(cms, p256.cert, p256.key, EVP_sha256(), f));
	assert_non_null(CMS_add1_signer(cms, rsa.cert, rsa.key, EVP_sha512(), f));
	assert_int_equal(CMS_final(cms, in, NULL, f), 1);
	BIO_free(in);
	expect_passed(verify_foreign(cms, true), 2);
}

static void attached_and_indefinite(void **state)
{
	(void)state;
	struct doc_result *r = verify_foreign(
	    foreign(&p256, EVP_sha256(), CMS_CADES, false), false);
	assert_true(r->attached);
	assert_int_equal(r->content_size, sizeof invoice);
	expect_passed(r, 1);
	/* The file next to it must be the same content. */
	r = verify_foreign(foreign(&p256, EVP_sha256(), CMS_CADES, false), true);
	expect_passed(r, 1);
	/* BER with indefinite lengths, as streaming tools write it. */
	BIO *in = BIO_new_mem_buf(invoice, sizeof invoice), *out = BIO_new(BIO_s_mem());
	const unsigned f = CMS_CADES | CMS_STREAM | CMS_BINARY;
	CMS_ContentInfo *cms = CMS_sign(p256.cert, p256.key, NULL, in, f);
	assert_int_equal(i2d_CMS_bio_stream(out, cms, in, f), 1);
	uint8_t *p = NULL;
	long n = BIO_get_mem_data(out, (char **)&p);
	assert_int_equal(p[1], 0x80);
	expect_passed(verify(rd_of(p, (size_t)n), NULL, 0), 1);
	r = verify(rd_of(p, (size_t)n), "another", 7);
	expect(r, 0, "content digest", CHECK_FAILED);
	doc_result_free(&r);
	CMS_ContentInfo_free(cms);
	BIO_free(in);
	BIO_free(out);
}

/* Of another profile, older or not complete: neither valid nor wrong. */
static void other_profiles(void **state)
{
	const unsigned d = CMS_DETACHED, c = CMS_DETACHED | CMS_CADES;
	const struct {
		CMS_ContentInfo *cms;
		const char *check;
	} row[] = {
	    /* No signed attributes at all: openssl -cades accepts that. */
	    {foreign(&p256, EVP_sha256(), d | CMS_NOATTR, false), "signed attributes"},
	    {foreign(&rsa, EVP_sha1(), c, false), "content digest"},
	    {foreign(&weak, EVP_sha256(), c, false), "signature value"},
	    {foreign(&p256, EVP_sha256(), c | CMS_NOCERTS, false), "signing certificate"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct doc_result *r = verify_foreign(row[i].cms, true);
		expect(r, 0, row[i].check, CHECK_UNKNOWN);
		/* The real clock's signing time is later than ours. */
		for (size_t k = 0; k < r->signer[0].report.n; k++)
			if (strcmp(r->signer[0].report.checks[k].name, "signing time") != 0)
				assert_int_not_equal(
				    r->signer[0].report.checks[k].state, CHECK_FAILED);
		doc_result_free(&r);
	}
}

/* The path seam's stand-in that has certificates to give. */
static X509 *given[3];

static X509 *give(void *ctx, size_t i)
{
	(void)ctx;
	return i < 2 ? given[i] : NULL;
}

/* A certificate that only whoever verifies has is found among theirs, and judged as always. */
static void a_certificate_that_is_given(void **state)
{
	static const struct doc_path path = {.check = say_yes, .given = give};
	const struct doc_verify_options o = {.now = T0 + DAY, .path = &path};
	(void)state;
	for (int right = 0; right < 2; right++) {
		CMS_ContentInfo *cms = foreign(
		    &p256, EVP_sha256(), CMS_DETACHED | CMS_CADES | CMS_NOCERTS, false);
		struct doc_result *r = NULL;
		unsigned char *der = NULL;
		int n = i2d_CMS_ContentInfo(cms, &der);
		int fd = file_with(invoice, sizeof invoice);
		CMS_ContentInfo_free(cms);
		given[0] = ca.cert;
		given[1] = right ? p256.cert : rsa.cert;
		asked.leaf = NULL;
		assert_int_equal(cades_verify(rd_of(der, (size_t)n), fd, &o, &r), ECERT_OK);
		close(fd);
		OPENSSL_free(der);
		if (!right) {
			expect(r, 0, "signing certificate", CHECK_UNKNOWN);
			expect(r, 0, "signature value", CHECK_SKIPPED);
			assert_int_equal(doc_verdict(r), VERDICT_INDETERMINATE);
			assert_null(asked.leaf);
			doc_result_free(&r);
			continue;
		}
		assert_ptr_equal(asked.leaf, p256.cert);
		assert_true(rd_equal(buf_view(&r->signer[0].cert), p256.der));
		expect_passed(r, 1);
	}
}

/* A twin: same issuer, serial number and subject, another key. */
static void another_certificate_of_that_name(void **state)
{
	struct buf out = BUF_INIT(1u << 20);
	struct pki_id twin;
	(void)state;
	pki_make(&(struct pki_spec){.cn = "E", .key = KEY_P256, .issuer = &ca}, &twin);
	X509_set_serialNumber(twin.cert, X509_get_serialNumber(p256.cert));
	assert_true(X509_sign(twin.cert, ca.key, EVP_sha256()) > 0);
	struct doc_signer s = pki_signer(&p256);
	unsigned char *der = NULL;
	int n = i2d_X509(twin.cert, &der);
	s.chain = &(struct rd){der, (size_t)n};
	s.chain_n = 1;
	struct doc_sign_options o = {.now = T0};
	int fd = file_with(invoice, sizeof invoice);
	assert_int_equal(cades_sign_fd(&s, &o, fd, &out), ECERT_OK);
	close(fd);
	struct doc_result *r = verify(buf_view(&out), invoice, sizeof invoice);
	assert_true(rd_equal(buf_view(&r->signer[0].cert), p256.der));
	expect_passed(r, 1);
	buf_free(&out);
	/* Only the twin inside: the attribute does not name it. */
	CMS_ContentInfo *cms = foreign(
	    &p256, EVP_sha256(), CMS_DETACHED | CMS_CADES | CMS_NOCERTS, false);
	assert_int_equal(CMS_add1_cert(cms, twin.cert), 1);
	r = verify_foreign(cms, true);
	expect(r, 0, "signing certificate", CHECK_FAILED);
	expect(r, 0, "signature value", CHECK_FAILED);
	doc_result_free(&r);
	OPENSSL_free(der);
	pki_free(&twin);
}

static void version_1_attribute(void **state)
{
	uint8_t hash[20], value[] = {0x30, 26, 0x30, 24, 0x30, 22, 0x04, 20, [28] = 0};
	BIO *in = BIO_new_mem_buf(invoice, sizeof invoice);
	const unsigned f = CMS_DETACHED | CMS_PARTIAL | CMS_BINARY | CMS_NOSMIMECAP;
	(void)state;
	value[1] = 26;
	assert_int_equal(X509_digest(p256.cert, EVP_sha1(), hash, NULL), 1);
	memcpy(value + 8, hash, sizeof hash);
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, in, f);
	CMS_SignerInfo *si = CMS_add1_signer(cms, p256.cert, p256.key, EVP_sha256(), f);
	assert_int_equal(CMS_signed_add1_attr_by_NID(
			     si, NID_id_smime_aa_signingCertificate, V_ASN1_SEQUENCE, value, 28),
	    1);
	assert_int_equal(CMS_final(cms, in, NULL, f), 1);
	BIO_free(in);
	struct doc_result *r = verify_foreign(cms, true);
	assert_non_null(
	    strstr(report_find(&r->signer[0].report, "signing certificate")->detail, "version 1"));
	expect_passed(r, 1);
}

/* Adds an attribute to a signature under way: a SEQUENCE of these bytes. */
static void add_sequence(CMS_SignerInfo *si, int nid, const uint8_t *value, int n)
{
	assert_int_equal(CMS_signed_add1_attr_by_NID(si, nid, V_ASN1_SEQUENCE, value, n), 1);
}

/* SigningCertificate and SigningCertificateV2 of a certificate; the content of v1's hash may be
 * bent. */
static void ess(const struct pki_id *id, uint8_t v1[28], uint8_t v2[40])
{
	static const uint8_t head1[] = {0x30, 26, 0x30, 24, 0x30, 22, 4, 20};
	static const uint8_t head2[] = {0x30, 38, 0x30, 36, 0x30, 34, 4, 32};
	memcpy(v1, head1, 8);
	memcpy(v2, head2, 8);
	assert_int_equal(X509_digest(id->cert, EVP_sha1(), v1 + 8, NULL), 1);
	assert_int_equal(X509_digest(id->cert, EVP_sha256(), v2 + 8, NULL), 1);
}

static struct doc_result *with_attributes(const uint8_t *v1, const uint8_t *a, const uint8_t *b)
{
	BIO *in = BIO_new_mem_buf(invoice, sizeof invoice);
	const unsigned f = CMS_DETACHED | CMS_PARTIAL | CMS_BINARY | CMS_NOSMIMECAP;
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, in, f);
	CMS_SignerInfo *si = CMS_add1_signer(cms, p256.cert, p256.key, EVP_sha256(), f);
	if (v1)
		add_sequence(si, NID_id_smime_aa_signingCertificate, v1, 28);
	if (a)
		add_sequence(si, NID_id_smime_aa_signingCertificateV2, a, 40);
	if (b)
		add_sequence(si, NID_id_smime_aa_contentHint, b, 40);
	assert_int_equal(CMS_final(cms, in, NULL, f), 1);
	if (b) { /* OpenSSL signs none twice; a renamed one is read before the signature is */
		int at = CMS_signed_get_attr_by_NID(si, NID_id_smime_aa_contentHint, -1);
		assert_int_equal(X509_ATTRIBUTE_set1_object(CMS_signed_get_attr(si, at),
				     OBJ_nid2obj(NID_id_smime_aa_signingCertificateV2)),
		    1);
	}
	BIO_free(in);
	return verify_foreign(cms, true);
}

static void attributes_that_disagree(void **state)
{
	uint8_t v1[28], v2[40], bent[40];
	(void)state;
	ess(&p256, v1, v2);
	expect_passed(with_attributes(NULL, v2, NULL), 1);
	expect_passed(with_attributes(v1, v2, NULL), 1);
	/* Version 2 decides, and a doubled one is none. */
	memcpy(bent, v2, sizeof bent);
	bent[39] ^= 1;
	struct doc_result *r = with_attributes(v1, bent, NULL);
	expect(r, 0, "signed attributes", CHECK_OK);
	expect(r, 0, "signing certificate", CHECK_FAILED);
	expect(r, 0, "signature value", CHECK_OK);
	doc_result_free(&r);
	r = with_attributes(v1, v2, bent);
	expect(r, 0, "signed attributes", CHECK_FAILED);
	expect(r, 0, "signing certificate", CHECK_FAILED);
	doc_result_free(&r);
	r = with_attributes(v1, v2, v2);
	expect(r, 0, "signed attributes", CHECK_FAILED);
	doc_result_free(&r);
	/* The hash of another digest's length, as SHA-256 (the default). */
	memcpy(bent, v2, sizeof bent);
	bent[7] = 31;
	r = with_attributes(NULL, bent, NULL);
	expect(r, 0, "signing certificate", CHECK_FAILED);
	doc_result_free(&r);
}

/* The name of the signature algorithm is signed by nobody. */
static void a_name_that_lies(void **state)
{
	static const struct {
		struct pki_id *id;
		int nid;
		enum check_state state;
	} row[] = {
	    {&p256, NID_ecdsa_with_SHA256, CHECK_OK},
	    {&p256, NID_X9_62_id_ecPublicKey, CHECK_OK},
	    {&p256, NID_ecdsa_with_SHA1, CHECK_FAILED},
	    {&p256, NID_ecdsa_with_SHA384, CHECK_FAILED},
	    {&p256, NID_sha256WithRSAEncryption, CHECK_FAILED},
	    {&p256, NID_rsaEncryption, CHECK_FAILED},
	    {&p256, NID_ED25519, CHECK_FAILED},
	    {&p256, NID_sha256, CHECK_UNKNOWN},
	    {&rsa, NID_rsaEncryption, CHECK_OK},
	    {&rsa, NID_sha256WithRSAEncryption, CHECK_OK},
	    {&rsa, NID_sha1WithRSAEncryption, CHECK_FAILED},
	    {&rsa, NID_sha512WithRSAEncryption, CHECK_FAILED},
	    {&rsa, NID_ecdsa_with_SHA256, CHECK_FAILED},
	};
	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		CMS_ContentInfo *cms = foreign(
		    row[i].id, EVP_sha256(), CMS_DETACHED | CMS_CADES, false);
		X509_ALGOR *alg = NULL;
		CMS_SignerInfo_get0_algs(
		    sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0), NULL, NULL, NULL, &alg);
		assert_int_equal(
		    X509_ALGOR_set0(alg, OBJ_nid2obj(row[i].nid), V_ASN1_UNDEF, NULL), 1);
		struct doc_result *r = verify_foreign(cms, true);
		expect(r, 0, "signature value", row[i].state);
		doc_result_free(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(other_makers),
	    cmocka_unit_test(several_signers),
	    cmocka_unit_test(attached_and_indefinite),
	    cmocka_unit_test(other_profiles),
	    cmocka_unit_test(a_certificate_that_is_given),
	    cmocka_unit_test(another_certificate_of_that_name),
	    cmocka_unit_test(version_1_attribute),
	    cmocka_unit_test(attributes_that_disagree),
	    cmocka_unit_test(a_name_that_lies),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
