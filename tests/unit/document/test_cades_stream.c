/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of signatures whose content inside is too large for memory. */
#include "stream_fix.h"

#include "document/cms/cades_read.h"
#include "util/tlv.h"

static enum ecert_rc opened(int fd, struct octets **in, struct cades_stream *s, struct buf *shell)
{
	off_t n = lseek(fd, 0, SEEK_END);
	assert_true(n >= 0);
	assert_int_equal(octets_of_file(fd, 0, (uint64_t)n, in), ECERT_OK);
	return cades_stream_open(*in, s, shell);
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
		struct octets *in = NULL;
		unsigned char *der = NULL;
		size_t n = 0;
		int fd = signed_file(sizes[i / 2], i % 2, &der, &n);
		assert_int_equal(opened(fd, &in, &s, &shell), ECERT_OK);
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
		octets_free(&in);
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

/* The content of a signed file again, in pieces of `piece` bytes, `deep` strings in one another. */
static int in_pieces(struct rd der, size_t n, size_t piece, unsigned deep)
{
	struct buf b = BUF_INIT(LARGE);
	const uint8_t *content = memmem(der.p, der.n, "xxxx", 4);
	size_t before = (size_t)(content - der.p);
	/* Headers with lengths of four bytes are easy to find from behind. */
	struct rd tail = rd_of(content + n, der.n - before - n);
	struct octets *in = NULL;
	struct cades_stream s;
	struct buf shell = BUF_INIT(LARGE);
	assert_int_equal(octets_of_memory(der, &in), ECERT_OK);
	assert_int_equal(cades_stream_open(in, &s, &shell), ECERT_OK);
	struct rd sh = buf_view(&shell);
	const uint8_t *set = memmem(sh.p, sh.n, "\x02\x01\x01\x31", 4);
	assert_non_null(set);
	size_t start = (size_t)(set - sh.p), set_n = 5u + set[4];
	buf_put(&b, "\x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02\xA0\x80\x30\x80", 17);
	buf_put(&b, sh.p + start, set_n);
	buf_put(&b, "\x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x01\xA0\x80", 15);
	for (unsigned i = 0; i < deep; i++)
		buf_put(&b, "\x24\x80", 2);
	for (size_t at = 0; at < n; at += piece) {
		size_t part = n - at < piece ? n - at : piece;
		buf_u8(&b, 0x04);
		if (part < 128)
			buf_u8(&b, (uint8_t)part);
		else
			put_length(&b, part);
		buf_put(&b, content + at, part);
	}
	buf_fill(&b, 0, 2u * deep + 4);
	buf_rd(&b, tail);
	buf_fill(&b, 0, 6);
	assert_int_equal(buf_rc(&b), ECERT_OK);
	int fd = file_with(buf_view(&b).p, buf_len(&b));
	octets_free(&in);
	buf_free(&shell);
	buf_free(&b);
	return fd;
}

static double cpu_seconds(void)
{
	struct rusage u;
	assert_int_equal(getrusage(RUSAGE_SELF, &u), 0);
	return (double)u.ru_utime.tv_sec + (double)u.ru_utime.tv_usec / 1e6;
}

/* However small the pieces are, and strings in strings: as good as in one, and hardly slower. */
static void pieces_of_any_size(void **state)
{
	static const struct {
		size_t n, piece;
		unsigned deep;
	} row[] = {{5, 1, 1}, {300, 7, 1}, {300, 300, 5}, {4000000, 1, 1}, {4000000, 1000, 3},
	    {7000000, 1, 1}};
	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		unsigned char *der = NULL;
		size_t n = 0;
		int whole = signed_file(row[i].n, false, &der, &n);
		double began = cpu_seconds(), one, many;
		expect_passed(verified(whole), 1);
		one = cpu_seconds() - began;
		int fd = in_pieces(rd_of(der, n), row[i].n, row[i].piece, row[i].deep);
		began = cpu_seconds();
		struct doc_result *r = verified(fd);
		many = cpu_seconds() - began;
		assert_true(r->attached);
		assert_int_equal(r->content_size, row[i].n);
		expect_passed(r, 1);
		/* Some tens of nanoseconds a piece; each was a microsecond and more. */
		if (many > 20 * one + 1)
			fail_msg("%zu pieces: %f s beside %f", row[i].n / row[i].piece, many, one);
		close(whole);
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
			struct octets *in = NULL;
			struct doc_result *r = NULL;
			int shorter = file_with(der, cut);
			if (opened(shorter, &in, &s, &shell) == ECERT_OK) {
				assert_int_equal(
				    cades_verify(buf_view(&shell), shorter, &options, &r),
				    ECERT_OK);
				assert_int_equal(doc_verdict(r), VERDICT_FAILED);
				doc_result_free(&r);
			}
			close(shorter);
			octets_free(&in);
			buf_free(&shell);
		}
		for (size_t at = 0; at < 80; at++) {
			for (unsigned bit = 0; bit < 8; bit++) {
				struct buf shell = BUF_INIT(1u << 20);
				struct cades_stream s;
				struct octets *in = NULL;
				uint8_t bent = der[at] ^ (uint8_t)(1u << bit);
				assert_int_equal(pwrite(fd, &bent, 1, (off_t)at), 1);
				if (opened(fd, &in, &s, &shell) == ECERT_OK)
					assert_true(s.size <= n);
				octets_free(&in);
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
	assert_int_equal(cades_verify_fd(fd, -1, &options, &r), ECERT_OK);
	assert_string_equal(report_reason(&r->report)->detail, "not a CMS signature");
	doc_result_free(&r);
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
	    cmocka_unit_test(pieces_of_any_size),
	    cmocka_unit_test(hostile_files),
	    cmocka_unit_test(what_cannot_be_read),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
