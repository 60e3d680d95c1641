/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of requests: its bytes are those that daemons and clients of every revision know. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "token/wire.h"

#define ok(expression) assert_int_equal(expression, ECERT_OK)

/* What was fixed with version 1: written here a second time, in numbers. */
static const struct {
	uint8_t code, fields, least;
	bool secret;
	uint32_t most[5];
} fixed[] = {
    {.code = 1},
    {.code = 2},
    {.code = 3},
    {.code = 4},
    {.code = 5},
    {.code = 6},
    {.code = 7, .fields = 1, .least = 1, .secret = true, .most = {64}},
    {.code = 8},
    {.code = 9},
    {.code = 10, .fields = 1, .least = 1, .secret = true, .most = {64}},
    {.code = 11, .fields = 2, .least = 2, .secret = true, .most = {64, 64}},
    {.code = 12, .fields = 2, .least = 2, .secret = true, .most = {64, 64}},
    {.code = 13},
    {.code = 14},
    {.code = 15},
    {.code = 16},
    {.code = 17},
    {.code = 18, .fields = 2, .least = 2, .most = {65536, 64}},
    {.code = 19},
    {.code = 20, .fields = 5, .least = 5, .secret = true, .most = {512, 512, 512, 512, 512}},
    {.code = 21},
    {.code = 22, .fields = 1, .least = 1, .most = {65536}},
    {.code = 23, .fields = 1, .least = 1, .most = {65536}},
    {.code = 24, .fields = 1, .least = 1, .most = {32}},
    {.code = 25},
    {.code = 26, .fields = 1, .least = 1, .secret = true, .most = {64}},
    {.code = 27},
    {.code = 28, .fields = 4, .least = 3, .most = {32, 96, 96, 96}},
    {.code = 30, .fields = 1, .least = 1, .most = {8}},
};

static void shapes(void **state)
{
	size_t known = 0, rows = sizeof fixed / sizeof fixed[0];

	(void)state;
	for (size_t i = 0; i < rows; i++) {
		const struct wire_shape *s = wire_shape(fixed[i].code);
		size_t least;

		assert_non_null(s);
		assert_int_equal(wire_fields(s, &least), fixed[i].fields);
		assert_int_equal(least, fixed[i].least);
		assert_int_equal(wire_is_secret(fixed[i].code), fixed[i].secret);
		for (size_t k = 0; k < 5; k++)
			assert_int_equal(s->field[k].most, fixed[i].most[k]);
	}
	for (unsigned code = 0; code < 256; code++)
		known += wire_shape((uint8_t)code) != NULL;
	assert_int_equal(known, rows);
	assert_null(wire_shape(IPC_BYE));
	assert_int_equal(IPC_BYE, 29);
}

static void is_frame(const struct wire_request *q, const char *hex)
{
	struct buf f = BUF_INIT(IPC_FRAME_MAX + 4);
	char text[512] = "";
	struct wire_request back;
	struct rd v;

	ok(wire_put_request(&f, q));
	v = buf_view(&f);
	assert_true(v.n * 2 < sizeof text);
	for (size_t i = 0; i < v.n; i++)
		(void)snprintf(text + 2 * i, 3, "%02x", v.p[i]);
	assert_string_equal(text, hex);
	ok(wire_get_request(rd_of(v.p + 4, v.n - 4), &back));
	assert_memory_equal(back.number, q->number, sizeof back.number);
	buf_free(&f);
}

#define BYTES(text)                                                                                \
	{                                                                                          \
		(const uint8_t *)(text), sizeof(text) - 1                                          \
	}

/* Length, version, type, id, slot, generation, three numbers, fields. */
static void frames(void **state)
{
	const struct wire_request hello = {
	    .type = IPC_HELLO, .id = 1, .arg.hello = {.confirms = 1, .revision = 1}};
	const struct wire_request use = {.type = IPC_USE,
	    .id = 0x01020304,
	    .slot = 2,
	    .generation = 3,
	    .arg.use = {.ref = 0x9C, .op = 1, .input = BYTES("in"), .digest = BYTES("d")}};
	const struct wire_request unblock = {.type = IPC_UNBLOCK,
	    .arg.unblock = {.flags = 1, .puk = BYTES("87654321"), .fresh = BYTES("123456")}};
	struct wire_request name = {.type = IPC_NAME_PUT,
	    .arg.name_put = {.ref = 0x9A,
		.deny = 4,
		.id = BYTES("i"),
		.key = BYTES("k"),
		.cert = BYTES("c"),
		.pub = BYTES("p")}};

	(void)state;
	is_frame(&hello, "0000001a"
			 "0101"
			 "00000001"
			 "0000000000000000"
			 "000000010000000100000000");
	is_frame(&use, "00000025"
		       "0112"
		       "01020304"
		       "0000000200000003"
		       "0000009c0000000100000000"
		       "00000002696e"
		       "0000000164");
	is_frame(&unblock, "00000030"
			   "010c"
			   "00000000"
			   "0000000000000000"
			   "000000000000000100000000"
			   "000000083837363534333231"
			   "00000006313233343536");
	is_frame(&name, "0000002e"
			"011c"
			"00000000"
			"0000000000000000"
			"0000009a0000000400000000"
			"0000000169000000016b00000001630000000170");
	/* As a client of revision 0 has it. */
	name.fields = 3;
	is_frame(&name, "00000029"
			"011c"
			"00000000"
			"0000000000000000"
			"0000009a0000000400000000"
			"0000000169000000016b0000000163");
}

static void ranges(void **state)
{
	static const struct {
		struct wire_request q;
		enum ecert_rc rc;
	} rows[] = {
	    {{.type = IPC_KEY_GET, .a = 0xFF, .b = UINT32_MAX}, ECERT_OK},
	    {{.type = IPC_KEY_GET, .a = 0x100}, ECERT_E_NOT_FOUND},
	    {{.type = IPC_LOGIN_ONCE, .a = 0}, ECERT_E_NOT_FOUND},
	    {{.type = IPC_LOGIN_ONCE, .a = 1}, ECERT_OK},
	    {{.type = IPC_LOGIN, .a = TOKEN_NOBODY}, ECERT_E_ARG},
	    {{.type = IPC_LOGIN, .a = TOKEN_SO}, ECERT_OK},
	    {{.type = IPC_LOGIN, .a = TOKEN_SO + 1}, ECERT_E_ARG},
	    {{.type = IPC_USE, .a = 0x9A, .b = TOKEN_DERIVE + 1}, ECERT_E_ARG},
	    {{.type = IPC_CHANGE_SECRET, .a = SECRET_PUK + 1}, ECERT_E_ARG},
	    {{.type = IPC_KEY_GENERATE, .a = 0x9A, .b = KEY_NONE}, ECERT_E_ARG},
	    {{.type = IPC_KEY_GENERATE, .a = 0x9A, .b = KEY_ALG_COUNT - 1, .c = 0x303}, ECERT_OK},
	    {{.type = IPC_KEY_IMPORT, .a = 0x9A, .b = KEY_ALG_COUNT}, ECERT_E_ARG},
	    {{.type = IPC_CERT_PUT, .a = 0x100}, ECERT_E_ARG},
	    {{.type = IPC_DATA_PUT, .a = UINT32_MAX}, ECERT_OK},
	    {{.type = IPC_RANDOM, .a = 65536}, ECERT_OK},
	    {{.type = IPC_RANDOM, .a = 65537}, ECERT_E_TOO_LARGE},
	    {{.type = IPC_LET_WRITE, .a = 2}, ECERT_E_ARG},
	    {{.type = IPC_BYE}, ECERT_E_ARG},
	};
	const struct wire_request data = {.type = IPC_DATA_PUT, .a = 0x9A};
	const struct wire_request cert = {.type = IPC_CERT_PUT, .a = 0x9A};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(wire_in_range(&rows[i].q), rows[i].rc);
	/* Only a number that is a reference is recorded as one. */
	assert_int_equal(wire_ref(&data), 0);
	assert_int_equal(wire_ref(&cert), 0x9A);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(shapes), cmocka_unit_test(frames), cmocka_unit_test(ranges)};

	return cmocka_run_group_tests_name("the wire's table", tests, NULL, NULL);
}
