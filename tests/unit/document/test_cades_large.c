/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of PEM, base64 and mail that are too large for memory: read where they are, and told
 * the same as small ones. */
#include "forms_fix.h"

#include "document/cms/cades_read.h"

#define LARGE (20u << 20)

static struct buf content; /* text with line ends of each kind */

static int make_large(void **state)
{
	static const char *const line[] = {
	    "one\n", "two\r\n", "three\r\r\n", "\r", "\n", "five\r\n--X"};
	make(state);
	buf_init(&content, LARGE + 64);
	for (unsigned i = 0; buf_len(&content) < LARGE; i++)
		buf_str(&content, line[(i * 7u + i / 11) % 6]);
	assert_int_equal(buf_rc(&content), ECERT_OK);
	return 0;
}

static int forget_large(void **state)
{
	buf_free(&content);
	return forget(state);
}

static void cms_of(struct rd bytes, unsigned flags, struct buf *out)
{
	BIO *in = BIO_new_mem_buf(bytes.p, (int)bytes.n);
	CMS_ContentInfo *cms = CMS_sign(
	    p256.cert, p256.key, NULL, in, flags | CMS_CADES | CMS_BINARY | CMS_NOSMIMECAP);
	unsigned char *der = NULL;
	int n = i2d_CMS_ContentInfo(cms, &der);
	assert_true(n > 0);
	buf_put(out, der, (size_t)n);
	OPENSSL_free(der);
	CMS_ContentInfo_free(cms);
	BIO_free(in);
}

static void put_lines(struct buf *out, struct rd bytes, const char *end)
{
	BIO *mem = BIO_new(BIO_s_mem()), *b64 = BIO_push(BIO_new(BIO_f_base64()), mem);
	char *p = NULL;
	assert_int_equal(BIO_write(b64, bytes.p, (int)bytes.n), bytes.n);
	assert_int_equal(BIO_flush(b64), 1);
	long n = BIO_get_mem_data(mem, &p);
	for (long i = 0; i < n; i++)
		if (p[i] == '\n')
			buf_str(out, end);
		else
			buf_u8(out, (uint8_t)p[i]);
	BIO_free_all(b64);
}

static const char opaque_head[] = "MIME-Version: 1.0\nContent-Type: application/pkcs7-mime; "
				  "smime-type=signed-data\nContent-Transfer-Encoding: base64\n\n";

/* The message of two parts; end: of its own lines. */
static void put_message(struct buf *f, struct rd part, struct rd der, const char *end)
{
	buf_str(f, "MIME-Version: 1.0\nContent-Type: multipart/signed; boundary=\"XY\"; "
		   "protocol=\"application/pkcs7-signature\"\n\n");
	buf_str(f, "This is an S/MIME signed message\n\n--XY\n");
	buf_rd(f, part);
	buf_str(f, end);
	buf_str(f, "--XY\nContent-Type: application/pkcs7-signature\nContent-Transfer-Encoding: "
		   "base64\n\n");
	put_lines(f, der, "\n");
	buf_str(f, "\n--XY--\n");
}

static struct taken {
	struct rd want;
	size_t n;
} took;

static enum ecert_rc take(void *ctx, struct rd part)
{
	struct taken *t = ctx;
	assert_true(part.n <= t->want.n - t->n);
	assert_memory_equal(part.p, t->want.p + t->n, part.n);
	t->n += part.n;
	return ECERT_OK;
}

static struct doc_result *verified(const struct buf *f, struct rd want)
{
	struct doc_verify_options o = {
	    .now = T0 + DAY, .path = &yes, .content = take, .content_ctx = &took};
	struct doc_result *r = NULL;
	int fd;
	assert_int_equal(buf_rc(f), ECERT_OK);
	fd = file_with(buf_view(f).p, buf_len(f));
	took = (struct taken){want, 0};
	assert_int_equal(cades_verify_fd(fd, -1, &o, &r), ECERT_OK);
	close(fd);
	return r;
}

static void passes(const struct buf *f, enum doc_form form, struct rd want)
{
	struct doc_result *r = verified(f, want);
	assert_int_equal(r->form, form);
	assert_int_equal(r->content_size, want.n);
	assert_int_equal(took.n, want.n);
	expect_passed(r, 1);
}

static void fails(const struct buf *f, enum reason reason, const char *words)
{
	struct doc_result *r = verified(f, buf_view(&content));
	const struct check *c = report_reason(&r->report);
	assert_int_equal(doc_verdict(r), VERDICT_FAILED);
	assert_non_null(c);
	if (c->reason != reason || !strstr(c->detail, words))
		fail_msg("%s: %s", reason_code(c->reason), c->detail);
	doc_result_free(&r);
}

/* ---- each form, good and damaged ---- */
static void pem(void **state)
{
	struct buf der = BUF_INIT(2 * LARGE), f = BUF_INIT(2 * LARGE);
	(void)state;
	cms_of(buf_view(&content), 0, &der);
	buf_str(&f, "\xEF\xBB\xBF\n-----BEGIN CMS-----\n");
	put_lines(&f, buf_view(&der), "\r\n");
	size_t body = buf_len(&f);
	buf_str(&f, "-----END CMS-----\n\n");
	passes(&f, DOC_FORM_PEM, buf_view(&content));
	size_t whole = buf_len(&f);
	buf_str(&f, "I owe you a million\n");
	fails(&f, REASON_TRAILING, "nobody signed");
	buf_truncate(&f, body);
	fails(&f, REASON_NOT_A_SIGNATURE, "the PEM block is damaged");
	buf_str(&f, "-----END PKCS7-----\n");
	fails(&f, REASON_NOT_A_SIGNATURE, "the PEM block is damaged");
	buf_truncate(&f, body - 2);
	buf_str(&f, "!\n-----END CMS-----\n");
	fails(&f, REASON_NOT_A_SIGNATURE, "the PEM block is damaged");
	/* Half of it. */
	buf_truncate(&f, LARGE - LARGE % 66 + 23);
	buf_str(&f, "\n-----END CMS-----\n");
	assert_true(buf_len(&f) < whole);
	fails(&f, REASON_DAMAGED, "cut off");
	buf_free(&f);
	buf_free(&der);
}

static void base64(void **state)
{
	struct buf der = BUF_INIT(2 * LARGE), f = BUF_INIT(2 * LARGE);
	(void)state;
	cms_of(buf_view(&content), 0, &der);
	put_lines(&f, buf_view(&der), "\n");
	passes(&f, DOC_FORM_BASE64, buf_view(&content));
	/* A byte of the content, whichever bit of it that digit is. */
	((uint8_t *)(uintptr_t)buf_view(&f).p)[LARGE / 2 - (LARGE / 2) % 65] ^= 1;
	struct doc_result *r = NULL;
	struct doc_verify_options o = {.now = T0 + DAY, .path = &yes};
	int fd = file_with(buf_view(&f).p, buf_len(&f));
	assert_int_equal(cades_verify_fd(fd, -1, &o, &r), ECERT_OK);
	expect(r, 0, "content digest", CHECK_FAILED);
	doc_result_free(&r);
	close(fd);
	buf_truncate(&f, LARGE - LARGE % 65 + 8);
	fails(&f, REASON_DAMAGED, "cut off");
	buf_str(&f, "\n--\n");
	fails(&f, REASON_NOT_A_SIGNATURE, "not a CMS signature");
	buf_free(&f);
	buf_free(&der);
}

static void opaque(void **state)
{
	struct buf der = BUF_INIT(2 * LARGE), f = BUF_INIT(2 * LARGE);
	(void)state;
	cms_of(buf_view(&content), 0, &der);
	buf_str(&f, opaque_head);
	put_lines(&f, buf_view(&der), "\r\n");
	passes(&f, DOC_FORM_SMIME, buf_view(&content));
	buf_str(&f, "?");
	fails(&f, REASON_NOT_A_SIGNATURE, "an S/MIME message that is damaged");
	buf_free(&f);
	buf_init(&f, 2 * LARGE);
	buf_str(&f, "Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: binary\n\n");
	buf_rd(&f, buf_view(&der));
	passes(&f, DOC_FORM_SMIME, buf_view(&content));
	buf_free(&f);
	buf_free(&der);
}

static void two_parts(void **state)
{
	struct buf der = BUF_INIT(65536), f = BUF_INIT(2 * LARGE), crlf = BUF_INIT(2 * LARGE);
	(void)state;
	/* As it is in the file, and as mail has it. */
	cms_of(buf_view(&content), CMS_DETACHED, &der);
	put_message(&f, buf_view(&content), buf_view(&der), "\r\n");
	passes(&f, DOC_FORM_SMIME, buf_view(&content));
	buf_free(&f);
	buf_free(&der);
	for (struct rd rest = buf_view(&content); rest.n;) {
		const uint8_t *lf = memchr(rest.p, '\n', rest.n);
		size_t n = lf ? (size_t)(lf - rest.p) : rest.n;
		buf_put(&crlf, rest.p, n - (lf && n && rest.p[n - 1] == '\r'));
		buf_str(&crlf, lf ? "\r\n" : "");
		rest = rd_of(rest.p + n + !!lf, rest.n - n - !!lf);
	}
	buf_init(&der, 65536);
	buf_init(&f, 2 * LARGE);
	cms_of(buf_view(&crlf), CMS_DETACHED, &der);
	put_message(&f, buf_view(&content), buf_view(&der), "\n");
	passes(&f, DOC_FORM_SMIME, buf_view(&content));
	/* RFC 2046, 5.1.1: to be ignored; another part is not. */
	buf_str(&f, "I owe you a million\n");
	passes(&f, DOC_FORM_SMIME, buf_view(&content));
	buf_str(&f, "--XY\n\nI owe you a million\n");
	fails(&f, REASON_TRAILING, "not just a signed part");
	buf_free(&f);
	buf_init(&f, 2 * LARGE);
	put_message(&f, buf_view(&content), buf_view(&attached), "\n");
	fails(&f, REASON_TRAILING, "another content inside");
	buf_truncate(&f, LARGE);
	fails(&f, REASON_TRAILING, "not just a signed part");
	buf_free(&crlf);
	buf_free(&f);
	buf_free(&der);
}

/* What is large by its signature, or by nothing at all. */
static void too_large(void **state)
{
	struct buf f = BUF_INIT(4 * LARGE);
	struct doc_verify_options o = {.now = T0 + DAY, .path = &yes};
	struct doc_result *r = NULL;
	(void)state;
	put_message(&f, rd_of("x", 1), buf_view(&content), "\n");
	int fd = file_with(buf_view(&f).p, buf_len(&f));
	assert_int_equal(cades_verify_fd(fd, -1, &o, &r), ECERT_E_TOO_LARGE);
	close(fd);
	buf_free(&f);
	buf_init(&f, 4 * LARGE);
	buf_str(&f, "-----BEGIN CMS-----\n");
	put_lines(&f, buf_view(&detached), "\n");
	buf_fill(&f, '\n', LARGE);
	buf_str(&f, "-----END CMS-----\n");
	r = NULL;
	fd = file_with(buf_view(&f).p, buf_len(&f));
	int file = file_with(invoice, sizeof invoice);
	assert_int_equal(cades_verify_fd(fd, file, &o, &r), ECERT_OK);
	expect_passed(r, 1);
	close(file);
	close(fd);
	buf_free(&f);
}

/* ---- small ones, both ways ---- */
static const char *told(struct rd file, bool large, enum reason *why)
{
	struct cades_source s;
	const char *defect = NULL;
	*why = REASON_NONE;
	if (large) {
		int fd = file_with(file.p, file.n);
		assert_int_equal(cades_source_stream(fd, NULL, &s, &defect, why), ECERT_OK);
		close(fd);
	} else {
		defect = cades_source_read(file, NULL, &s, why);
	}
	cades_source_free(&s);
	return defect;
}

static void same(struct rd file)
{
	enum reason why[2];
	const char *small = told(file, false, &why[0]), *large = told(file, true, &why[1]);
	if (why[0] != why[1] || !small != !large || (small && strcmp(small, large) != 0))
		fail_msg("'%s' and '%s' of\n%.*s", small ? small : "good", large ? large : "good",
		    (int)file.n, (const char *)file.p);
}

/* Cut and bent everywhere. */
static void told_alike(void **state)
{
	struct buf f[4];
	(void)state;
	for (size_t i = 0; i < 4; i++)
		buf_init(&f[i], FILE_MAX);
	put_pem(&f[0], "PKCS7", buf_view(&attached));
	put_base64(&f[1], buf_view(&attached), "\r\n");
	buf_str(&f[2], opaque_head);
	put_base64(&f[2], buf_view(&attached), "\n");
	put_message(&f[3], rd_of("hello\r\n", 7), buf_view(&detached), "\r\n");
	for (size_t i = 0; i < 4; i++) {
		uint8_t *p = (uint8_t *)(uintptr_t)buf_view(&f[i]).p;
		size_t n = buf_len(&f[i]);
		assert_null(told(rd_of(p, n), true, &(enum reason){0}));
		for (size_t at = 0; at <= n; at++) {
			same(rd_of(p, at));
			for (unsigned bit = 0; at < n && bit < 8; bit += 3) {
				p[at] ^= (uint8_t)(1u << bit);
				/* A SEQUENCE's tag is the digit 0. */
				if (p[0] != 0x30)
					same(rd_of(p, n));
				p[at] ^= (uint8_t)(1u << bit);
			}
		}
		buf_free(&f[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pem),
	    cmocka_unit_test(base64),
	    cmocka_unit_test(opaque),
	    cmocka_unit_test(two_parts),
	    cmocka_unit_test(too_large),
	    cmocka_unit_test(told_alike),
	};
	return cmocka_run_group_tests(tests, make_large, forget_large);
}
