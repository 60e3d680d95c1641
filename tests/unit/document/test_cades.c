/* SPDX-License-Identifier: BSD-2-Clause */
/* CAdES signatures of ours: made, verified, bent in every byte; what is no signature. */
#include "cades_fix.h"

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
		struct doc_result *r = verify(buf_view(&out), invoice, sizeof invoice);
		assert_int_equal(doc_verdict(r), VERDICT_PASSED);
		assert_int_equal(r->n, 1);
		assert_false(r->attached);
		assert_int_equal(r->content_size, sizeof invoice);
		assert_int_equal(r->signer[0].when, T0);
		assert_string_equal(r->signer[0].algorithm, row[i].name);
		assert_true(rd_equal(buf_view(&r->signer[0].cert), row[i].id->der));
		assert_int_equal(asked.at, T0);
		assert_int_equal(asked.now, T0 + DAY);
		assert_int_equal(others_seen, 2);
		doc_result_free(&r);
		r = verify(buf_view(&out), "another", 7);
		assert_int_equal(doc_verdict(r), VERDICT_FAILED);
		expect(r, 0, "content digest", CHECK_FAILED);
		expect(r, 0, "signature value", CHECK_OK);
		doc_result_free(&r);
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
	struct doc_sign_options o = {.now = T0};
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
		struct doc_result *r = verify(rd_of(copy, n), invoice, sizeof invoice);
		if (doc_verdict(r) == VERDICT_PASSED) {
			passed++;
			assert_int_equal(r->signer[0].when, T0);
			assert_true(rd_equal(buf_view(&r->signer[0].cert), p256.der));
		}
		doc_result_free(&r);
	}
	/* The CA's certificate inside is only a helper: its signature bits may change here. */
	assert_true(passed < ca.der.n + 40);
	for (size_t i = 0; i < n; i += 7)
		expect_structure(
		    rd_of(copy, i), i < 24 ? "a CMS signature" : "a CMS signature that is cut off");
	free(copy);
	buf_free(&out);
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
		struct doc_result *r = verify_foreign(cms, false);
		expect(r, 0, "signed attributes", i ? CHECK_FAILED : CHECK_UNKNOWN);
		const struct check *c = report_find(&r->signer[0].report, "signed attributes");
		assert_int_equal(c->reason, i ? REASON_ATTRIBUTES_BAD : REASON_CONTENT_TYPE);
		if (!i)
			assert_non_null(strstr(c->detail, "of the type id-smime-ct-TSTInfo"));
		doc_result_free(&r);
	}
}

static void not_a_signature(void **state)
{
	struct doc_verify_options o = {.now = T0};
	struct doc_result *r = NULL;
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
	doc_result_free(&r);
	/* Zeros and line ends fill up; what could be read is another thing. */
	buf_u8(&out, 0);
	expect_passed(verify(buf_view(&out), invoice, sizeof invoice), 1);
	buf_u8(&out, 1);
	expect_structure(buf_view(&out), "bytes follow the signature, which nobody signed");
	buf_free(&out);
}

static void without_anchors_or_early(void **state)
{
	struct buf out = BUF_INIT(1u << 20);
	struct doc_verify_options o = {.now = T0 - DAY};
	struct doc_result *r = NULL;
	int fd = file_with(invoice, sizeof invoice);
	(void)state;
	sign(&p256, DOC_SIG_NONE, &out);
	assert_int_equal(cades_verify(buf_view(&out), fd, &o, &r), ECERT_OK);
	expect(r, 0, "chain", CHECK_UNKNOWN);
	expect(r, 0, "signing time", CHECK_FAILED);
	doc_result_free(&r);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	o.now = T0;
	assert_int_equal(cades_verify(buf_view(&out), fd, &o, &r), ECERT_OK);
	assert_int_equal(doc_verdict(r), VERDICT_INDETERMINATE);
	json_t *j = doc_result_json(r);
	assert_string_equal(json_string_value(json_object_get(j, "verdict")), "indeterminate");
	assert_string_equal(json_string_value(json_object_get(j, "form")), "plain");
	const json_t *s = json_array_get(json_object_get(j, "signers"), 0);
	assert_int_equal(json_integer_value(json_object_get(s, "time")), T0);
	json_decref(j);
	doc_result_free(&r);
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
	struct doc_sign_options o = {.now = T0};
	int fd = file_with("", 0);
	(void)state;
	assert_int_equal(cades_sign_fd(&s, &o, fd, &out), ECERT_OK);
	close(fd);
	struct doc_result *r = verify(buf_view(&out), "", 0);
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
	    cmocka_unit_test(content_type_confusion),
	    cmocka_unit_test(not_a_signature),
	    cmocka_unit_test(without_anchors_or_early),
	    cmocka_unit_test(over_4_gib_in_constant_memory),
	    cmocka_unit_test(an_empty_file),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
