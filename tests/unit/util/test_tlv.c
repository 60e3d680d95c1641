/* SPDX-License-Identifier: BSD-2-Clause */
/* BER-TLV: tags, lengths in every form, and everything that must be refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "util/hex.h"
#include "util/tlv.h"

/* One TLV as hexadecimal, and what has to come of it: a tag of 0 means malformed. */
static const struct {
	const char *hex;
	uint32_t tag;
	size_t len;
} rows[] = {
    {"5300", 0x53, 0},
    {"530100", 0x53, 1},
    {"5FC10500", 0x5FC105, 0},
    {"7F490102", 0x7F49, 1},
    /* lengths that are not minimal, as PivApplet writes them */
    {"53810100", 0x53, 1},
    {"5382000100", 0x53, 1},
    {"538300000100", 0x53, 1},
    {"53840000000100", 0x53, 1},
    /* refused: cut anywhere */
    {"5F", 0, 0},
    {"5FC1", 0, 0},
    {"53", 0, 0},
    {"5381", 0, 0},
    {"538201", 0, 0},
    {"5384FFFF", 0, 0},
    {"5302AA", 0, 0},
    /* refused: a tag of four bytes, indefinite and reserved lengths, more than there is */
    {"5FC1810500", 0, 0},
    {"53800000", 0, 0},
    {"53850000000001AA", 0, 0},
    {"53FF", 0, 0},
    {"5384FFFFFFFF", 0, 0},
    {"538401000000", 0, 0},
};

static struct buf unhex(const char *text)
{
	struct buf b = BUF_INIT(1 << 20);

	assert_int_equal(hex_get(rd_of(text, strlen(text)), &b), ECERT_OK);
	return b;
}

static void each_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct buf b = unhex(rows[i].hex);
		struct rd all = buf_view(&b), r = all, value;
		struct tlv t;
		enum ecert_rc rc = tlv_next(&r, &t);

		assert_int_equal(rc, rows[i].tag ? ECERT_OK : ECERT_E_MALFORMED);
		if (rows[i].tag) {
			assert_int_equal(t.tag, rows[i].tag);
			assert_int_equal(t.value.n, rows[i].len);
			assert_int_equal(r.n, 0);
		} else {
			assert_ptr_equal(r.p, all.p);
			assert_int_equal(r.n, all.n);
			assert_int_equal(tlv_find(all, 0x99, &value), ECERT_E_MALFORMED);
			assert_int_equal(tlv_only(all, 0x53, &value), ECERT_E_MALFORMED);
		}
		buf_free(&b);
	}
}

static void walking_and_finding(void **state)
{
	struct buf b = unhex("800101 810202 03 5300 8101FF");
	struct rd r = buf_view(&b), value;
	struct tlv t;

	(void)state;
	assert_int_equal(tlv_find(r, 0x81, &value), ECERT_OK);
	assert_int_equal(value.n, 2); /* the first of two */
	assert_int_equal(tlv_find(r, 0x82, &value), ECERT_E_NOT_FOUND);
	assert_null(value.p);
	assert_int_equal(tlv_expect(&r, 0x81, &value), ECERT_E_MALFORMED);
	assert_int_equal(tlv_expect(&r, 0x80, &value), ECERT_OK);
	assert_int_equal(value.p[0], 1);
	assert_int_equal(tlv_only(r, 0x81, &value), ECERT_E_MALFORMED); /* more follows */
	for (int i = 0; i < 3; i++)
		assert_int_equal(tlv_next(&r, &t), ECERT_OK);
	assert_int_equal(tlv_next(&r, &t), ECERT_E_NOT_FOUND);
	assert_int_equal(tlv_expect(&r, 0x81, &value), ECERT_E_MALFORMED);
	buf_free(&b);
}

/* Lengths around every change of form, written minimally and read back. */
static void written_minimally(void **state)
{
	static const struct {
		size_t len, head;
	} forms[] = {
	    {0, 2}, {1, 2}, {0x7F, 2}, {0x80, 3}, {0xFF, 3}, {0x100, 4}, {0xFFFF, 4}, {0x10000, 5}};
	uint8_t *zeros = calloc(1, 0x10000);

	(void)state;
	assert_non_null(zeros);
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		struct buf b = BUF_INIT(1 << 20);
		struct rd value;

		tlv_put(&b, 0x53, rd_of(zeros, forms[i].len));
		assert_int_equal(buf_rc(&b), ECERT_OK);
		assert_int_equal(buf_len(&b), forms[i].len + forms[i].head);
		assert_int_equal(tlv_only(buf_view(&b), 0x53, &value), ECERT_OK);
		assert_int_equal(value.n, forms[i].len);
		buf_free(&b);
	}
	free(zeros);
}

static void tags_of_one_to_three_bytes(void **state)
{
	static const uint32_t tags[] = {0x53, 0x5C, 0x7F49, 0x5FC105, 0x5FFF01};

	(void)state;
	for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
		struct buf b = BUF_INIT(100);
		struct rd value;

		tlv_put_u8(&b, tags[i], 7);
		assert_int_equal(tlv_only(buf_view(&b), tags[i], &value), ECERT_OK);
		assert_int_equal(value.n, 1);
		assert_int_equal(value.p[0], 7);
		buf_free(&b);
	}
}

static void too_long_to_write(void **state)
{
	struct buf b = BUF_INIT(100);

	(void)state;
	tlv_head(&b, 0x53, 0x1000000);
	assert_int_equal(buf_rc(&b), ECERT_E_TOO_LARGE);
	buf_free(&b);
}

/* CRLs and documents are longer than three bytes of length can say. */
static void long_values(void **state)
{
	static const uint8_t head[] = {0x30, 0x84, 0x01, 0x00, 0x00, 0x01};
	const size_t n = 0x1000001;
	uint8_t *bytes = calloc(1, sizeof head + n + 1);
	struct rd value, r = rd_of(bytes, sizeof head + n + 1);

	(void)state;
	assert_non_null(bytes);
	memcpy(bytes, head, sizeof head);
	assert_int_equal(tlv_expect(&r, 0x30, &value), ECERT_OK);
	assert_int_equal(value.n, n);
	assert_int_equal(r.n, 1);
	r = rd_of(bytes, sizeof head + n - 1);
	assert_int_equal(tlv_expect(&r, 0x30, &value), ECERT_E_MALFORMED);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(long_values),
	    cmocka_unit_test(each_form),
	    cmocka_unit_test(walking_and_finding),
	    cmocka_unit_test(written_minimally),
	    cmocka_unit_test(tags_of_one_to_three_bytes),
	    cmocka_unit_test(too_long_to_write),
	};

	return cmocka_run_group_tests_name("util: TLV", tests, NULL, NULL);
}
