/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of signatures whose content inside is too large for memory. */
#include "cades_fix.h"

#include "document/cms/cades_stream.h"
#include "util/tlv.h"

#define LARGE (40u << 20)

static const struct doc_verify_options options = {.now = T0 + DAY, .path = &yes};

/* A file of n bytes, signed with the content inside. indefinite: in pieces, lengths left open. */
static int signed_file(size_t n, bool indefinite, unsigned char **der, size_t *len)
{
	char *content = calloc(1, n);
	assert_non_null(content);
	memset(content, 'x', n);
	BIO *in = BIO_new_mem_buf(content, (int)n), *out = BIO_new(BIO_s_mem());
	unsigned flags = CMS_CADES | CMS_BINARY | CMS_NOSMIMECAP | (indefinite ? CMS_STREAM : 0);
	CMS_ContentInfo *cms = CMS_sign(p256.cert, p256.key, NULL, in, flags);
	assert_non_null(cms);
	assert_int_equal(i2d_CMS_bio_stream(out, cms, in, (int)flags), 1);
	char *p = NULL;
	long have = BIO_get_mem_data(out, &p);
	*len = (size_t)have;
	*der = malloc(*len);
	assert_non_null(*der);
	memcpy(*der, p, *len);
	BIO_free(in);
	BIO_free(out);
	CMS_ContentInfo_free(cms);
	free(content);
	return file_with(*der, *len);
}

static struct doc_result *verified(int fd)
{
	struct doc_result *r = NULL;
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(cades_verify_fd(fd, -1, &options, &r), ECERT_OK);
	return r;
}

static void a_large_one_is_read_where_it_is(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		unsigned char *der = NULL;
		size_t n = 0;
		int fd = signed_file(LARGE, i, &der, &n);
		struct doc_result *r = verified(fd);
		assert_true(r->attached);
		assert_int_equal(r->content_size, LARGE);
		expect_passed(r, 1);
		/* One byte of the content. */
		assert_int_equal(pwrite(fd, "y", 1, LARGE / 2), 1);
		r = verified(fd);
		expect(r, 0, "content digest", CHECK_FAILED);
		expect(r, 0, "signature value", CHECK_OK);
		assert_int_equal(
		    report_reason(&r->signer[0].report)->reason, REASON_CONTENT_CHANGED);
		doc_result_free(&r);
		close(fd);
		free(der);
	}
}

/* The shell is what OpenSSL makes of the same without the content. */
static void small_ones_come_apart_too(void **state)
{
	static const size_t sizes[] = {1, 100, 127, 128, 300, 65536, 100000};
	(void)state;
	for (size_t i = 0; i < 2 * sizeof sizes / sizeof sizes[0]; i++) {
		struct buf shell = BUF_INIT(1u << 20);
		struct cades_stream s;
		unsigned char *der = NULL;
		size_t n = 0;
		int fd = signed_file(sizes[i / 2], i % 2, &der, &n);
		assert_int_equal(cades_stream_open(fd, &s, &shell), ECERT_OK);
		assert_int_equal(s.size, sizes[i / 2]);
		assert_int_equal(s.in_pieces, i % 2);
		struct doc_result *r = NULL;
		char *content = malloc(sizes[i / 2]);
		memset(content, 'x', sizes[i / 2]);
		int plain = file_with(content, sizes[i / 2]);
		assert_int_equal(cades_verify(buf_view(&shell), plain, &options, &r), ECERT_OK);
		expect_passed(r, 1);
		free(content);
		close(plain);
		close(fd);
		free(der);
		buf_free(&shell);
	}
}

struct taken {
	size_t n, most; /* most: where the disk is full */
	bool strange;
};

static enum ecert_rc take(void *ctx, struct rd part)
{
	struct taken *t = ctx;
	for (size_t i = 0; i < part.n; i++)
		t->strange = t->strange || part.p[i] != 'x';
	t->n += part.n;
	return t->n > t->most ? ECERT_E_IO : ECERT_OK;
}

/* Whoever wants the content gets all of it, in memory or not; who cannot keep it ends it. */
static void the_content_comes_out(void **state)
{
	static const size_t sizes[] = {1, 100000, LARGE};
	(void)state;
	for (size_t i = 0; i < 2 * sizeof sizes / sizeof sizes[0]; i++) {
		struct taken t = {.most = SIZE_MAX};
		struct doc_verify_options o = options;
		struct doc_result *r = NULL;
		unsigned char *der = NULL;
		size_t n = 0;
		int fd = signed_file(sizes[i / 2], i % 2, &der, &n);
		o.content = take;
		o.content_ctx = &t;
		assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
		assert_int_equal(cades_verify_fd(fd, -1, &o, &r), ECERT_OK);
		assert_int_equal(t.n, sizes[i / 2]);
		assert_false(t.strange);
		expect_passed(r, 1);
		t = (struct taken){.most = sizes[i / 2] - 1};
		assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
		assert_int_equal(cades_verify_fd(fd, -1, &o, &r), ECERT_E_IO);
		assert_null(r);
		close(fd);
		free(der);
	}
}

/* Cut anywhere, or bent in every byte before the content: an error or a verdict, never more. */
static void hostile_files(void **state)
{
	unsigned char *der = NULL;
	size_t n = 0;
	(void)state;
	for (int i = 0; i < 2; i++) {
		int fd = signed_file(200, i, &der, &n);
		for (size_t cut = 0; cut < n; cut++) {
			struct buf shell = BUF_INIT(1u << 20);
			struct cades_stream s;
			struct doc_result *r = NULL;
			int shorter = file_with(der, cut);
			if (cades_stream_open(shorter, &s, &shell) == ECERT_OK) {
				assert_int_equal(
				    cades_verify(buf_view(&shell), shorter, &options, &r),
				    ECERT_OK);
				assert_int_equal(doc_verdict(r), VERDICT_FAILED);
				doc_result_free(&r);
			}
			close(shorter);
			buf_free(&shell);
		}
		for (size_t at = 0; at < 80; at++) {
			for (unsigned bit = 0; bit < 8; bit++) {
				struct buf shell = BUF_INIT(1u << 20);
				struct cades_stream s;
				uint8_t bent = der[at] ^ (uint8_t)(1u << bit);
				assert_int_equal(pwrite(fd, &bent, 1, (off_t)at), 1);
				if (cades_stream_open(fd, &s, &shell) == ECERT_OK)
					assert_true(s.size <= n);
				buf_free(&shell);
			}
			assert_int_equal(pwrite(fd, der + at, 1, (off_t)at), 1);
		}
		close(fd);
		free(der);
	}
}

/* Large, and no signature; a pipe, in which nothing can be sought. */
static void what_cannot_be_read(void **state)
{
	struct doc_result *r = NULL;
	int fd = file_with("\x30\x84\x7F\xFF\xFF\xFF", 6), ends[2];
	(void)state;
	assert_int_equal(ftruncate(fd, LARGE), 0);
	assert_int_equal(cades_verify_fd(fd, -1, &options, &r), ECERT_E_TOO_LARGE);
	assert_null(r);
	close(fd);
	assert_int_equal(pipe(ends), 0);
	close(ends[1]);
	assert_int_equal(cades_verify_fd(ends[0], -1, &options, &r), ECERT_OK);
	assert_int_equal(doc_verdict(r), VERDICT_FAILED);
	doc_result_free(&r);
	close(ends[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_large_one_is_read_where_it_is),
	    cmocka_unit_test(the_content_comes_out),
	    cmocka_unit_test(small_ones_come_apart_too),
	    cmocka_unit_test(hostile_files),
	    cmocka_unit_test(what_cannot_be_read),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
