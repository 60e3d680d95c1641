/* SPDX-License-Identifier: BSD-2-Clause */
/* A channel over PC/SC whose service fails, blocks and lies: exchanges, transactions, PIN pads. */
#include "tests/unit/transport/pcsc_fix.h"

/* ---- exchanging ---- */

static void reset_is_told_once(void **state)
{
	struct fixture *f = *state;

	open_channel(f);
	fake_fail(FAKE_TRANSMIT, 0, 1, SCARD_W_RESET_CARD);
	assert_int_equal(send(f), ECERT_E_RESET);
	assert_int_equal(fake_count(FAKE_RECONNECT), 1);
	assert_int_equal(send(f), ECERT_OK);
	fake_fail(FAKE_BEGIN, 0, 1, SCARD_W_RESET_CARD);
	assert_int_equal(channel_begin(f->c), ECERT_E_RESET);
	assert_true(fake_held());
	assert_int_equal(send(f), ECERT_OK);
	channel_end(f->c);
	assert_false(fake_held());
	/* Reset for ever: bounded. */
	fake_fail(FAKE_BEGIN, 0, 1000, SCARD_W_RESET_CARD);
	assert_int_equal(channel_begin(f->c), ECERT_E_CARD);
	assert_true(fake_count(FAKE_BEGIN) < 20);
}

/* Outside of a transaction: one call and nothing else. */
static void a_lone_exchange_is_one_call(void **state)
{
	struct fixture *f = *state;

	open_channel(f);
	assert_int_equal(send(f), ECERT_OK);
	assert_int_equal(send(f), ECERT_OK);
	assert_int_equal(fake_count(FAKE_TRANSMIT), 2);
	assert_int_equal(fake_count(FAKE_BEGIN), 0);
	assert_int_equal(fake_count(FAKE_END), 0);
	/* The host turned waiting off (PCSCLITE_NO_BLOCKING). */
	fake_fail(FAKE_TRANSMIT, 0, 1, SCARD_E_SHARING_VIOLATION);
	assert_int_equal(send(f), ECERT_E_EXCLUSIVE);
	assert_int_equal(send(f), ECERT_OK);
}

/* What pcsc-lite's waiting loop does when its context is released: the call comes back. */
static void *free_the_waiting(void *arg)
{
	(void)arg;
	while (fake_count(FAKE_RELEASE) == 0)
		(void)usleep(1000);
	fake_unblock(FAKE_TRANSMIT);
	return NULL;
}

/* Adversarial case 23: another program is in a transaction and stands still. */
static void case_23_a_lone_exchange_gives_up(void **state)
{
	struct fixture *f = *state;
	pthread_t t;

	open_channel(f);
	fake_block(FAKE_TRANSMIT);
	fake_fail(FAKE_TRANSMIT, 0, 1, SCARD_E_INVALID_HANDLE);
	fake_fail(FAKE_END, 0, 1, SCARD_E_SHARING_VIOLATION);
	assert_int_equal(pthread_create(&t, NULL, free_the_waiting, NULL), 0);
	assert_int_equal(send(f), ECERT_E_TIMEOUT);
	assert_int_equal(pthread_join(t, NULL), 0);
	assert_int_equal(fake_count(FAKE_END), 1);
	/* only closing is left */
	assert_int_not_equal(send(f), ECERT_OK);
	assert_int_equal(fake_count(FAKE_TRANSMIT), 1);
}

/* The card itself is slow: nobody else holds it, and nothing is cut. */
static void *end_slowness(void *arg)
{
	(void)arg;
	while (fake_count(FAKE_END) == 0)
		(void)usleep(1000);
	fake_unblock(FAKE_TRANSMIT);
	return NULL;
}

static void a_slow_card_is_waited_for(void **state)
{
	struct fixture *f = *state;
	pthread_t t;

	open_channel(f);
	fake_block(FAKE_TRANSMIT);
	assert_int_equal(pthread_create(&t, NULL, end_slowness, NULL), 0);
	assert_int_equal(send(f), ECERT_OK);
	assert_int_equal(pthread_join(t, NULL), 0);
	assert_int_equal(fake_count(FAKE_RELEASE), 0);
	assert_int_equal(send(f), ECERT_OK);
}

static void a_reset_that_ends_in_removal_is_a_removal(void **state)
{
	struct fixture *f = *state;

	open_channel(f);
	fake_fail(FAKE_TRANSMIT, 0, 1, SCARD_W_RESET_CARD);
	fake_fail(FAKE_RECONNECT, 0, 1, SCARD_E_NO_SMARTCARD);
	assert_int_equal(send(f), ECERT_E_REMOVED);
	channel_close(&f->c);
	open_channel(f);
	fake_fail(FAKE_BEGIN, 0, 1, SCARD_W_RESET_CARD);
	fake_fail(FAKE_RECONNECT, 0, 1, SCARD_W_REMOVED_CARD);
	assert_int_equal(channel_begin(f->c), ECERT_E_REMOVED);
}

/* The protocol is gone: pcscd was at another program's reset when it gave the card away. */
static void a_reset_that_is_under_way_is_a_reset(void **state)
{
	struct fixture *f = *state;

	open_channel(f);
	assert_int_equal(channel_begin(f->c), ECERT_OK);
	fake_fail(FAKE_TRANSMIT, 0, 1, SCARD_E_PROTO_MISMATCH);
	assert_int_equal(send(f), ECERT_E_RESET);
	assert_int_equal(fake_count(FAKE_RECONNECT), 1);
	assert_int_equal(send(f), ECERT_OK);
	/* A card that stays so is no card that was reset. */
	fake_fail(FAKE_TRANSMIT, 0, 1, SCARD_E_PROTO_MISMATCH);
	fake_fail(FAKE_RECONNECT, 0, 1, SCARD_E_PROTO_MISMATCH);
	assert_int_equal(send(f), ECERT_E_MUTE);
	channel_end(f->c);
	/* One that is reset again meanwhile is. */
	fake_fail(FAKE_BEGIN, 0, 1, SCARD_W_RESET_CARD);
	fake_fail(FAKE_RECONNECT, 0, 1, SCARD_W_RESET_CARD);
	assert_int_equal(channel_begin(f->c), ECERT_E_RESET);
	assert_true(fake_held());
	channel_end(f->c);
	fake_fail(FAKE_BEGIN, 0, 1, SCARD_W_RESET_CARD);
	fake_fail(FAKE_RECONNECT, 0, 1, SCARD_W_UNPOWERED_CARD);
	assert_int_equal(channel_begin(f->c), ECERT_E_MUTE);
	assert_false(fake_held());
}

static void a_failed_exchange_asks_what_became_of_the_card(void **state)
{
	struct fixture *f = *state;

	open_channel(f);
	fake_fail(FAKE_TRANSMIT, 0, 1, SCARD_E_NOT_TRANSACTED);
	assert_int_equal(send(f), ECERT_E_CARD);
	assert_int_equal(send(f), ECERT_OK);
	fake_fail(FAKE_TRANSMIT, 0, 1, SCARD_E_NOT_TRANSACTED);
	fake_fail(FAKE_STATUS, 0, 1, SCARD_W_RESET_CARD);
	assert_int_equal(send(f), ECERT_E_RESET);
	fake_fail(FAKE_TRANSMIT, 0, 1, SCARD_E_NOT_TRANSACTED);
	fake_fail(FAKE_STATUS, 0, 1, SCARD_W_REMOVED_CARD);
	assert_int_equal(send(f), ECERT_E_REMOVED);
}

/* Adversarial case 22: 80100013, then 8010001D. */
static void case_22_a_restarted_service(void **state)
{
	struct fixture *f = *state;

	open_channel(f);
	fake_fail(FAKE_TRANSMIT, 0, 1, SCARD_F_COMM_ERROR);
	assert_int_equal(send(f), ECERT_E_NO_SERVICE);
	fake_fail(FAKE_BEGIN, 0, 1, SCARD_E_NO_SERVICE);
	assert_int_equal(send(f), ECERT_E_NO_SERVICE);
	channel_close(&f->c);
	fake_fail(FAKE_BEGIN, 0, 0, 0);
	open_channel(f);
	assert_int_equal(send(f), ECERT_OK);
}

/* Adversarial cases 16 and 17. */
static void case_16_17_lengths(void **state)
{
	static const uint8_t big[400];
	struct fixture *f = *state;

	open_channel(f);
	fake_answer("\x90", 1, 0);
	assert_int_equal(send(f), ECERT_E_CARD);
	fake_answer("", 0, 0);
	assert_int_equal(send(f), ECERT_E_CARD);
	fake_answer(big, sizeof big, 0);
	assert_int_equal(send(f), ECERT_E_BUFFER);
	fake_answer("\x90\x00", 2, sizeof f->resp + 1);
	assert_int_equal(send(f), ECERT_E_BUFFER);
	fake_answer("\x90\x00", 2, 0);
	assert_int_equal(send(f), ECERT_OK);
}

/* Adversarial case 23: the lock comes after nobody wants it any more. */
static void case_23_a_late_transaction_is_given_back(void **state)
{
	struct fixture *f = *state;

	open_channel(f);
	fake_fail(FAKE_BEGIN, 0, 1, SCARD_W_RESET_CARD);
	fake_block(FAKE_BEGIN);
	assert_int_equal(channel_begin(f->c), ECERT_E_TIMEOUT);
	fake_unblock(FAKE_BEGIN);
	for (int i = 0; i < 20000 && fake_count(FAKE_END) == 0; i++)
		(void)usleep(1000);
	assert_int_equal(fake_count(FAKE_END), 1);
	assert_false(fake_held());
	/* The reset that it met is not forgotten. */
	assert_int_equal(channel_begin(f->c), ECERT_E_RESET);
	assert_true(fake_held());
}

static void closing_while_a_begin_is_stuck(void **state)
{
	struct fixture *f = *state;

	open_channel(f);
	fake_block(FAKE_BEGIN);
	assert_int_equal(channel_begin(f->c), ECERT_E_TIMEOUT);
	channel_close(&f->c);
	fake_unblock(FAKE_BEGIN);
	assert_int_equal(settle(fake_contexts), 0);
	assert_false(fake_held());
}

static void channel_reset_is_a_cold_one(void **state)
{
	struct fixture *f = *state;

	open_channel(f);
	assert_int_equal(channel_reset(f->c), ECERT_OK);
	assert_false(fake_held());
	assert_int_equal(channel_begin(f->c), ECERT_OK);
	assert_int_equal(channel_reset(f->c), ECERT_OK);
	assert_true(fake_held());
	fake_fail(FAKE_RECONNECT, 0, 1, SCARD_W_REMOVED_CARD);
	assert_int_equal(channel_reset(f->c), ECERT_E_REMOVED);
}

/* ---- the reader's own PIN entry ---- */

static const uint8_t verify[] = {
    0x00, 0x20, 0x00, 0x80, 0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};

static enum ecert_rc type_pin(struct fixture *f, bool modify)
{
	return channel_pinpad_transmit(
	    f->c, rd_of(verify, sizeof verify), modify, f->resp, sizeof f->resp, &f->len);
}

static void pinpad_features_are_read_and_used(void **state)
{
	static const uint8_t features[] = {
	    0x0A, 4, 1, 2, 3, 4, 0x06, 4, 0x42, 0x33, 0, 6, 0x07, 4, 0x42, 0x33, 0, 7};
	struct fixture *f = *state;
	uint8_t block[256];
	DWORD code;

	open_channel(f);
	fake_features(features, sizeof features, 0);
	assert_true(channel_pinpad(f->c).verify && channel_pinpad(f->c).modify);
	assert_int_equal(type_pin(f, false), ECERT_OK);
	assert_int_equal(fake_control_block(&code, block, sizeof block), 19 + sizeof verify);
	assert_int_equal(code, 0x42330006);
	assert_memory_equal(block, "\0\0\x82\x08\0\x08\x06\x02\x01\x09\x04\0\0\0\0\x0d\0\0\0", 19);
	assert_memory_equal(block + 19, verify, sizeof verify);
	assert_int_equal(type_pin(f, true), ECERT_OK);
	assert_int_equal(fake_control_block(&code, block, sizeof block), 24 + sizeof verify);
	assert_int_equal(code, 0x42330007);
	assert_memory_equal(block,
	    "\0\0\x82\x08\0\0\x08\x08\x06\x03\x02\x03\x09\x04\0\x01\x02\0\0\0\x0d\0\0\0", 24);
	assert_false(fake_held());
	/* Each in a transaction of its own. */
	assert_int_equal(fake_count(FAKE_BEGIN), 2);
	assert_int_equal(fake_count(FAKE_END), 2);
}

static void pinpad_says_why_there_is_no_pin(void **state)
{
	static const uint8_t features[] = {0x06, 4, 0x42, 0x33, 0, 6};
	static const struct {
		uint8_t sw[2];
		enum ecert_rc rc;
	} says[] = {{{0x64, 0x00}, ECERT_E_TIMEOUT}, {{0x64, 0x01}, ECERT_E_CANCELLED},
	    {{0x64, 0x02}, ECERT_E_PIN_FORMAT}, {{0x64, 0x03}, ECERT_E_PIN_FORMAT},
	    {{0x64, 0x7F}, ECERT_OK}, {{0x63, 0xC2}, ECERT_OK}, {{0x90, 0x00}, ECERT_OK}};
	struct fixture *f = *state;

	open_channel(f);
	fake_features(features, sizeof features, 0);
	for (size_t i = 0; i < sizeof says / sizeof says[0]; i++) {
		fake_answer(says[i].sw, 2, 0);
		assert_int_equal(type_pin(f, false), says[i].rc);
	}
	assert_int_equal(type_pin(f, true), ECERT_E_UNSUPPORTED);
	fake_answer("\x90\x00", 2, 100000);
	assert_int_equal(type_pin(f, false), ECERT_E_BUFFER);
	fake_answer("\x90", 1, 0);
	assert_int_equal(type_pin(f, false), ECERT_E_CARD);
	assert_int_equal(channel_pinpad_transmit(
			     f->c, rd_of(f->resp, 65), false, f->resp, sizeof f->resp, &f->len),
	    ECERT_E_ARG);
	fake_fail(FAKE_CONTROL, 0, 1, SCARD_W_REMOVED_CARD);
	assert_int_equal(type_pin(f, false), ECERT_E_REMOVED);
}

static void pinpad_features_that_lie(void **state)
{
	static const struct {
		const char *bytes;
		size_t n, claims;
	} lies[] = {
	    {"\x06", 1, 0},
	    {"\x06\x04", 2, 0},
	    {"\x06\x04\x42\x33\x00", 5, 0},	     /* cut */
	    {"\x06\x02\x42\x33\x06\x00", 6, 0},	     /* another length */
	    {"\x06\x04\x42\x33\x00\x06", 6, 100000}, /* over the buffer */
	    {"\x06\x04\x00\x00\x00\x00", 6, 0},	     /* no code */
	    {"\x06\xff\x42\x33\x00\x06", 6, 0},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
		open_channel(f);
		fake_features(lies[i].bytes, lies[i].n, lies[i].claims);
		assert_false(channel_pinpad(f->c).verify || channel_pinpad(f->c).modify);
		channel_close(&f->c);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
	    TEST(reset_is_told_once),
	    TEST(a_lone_exchange_is_one_call),
	    TEST(case_23_a_lone_exchange_gives_up),
	    TEST(a_slow_card_is_waited_for),
	    TEST(a_reset_that_ends_in_removal_is_a_removal),
	    TEST(a_reset_that_is_under_way_is_a_reset),
	    TEST(a_failed_exchange_asks_what_became_of_the_card),
	    TEST(case_22_a_restarted_service),
	    TEST(case_16_17_lengths),
	    TEST(case_23_a_late_transaction_is_given_back),
	    TEST(closing_while_a_begin_is_stuck),
	    TEST(channel_reset_is_a_cold_one),
	    TEST(pinpad_features_are_read_and_used),
	    TEST(pinpad_says_why_there_is_no_pin),
	    TEST(pinpad_features_that_lie),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
