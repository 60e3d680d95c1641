/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of signatures by algorithms that are old, short or unknown: doubted, and not called
 * wrong. */
#include "cades_fix.h"

static void doubt(CMS_ContentInfo *cms, const char *check, enum reason reason, const char *words)
{
	struct doc_result *r = verify_foreign(cms, true);
	const struct check *c = report_find(&r->signer[0].report, check);
	assert_int_equal(c->state, CHECK_UNKNOWN);
	assert_int_equal(c->reason, reason);
	if (!strstr(c->detail, words))
		fail_msg("%s", c->detail);
	doc_result_free(&r);
}

static void short_in_2030(CMS_ContentInfo *cms)
{
	struct doc_verify_options o = {.now = 1893456000, .path = &yes};
	struct doc_result *r = NULL;
	unsigned char *der = NULL;
	int n = i2d_CMS_ContentInfo(cms, &der), fd = file_with(invoice, sizeof invoice);
	const struct check *c;

	assert_int_equal(cades_verify(rd_of(der, (size_t)n), fd, &o, &r), ECERT_OK);
	c = report_find(&r->signer[0].report, "content digest");
	assert_int_equal(c->reason, REASON_DIGEST_SHORT);
	assert_non_null(strstr(c->detail, "SHA224 is shorter than the 256 bits that are asked for "
					  "since 2029-01-01"));
	close(fd);
	doc_result_free(&r);
	OPENSSL_free(der);
	CMS_ContentInfo_free(cms);
}

/* Old, short and weak is not wrong; and a changed file is, whatever the digest. */
static void an_old_digest_is_called_old(void **state)
{
	const unsigned f = CMS_DETACHED | CMS_CADES;
	(void)state;
	doubt(foreign(&rsa, EVP_sha1(), f, false), "content digest", REASON_ALGORITHM_OLD,
	    "SHA1 is too old to rely on since 2012-08-01");
	short_in_2030(foreign(&p256, EVP_sha224(), f, false));
	doubt(foreign(&rsa, EVP_sha1(), f | CMS_NOATTR, false), "content digest",
	    REASON_ALGORITHM_OLD, "SHA1 is too old");
	doubt(foreign(&weak, EVP_sha256(), f, false), "signature value", REASON_KEY_WEAK,
	    "too weak to rely on since 2019-10-01");
	CMS_ContentInfo *cms = foreign(&rsa, EVP_sha1(), f, false);
	unsigned char *der = NULL;
	int n = i2d_CMS_ContentInfo(cms, &der);
	CMS_ContentInfo_free(cms);
	struct doc_result *r = verify(rd_of(der, (size_t)n), "another", 7);
	expect(r, 0, "content digest", CHECK_FAILED);
	assert_int_equal(doc_verdict(r), VERDICT_FAILED);
	doc_result_free(&r);
	OPENSSL_free(der);
}

/* An attribute that names the certificate by SHA-224 names it. */
static void a_certificate_by_another_digest(void **state)
{
	struct doc_result *r = verify_foreign(
	    foreign(&p256, EVP_sha224(), CMS_DETACHED | CMS_CADES, false), true);
	(void)state;
	expect(r, 0, "signing certificate", CHECK_OK);
	doc_result_free(&r);
}

/* A way of signing that is not known is not called a bad signature. */
static void an_unknown_algorithm_is_called_unknown(void **state)
{
	static const uint8_t ecdsa_sha256[] = {0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2};
	CMS_ContentInfo *cms = foreign(&p256, EVP_sha256(), CMS_DETACHED | CMS_CADES, false);
	unsigned char *der = NULL, *at = NULL;
	int n = i2d_CMS_ContentInfo(cms, &der);
	(void)state;
	assert_true(n > 0);
	CMS_ContentInfo_free(cms);
	/* The last one is the SignerInfo's. */
	for (unsigned char *p = der; p; p = memmem(p, (size_t)(der + n - p), ecdsa_sha256, 8))
		at = p++;
	at[7] = 9;
	const unsigned char *p = der;
	cms = d2i_CMS_ContentInfo(NULL, &p, n);
	OPENSSL_free(der);
	struct doc_result *r = verify_foreign(cms, true);
	const struct check *c = report_find(&r->signer[0].report, "signature value");
	assert_int_equal(c->state, CHECK_UNKNOWN);
	assert_int_equal(c->reason, REASON_ALGORITHM_UNKNOWN);
	doc_result_free(&r);
}

/* Unsigned attributes are told and change nothing. */
static void time_stamps_are_told(void **state)
{
	static const uint8_t token[] = {0x30, 0};
	CMS_ContentInfo *cms = foreign(&p256, EVP_sha256(), CMS_DETACHED | CMS_CADES, false);
	CMS_SignerInfo *si = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
	(void)state;
	assert_int_equal(CMS_unsigned_add1_attr_by_NID(si, NID_id_smime_aa_timeStampToken,
			     V_ASN1_SEQUENCE, token, sizeof token),
	    1);
	struct doc_result *r = verify_foreign(cms, true);
	expect(r, 0, "time stamp", CHECK_SKIPPED);
	expect_passed(r, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_old_digest_is_called_old),
	    cmocka_unit_test(a_certificate_by_another_digest),
	    cmocka_unit_test(an_unknown_algorithm_is_called_unknown),
	    cmocka_unit_test(time_stamps_are_told),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
