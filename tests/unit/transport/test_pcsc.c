/* SPDX-License-Identifier: BSD-2-Clause */
/* The PC/SC room over a service that fails, blocks and lies. */
#include "tests/unit/transport/unit.h"

#include <pthread.h>
#include <time.h>

#include "tests/unit/transport/fake_pcsc.h"
#include "transport/impl.h"

static const uint8_t select_piv[] = {0x00, 0xA4, 0x04, 0x00};
/* A multi-string: the literal's own NUL is the second one. */
#define NAMES(literal) fake_names(literal, sizeof literal)

static const struct rd command = {select_piv, sizeof select_piv};

struct fixture {
	struct readers *r;
	struct channel *c;
	struct reader_info info[READER_MAX];
	size_t n;
	uint8_t resp[300];
	size_t len;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	*state = f;
	fake_reset();
	return f != NULL && readers_open(NULL, &f->r) == ECERT_OK ? 0 : -1;
}

/* Nothing may be left in the service. */
static int teardown(void **state)
{
	struct fixture *f = *state;

	channel_close(&f->c);
	readers_close(&f->r);
	free(f);
	return fake_contexts() == 0 && fake_cards() == 0 && !fake_held() ? 0 : -1;
}

static void open_channel(struct fixture *f)
{
	assert_int_equal(channel_open(f->r, "Fake 00 00", &f->c), ECERT_OK);
}

static enum ecert_rc list(struct fixture *f)
{
	return readers_list(f->r, f->info, READER_MAX, &f->n);
}

static enum ecert_rc send(struct fixture *f)
{
	return channel_transmit(f->c, command, f->resp, sizeof f->resp, &f->len);
}

/* ---- listing ---- */

static void a_list_tells_the_state(void **state)
{
	struct fixture *f = *state;

	fake_state(SCARD_STATE_PRESENT | SCARD_STATE_MUTE | SCARD_STATE_EXCLUSIVE | 0x00070000, 20);
	assert_int_equal(list(f), ECERT_OK);
	assert_int_equal(f->n, 1);
	assert_string_equal(f->info[0].name, "Fake 00 00");
	assert_true(f->info[0].present && f->info[0].mute && f->info[0].exclusive);
	assert_false(f->info[0].is_virtual);
	assert_int_equal(f->info[0].events, 7);
	assert_int_equal(f->info[0].atr_len, 20);
	fake_state(SCARD_STATE_EMPTY | 0x00080000, 20);
	assert_int_equal(list(f), ECERT_OK);
	assert_false(f->info[0].present);
	assert_int_equal(f->info[0].atr_len, 0);
	fake_names("", 0);
	assert_int_equal(list(f), ECERT_OK);
	assert_int_equal(f->n, 0);
}

/* Adversarial case 35. */
static void case_35_hostile_names_and_atrs(void **state)
{
	struct fixture *f = *state;
	char names[4096];

	fake_state(SCARD_STATE_PRESENT, 255);
	NAMES("Evil\x1b[2J\n 00\0Fake 00 00\0");
	assert_int_equal(list(f), ECERT_OK);
	assert_int_equal(f->n, 2);
	assert_string_equal(f->info[0].name, "Evil?[2J? 00");
	assert_int_equal(f->info[0].atr_len, READER_ATR_MAX);
	/* The clean name finds the reader. */
	assert_int_equal(channel_open(f->r, f->info[0].name, &f->c), ECERT_OK);
	assert_string_equal(fake_connected_to(), "Evil\x1b[2J\n 00");
	assert_int_equal(channel_atr(f->c).n, READER_ATR_MAX);
	channel_close(&f->c);
	/* One that is too long to be one is left out, the next is not lost. */
	memset(names, 'x', 3000);
	memcpy(names + 3000, "\0Fake 00 00\0", 13);
	fake_names(names, 3013);
	assert_int_equal(list(f), ECERT_OK);
	assert_int_equal(f->n, 1);
	/* Over the seam's length, still a reader's. */
	memcpy(names + 200, "\0\0", 2);
	fake_names(names, 202);
	assert_int_equal(list(f), ECERT_OK);
	assert_int_equal(f->n, 1);
	assert_int_equal(strlen(f->info[0].name), READER_NAME_MAX - 1);
	assert_int_equal(channel_open(f->r, f->info[0].name, &f->c), ECERT_OK);
	assert_int_equal(strlen(fake_connected_to()), 200);
	/* No terminator at all. */
	memset(names, 'y', 4096);
	fake_names(names, 20);
	assert_int_equal(list(f), ECERT_OK);
	assert_string_equal(f->info[0].name, "yyyyyyyyyyyyyyyyyyyy");
}

static void more_readers_than_anybody_has(void **state)
{
	struct fixture *f = *state;
	char names[40 * 3 + 1];
	struct reader_info one;

	for (int i = 0; i < 40; i++)
		memcpy(
		    names + 3 * i, (char[3]){(char)('A' + i % 26), (char)('a' + i / 26), '\0'}, 3);
	names[120] = '\0';
	fake_names(names, sizeof names);
	assert_int_equal(list(f), ECERT_OK);
	assert_int_equal(f->n, READER_MAX);
	assert_int_equal(readers_list(f->r, &one, 1, &f->n), ECERT_OK);
	assert_int_equal(f->n, 1);
}

static void a_list_survives_a_restart(void **state)
{
	static const LONG lost[] = {SCARD_F_COMM_ERROR, SCARD_E_NO_SERVICE, SCARD_E_INVALID_HANDLE,
	    SCARD_E_SERVICE_STOPPED};
	struct fixture *f = *state;

	assert_int_equal(list(f), ECERT_OK);
	for (size_t i = 0; i < sizeof lost / sizeof lost[0]; i++) {
		fake_fail(FAKE_LIST, 0, 1, lost[i]);
		assert_int_equal(list(f), ECERT_OK);
		fake_fail(FAKE_STATUS_CHANGE, 0, 1, lost[i]);
		assert_int_equal(list(f), ECERT_OK);
		assert_int_equal(f->n, 1);
		assert_int_equal(fake_contexts(), 1);
	}
	/* A reader that went between listing and asking. */
	fake_fail(FAKE_STATUS_CHANGE, 0, 1, SCARD_E_UNKNOWN_READER);
	assert_int_equal(list(f), ECERT_OK);
	fake_fail(FAKE_ESTABLISH, 0, 100, SCARD_E_NO_SERVICE);
	fake_fail(FAKE_LIST, 0, 100, SCARD_E_NO_SERVICE);
	assert_int_equal(list(f), ECERT_E_NO_SERVICE);
	assert_int_equal(f->n, 0);
}

/* ---- connecting ---- */

static const struct {
	LONG rv;
	enum ecert_rc rc;
} refusals[] = {
    {SCARD_E_NO_SMARTCARD, ECERT_E_NO_CARD},
    {SCARD_W_REMOVED_CARD, ECERT_E_NO_CARD},
    {SCARD_W_UNRESPONSIVE_CARD, ECERT_E_MUTE},
    {SCARD_W_UNPOWERED_CARD, ECERT_E_MUTE},
    {SCARD_E_PROTO_MISMATCH, ECERT_E_MUTE},
    {SCARD_E_SHARING_VIOLATION, ECERT_E_EXCLUSIVE},
    {SCARD_E_READER_UNAVAILABLE, ECERT_E_NO_READER},
    {SCARD_E_UNKNOWN_READER, ECERT_E_NO_READER},
    {SCARD_E_NO_SERVICE, ECERT_E_NO_SERVICE},
    {SCARD_F_COMM_ERROR, ECERT_E_NO_SERVICE},
    {SCARD_E_NO_MEMORY, ECERT_E_MEMORY},
    {SCARD_F_UNKNOWN_ERROR, ECERT_E_CARD},
};

static void connecting_fails_by_the_table(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
		fake_fail(FAKE_CONNECT, 0, 2, refusals[i].rv);
		assert_int_equal(channel_open(f->r, "Fake 00 00", &f->c), refusals[i].rc);
		assert_null(f->c);
		assert_int_equal(fake_contexts(), 0);
	}
	fake_fail(FAKE_CONNECT, 0, 0, 0);
	fake_fail(FAKE_ESTABLISH, 0, 1, SCARD_E_NO_SERVICE);
	assert_int_equal(channel_open(f->r, "Fake 00 00", &f->c), ECERT_E_NO_SERVICE);
	assert_int_equal(channel_open(f->r, "Another", &f->c), ECERT_E_NO_READER);
	fake_fail(FAKE_LIST, 0, 1, SCARD_E_NO_SERVICE);
	assert_int_equal(channel_open(f->r, "Another", &f->c), ECERT_E_NO_SERVICE);
	fake_fail(FAKE_STATUS, 0, 1, SCARD_F_UNKNOWN_ERROR);
	open_channel(f);
	assert_int_equal(channel_atr(f->c).n, 0);
}

static int settle(int (*count)(void))
{
	for (int i = 0; i < 20000 && count() != 0; i++)
		(void)usleep(1000);
	return count();
}

static void a_connection_that_blocks_is_given_up_and_not_leaked(void **state)
{
	struct fixture *f = *state;
	struct timespec until = deadline_in(5000);

	fake_block(FAKE_CONNECT);
	assert_int_equal(channel_open(f->r, "Fake 00 00", &f->c), ECERT_E_TIMEOUT);
	assert_true(deadline_left_ms(&until) > 0);
	fake_unblock(FAKE_CONNECT);
	assert_int_equal(settle(fake_contexts), 0);
	assert_int_equal(fake_cards(), 0);
	open_channel(f);
	assert_int_equal(send(f), ECERT_OK);
}

static void a_disconnect_that_blocks_is_given_up(void **state)
{
	struct fixture *f = *state;
	struct timespec until = deadline_in(5000);

	open_channel(f);
	fake_block(FAKE_DISCONNECT);
	channel_close(&f->c);
	assert_true(deadline_left_ms(&until) > 0);
	fake_unblock(FAKE_DISCONNECT);
	assert_int_equal(settle(fake_contexts), 0);
}

static void without_threads_it_works_as_well(void **state)
{
	struct fixture *f = *state;

	readers_use_threads(false);
	open_channel(f);
	readers_use_threads(true);
	assert_int_equal(channel_begin(f->c), ECERT_OK);
	assert_int_equal(send(f), ECERT_OK);
	channel_end(f->c);
	assert_int_equal(send(f), ECERT_OK);
	channel_close(&f->c);
	readers_use_threads(false);
	fake_fail(FAKE_CONNECT, 0, 1, SCARD_E_NO_SMARTCARD);
	assert_int_equal(channel_open(f->r, "Fake 00 00", &f->c), ECERT_E_NO_CARD);
	readers_use_threads(true);
}

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

/* ---- waiting ---- */

static void *change_later(void *arg)
{
	(void)usleep(50000);
	fake_state(*(DWORD *)arg, 4);
	return NULL;
}

static void comings_and_goings_end_a_wait_others_do_not(void **state)
{
	DWORD in_use = SCARD_STATE_PRESENT | SCARD_STATE_INUSE | 0x00030000,
	      gone = SCARD_STATE_EMPTY | 0x00040000;
	struct fixture *f = *state;
	pthread_t t;

	assert_int_equal(list(f), ECERT_OK);
	assert_int_equal(readers_wait(f->r, 20), ECERT_E_TIMEOUT);
	assert_int_equal(pthread_create(&t, NULL, change_later, &in_use), 0);
	assert_int_equal(readers_wait(f->r, 120), ECERT_E_TIMEOUT);
	assert_int_equal(pthread_join(t, NULL), 0);
	assert_int_equal(pthread_create(&t, NULL, change_later, &gone), 0);
	assert_int_equal(readers_wait(f->r, 30000), ECERT_OK);
	assert_int_equal(pthread_join(t, NULL), 0);
	/* Still another than the list saw; a new reader; one that the service forgot. */
	assert_int_equal(readers_wait(f->r, 0), ECERT_OK);
	assert_int_equal(list(f), ECERT_OK);
	NAMES("Fake 00 00\0Fake 01 00\0");
	assert_int_equal(readers_wait(f->r, 0), ECERT_OK);
	assert_int_equal(list(f), ECERT_OK);
	fake_fail(FAKE_STATUS_CHANGE, 0, 1, SCARD_E_UNKNOWN_READER);
	assert_int_equal(readers_wait(f->r, 0), ECERT_OK);
}

static void waiting_for_the_service(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(list(f), ECERT_OK);
	fake_fail(FAKE_STATUS_CHANGE, 0, 1, SCARD_F_COMM_ERROR);
	assert_int_equal(readers_wait(f->r, 0), ECERT_OK); /* its readers have gone */
	fake_fail(FAKE_ESTABLISH, 0, 4, SCARD_E_NO_SERVICE);
	fake_fail(FAKE_LIST, 0, 1, SCARD_E_NO_SERVICE);
	assert_int_equal(list(f), ECERT_E_NO_SERVICE);
	fake_fail(FAKE_ESTABLISH, 0, 1000, SCARD_E_NO_SERVICE);
	assert_int_equal(readers_wait(f->r, 0), ECERT_E_NO_SERVICE);
	assert_int_equal(readers_wait(f->r, 10), ECERT_E_NO_SERVICE);
	fake_fail(FAKE_ESTABLISH, 0, 2, SCARD_E_NO_SERVICE);
	assert_int_equal(readers_wait(f->r, -1), ECERT_OK);
}

static void *cancel_soon(void *arg)
{
	struct fixture *f = arg;

	readers_cancel(f->r);
	return NULL;
}

/* Before, just before, at, and during the wait: none is lost. */
static void no_cancel_is_lost(void **state)
{
	struct fixture *f = *state;
	pthread_t t;

	assert_int_equal(list(f), ECERT_OK);
	readers_cancel(f->r);
	assert_int_equal(readers_wait(f->r, -1), ECERT_E_CANCELLED);
	for (int i = 0; i < 100; i++) {
		assert_int_equal(pthread_create(&t, NULL, cancel_soon, f), 0);
		(void)usleep((useconds_t)(i * 7));
		assert_int_equal(readers_wait(f->r, -1), ECERT_E_CANCELLED);
		assert_int_equal(pthread_join(t, NULL), 0);
	}
	assert_int_equal(readers_wait(f->r, 5), ECERT_E_TIMEOUT);
}

static int touch_nothing(void *arg)
{
	struct fixture *f = arg;
	unsigned before = 0, after = 0;

	for (int i = 0; i < FAKE_CALLS; i++)
		before += fake_count((enum fake_call)i);
	if (send(f) != ECERT_E_FORKED)
		return 1;
	channel_close(&f->c);
	readers_close(&f->r);
	for (int i = 0; i < FAKE_CALLS; i++)
		after += fake_count((enum fake_call)i);
	return before == after ? 0 : 2;
}

/* Adversarial case 30. */
static void case_30_a_child_never_calls_the_service(void **state)
{
	struct fixture *f = *state;

	open_channel(f);
	assert_int_equal(list(f), ECERT_OK);
	assert_int_equal(channel_begin(f->c), ECERT_OK);
	assert_int_equal(in_child(touch_nothing, f), 0);
	assert_int_equal(send(f), ECERT_OK);
}

/* Case 34: each call in turn fails, for every place it is called from. */
static void case_34_the_nth_call_fails(void **state)
{
	struct fixture *f = *state;

	for (int call = 0; call < FAKE_CALLS; call++) {
		for (unsigned nth = 0; nth < 4; nth++) {
			enum ecert_rc rc;

			fake_fail((enum fake_call)call, nth, 1, SCARD_F_UNKNOWN_ERROR);
			rc = list(f);
			assert_true(rc == ECERT_OK || rc == ECERT_E_NO_SERVICE);
			if (channel_open(f->r, "Fake 00 00", &f->c) != ECERT_OK)
				continue;
			if (channel_begin(f->c) == ECERT_OK) {
				rc = send(f);
				assert_true(rc == ECERT_OK || rc == ECERT_E_CARD);
				channel_end(f->c);
			}
			channel_close(&f->c);
			assert_int_equal(fake_cards(), 0);
			assert_false(fake_held());
		}
		fake_fail((enum fake_call)call, 0, 0, 0);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
	    TEST(a_list_tells_the_state),
	    TEST(case_35_hostile_names_and_atrs),
	    TEST(more_readers_than_anybody_has),
	    TEST(a_list_survives_a_restart),
	    TEST(connecting_fails_by_the_table),
	    TEST(a_connection_that_blocks_is_given_up_and_not_leaked),
	    TEST(a_disconnect_that_blocks_is_given_up),
	    TEST(without_threads_it_works_as_well),
	    TEST(reset_is_told_once),
	    TEST(a_lone_exchange_is_one_call),
	    TEST(case_23_a_lone_exchange_gives_up),
	    TEST(a_slow_card_is_waited_for),
	    TEST(a_reset_that_ends_in_removal_is_a_removal),
	    TEST(a_failed_exchange_asks_what_became_of_the_card),
	    TEST(case_22_a_restarted_service),
	    TEST(case_16_17_lengths),
	    TEST(case_23_a_late_transaction_is_given_back),
	    TEST(closing_while_a_begin_is_stuck),
	    TEST(channel_reset_is_a_cold_one),
	    TEST(pinpad_features_are_read_and_used),
	    TEST(pinpad_says_why_there_is_no_pin),
	    TEST(pinpad_features_that_lie),
	    TEST(comings_and_goings_end_a_wait_others_do_not),
	    TEST(waiting_for_the_service),
	    TEST(no_cancel_is_lost),
	    TEST(case_30_a_child_never_calls_the_service),
	    TEST(case_34_the_nth_call_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
