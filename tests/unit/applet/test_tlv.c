/* SPDX-License-Identifier: BSD-2-Clause */
/* The card's own TLV code: what it reads, what it refuses, what it writes. */
#include "tests/unit/applet/applet_fixture.h"

#include <string.h>

static void test_reading(void **state)
{
	static const struct {
		const char *hex;
		bool ok;
		uint32_t tag;
		size_t len, left;
	} cases[] = {
	    {"5300", true, 0x53, 0, 0},
	    {"530155", true, 0x53, 1, 0},
	    {"5301555C00", true, 0x53, 1, 2},
	    {"7F490155", true, 0x7F49, 1, 0},
	    {"5F8101 0155", true, 0x5F8101, 1, 0},
	    {"53810155", true, 0x53, 1, 0},
	    {"5382000155", true, 0x53, 1, 0},
	    {"", false, 0, 0, 0},
	    {"53", false, 0, 0, 1},
	    {"5301", false, 0, 0, 2},
	    {"530255", false, 0, 0, 3},
	    {"5F", false, 0, 0, 1},
	    {"5F8181 0155", false, 0, 0, 5}, /* a tag of four bytes */
	    {"5380", false, 0, 0, 2},	     /* indefinite */
	    {"538300000155", false, 0, 0, 6},
	    {"5384FFFFFFFF", false, 0, 0, 6},
	    {"5381", false, 0, 0, 2},
	    {"538200", false, 0, 0, 3},
	    {"5382FFFF55", false, 0, 0, 5},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t bytes[16];
		struct ap_span in = {bytes, from_hex(cases[i].hex, bytes, sizeof(bytes))}, value;
		uint32_t tag;

		assert_int_equal(ap_tlv_next(&in, &tag, &value), cases[i].ok);
		assert_int_equal(in.len, cases[i].left);
		if (!cases[i].ok)
			continue;
		assert_int_equal(tag, cases[i].tag);
		assert_int_equal(value.len, cases[i].len);
		in = (struct ap_span){bytes, in.len + (size_t)(in.p - bytes)};
		assert_false(ap_tlv_take(&in, tag + 1, &value));
		assert_ptr_equal(in.p, bytes);
		assert_true(ap_tlv_take(&in, tag, &value));
	}
}

/* Nested, with bodies at the borders of the length's forms; read back the same. */
static void test_writing(void **state)
{
	static const size_t bodies[] = {0, 1, 127, 128, 255, 256, 3000};
	uint8_t bytes[4096], body[3000];

	(void)state;
	memset(body, 0x42, sizeof(body));
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		struct ap_out o = {bytes, sizeof(bytes), 0, false};
		size_t outer = ap_open(&o, 0x7F49), inner = ap_open(&o, 0x30);
		struct ap_span in, middle, value;

		ap_put(&o, body, bodies[i]);
		ap_close(&o, inner);
		ap_put_tlv_be32(&o, 0x5F8101, 0x01020304);
		ap_close(&o, outer);
		assert_false(o.bad);
		in = (struct ap_span){bytes, o.len};
		assert_true(ap_tlv_take(&in, 0x7F49, &middle));
		assert_int_equal(in.len, 0);
		assert_true(ap_tlv_take(&middle, 0x30, &value));
		assert_int_equal(value.len, bodies[i]);
		assert_memory_equal(value.p, body, value.len);
		assert_true(ap_tlv_take(&middle, 0x5F8101, &value));
		assert_memory_equal(value.p, "\x01\x02\x03\x04", 4);
		assert_int_equal(middle.len, 0);
	}
}

/* Whatever the room, nothing is written behind it, and too little is noticed. */
static void test_no_room(void **state)
{
	static const uint8_t number[] = {0x80, 0x01};
	uint8_t bytes[64];

	(void)state;
	for (size_t cap = 0; cap < 32; cap++) {
		struct ap_out o = {bytes, cap, 0, false};
		size_t mark;

		memset(bytes, 0xEE, sizeof(bytes));
		mark = ap_open(&o, 0x30);
		ap_put_integer(&o, number, sizeof(number));
		ap_put_tlv_byte(&o, 0x04, 7);
		ap_close(&o, mark);
		for (size_t i = cap; i < sizeof(bytes); i++)
			assert_int_equal(bytes[i], 0xEE);
		assert_int_equal(o.bad, cap < 12);
	}
	{
		struct ap_out o = {bytes, sizeof(bytes), 0, false};

		ap_put_head(&o, 0x30, 0x10000);
		assert_true(o.bad);
		assert_null(ap_put_room(&o, 1));
	}
}

static void test_integers(void **state)
{
	static const struct {
		const char *number, *der;
	} cases[] = {
	    {"00", "020100"},
	    {"0000", "020100"},
	    {"7F", "02017F"},
	    {"80", "02020080"},
	    {"000001", "020101"},
	    {"00FF01", "020300FF01"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t number[8], want[8], bytes[16];
		size_t len = from_hex(cases[i].number, number, sizeof(number));
		struct ap_out o = {bytes, sizeof(bytes), 0, false};

		ap_put_integer(&o, number, len);
		assert_int_equal(o.len, from_hex(cases[i].der, want, sizeof(want)));
		assert_memory_equal(bytes, want, o.len);
	}
}

static void test_comparison_and_wiping(void **state)
{
	uint8_t a[32], b[32];

	(void)state;
	memset(a, 0x31, sizeof(a));
	memcpy(b, a, sizeof(b));
	assert_true(ap_same(a, b, sizeof(a)));
	assert_true(ap_same(a, b, 0));
	for (size_t bit = 0; bit < 8 * sizeof(a); bit++) {
		b[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_false(ap_same(a, b, sizeof(a)));
		b[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	ap_wipe(a, sizeof(a));
	for (size_t i = 0; i < sizeof(a); i++)
		assert_int_equal(a[i], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_reading),
	    cmocka_unit_test(test_writing),
	    cmocka_unit_test(test_no_room),
	    cmocka_unit_test(test_integers),
	    cmocka_unit_test(test_comparison_and_wiping),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
