/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of CAdES share: signers, a file, and how a verification is judged. */
#ifndef ECERT_TESTS_CADES_FIX_H
#define ECERT_TESTS_CADES_FIX_H

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

#include "document/cms/cades.h"
#include "pki.h"

static struct pki_id ca, rsa, p256, p384, ed, weak;
static const char invoice[] = "INVOICE 2026-0042: HKD 1,234.00";

static inline int setup(void **state)
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

static inline int teardown(void **state)
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

static inline int file_with(const void *p, size_t n)
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

static inline void say_yes(void *ctx, const struct doc_path_query *q, struct report *rep)
{
	(void)ctx;
	asked = *q;
	others_seen = sk_X509_num(q->others);
	report_add(rep, CHK_CHAIN, CHECK_OK, MSG(""));
}

static const struct doc_path yes = {.check = say_yes};

static inline struct doc_result *verify(struct rd p7s, const void *content, size_t n)
{
	struct doc_verify_options o = {.now = T0 + DAY, .path = &yes};
	struct doc_result *r = NULL;
	int fd = content ? file_with(content, n) : -1;
	assert_int_equal(cades_verify(p7s, fd, &o, &r), ECERT_OK);
	assert_non_null(r);
	if (fd >= 0)
		close(fd);
	return r;
}

static inline void expect(
    const struct doc_result *r, size_t signer, const char *check, enum check_state state)
{
	assert_true(r->n > signer);
	const struct check *c = report_find(&r->signer[signer].report, check);
	if (!c || c->state != state)
		fail_msg("%s is %s: %s", check, c ? check_state_name(c->state) : "missing",
		    c ? c->detail : "");
}

static inline void expect_structure(struct rd p7s, const char *reason)
{
	struct doc_result *r = verify(p7s, invoice, sizeof invoice);
	assert_int_equal(doc_verdict(r), VERDICT_FAILED);
	assert_int_equal(r->n, 0);
	if (!strstr(report_reason(&r->report)->detail, reason))
		fail_msg("%s", report_reason(&r->report)->detail);
	doc_result_free(&r);
}

static inline void sign(struct pki_id *id, enum doc_sig_alg alg, struct buf *out)
{
	struct doc_signer s = pki_signer(id);
	struct doc_sign_options o = {.alg = alg, .now = T0};
	int fd = file_with(invoice, sizeof invoice);
	assert_int_equal(cades_sign_fd(&s, &o, fd, out), ECERT_OK);
	close(fd);
}

static inline CMS_ContentInfo *foreign(
    struct pki_id *id, const EVP_MD *md, unsigned flags, bool pss)
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

static inline struct doc_result *verify_foreign(CMS_ContentInfo *cms, bool with_file)
{
	unsigned char *der = NULL;
	int n = i2d_CMS_ContentInfo(cms, &der);
	assert_true(n > 0);
	struct doc_result *r = verify(
	    rd_of(der, (size_t)n), with_file ? invoice : NULL, sizeof invoice);
	OPENSSL_free(der);
	CMS_ContentInfo_free(cms);
	return r;
}

static inline void expect_passed(struct doc_result *r, size_t signers)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct check *c = report_reason(&r->signer[i].report);
		/* The others' signing time is the real clock's, later than ours. */
		if (c && strcmp(c->name, "signing time") != 0)
			fail_msg("%s: %s", c->name, c->detail);
	}
	assert_int_equal(report_verdict(&r->report), VERDICT_PASSED);
	assert_int_equal(r->n, signers);
	doc_result_free(&r);
}

#endif
