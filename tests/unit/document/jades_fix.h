/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of JAdES share: a JWS of any header, as somebody else may make it. */
#ifndef ECERT_TESTS_JADES_FIX_H
#define ECERT_TESTS_JADES_FIX_H

#include "cades_fix.h"
#include "document/jose/jades.h"
#include "document/jose/jades_object.h"
#include "document/jose/jws.h"
#include "util/hex.h"

#define TEXT_MAX 65536

/* "x5c":["..."] of one certificate, and of its thumbprint: "x5t#S256":"...". */
static inline const char *x5c(const struct pki_id *id)
{
	static char out[8192];
	struct buf b = BUF_INIT(sizeof out);
	buf_str(&b, "\"x5c\":[\"");
	char *text = malloc(4 * id->der.n);
	EVP_EncodeBlock((unsigned char *)text, id->der.p, (int)id->der.n);
	buf_str(&b, text);
	buf_str(&b, "\"]");
	snprintf(out, sizeof out, "%.*s", (int)buf_view(&b).n, (const char *)buf_view(&b).p);
	free(text);
	buf_free(&b);
	return out;
}

static inline const char *x5t(const struct pki_id *id)
{
	static char out[80];
	char t[44];
	assert_int_equal(jws_sha256(id->der, t), ECERT_OK);
	snprintf(out, sizeof out, "\"x5t#S256\":\"%s\"", t);
	return out;
}

/* A whole protected header of p256's that claims a time, with more members behind. */
static inline const char *header(const char *more)
{
	static char out[16384];
	snprintf(out, sizeof out, "{\"alg\":\"ES256\",\"iat\":%lld,%s,%s%s}", (long long)T0,
	    x5c(&p256), x5t(&p256), more);
	return out;
}

/* input: the payload as it is signed; what goes into the file is inside. */
static inline void jws_parts(struct pki_id *id, enum doc_sig_alg alg, const char *head,
    const char *input, struct buf *coded, struct buf *signature)
{
	struct doc_signer s = pki_signer(id);
	struct buf all = BUF_INIT(TEXT_MAX), raw = BUF_INIT(1024);
	b64url_put(coded, rd_of(head, strlen(head)));
	buf_rd(&all, buf_view(coded));
	buf_u8(&all, '.');
	buf_str(&all, input);
	assert_int_equal(doc_sign_message(&s, alg, buf_view(&all), &raw), ECERT_OK);
	b64url_put(signature, buf_view(&raw));
	buf_free(&all);
	buf_free(&raw);
}

static inline const char *coded(const void *p, size_t n)
{
	static char out[8192];
	struct buf b = BUF_INIT(sizeof out);
	b64url_put(&b, rd_of(p, n));
	snprintf(out, sizeof out, "%.*s", (int)buf_view(&b).n, (const char *)buf_view(&b).p);
	buf_free(&b);
	return out;
}

/* Compact; inside: NULL, the file is elsewhere. */
static inline void compact(const char *head, const char *input, const char *inside, struct buf *out)
{
	struct buf h = BUF_INIT(TEXT_MAX), s = BUF_INIT(1024);
	jws_parts(&p256, DOC_ES256, head, input, &h, &s);
	buf_rd(out, buf_view(&h));
	buf_u8(out, '.');
	buf_str(out, inside ? inside : "");
	buf_u8(out, '.');
	buf_rd(out, buf_view(&s));
	buf_free(&h);
	buf_free(&s);
}

static inline struct doc_result *judge_at(
    struct rd text, const void *content, size_t n, time_t now, const struct algorithm_policy *a)
{
	struct doc_verify_options o = {.now = now, .path = &yes, .algorithms = a};
	struct doc_result *r = NULL;
	int fd = content ? file_with(content, n) : -1;
	assert_int_equal(doc_verify(text, fd, &o, &r), ECERT_OK);
	assert_non_null(r);
	if (fd >= 0)
		close(fd);
	return r;
}

static inline struct doc_result *judge(struct rd text, const void *content, size_t n)
{
	return judge_at(text, content, n, T0 + DAY, NULL);
}

static inline void passes(struct doc_result *r, const char *profile)
{
	struct judgement j = doc_judge(r);
	if (j.verdict != VERDICT_PASSED)
		fail_msg("%s: %s", j.why ? j.why->name : "", j.why ? j.why->detail : "no check");
	assert_string_equal(r->signer[0].profile, profile);
	doc_result_free(&r);
}

#endif
