/* SPDX-License-Identifier: BSD-2-Clause */
/* Cards that mean harm: cases 13 to 18 of the adversarial list, at the exchange. */
#include "tests/unit/apdu/apdu_fixture.h"

static struct apdu ask(void)
{
	return get_data(rd_of("\x5c\x01\x7e", 3), APDU_LE_ALL);
}

static void case_13_endless_61(void **state)
{
	struct fixture *f = *state;
	struct apdu a = ask();

	mock_default(f->m, "aa6101");
	assert_int_equal(apdu_call(f->c, chaining, &a, &f->out), ECERT_E_CARD);
	assert_int_equal(mock_count(f->m), 301);
	assert_int_equal(buf_len(&f->out), 0);
}

/* Full rounds: stopped by the 64 KiB before the rounds are over. */
static void case_13_endless_full_61(void **state)
{
	static uint8_t full[258];
	struct fixture *f = *state;
	struct apdu a = ask();

	full[256] = 0x61;
	for (int i = 0; i < 400; i++)
		mock_expect_bytes(f->m, "", rd_of(full, sizeof full));
	assert_int_equal(apdu_call(f->c, chaining, &a, &f->out), ECERT_E_TOO_LARGE);
	assert_true(mock_count(f->m) <= 257);
}

static void case_14_61_without_data(void **state)
{
	struct fixture *f = *state;
	struct apdu a = ask();

	mock_default(f->m, "6110");
	assert_int_equal(apdu_call(f->c, chaining, &a, &f->out), ECERT_E_CARD);
	assert_int_equal(mock_count(f->m), 2);
}

/* Another program came between: CanoKey repeats that one's status. Half an object is none. */
static void case_14_9000_instead_of_the_rest(void **state)
{
	struct fixture *f = *state;
	struct apdu a = ask();

	mock_expect(f->m, "00cb", "aa6110");
	mock_expect(f->m, "00c0", "9000");
	assert_int_equal(apdu_call(f->c, chaining, &a, &f->out), ECERT_E_CARD);
	assert_int_equal(buf_len(&f->out), 0);
}

static void case_14_error_instead_of_the_rest(void **state)
{
	struct fixture *f = *state;
	struct apdu a = ask();

	mock_expect(f->m, "00cb", "aa6110");
	mock_expect(f->m, "00c0", "6985");
	assert_int_equal(apdu_exchange(f->c, chaining, &a, &f->out, &f->sw), ECERT_OK);
	assert_int_equal(f->sw, 0x6985);
	assert_int_equal(buf_len(&f->out), 0);
}

static void case_15_6c_loop(void **state)
{
	struct fixture *f = *state;
	struct apdu a = ask();

	mock_default(f->m, "6c10");
	assert_int_equal(apdu_call(f->c, chaining, &a, &f->out), ECERT_E_CARD);
	assert_int_equal(mock_count(f->m), 2);
}

static void case_15_6c_with_changing_le(void **state)
{
	struct fixture *f = *state;
	struct apdu a = ask();

	mock_expect(f->m, "00cb", "6c10");
	mock_expect(f->m, "00cb", "6c20");
	mock_expect(f->m, "00cb", "6c30");
	assert_int_equal(apdu_call(f->c, chaining, &a, &f->out), ECERT_E_CARD);
	assert_int_equal(mock_count(f->m), 2);
}

/* VERIFY and its like ask for no data: what this answer means nobody knows, and nothing that may
 * have spent a try goes twice. */
static void case_15_6c_to_a_secret(void **state)
{
	static const uint8_t instructions[] = {0x20, 0x24, 0x2C, 0xFF, 0xDB};
	struct fixture *f = *state;

	mock_default(f->m, "6c10");
	for (size_t i = 0; i < sizeof instructions; i++) {
		struct apdu a = {0x00, instructions[i], 0x00, 0x80, rd_of("123456\xff\xff", 8),
		    APDU_LE_NONE, false};

		assert_int_equal(apdu_call(f->c, chaining, &a, &f->out), ECERT_E_CARD);
		assert_int_equal(mock_count(f->m), i + 1);
	}
}

/* 6Cxx and 61xx in turns end, too. */
static void case_15_6c_between_61(void **state)
{
	struct fixture *f = *state;
	struct apdu a = ask();

	for (int i = 0; i < 400; i++) {
		mock_expect(f->m, "", "6c01");
		mock_expect(f->m, "", "aa6101");
	}
	assert_int_equal(apdu_call(f->c, chaining, &a, &f->out), ECERT_E_CARD);
	assert_true(mock_count(f->m) <= 602);
}

static void case_16_short_responses(void **state)
{
	struct fixture *f = *state;
	struct apdu a = ask();

	for (size_t n = 0; n < 2; n++) {
		mock_expect(f->m, "", "9000");
		mock_cut_at(f->m, n + 1, n);
		assert_int_equal(apdu_call(f->c, chaining, &a, &f->out), ECERT_E_CARD);
		assert_int_equal(buf_len(&f->out), 0);
	}
}

static void case_17_more_than_the_buffer(void **state)
{
	static uint8_t big[70000];
	static const size_t lengths[] = {259, 300, 65538, 65539, 70000};
	struct fixture *f = *state;
	struct apdu a = get_data(rd_of("\x5c\x01\x7e", 3), 256);

	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
		mock_expect_bytes(f->m, "", rd_of(big, lengths[i]));
		assert_int_equal(apdu_call(f->c, chaining, &a, &f->out), ECERT_E_CARD);
	}
	a.le = APDU_LE_ALL;
	mock_expect_bytes(f->m, "", rd_of(big, 65539));
	assert_int_equal(apdu_call(f->c, both, &a, &f->out), ECERT_E_CARD);
}

/* The reader says a length that its buffer does not have. */
static void case_17_claimed_length(void **state)
{
	struct fixture *f = *state;
	struct apdu a = ask();

	mock_default(f->m, "9000");
	mock_claim_at(f->m, 1, SIZE_MAX);
	assert_int_equal(apdu_call(f->c, chaining, &a, &f->out), ECERT_E_CARD);
	mock_claim_at(f->m, 2, 65539);
	assert_int_equal(apdu_call(f->c, both, &a, &f->out), ECERT_E_CARD);
}

static void case_18_wrong_class_status(void **state)
{
	static const char *const strange[] = {
	    "aa0000", "aa1000", "aa5fff", "aa9001", "aaffff", "aa6f00", "aa6400", "aa6010"};
	struct fixture *f = *state;
	struct apdu a = ask();

	for (size_t i = 0; i < sizeof strange / sizeof strange[0]; i++) {
		mock_expect(f->m, "", strange[i]);
		assert_int_equal(apdu_call(f->c, chaining, &a, &f->out), ECERT_E_CARD);
		assert_int_equal(buf_len(&f->out), 0);
	}
}

/* A block in the middle of a chain that wants to be asked for more is not obeyed. */
static void case_18_61_in_the_middle_of_a_chain(void **state)
{
	static uint8_t data[300];
	struct fixture *f = *state;
	struct apdu a = {0x00, 0xDB, 0x3F, 0xFF, rd_of(data, sizeof data), APDU_LE_NONE, false};

	mock_default(f->m, "aa6101");
	assert_int_equal(apdu_call(f->c, chaining, &a, &f->out), ECERT_E_CARD);
	assert_int_equal(mock_count(f->m), 1);
	assert_int_equal(buf_len(&f->out), 0);
}

/* Case 19: the card is pulled before each exchange of a long answer in turn. */
static void case_19_removal_at_every_index(void **state)
{
	struct fixture *f = *state;
	struct apdu a = ask();

	for (size_t n = 1; n <= 4; n++) {
		struct mock *m = mock_new();
		struct channel *c;

		assert_int_equal(mock_channel(m, &c), ECERT_OK);
		mock_default(m, "aa6101");
		mock_remove_at(m, n);
		assert_int_equal(apdu_call(c, chaining, &a, &f->out), ECERT_E_REMOVED);
		assert_int_equal(buf_len(&f->out), 0);
		assert_int_equal(mock_count(m), n);
		/* Nothing more is asked of it. */
		assert_int_equal(apdu_call(c, chaining, &a, &f->out), ECERT_E_REMOVED);
		assert_int_equal(mock_count(m), n);
		channel_close(&c);
		mock_free(&m);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    TEST(case_13_endless_61),
	    TEST(case_13_endless_full_61),
	    TEST(case_14_61_without_data),
	    TEST(case_14_9000_instead_of_the_rest),
	    TEST(case_14_error_instead_of_the_rest),
	    TEST(case_15_6c_loop),
	    TEST(case_15_6c_with_changing_le),
	    TEST(case_15_6c_to_a_secret),
	    TEST(case_15_6c_between_61),
	    TEST(case_16_short_responses),
	    TEST(case_17_more_than_the_buffer),
	    TEST(case_17_claimed_length),
	    TEST(case_18_wrong_class_status),
	    TEST(case_18_61_in_the_middle_of_a_chain),
	    TEST(case_19_removal_at_every_index),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
