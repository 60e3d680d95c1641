/* SPDX-License-Identifier: BSD-2-Clause */
/* Exchanges with a well-behaved card. */
#include "tests/unit/apdu/apdu_fixture.h"

static uint8_t bytes[66000];

static void assert_command(const struct fixture *f, size_t i, const char *begin, size_t n)
{
	struct rd got = mock_command(f->m, i);
	unsigned value;

	assert_int_equal(got.n, n);
	for (size_t k = 0; begin[2 * k] != '\0'; k++) {
		char pair[3] = {begin[2 * k], begin[2 * k + 1], '\0'};

		value = (unsigned)strtoul(pair, NULL, 16);
		assert_int_equal(got.p[k], value);
	}
}

static void warm_path_is_one_exchange(void **state)
{
	struct fixture *f = *state;
	struct apdu a = {0x00, 0x87, 0x11, 0x9A, rd_of(bytes, 38), 256, false};

	mock_expect(f->m, "00 87 11 9A 26", "7c020102 9000");
	assert_int_equal(apdu_exchange(f->c, both, &a, &f->out, &f->sw), ECERT_OK);
	assert_int_equal(f->sw, 0x9000);
	assert_int_equal(buf_len(&f->out), 4);
	assert_int_equal(mock_count(f->m), 1);
	assert_command(f, 0, "0087119a26", 5 + 38 + 1);
}

static void answers_are_appended(void **state)
{
	struct fixture *f = *state;
	struct apdu a = get_data(rd_of("\x5c\x01\x7e", 3), APDU_LE_ALL);

	buf_u8(&f->out, 0xEE);
	mock_default(f->m, "0102 9000");
	assert_int_equal(apdu_call(f->c, chaining, &a, &f->out), ECERT_OK);
	assert_int_equal(apdu_call(f->c, chaining, &a, &f->out), ECERT_OK);
	assert_memory_equal(buf_view(&f->out).p, "\xEE\x01\x02\x01\x02", 5);
}

static void long_answer_by_get_response(void **state)
{
	struct fixture *f = *state;
	struct apdu a = get_data(rd_of("\x5c\x01\x7e", 3), APDU_LE_ALL);

	mock_expect(f->m, "00cb", "aa 6103");
	mock_expect(f->m, "00c0 0000 03", "bbcc 6100");
	mock_expect(f->m, "00c0 0000 00", "dd 9000");
	assert_int_equal(apdu_exchange(f->c, chaining, &a, &f->out, &f->sw), ECERT_OK);
	assert_int_equal(f->sw, 0x9000);
	assert_int_equal(buf_len(&f->out), 4);
	assert_memory_equal(buf_view(&f->out).p, "\xAA\xBB\xCC\xDD", 4);
	assert_int_equal(mock_mismatches(f->m), 0);
	assert_int_equal(mock_count(f->m), 3);
}

/* T=0 cards answer a command with data by 61xx alone. */
static void first_61_may_be_empty(void **state)
{
	struct fixture *f = *state;
	struct apdu a = get_data(rd_of("\x5c\x01\x7e", 3), APDU_LE_ALL);

	mock_expect(f->m, "00cb", "6102");
	mock_expect(f->m, "00c0000002", "aabb9000");
	assert_int_equal(apdu_call(f->c, chaining, &a, &f->out), ECERT_OK);
	assert_int_equal(buf_len(&f->out), 2);
}

static void warning_after_get_response_is_kept(void **state)
{
	struct fixture *f = *state;
	struct apdu a = get_data(rd_of("\x5c\x01\x7e", 3), APDU_LE_ALL);

	mock_expect(f->m, "00cb", "aa6101");
	mock_expect(f->m, "00c0", "bb6282");
	assert_int_equal(apdu_exchange(f->c, chaining, &a, &f->out, &f->sw), ECERT_OK);
	assert_int_equal(f->sw, 0x6282);
	assert_int_equal(buf_len(&f->out), 2);
}

static void wrong_le_is_repeated_once_with_the_right_one(void **state)
{
	struct fixture *f = *state;
	struct apdu a = get_data(rd_of("\x5c\x01\x7e", 3), 8);

	mock_expect(f->m, "00cb3fff035c017e08", "6c02");
	mock_expect(f->m, "00cb3fff035c017e02", "aabb9000");
	assert_int_equal(apdu_call(f->c, chaining, &a, &f->out), ECERT_OK);
	assert_int_equal(buf_len(&f->out), 2);
	assert_int_equal(mock_mismatches(f->m), 0);
}

static void long_data_goes_in_a_chain(void **state)
{
	struct fixture *f = *state;
	struct apdu a = {0x00, 0xDB, 0x3F, 0xFF, rd_of(bytes, 600), APDU_LE_NONE, false};

	mock_default(f->m, "9000");
	assert_int_equal(apdu_call(f->c, chaining, &a, &f->out), ECERT_OK);
	assert_int_equal(mock_count(f->m), 3);
	assert_command(f, 0, "10db3fffff", 260);
	assert_command(f, 1, "10db3fffff", 260);
	assert_command(f, 2, "00db3fff5a", 95);
	assert_memory_equal(mock_command(f->m, 1).p + 5, bytes + 255, 255);
	assert_memory_equal(mock_command(f->m, 2).p + 5, bytes + 510, 90);
}

static void chain_of_exactly_two_full_blocks(void **state)
{
	struct fixture *f = *state;
	struct apdu a = {0x00, 0xDB, 0x3F, 0xFF, rd_of(bytes, 510), APDU_LE_ALL, false};

	mock_default(f->m, "9000");
	assert_int_equal(apdu_call(f->c, chaining, &a, &f->out), ECERT_OK);
	assert_int_equal(mock_count(f->m), 2);
	assert_command(f, 1, "00db3fffff", 261);
}

static void refused_block_ends_the_chain(void **state)
{
	struct fixture *f = *state;
	struct apdu a = {0x00, 0xDB, 0x3F, 0xFF, rd_of(bytes, 600), APDU_LE_NONE, false};

	mock_expect(f->m, "10db", "6a84");
	assert_int_equal(apdu_call(f->c, chaining, &a, &f->out), ECERT_E_CARD_FULL);
	assert_int_equal(mock_count(f->m), 1);
}

static void extended_is_one_exchange(void **state)
{
	struct fixture *f = *state;
	struct apdu a = {0x00, 0x87, 0x07, 0x9A, rd_of(bytes, 266), APDU_LE_ALL, false};

	bytes[1298] = 0x90;
	mock_expect_bytes(f->m, "0087079a 00010a", rd_of(bytes + 1000, 300));
	assert_int_equal(apdu_exchange(f->c, both, &a, &f->out, &f->sw), ECERT_OK);
	assert_int_equal(buf_len(&f->out), 298);
	assert_int_equal(mock_count(f->m), 1);
	assert_command(f, 0, "0087079a00010a", 7 + 266 + 2);
}

static void longest_extended_command_and_answer(void **state)
{
	struct fixture *f = *state;
	struct apdu a = {0x00, 0x87, 0x07, 0x9A, rd_of(bytes, 65535), APDU_LE_ALL, false};
	static uint8_t answer[65538];

	answer[65536] = 0x90;
	mock_expect_bytes(f->m, "0087079a 00ffff", rd_of(answer, sizeof answer));
	assert_int_equal(apdu_call(f->c, both, &a, &f->out), ECERT_OK);
	assert_int_equal(buf_len(&f->out), 65536);
}

static void extended_refused_falls_back_to_a_chain(void **state)
{
	struct fixture *f = *state;
	struct apdu a = {0x00, 0xDB, 0x3F, 0xFF, rd_of(bytes, 300), APDU_LE_NONE, false};

	mock_expect(f->m, "00db3fff00012c", "6700");
	mock_expect(f->m, "10db3fffff", "9000");
	mock_expect(f->m, "00db3fff2d", "9000");
	assert_int_equal(apdu_call(f->c, both, &a, &f->out), ECERT_OK);
	assert_int_equal(mock_mismatches(f->m), 0);
}

static void extended_refused_falls_back_to_short(void **state)
{
	struct fixture *f = *state;
	struct apdu a = get_data(rd_of("\x5c\x01\x7e", 3), APDU_LE_ALL);

	mock_expect(f->m, "00cb3fff0000035c017e0000", "6700");
	mock_expect(f->m, "00cb3fff035c017e00", "aa9000");
	assert_int_equal(apdu_call(f->c, extended, &a, &f->out), ECERT_OK);
	assert_int_equal(buf_len(&f->out), 1);
}

static void extended_refused_without_another_way(void **state)
{
	struct fixture *f = *state;
	struct apdu a = {0x00, 0xDB, 0x3F, 0xFF, rd_of(bytes, 300), APDU_LE_NONE, false};

	mock_default(f->m, "6700");
	assert_int_equal(apdu_call(f->c, extended, &a, &f->out), ECERT_E_DATA_LEN);
	assert_int_equal(mock_count(f->m), 1);
}

/* CanoKey gives 1340 bytes of an extended answer, then 61xx. */
static void extended_answer_may_still_need_get_response(void **state)
{
	struct fixture *f = *state;
	struct apdu a = get_data(rd_of("\x5c\x01\x7e", 3), APDU_LE_ALL);

	memset(bytes, 0x11, 1340);
	bytes[1340] = 0x61;
	bytes[1341] = 0x02;
	mock_expect_bytes(f->m, "00cb3fff000003", rd_of(bytes, 1342));
	mock_expect(f->m, "00c0000002", "aabb9000");
	assert_int_equal(apdu_call(f->c, both, &a, &f->out), ECERT_OK);
	assert_int_equal(buf_len(&f->out), 1342);
}

static void what_cannot_be_sent_is_refused_before_sending(void **state)
{
	struct fixture *f = *state;
	struct apdu a = {0x00, 0xDB, 0x3F, 0xFF, rd_of(bytes, 256), APDU_LE_NONE, false};

	assert_int_equal(apdu_call(f->c, short_only, &a, &f->out), ECERT_E_TOO_LARGE);
	a.data = rd_of(bytes, 65536);
	assert_int_equal(apdu_call(f->c, both, &a, &f->out), ECERT_E_ARG);
	a = get_data(rd_of(NULL, 0), 65537);
	assert_int_equal(apdu_call(f->c, both, &a, &f->out), ECERT_E_ARG);
	assert_int_equal(mock_count(f->m), 0);
}

static void error_status_comes_without_data(void **state)
{
	struct fixture *f = *state;
	struct apdu a = get_data(rd_of("\x5c\x01\x7e", 3), APDU_LE_ALL);

	buf_u8(&f->out, 0xEE);
	mock_expect(f->m, "00cb", "aabb6982");
	assert_int_equal(apdu_exchange(f->c, chaining, &a, &f->out, &f->sw), ECERT_OK);
	assert_int_equal(f->sw, 0x6982);
	assert_int_equal(buf_len(&f->out), 1);
}

static void channel_errors_come_through(void **state)
{
	static const enum ecert_rc errors[] = {ECERT_E_CARD, ECERT_E_REMOVED};
	struct fixture *f = *state;
	struct apdu a = get_data(rd_of("\x5c\x01\x7e", 3), APDU_LE_ALL);

	mock_expect(f->m, "00cb", "aa6101");
	mock_expect_rc(f->m, "00c0", ECERT_E_RESET);
	assert_int_equal(apdu_call(f->c, chaining, &a, &f->out), ECERT_E_RESET);
	assert_int_equal(buf_len(&f->out), 0);
	for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
		mock_expect_rc(f->m, "00cb", errors[i]);
		assert_int_equal(apdu_call(f->c, chaining, &a, &f->out), errors[i]);
	}
}

static void a_full_buffer_is_too_large(void **state)
{
	struct fixture *f = *state;
	struct apdu a = get_data(rd_of("\x5c\x01\x7e", 3), APDU_LE_ALL);
	struct buf tiny = BUF_INIT(3);

	mock_default(f->m, "010203049000");
	assert_int_equal(apdu_call(f->c, chaining, &a, &tiny), ECERT_E_TOO_LARGE);
	/* The failure sticks: nothing is sent for a buffer that cannot take it. */
	assert_int_equal(apdu_call(f->c, chaining, &a, &tiny), ECERT_E_TOO_LARGE);
	assert_int_equal(mock_count(f->m), 1);
	buf_free(&tiny);
}

static void get_response_keeps_the_logical_channel_only(void **state)
{
	struct fixture *f = *state;
	struct apdu a = {0x12, 0xCB, 0x3F, 0xFF, rd_of(bytes, 3), APDU_LE_ALL, false};

	mock_expect(f->m, "12cb", "aa6101");
	mock_expect(f->m, "02c0000001", "bb9000");
	assert_int_equal(apdu_call(f->c, chaining, &a, &f->out), ECERT_OK);
	assert_int_equal(mock_mismatches(f->m), 0);
}

/* Outside of a transaction: nothing follows that another program's command could come before. */
static void alone_is_one_exchange(void **state)
{
	struct fixture *f = *state;
	struct apdu a = get_data(rd_of("\x5c\x01\x7e", 3), APDU_LE_ALL);
	struct apdu large = get_data(rd_of(bytes, 256), APDU_LE_NONE);

	mock_expect(f->m, "00cb", "0102 9000");
	assert_int_equal(apdu_exchange_alone(f->c, chaining, &a, &f->out, &f->sw), ECERT_OK);
	assert_int_equal(buf_len(&f->out), 2);
	/* The first piece, of a card that sends data with 61xx, is none. */
	mock_expect(f->m, "00cb", "aabb 6103");
	assert_int_equal(apdu_exchange_alone(f->c, chaining, &a, &f->out, &f->sw), ECERT_OK);
	assert_int_equal(f->sw, 0x6103);
	assert_int_equal(buf_len(&f->out), 2);
	/* 6Cxx is followed by the whole command. */
	mock_expect(f->m, "00cb", "6c02");
	mock_expect(f->m, "00cb 3fff 035c017e 02", "0304 9000");
	assert_int_equal(apdu_exchange_alone(f->c, chaining, &a, &f->out, &f->sw), ECERT_OK);
	assert_int_equal(buf_len(&f->out), 4);
	assert_int_equal(mock_count(f->m), 4);
	/* No chain, not even where extended length is refused after all. */
	assert_int_equal(
	    apdu_exchange_alone(f->c, chaining, &large, &f->out, &f->sw), ECERT_E_TOO_LARGE);
	assert_int_equal(mock_count(f->m), 4);
	mock_expect(f->m, "00cb3fff 00 0100", "6700");
	assert_int_equal(apdu_exchange_alone(f->c, both, &large, &f->out, &f->sw), ECERT_OK);
	assert_int_equal(f->sw, 0x6700);
	assert_int_equal(mock_count(f->m), 5);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    TEST(warm_path_is_one_exchange),
	    TEST(answers_are_appended),
	    TEST(long_answer_by_get_response),
	    TEST(first_61_may_be_empty),
	    TEST(warning_after_get_response_is_kept),
	    TEST(wrong_le_is_repeated_once_with_the_right_one),
	    TEST(long_data_goes_in_a_chain),
	    TEST(chain_of_exactly_two_full_blocks),
	    TEST(refused_block_ends_the_chain),
	    TEST(extended_is_one_exchange),
	    TEST(longest_extended_command_and_answer),
	    TEST(extended_refused_falls_back_to_a_chain),
	    TEST(extended_refused_falls_back_to_short),
	    TEST(extended_refused_without_another_way),
	    TEST(extended_answer_may_still_need_get_response),
	    TEST(what_cannot_be_sent_is_refused_before_sending),
	    TEST(error_status_comes_without_data),
	    TEST(channel_errors_come_through),
	    TEST(a_full_buffer_is_too_large),
	    TEST(get_response_keeps_the_logical_channel_only),
	    TEST(alone_is_one_exchange),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
