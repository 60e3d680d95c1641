/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of the forms in which a signature travels, and of what may stand beside it. */
#include "forms_fix.h"
#include "stream_fix.h"

#include "document/pem.h"

static void pem_with_nothing_beside_it(void **state)
{
	static const char *const labels[] = {
	    "CMS", "PKCS7", "PKCS #7 SIGNED DATA", "SIGNED MESSAGE"};
	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct buf f = BUF_INIT(FILE_MAX);
		buf_str(&f, "\n \n");
		put_pem(&f, labels[i], buf_view(&detached));
		buf_str(&f, "\r\n\n");
		good(&f, true, DOC_FORM_PEM);
	}
}

static void text_beside_pem(void **state)
{
	struct buf f = BUF_INIT(FILE_MAX);
	(void)state;
	put_pem(&f, "CMS", buf_view(&attached));
	buf_str(&f, "I owe the bearer a million.\n");
	bad(&f, REASON_TRAILING, "nobody signed");
	buf_init(&f, FILE_MAX);
	buf_str(&f, "I owe the bearer a million.\n");
	put_pem(&f, "CMS", buf_view(&attached));
	bad(&f, REASON_TRAILING, "nobody signed");
	/* Another signature, which nobody would look at. */
	buf_init(&f, FILE_MAX);
	put_pem(&f, "CMS", buf_view(&detached));
	put_pem(&f, "CMS", buf_view(&detached));
	bad(&f, REASON_TRAILING, "nobody signed");
	buf_init(&f, FILE_MAX);
	put_pem(&f, "CMS", buf_view(&detached));
	buf_u8(&f, 0);
	bad(&f, REASON_TRAILING, "nobody signed");
	/* Behind the DER, inside the block. */
	struct buf junk = BUF_INIT(FILE_MAX);
	buf_rd(&junk, buf_view(&detached));
	buf_str(&junk, "JUNK");
	buf_init(&f, FILE_MAX);
	put_pem(&f, "CMS", buf_view(&junk));
	bad(&f, REASON_TRAILING, "bytes follow the signature");
	buf_free(&junk);
	buf_init(&f, FILE_MAX);
	put_pem(&f, "CERTIFICATE", p256.der);
	bad(&f, REASON_NOT_A_SIGNATURE, "not of a CMS signature");
}

/* What OpenSSL's reader passes over. */
static void pem_is_read_strictly(void **state)
{
	static const char *const bad_blocks[] = {
	    "-----BEGIN X-----\nAAAA\n-----END Y-----\n",
	    "-----BEGIN X-----\nAA!A\n-----END X-----\n",
	    "-----BEGIN X-----\nNote: x\n\nAAAA\n-----END X-----\n",
	    "-----BEGIN X-----\nAAAA\n",
	    "-----BEGIN X-----\n-----END X-----\n",
	    "-----BEGIN X----- text\nAAAA\n-----END X-----\n",
	    "-----BEGIN X-----\nAAAA\n-----END X----- text\n",
	    "x-----BEGIN X-----\nAAAA\n-----END X-----\n",
	    "-----BEGIN X-----\nAB==\n-----END X-----\n",
	    "-----BEGIN X-----\nAA==AAAA\n-----END X-----\n",
	};
	struct pem p = {.der = BUF_INIT(64)};
	(void)state;
	for (size_t i = 0; i < sizeof bad_blocks / sizeof bad_blocks[0]; i++) {
		struct rd t = rd_of(bad_blocks[i], strlen(bad_blocks[i]));
		if (pem_next(&t, &p) != ECERT_E_MALFORMED)
			fail_msg("taken: %s", bad_blocks[i]);
	}
	const char *two = "one\n-----BEGIN X-----\nAQID\nBA==\n-----END X-----\ntwo\n"
			  "-----BEGIN Y-----\r\nBQ==\r\n-----END Y-----\r\nthree";
	struct rd t = rd_of(two, strlen(two));
	assert_int_equal(pem_next(&t, &p), ECERT_OK);
	assert_string_equal(p.label, "X");
	assert_true(rd_equal(p.before, rd_of("one\n", 4)));
	assert_true(rd_equal(buf_view(&p.der), rd_of("\1\2\3\4", 4)));
	assert_int_equal(pem_next(&t, &p), ECERT_OK);
	assert_string_equal(p.label, "Y");
	assert_true(rd_equal(buf_view(&p.der), rd_of("\5", 1)));
	assert_int_equal(pem_next(&t, &p), ECERT_E_NOT_FOUND);
	assert_false(text_blank(p.before));
	/* Keys are passed over, with the headers of encrypted ones. */
	const char *key = "-----BEGIN RSA PRIVATE\x20KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n"
			  "-----END RSA PRIVATE KEY-----\n";
	t = rd_of(key, strlen(key));
	assert_int_equal(pem_next(&t, &p), ECERT_OK);
	assert_int_equal(buf_len(&p.der), 0);
	buf_free(&p.der);
}

static void bare_base64(void **state)
{
	static const char *const ends[] = {"\n", "\r\n", ""};
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct buf f = BUF_INIT(FILE_MAX);
		put_base64(&f, buf_view(&detached), ends[i]);
		good(&f, true, DOC_FORM_BASE64);
	}
	struct buf f = BUF_INIT(FILE_MAX);
	put_base64(&f, buf_view(&detached), "\n");
	buf_str(&f, "\nand more\n");
	bad(&f, REASON_NOT_A_SIGNATURE, "not a CMS");
}

/* Mail and editors add line ends, and some programs fill up with zeros; whatever a person could
 * read is refused by name. */
static void what_follows_der(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		bool good;
	} rows[] = {
	    {"\n", 1, true},
	    {"\r\n", 2, true},
	    {"\n\n", 2, true},
	    {"\0", 1, true},
	    {"\0\0\0\0\0\0\0\0", 8, true},
	    {"\n\0", 2, true},
	    {" ", 1, false},
	    {"\0x", 2, false},
	    {"\nI owe the bearer a million.\n", 29, false},
	    {"\x30\0", 2, false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct buf f = BUF_INIT(FILE_MAX);
		buf_rd(&f, buf_view(&detached));
		buf_put(&f, rows[i].text, rows[i].n);
		if (rows[i].good)
			good(&f, true, DOC_FORM_PLAIN);
		else
			bad(&f, REASON_TRAILING, "bytes follow the signature, which nobody signed");
	}
}

static void a_mark_of_the_byte_order(void **state)
{
	struct buf f = BUF_INIT(FILE_MAX);
	(void)state;
	buf_str(&f, "\xEF\xBB\xBF");
	put_base64(&f, buf_view(&detached), "\r\n");
	good(&f, true, DOC_FORM_BASE64);
	buf_init(&f, FILE_MAX);
	buf_str(&f, "\xEF\xBB\xBF-----BEGIN CMS-----\n");
	put_base64(&f, buf_view(&detached), "\n");
	buf_str(&f, "\n-----END CMS-----\n");
	good(&f, true, DOC_FORM_PEM);
}

/* PKCS #7 1.5 signs values of any type (RFC 2315, 9.1): it is no damaged CMS. */
static void of_pkcs7(void **state)
{
	PKCS7 *p7 = PKCS7_new();
	PKCS7 *content = PKCS7_new();
	unsigned char *der = NULL;
	ASN1_TYPE *any = ASN1_TYPE_new();
	int n;

	(void)state;
	assert_int_equal(PKCS7_set_type(p7, NID_pkcs7_signed), 1);
	assert_non_null(PKCS7_add_signature(p7, rsa.cert, rsa.key, EVP_sha256()));
	content->type = OBJ_txt2obj("1.3.6.1.4.1.32473.6", 1);
	ASN1_TYPE_set(any, V_ASN1_SEQUENCE, ASN1_STRING_new());
	ASN1_STRING_set(any->value.sequence, "\x30\x03\x02\x01\x01", 5);
	content->d.other = any;
	assert_int_equal(PKCS7_set_content(p7, content), 1);
	n = i2d_PKCS7(p7, &der);
	assert_true(n > 0);
	PKCS7_free(p7);
	struct doc_result *r = verify(rd_of(der, (size_t)n), NULL, 0);
	OPENSSL_free(der);
	assert_int_equal(doc_judge(r).verdict, VERDICT_INDETERMINATE);
	assert_int_equal(doc_judge(r).why->reason, REASON_CONTENT_TYPE);
	doc_result_free(&r);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pem_with_nothing_beside_it),
	    cmocka_unit_test(text_beside_pem),
	    cmocka_unit_test(pem_is_read_strictly),
	    cmocka_unit_test(bare_base64),
	    cmocka_unit_test(what_follows_der),
	    cmocka_unit_test(a_mark_of_the_byte_order),
	    cmocka_unit_test(of_pkcs7),
	    cmocka_unit_test(odd_ones_are_told_as_small_ones),
	};
	return cmocka_run_group_tests(tests, make, forget);
}
