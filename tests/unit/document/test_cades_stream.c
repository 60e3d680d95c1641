/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of signatures whose content inside is too large for memory. */
#include "cades_fix.h"

#include "document/cms/cades_read.h"
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

static enum ecert_rc opened(int fd, struct octets **in, struct cades_stream *s, struct buf *shell)
{
	off_t n = lseek(fd, 0, SEEK_END);
	assert_true(n >= 0);
	assert_int_equal(octets_of_file(fd, 0, (uint64_t)n, in), ECERT_OK);
	return cades_stream_open(*in, s, shell);
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

static void put_length(struct buf *b, size_t n)
{
	buf_u8(b, 0x84);
	buf_u32(b, (uint32_t)n);
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

enum odd {
	TEXT_PIECE,
	TWO_STRINGS,
	TWO_CONTENTS,
	OPEN_ALGORITHMS,
	TWICE,
	BEHIND_ZEROS,
	LONG_LENGTH,
	LONG_TAG,
	LONG_ZEROS,
	DEEP
};

static void put_value(struct buf *b, uint8_t tag, struct rd value)
{
	buf_u8(b, tag);
	put_length(b, value.n);
	buf_rd(b, value);
}

/* The content. */
static void put_content(struct buf *b, enum odd way, struct rd whole)
{
	struct rd half = rd_of(whole.p, whole.n / 2);
	int deep = way == DEEP ? 20 : way == TEXT_PIECE || way == LONG_ZEROS;

	for (int i = 0; i < deep; i++)
		buf_put(b, "\x24\x80", 2);
	if (way == TEXT_PIECE) {
		put_value(b, 0x04, half);
		put_value(b, 0x0C, rd_of(whole.p + half.n, whole.n - half.n));
	} else if (way == LONG_LENGTH) {
		buf_put(b, "\x04\x89\0\0\0\0\0", 7);
		for (int i = 24; i >= 0; i -= 8)
			buf_u8(b, (uint8_t)(whole.n >> i));
		buf_rd(b, whole);
	} else {
		if (way == LONG_TAG)
			buf_u8(b, 0x1F);
		put_value(b, 0x04, whole);
	}
	if (way == LONG_ZEROS)
		buf_put(b, "\0\1x", 3);
	buf_fill(b, 0, (size_t)(2 * deep));
}

/* A signed file of n bytes as BER that is odd in one way. */
static int odd_file(size_t n, enum odd way)
{
	static const char x[] = "x";
	struct buf b = BUF_INIT(3 * LARGE);
	unsigned char *der = NULL;
	size_t len = 0;
	int fd = signed_file(n, false, &der, &len);
	const uint8_t *content = memmem(der, len, "xxxx", 4);
	struct rd whole = rd_of(content, n),
		  rest = rd_of(content + n, len - n - (size_t)(content - der));
	close(fd);
	for (int i = 0; i <= (way == TWICE); i++) {
		buf_put(&b,
		    "\x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02\xA0\x80\x30\x80\x02\x01"
		    "\x01",
		    20);
		buf_put(&b, way == OPEN_ALGORITHMS ? "\x31\x80" : "\x31\x0D", 2);
		buf_put(&b, "\x30\x0B\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01", 13);
		buf_fill(&b, 0, way == OPEN_ALGORITHMS ? 2 : 0);
		buf_put(&b, "\x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x01\xA0\x80", 15);
		put_content(&b, way, whole);
		if (way == TWO_STRINGS)
			put_value(&b, 0x04, rd_of(x, 1));
		buf_fill(&b, 0, 2);
		if (way == TWO_CONTENTS)
			buf_put(&b, "\xA0\x03\x04\x01x", 5);
		buf_fill(&b, 0, 2);
		buf_rd(&b, rest);
		buf_fill(&b, 0, 6);
	}
	if (way == BEHIND_ZEROS) {
		buf_fill(&b, 0, n);
		buf_str(&b, x);
	}
	assert_int_equal(buf_rc(&b), ECERT_OK);
	fd = file_with(buf_view(&b).p, buf_len(&b));
	buf_free(&b);
	free(der);
	return fd;
}

/* One verdict for one shape, whatever its size (X.690, 8.7.3.2; RFC 5652, 5.1 and 5.2). */
static void odd_ones_are_told_as_small_ones(void **state)
{
	static const struct {
		enum reason reason;
		const char *words;
	} row[] = {
	    [TEXT_PIECE] = {REASON_FORMAT_BROKEN, "of which one is no OCTET STRING"},
	    [TWO_STRINGS] = {REASON_DAMAGED, "is not what belongs there"},
	    [TWO_CONTENTS] = {REASON_DAMAGED, "is not what belongs there"},
	    [OPEN_ALGORITHMS] = {REASON_NONE, "CMS SignedData"},
	    [TWICE] = {REASON_TRAILING, "bytes follow the signature"},
	    [BEHIND_ZEROS] = {REASON_TRAILING, "bytes follow the signature"},
	    [LONG_LENGTH] = {REASON_NONE, "CMS SignedData"},
	    [LONG_TAG] = {REASON_DAMAGED, "is not what belongs there"},
	    [LONG_ZEROS] = {REASON_DAMAGED, "is not what belongs there"},
	    [DEEP] = {REASON_TOO_MUCH, "nested deeper than is read"},
	};
	(void)state;
	for (unsigned i = 0; i < 2 * sizeof row / sizeof row[0]; i++) {
		int fd = odd_file(i % 2 ? 17u << 20 : 200, i / 2);
		struct doc_result *r = verified(fd);
		const struct check *c = report_get(&r->report, CHK_STRUCTURE);
		assert_non_null(c);
		if (c->reason != row[i / 2].reason || !strstr(c->detail, row[i / 2].words))
			fail_msg("%u: %s: %s", i, reason_code(c->reason), c->detail);
		if (row[i / 2].reason)
			doc_result_free(&r);
		else
			expect_passed(r, 1);
		close(fd);
	}
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
	    cmocka_unit_test(odd_ones_are_told_as_small_ones),
	    cmocka_unit_test(small_ones_come_apart_too),
	    cmocka_unit_test(pieces_of_any_size),
	    cmocka_unit_test(hostile_files),
	    cmocka_unit_test(what_cannot_be_read),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
