/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of forms share: a signature beside its file and one around it, and what verify
 * says of a file that has one. */
#ifndef ECERT_TESTS_FORMS_FIX_H
#define ECERT_TESTS_FORMS_FIX_H

#include "cades_fix.h"

#include "document/cert.h"

#define FILE_MAX 65536

static struct buf detached, attached;

static inline int make(void **state)
{
	setup(state);
	buf_init(&detached, 65536);
	buf_init(&attached, 65536);
	sign(&p256, DOC_SIG_NONE, &detached);
	CMS_ContentInfo *cms = foreign(&p256, EVP_sha256(), CMS_CADES, false);
	unsigned char *der = NULL;
	int n = i2d_CMS_ContentInfo(cms, &der);
	buf_put(&attached, der, (size_t)n);
	OPENSSL_free(der);
	CMS_ContentInfo_free(cms);
	return 0;
}

static inline int forget(void **state)
{
	buf_free(&detached);
	buf_free(&attached);
	return teardown(state);
}

/* Base64 in lines of 64. */
static inline void put_base64(struct buf *out, struct rd bytes, const char *line_end)
{
	struct buf text = BUF_INIT(1u << 20);
	b64_put(&text, bytes);
	struct rd t = buf_view(&text);
	while (t.n) {
		size_t n = t.n < 64 ? t.n : 64;
		buf_put(out, t.p, n);
		buf_str(out, line_end);
		t = rd_of(t.p + n, t.n - n);
	}
	buf_free(&text);
}

static inline void put_pem(struct buf *out, const char *label, struct rd bytes)
{
	buf_str(out, "-----BEGIN ");
	buf_str(out, label);
	buf_str(out, "-----\n");
	put_base64(out, bytes, "\n");
	buf_str(out, "-----END ");
	buf_str(out, label);
	buf_str(out, "-----\n");
}

static inline void good(struct buf *file, bool with_content, enum doc_form form)
{
	struct doc_result *r = verify(
	    buf_view(file), with_content ? invoice : NULL, sizeof invoice);
	assert_int_equal(buf_rc(file), ECERT_OK);
	assert_int_equal(r->form, form);
	expect_passed(r, 1);
	buf_free(file);
}

static inline void bad(struct buf *file, enum reason reason, const char *words)
{
	struct doc_result *r = verify(buf_view(file), invoice, sizeof invoice);
	const struct check *c = report_reason(&r->report);
	assert_int_equal(doc_verdict(r), VERDICT_FAILED);
	assert_non_null(c);
	assert_int_equal(c->reason, reason);
	if (!strstr(c->detail, words))
		fail_msg("%s", c->detail);
	doc_result_free(&r);
	buf_free(file);
}

#endif
