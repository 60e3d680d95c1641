/* SPDX-License-Identifier: BSD-2-Clause */
/* The PC/SC room over a service that fails, blocks and lies: readers, connecting, waiting. */
#include "tests/unit/transport/pcsc_fix.h"

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
	    TEST(comings_and_goings_end_a_wait_others_do_not),
	    TEST(waiting_for_the_service),
	    TEST(no_cancel_is_lost),
	    TEST(case_30_a_child_never_calls_the_service),
	    TEST(case_34_the_nth_call_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
