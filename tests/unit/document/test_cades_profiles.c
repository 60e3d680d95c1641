/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of signatures of other profiles: judged by what they are, and what they lack is told.
 */
#include "cades_make.h"

static const struct check *check_of(const struct doc_result *r, const char *name)
{
	const struct check *c = report_find(&r->signer[0].report, name);

	assert_non_null(c);
	return c;
}

static void says(const struct doc_result *r, const char *name, const char *words)
{
	if (!strstr(check_of(r, name)->detail, words))
		fail_msg("%s: %s", name, check_of(r, name)->detail);
}

/* RFC 5652 asks for two attributes; what is not signed is told, and no fault. */
static void cms_that_is_not_cades(void **state)
{
	struct doc_result *r = verify_foreign(
	    foreign(&p256, EVP_sha256(), CMS_DETACHED, false), true);

	(void)state;
	assert_string_equal(r->signer[0].profile, "CMS");
	assert_int_equal(check_of(r, "signing certificate")->state, CHECK_SKIPPED);
	says(r, "signed attributes", "CMS, not CAdES");
	expect_passed(r, 1);
	r = verify_foreign(foreign(&p256, EVP_sha256(), CMS_DETACHED | CMS_CADES, false), true);
	assert_string_equal(r->signer[0].profile, "CAdES-B-B");
	expect_passed(r, 1);
	r = verify_foreign(foreign(&p256, EVP_sha256(), CMS_DETACHED | CMS_NOATTR, false), true);
	assert_string_equal(r->signer[0].profile, "CMS without signed attributes");
	assert_int_equal(doc_verdict(r), VERDICT_INDETERMINATE);
	doc_result_free(&r);
}

/* PAdES forbids signingTime; adbe.pkcs7.detached has neither. */
static void without_a_time(void **state)
{
	(void)state;
	for (int ess = 0; ess < 2; ess++) {
		CMS_ContentInfo *cms = foreign(
		    &p256, EVP_sha256(), CMS_DETACHED | (ess ? CMS_CADES : 0), false);

		drop_signed(info_of(cms), NID_pkcs9_signingTime);
		sign_again(info_of(cms), &p256);
		struct doc_result *r = verify_foreign(cms, true);
		assert_int_equal(r->signer[0].when, 0);
		/* It is judged as of today. */
		assert_int_equal(asked.at, T0 + DAY);
		says(r, "signed attributes", "no time is among them");
		assert_int_equal(doc_verdict(r), VERDICT_PASSED);
		doc_result_free(&r);
	}
}

/* One that is there twice, or is no time, is another thing than none. */
static void a_time_that_is_none(void **state)
{
	static const uint8_t junk[] = {0x30, 0};
	CMS_ContentInfo *cms = foreign(&p256, EVP_sha256(), CMS_DETACHED | CMS_CADES, false);

	(void)state;
	drop_signed(info_of(cms), NID_pkcs9_signingTime);
	add_signed(info_of(cms), "1.2.840.113549.1.9.5", junk, sizeof junk);
	sign_again(info_of(cms), &p256);
	struct doc_result *r = verify_foreign(cms, true);
	says(r, "signed attributes", "doubled or not a time");
	assert_int_equal(doc_verdict(r), VERDICT_FAILED);
	doc_result_free(&r);
}

#define SHA256 0x30, 11, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1
#define SHA384 0x30, 11, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2
#define ES256  0xA1, 10, 6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2
#define ES384  0xA1, 10, 6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 3
#define RS256  0xA1, 13, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 11, 5, 0
#define RSA_   0xA1, 13, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1, 5, 0

/* RFC 6211: the algorithms as the signer signed them. */
static void algorithms_that_are_protected(void **state)
{
	static const uint8_t right[] = {0x30, 25, SHA256, ES256},
			     digest[] = {0x30, 25, SHA384, ES256},
			     value[] = {0x30, 25, SHA256, ES384}, half[] = {0x30, 13, SHA256},
			     by_digest[] = {0x30, 28, SHA256, RS256},
			     by_key[] = {0x30, 28, SHA256, RSA_}, junk[] = {0x30, 2, 5, 0};
	const struct {
		struct pki_id *id;
		const uint8_t *der;
		size_t n;
		bool fits;
	} row[] = {{&p256, right, sizeof right, true}, {&p256, digest, sizeof digest, false},
	    {&p256, value, sizeof value, false}, {&p256, half, sizeof half, false},
	    {&p256, junk, sizeof junk, false}, {&rsa, by_digest, sizeof by_digest, true},
	    {&rsa, by_key, sizeof by_key, true}, {&rsa, right, sizeof right, false}};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		CMS_ContentInfo *cms = foreign(
		    row[i].id, EVP_sha256(), CMS_DETACHED | CMS_CADES, false);

		add_signed(info_of(cms), "1.2.840.113549.1.9.52", row[i].der, row[i].n);
		sign_again(info_of(cms), row[i].id);
		struct doc_result *r = verify_foreign(cms, true);
		assert_int_equal(check_of(r, "signature value")->state, CHECK_OK);
		assert_int_equal(
		    check_of(r, "signed attributes")->state, row[i].fits ? CHECK_OK : CHECK_FAILED);
		if (!row[i].fits)
			says(r, "signed attributes", "CMSAlgorithmProtection");
		doc_result_free(&r);
	}
}

/* What old CAdES, mail programs and Adobe add. */
static void attributes_that_nobody_asks_for(void **state)
{
	static const uint8_t any[] = {0x30, 3, 2, 1, 1};
	static const char *const oids[] = {"1.2.840.113549.1.9.16.2.16", /* commitment type */
	    "1.2.840.113549.1.9.16.2.17",				 /* signer location */
	    "1.2.840.113549.1.9.16.2.18",				 /* signer attributes */
	    "1.2.840.113549.1.9.16.2.15",				 /* signature policy */
	    "1.2.840.113549.1.9.16.2.4",				 /* content hint */
	    "1.2.840.113549.1.9.15",					 /* S/MIME capabilities */
	    "1.2.840.113583.1.1.8"}; /* Adobe's revocation archive */
	CMS_ContentInfo *cms = foreign(&p256, EVP_sha256(), CMS_DETACHED | CMS_CADES, false);

	(void)state;
	for (size_t i = 0; i < sizeof oids / sizeof oids[0]; i++)
		add_signed(info_of(cms), oids[i], any, sizeof any);
	sign_again(info_of(cms), &p256);
	struct doc_result *r = verify_foreign(cms, true);
	says(r, "revocation not used", "into the signature");
	expect_passed(r, 1);
}

static struct doc_result *attached(const void *content, size_t n, const char *type)
{
	BIO *in = BIO_new_mem_buf(content, (int)n);
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, in, CMS_PARTIAL | CMS_BINARY);
	ASN1_OBJECT *oid = OBJ_txt2obj(type, 1);

	assert_int_equal(CMS_set1_eContentType(cms, oid), 1);
	assert_non_null(
	    CMS_add1_signer(cms, p256.cert, p256.key, EVP_sha256(), CMS_CADES | CMS_NOSMIMECAP));
	assert_int_equal(CMS_final(cms, in, NULL, CMS_BINARY), 1);
	ASN1_OBJECT_free(oid);
	BIO_free(in);
	return verify_foreign(cms, false);
}

/* A signed message in a signed message is read, and told. */
static void a_signature_in_a_signature(void **state)
{
	CMS_ContentInfo *cms = foreign(&rsa, EVP_sha256(), CMS_CADES, false);
	unsigned char *der = NULL;
	int n = i2d_CMS_ContentInfo(cms, &der);

	(void)state;
	CMS_ContentInfo_free(cms);
	struct doc_result *r = attached(der, (size_t)n, "1.2.840.113549.1.7.1");
	assert_int_equal(report_find(&r->report, "content")->state, CHECK_SKIPPED);
	expect_passed(r, 1);
	r = attached(der, (size_t)n, "1.2.840.113549.1.7.2");
	assert_non_null(strstr(report_find(&r->report, "content")->detail, "itself a signature"));
	expect_passed(r, 1);
	r = attached("text", 4, "1.2.840.113549.1.7.1");
	assert_null(report_find(&r->report, "content"));
	doc_result_free(&r);
	r = attached("text", 4, "1.2.3.4");
	assert_int_equal(check_of(r, "signed attributes")->state, CHECK_UNKNOWN);
	says(r, "signed attributes", "1.2.3.4");
	doc_result_free(&r);
	OPENSSL_free(der);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(cms_that_is_not_cades),
	    cmocka_unit_test(without_a_time),
	    cmocka_unit_test(a_time_that_is_none),
	    cmocka_unit_test(algorithms_that_are_protected),
	    cmocka_unit_test(attributes_that_nobody_asks_for),
	    cmocka_unit_test(a_signature_in_a_signature),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
