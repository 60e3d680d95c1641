/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of CAdES: our own signatures, those of others, and forgeries. */
#include <openssl/cms.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#include <cmocka.h>

#include "document/cades.h"
#include "pki.h"

static struct pki_id ca, rsa, p256, p384, ed, weak;
static const char invoice[] = "INVOICE 2026-0042: HKD 1,234.00";

static int setup(void **state)
{
	const char *usage = "critical,digitalSignature,nonRepudiation";
	(void)state;
	pki_make(&(struct pki_spec){.cn = "Demo CA", .ca = true}, &ca);
	pki_make(
	    &(struct pki_spec){.cn = "R", .key = KEY_RSA2048, .usage = usage, .issuer = &ca}, &rsa);
	pki_make(
	    &(struct pki_spec){.cn = "E", .key = KEY_P256, .usage = usage, .issuer = &ca}, &p256);
	pki_make(
	    &(struct pki_spec){.cn = "F", .key = KEY_P384, .usage = usage, .issuer = &ca}, &p384);
	pki_make(
	    &(struct pki_spec){.cn = "G", .key = KEY_ED25519, .usage = usage, .issuer = &ca}, &ed);
	pki_make(&(struct pki_spec){.cn = "W", .key = KEY_RSA1024, .usage = usage, .issuer = &ca},
	    &weak);
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

static int file_with(const void *p, size_t n)
{
	int fd = memfd_create("content", MFD_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, p, n), n);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* The path seam's stand-in: says yes, and remembers what it was asked. */
static struct doc_path_query asked;
static int others_seen;

static void say_yes(void *ctx, const struct doc_path_query *q, struct report *rep)
{
	(void)ctx;
	asked = *q;
	others_seen = sk_X509_num(q->others);
	report_add(rep, "chain", CHECK_OK, "%s", "");
}

static const struct doc_path yes = {say_yes, NULL};

static struct cades_result *verify(struct rd p7s, const void *content, size_t n)
{
	struct cades_verify_options o = {.now = T0 + DAY, .path = &yes};
	struct cades_result *r = NULL;
	int fd = content ? file_with(content, n) : -1;
	assert_int_equal(cades_verify(p7s, fd, &o, &r), ECERT_OK);
	assert_non_null(r);
	if (fd >= 0)
		close(fd);
	return r;
}

static void expect(
    const struct cades_result *r, size_t signer, const char *check, enum check_state state)
{
	assert_true(r->n > signer);
	const struct check *c = report_find(&r->signer[signer].report, check);
	if (!c || c->state != state)
		fail_msg("%s is %s: %s", check, c ? check_state_name(c->state) : "missing",
		    c ? c->detail : "");
}

static void expect_structure(struct rd p7s, const char *reason)
{
	struct cades_result *r = verify(p7s, invoice, sizeof invoice);
	assert_int_equal(cades_verdict(r), VERDICT_FAILED);
	assert_int_equal(r->n, 0);
	if (!strstr(report_reason(&r->report)->detail, reason))
		fail_msg("%s", report_reason(&r->report)->detail);
	cades_result_free(&r);
}

static void sign(struct pki_id *id, enum doc_sig_alg alg, struct buf *out)
{
	struct doc_signer s = pki_signer(id);
	struct cades_options o = {.alg = alg, .now = T0};
	int fd = file_with(invoice, sizeof invoice);
	assert_int_equal(cades_sign_fd(&s, &o, fd, out), ECERT_OK);
	close(fd);
}

static void ours_round_trip(void **state)
{
	static const struct {
		struct pki_id *id;
		enum doc_sig_alg alg;
		const char *name;
	} row[] = {
	    {&rsa, DOC_SIG_NONE, "rsaEncryption"},
	    {&rsa, DOC_PS256, "rsassaPss"},
	    {&p256, DOC_SIG_NONE, "ecdsa-with-SHA256"},
	    {&p384, DOC_SIG_NONE, "ecdsa-with-SHA384"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct buf out = BUF_INIT(1u << 20);
		sign(row[i].id, row[i].alg, &out);
		struct cades_result *r = verify(buf_view(&out), invoice, sizeof invoice);
		assert_int_equal(cades_verdict(r), VERDICT_PASSED);
		assert_int_equal(r->n, 1);
		assert_false(r->attached);
		assert_int_equal(r->content_size, sizeof invoice);
		assert_int_equal(r->signer[0].when, T0);
		assert_string_equal(r->signer[0].algorithm, row[i].name);
		assert_true(rd_equal(buf_view(&r->signer[0].cert), row[i].id->der));
		assert_int_equal(asked.at, T0);
		assert_int_equal(asked.now, T0 + DAY);
		assert_int_equal(others_seen, 2);
		cades_result_free(&r);
		r = verify(buf_view(&out), "another", 7);
		assert_int_equal(cades_verdict(r), VERDICT_FAILED);
		expect(r, 0, "content digest", CHECK_FAILED);
		expect(r, 0, "signature value", CHECK_OK);
		cades_result_free(&r);
		buf_free(&out);
	}
}

static void exactly_four_attributes(void **state)
{
	struct buf out = BUF_INIT(1u << 20);
	(void)state;
	sign(&p256, DOC_SIG_NONE, &out);
	struct rd v = buf_view(&out);
	const unsigned char *p = v.p;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &p, (long)v.n);
	assert_non_null(cms);
	CMS_SignerInfo *si = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
	assert_int_equal(CMS_signed_get_attr_count(si), 4);
	assert_true(CMS_signed_get_attr_by_NID(si, NID_pkcs9_contentType, -1) >= 0);
	assert_true(CMS_signed_get_attr_by_NID(si, NID_pkcs9_messageDigest, -1) >= 0);
	assert_true(CMS_signed_get_attr_by_NID(si, NID_pkcs9_signingTime, -1) >= 0);
	assert_true(CMS_signed_get_attr_by_NID(si, NID_id_smime_aa_signingCertificateV2, -1) >= 0);
	assert_int_equal(CMS_unsigned_get_attr_count(si), -1);
	/* What OpenSSL writes again is what we wrote: it was DER. */
	unsigned char *der = NULL;
	int n = i2d_CMS_ContentInfo(cms, &der);
	assert_true(rd_equal(v, rd_of(der, (size_t)n)));
	OPENSSL_free(der);
	CMS_ContentInfo_free(cms);
	buf_free(&out);
}

static void signing_fails_whole(void **state)
{
	struct buf out = BUF_INIT(1u << 20);
	struct cades_options o = {.now = T0};
	struct doc_signer s = pki_signer(&ed);
	int fd = file_with(invoice, sizeof invoice);
	(void)state;
	assert_int_equal(cades_sign_fd(&s, &o, fd, &out), ECERT_E_KEY_TYPE);
	s = pki_signer(&weak);
	assert_int_equal(cades_sign_fd(&s, &o, fd, &out), ECERT_E_KEY_TYPE);
	s = pki_signer(&p256);
	assert_int_equal(cades_sign_digest(&s, &o, rd_of("short", 5), &out), ECERT_E_DATA_LEN);
	s.cert = rd_of("no", 2);
	assert_int_equal(cades_sign_fd(&s, &o, fd, &out), ECERT_E_MALFORMED);
	s = pki_signer(&p256);
	p256.lie = true;
	assert_int_equal(cades_sign_fd(&s, &o, fd, &out), ECERT_E_BAD_SIGNATURE);
	p256.lie = false;
	p256.fail = ECERT_E_REMOVED;
	assert_int_equal(cades_sign_fd(&s, &o, fd, &out), ECERT_E_REMOVED);
	p256.fail = ECERT_OK;
	assert_int_equal(buf_len(&out), 0);
	close(fd);
	assert_int_equal(cades_sign_fd(&s, &o, -1, &out), ECERT_E_IO);
}

/* Where a flipped byte may go unnoticed: unsigned parts of the container, nothing that is signed.
 */
static void every_byte_counts(void **state)
{
	struct buf out = BUF_INIT(1u << 20);
	size_t passed = 0;
	(void)state;
	sign(&p256, DOC_SIG_NONE, &out);
	size_t n = buf_len(&out);
	uint8_t *copy = malloc(n);
	for (size_t i = 0; i < n; i++) {
		memcpy(copy, buf_view(&out).p, n);
		copy[i] ^= 0x01;
		struct cades_result *r = verify(rd_of(copy, n), invoice, sizeof invoice);
		if (cades_verdict(r) == VERDICT_PASSED) {
			passed++;
			assert_int_equal(r->signer[0].when, T0);
			assert_true(rd_equal(buf_view(&r->signer[0].cert), p256.der));
		}
		cades_result_free(&r);
	}
	/* The CA's certificate inside is only a helper: its signature bits may change here. */
	assert_true(passed < ca.der.n + 40);
	for (size_t i = 0; i < n; i += 7)
		expect_structure(rd_of(copy, i), "not a CMS signature");
	free(copy);
	buf_free(&out);
}

static CMS_ContentInfo *foreign(struct pki_id *id, const EVP_MD *md, unsigned flags, bool pss)
{
	BIO *in = BIO_new_mem_buf(invoice, sizeof invoice);
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, in, flags | CMS_PARTIAL | CMS_BINARY);
	assert_non_null(cms);
	CMS_SignerInfo *si = CMS_add1_signer(
	    cms, id->cert, id->key, md, flags | CMS_NOSMIMECAP | (pss ? CMS_KEY_PARAM : 0));
	assert_non_null(si);
	if (pss)
		assert_int_equal(
		    EVP_PKEY_CTX_set_rsa_padding(CMS_SignerInfo_get0_pkey_ctx(si), 6), 1);
	assert_int_equal(CMS_final(cms, in, NULL, flags | CMS_BINARY), 1);
	BIO_free(in);
	return cms;
}

static struct cades_result *verify_foreign(CMS_ContentInfo *cms, bool with_file)
{
	unsigned char *der = NULL;
	int n = i2d_CMS_ContentInfo(cms, &der);
	assert_true(n > 0);
	struct cades_result *r = verify(
	    rd_of(der, (size_t)n), with_file ? invoice : NULL, sizeof invoice);
	OPENSSL_free(der);
	CMS_ContentInfo_free(cms);
	return r;
}

static void expect_passed(struct cades_result *r, size_t signers)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct check *c = report_reason(&r->signer[i].report);
		/* The others' signing time is the real clock's, later than ours. */
		if (c && strcmp(c->name, "signing time") != 0)
			fail_msg("%s: %s", c->name, c->detail);
	}
	assert_int_equal(report_verdict(&r->report), VERDICT_PASSED);
	assert_int_equal(r->n, signers);
	cades_result_free(&r);
}

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
	struct cades_result *r = verify_foreign(
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
	cades_result_free(&r);
	CMS_ContentInfo_free(cms);
	BIO_free(in);
	BIO_free(out);
}

static void refused_makers(void **state)
{
	(void)state;
	/* No signed attributes at all: openssl -cades accepts that. */
	struct cades_result *r = verify_foreign(
	    foreign(&p256, EVP_sha256(), CMS_DETACHED | CMS_NOATTR, false), true);
	expect(r, 0, "signed attributes", CHECK_FAILED);
	assert_int_equal(cades_verdict(r), VERDICT_FAILED);
	cades_result_free(&r);
	/* CMS without the signing certificate attribute. */
	r = verify_foreign(foreign(&p256, EVP_sha256(), CMS_DETACHED, false), true);
	expect(r, 0, "signed attributes", CHECK_FAILED);
	expect(r, 0, "signing certificate", CHECK_FAILED);
	cades_result_free(&r);
	/* SHA-1 */
	r = verify_foreign(foreign(&rsa, EVP_sha1(), CMS_DETACHED | CMS_CADES, false), true);
	expect(r, 0, "content digest", CHECK_FAILED);
	cades_result_free(&r);
	/* RSA-1024 */
	r = verify_foreign(foreign(&weak, EVP_sha256(), CMS_DETACHED | CMS_CADES, false), true);
	expect(r, 0, "signature value", CHECK_FAILED);
	cades_result_free(&r);
	/* The certificate left out. */
	r = verify_foreign(
	    foreign(&p256, EVP_sha256(), CMS_DETACHED | CMS_CADES | CMS_NOCERTS, false), true);
	expect(r, 0, "signing certificate", CHECK_FAILED);
	expect(r, 0, "signature value", CHECK_SKIPPED);
	cades_result_free(&r);
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
	struct cades_options o = {.now = T0};
	int fd = file_with(invoice, sizeof invoice);
	assert_int_equal(cades_sign_fd(&s, &o, fd, &out), ECERT_OK);
	close(fd);
	struct cades_result *r = verify(buf_view(&out), invoice, sizeof invoice);
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
	cades_result_free(&r);
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
	struct cades_result *r = verify_foreign(cms, true);
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

static struct cades_result *with_attributes(const uint8_t *v1, const uint8_t *a, const uint8_t *b)
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
	struct cades_result *r = with_attributes(v1, bent, NULL);
	expect(r, 0, "signed attributes", CHECK_OK);
	expect(r, 0, "signing certificate", CHECK_FAILED);
	expect(r, 0, "signature value", CHECK_OK);
	cades_result_free(&r);
	r = with_attributes(v1, v2, bent);
	expect(r, 0, "signed attributes", CHECK_FAILED);
	expect(r, 0, "signing certificate", CHECK_FAILED);
	cades_result_free(&r);
	r = with_attributes(v1, v2, v2);
	expect(r, 0, "signed attributes", CHECK_FAILED);
	cades_result_free(&r);
	/* The hash of another digest's length, as SHA-256 (the default). */
	memcpy(bent, v2, sizeof bent);
	bent[7] = 31;
	r = with_attributes(NULL, bent, NULL);
	expect(r, 0, "signing certificate", CHECK_FAILED);
	cades_result_free(&r);
}

/* The name of the signature algorithm is signed by nobody. */
static void a_name_that_lies(void **state)
{
	static const struct {
		struct pki_id *id;
		int nid;
		bool good;
	} row[] = {
	    {&p256, NID_ecdsa_with_SHA256, true},
	    {&p256, NID_X9_62_id_ecPublicKey, true},
	    {&p256, NID_ecdsa_with_SHA1, false},
	    {&p256, NID_ecdsa_with_SHA384, false},
	    {&p256, NID_sha256WithRSAEncryption, false},
	    {&p256, NID_rsaEncryption, false},
	    {&p256, NID_ED25519, false},
	    {&p256, NID_sha256, false},
	    {&rsa, NID_rsaEncryption, true},
	    {&rsa, NID_sha256WithRSAEncryption, true},
	    {&rsa, NID_sha1WithRSAEncryption, false},
	    {&rsa, NID_sha512WithRSAEncryption, false},
	    {&rsa, NID_ecdsa_with_SHA256, false},
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
		struct cades_result *r = verify_foreign(cms, true);
		expect(r, 0, "signature value", row[i].good ? CHECK_OK : CHECK_FAILED);
		cades_result_free(&r);
	}
}

/* Other kinds of content, with the digest that fits, and the attribute that names another. */
static void content_type_confusion(void **state)
{
	const unsigned f = CMS_CADES | CMS_PARTIAL | CMS_BINARY | CMS_NOSMIMECAP;
	(void)state;
	for (int i = 0; i < 2; i++) {
		BIO *in = BIO_new_mem_buf(invoice, sizeof invoice);
		CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, in, f);
		CMS_SignerInfo *si = CMS_add1_signer(cms, p256.cert, p256.key, EVP_sha256(), f);
		assert_non_null(si);
		if (i == 0) /* changed before it is signed: the two agree */
			assert_int_equal(
			    CMS_set1_eContentType(cms, OBJ_nid2obj(NID_id_smime_ct_TSTInfo)), 1);
		assert_int_equal(CMS_final(cms, in, NULL, f), 1);
		if (i == 1) /* and afterwards: data that was signed is passed off as something */
			assert_int_equal(
			    CMS_set1_eContentType(cms, OBJ_nid2obj(NID_id_smime_ct_TSTInfo)), 1);
		BIO_free(in);
		struct cades_result *r = verify_foreign(cms, false);
		expect(r, 0, "signed attributes", CHECK_FAILED);
		cades_result_free(&r);
	}
}

static void not_a_signature(void **state)
{
	struct cades_verify_options o = {.now = T0};
	struct cades_result *r = NULL;
	(void)state;
	expect_structure(rd_of("", 0), "not a CMS");
	expect_structure(rd_of("hello", 5), "not a CMS");
	expect_structure(rd_of("-----BEGIN CMS-----\nAAAA\n-----END CMS-----\n", 43), "not a CMS");
	expect_structure(p256.der, "not a CMS");
	/* ContentInfo { data } */
	static const uint8_t data[] = {
	    0x30, 15, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 1, 0xA0, 2, 4, 0};
	expect_structure(rd_of(data, sizeof data), "not SignedData");
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, CMS_PARTIAL | CMS_DETACHED);
	unsigned char *der = NULL;
	int n = i2d_CMS_ContentInfo(cms, &der);
	expect_structure(rd_of(der, (size_t)n), "no signer");
	OPENSSL_free(der);
	CMS_ContentInfo_free(cms);
	struct buf out = BUF_INIT(1u << 20);
	sign(&p256, DOC_SIG_NONE, &out);
	assert_int_equal(cades_verify(buf_view(&out), -1, &o, &r), ECERT_OK);
	assert_non_null(strstr(report_reason(&r->report)->detail, "neither inside nor given"));
	cades_result_free(&r);
	buf_u8(&out, 0);
	expect_structure(buf_view(&out), "bytes follow it");
	buf_free(&out);
}

static void without_anchors_or_early(void **state)
{
	struct buf out = BUF_INIT(1u << 20);
	struct cades_verify_options o = {.now = T0 - DAY};
	struct cades_result *r = NULL;
	int fd = file_with(invoice, sizeof invoice);
	(void)state;
	sign(&p256, DOC_SIG_NONE, &out);
	assert_int_equal(cades_verify(buf_view(&out), fd, &o, &r), ECERT_OK);
	expect(r, 0, "chain", CHECK_UNKNOWN);
	expect(r, 0, "signing time", CHECK_FAILED);
	cades_result_free(&r);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	o.now = T0;
	assert_int_equal(cades_verify(buf_view(&out), fd, &o, &r), ECERT_OK);
	assert_int_equal(cades_verdict(r), VERDICT_INDETERMINATE);
	json_t *j = cades_json(r);
	assert_string_equal(json_string_value(json_object_get(j, "verdict")), "indeterminate");
	const json_t *s = json_array_get(json_object_get(j, "signers"), 0);
	assert_int_equal(json_integer_value(json_object_get(s, "time")), T0);
	json_decref(j);
	cades_result_free(&r);
	close(fd);
	assert_int_equal(cades_verify(buf_view(&out), fd, &o, &r), ECERT_E_IO);
	assert_null(r);
	buf_free(&out);
}

struct seen {
	unsigned calls;
	uint64_t last, total;
	uint64_t stop_at;
};

static bool watch(void *ctx, uint64_t done, uint64_t total)
{
	struct seen *s = ctx;
	s->calls++;
	assert_true(done >= s->last);
	s->last = done;
	s->total = total;
	return !s->stop_at || done < s->stop_at;
}

static void over_4_gib_in_constant_memory(void **state)
{
	static const uint8_t want[] = {0xfb, 0xb8, 0x2f, 0x7b, 0x35, 0x36, 0x76, 0xbb, 0x56, 0x2e,
	    0xb8, 0x21, 0x57, 0xfc, 0xf0, 0xea, 0x42, 0xc3, 0x64, 0x92, 0xca, 0x13, 0xee, 0x56,
	    0xdb, 0xf8, 0x2c, 0x08, 0xb6, 0x80, 0x2c, 0x5c};
	const uint64_t size = (4ull << 30) + 1;
	struct seen s = {0};
	struct doc_digest d;
	struct rusage before, after;
	char path[] = "./sparse-XXXXXX";
	(void)state;
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(ftruncate(fd, (off_t)size), 0);
	getrusage(RUSAGE_SELF, &before);
	assert_int_equal(doc_digest_fd(fd, "SHA256", watch, &s, &d), ECERT_OK);
	getrusage(RUSAGE_SELF, &after);
	assert_memory_equal(d.value, want, sizeof want);
	assert_true(d.size == size && s.last == size && s.total == size);
	assert_true(s.calls > 1000 && s.calls < 1100);
	assert_true(after.ru_maxrss - before.ru_maxrss < 16 * 1024);
	/* Cancelled half way. */
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	s = (struct seen){.stop_at = 8u << 20};
	assert_int_equal(doc_digest_fd(fd, "SHA256", watch, &s, &d), ECERT_E_CANCELLED);
	assert_int_equal(s.last, 8u << 20);
	assert_int_equal(doc_digest_fd(fd, "NO-SUCH", NULL, NULL, &d), ECERT_E_UNSUPPORTED);
	close(fd);
}

static void an_empty_file(void **state)
{
	struct buf out = BUF_INIT(1u << 20);
	struct doc_signer s = pki_signer(&p256);
	struct cades_options o = {.now = T0};
	int fd = file_with("", 0);
	(void)state;
	assert_int_equal(cades_sign_fd(&s, &o, fd, &out), ECERT_OK);
	close(fd);
	struct cades_result *r = verify(buf_view(&out), "", 0);
	expect_passed(r, 1);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ours_round_trip),
	    cmocka_unit_test(exactly_four_attributes),
	    cmocka_unit_test(signing_fails_whole),
	    cmocka_unit_test(every_byte_counts),
	    cmocka_unit_test(other_makers),
	    cmocka_unit_test(several_signers),
	    cmocka_unit_test(attached_and_indefinite),
	    cmocka_unit_test(refused_makers),
	    cmocka_unit_test(another_certificate_of_that_name),
	    cmocka_unit_test(version_1_attribute),
	    cmocka_unit_test(attributes_that_disagree),
	    cmocka_unit_test(a_name_that_lies),
	    cmocka_unit_test(content_type_confusion),
	    cmocka_unit_test(not_a_signature),
	    cmocka_unit_test(without_anchors_or_early),
	    cmocka_unit_test(over_4_gib_in_constant_memory),
	    cmocka_unit_test(an_empty_file),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
