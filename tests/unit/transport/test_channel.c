/* SPDX-License-Identifier: BSD-2-Clause */
/* What holds for every channel and source: nesting, forks, dead cards, lengths, names. */
#include "tests/unit/transport/unit.h"

#include "tests/unit/transport/mock_channel.h"
#include "transport/transport_priv.h"

static const uint8_t select_piv[] = {0x00, 0xA4, 0x04, 0x00, 0x05, 0xA0, 0, 0, 3, 8};
static const struct rd command = {select_piv, sizeof select_piv};

struct fixture {
	struct mock *m;
	struct channel *c;
	struct readers *r;
	uint8_t resp[64];
	size_t len;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	if (f == NULL)
		return -1;
	*state = f;
	f->m = mock_new();
	mock_default(f->m, "aa9000");
	if (mock_readers(f->m, &f->r) != ECERT_OK)
		return -1;
	return channel_open(f->r, MOCK_READER, &f->c) == ECERT_OK ? 0 : -1;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	channel_close(&f->c);
	readers_close(&f->r);
	mock_free(&f->m);
	free(f);
	return 0;
}

static enum ecert_rc send(struct fixture *f)
{
	return channel_transmit(f->c, command, f->resp, sizeof f->resp, &f->len);
}

static void transactions_nest(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(channel_begin(f->c), ECERT_OK);
	assert_int_equal(channel_begin(f->c), ECERT_OK);
	assert_int_equal(send(f), ECERT_OK);
	assert_int_equal(f->len, 3);
	channel_end(f->c);
	assert_true(mock_held(f->m));
	channel_end(f->c);
	assert_false(mock_held(f->m));
	channel_end(f->c); /* one too many does nothing */
	assert_int_equal(mock_begins(f->m), 1);
	assert_int_equal(mock_unlocked(f->m), 0);
}

static void begin_after_reset_holds_and_says_so(void **state)
{
	struct fixture *f = *state;

	mock_reset_at(f->m, 1);
	assert_int_equal(channel_begin(f->c), ECERT_E_RESET);
	assert_true(mock_held(f->m));
	assert_int_equal(channel_begin(f->c), ECERT_OK);
	channel_end(f->c);
	assert_int_equal(send(f), ECERT_OK);
	channel_end(f->c);
	assert_false(mock_held(f->m));
}

static void transmit_after_reset_works_again_at_once(void **state)
{
	struct fixture *f = *state;

	mock_reset_at(f->m, 2);
	assert_int_equal(send(f), ECERT_OK);
	assert_int_equal(send(f), ECERT_E_RESET);
	assert_int_equal(f->len, 0);
	assert_int_equal(send(f), ECERT_OK);
}

static void a_removed_card_is_not_asked_again(void **state)
{
	struct fixture *f = *state;

	mock_insert(f->m, 0, false);
	assert_int_equal(send(f), ECERT_E_REMOVED);
	mock_insert(f->m, 0, true); /* another one: not this channel's */
	assert_int_equal(send(f), ECERT_E_REMOVED);
	assert_int_equal(channel_begin(f->c), ECERT_E_REMOVED);
	assert_int_equal(channel_reset(f->c), ECERT_E_REMOVED);
	assert_int_equal(mock_count(f->m), 1);
	channel_close(&f->c);
	assert_null(f->c);
	assert_int_equal(channel_open(f->r, MOCK_READER, &f->c), ECERT_OK);
	assert_int_equal(send(f), ECERT_OK);
}

static void a_quick_swap_is_seen(void **state)
{
	struct fixture *f = *state;
	struct reader_info before, after;
	size_t n;

	assert_int_equal(readers_list(f->r, &before, 1, &n), ECERT_OK);
	mock_insert(f->m, 0, false);
	mock_insert(f->m, 0, true);
	assert_int_equal(readers_list(f->r, &after, 1, &n), ECERT_OK);
	assert_true(after.present);
	assert_int_not_equal(before.events, after.events);
	assert_int_equal(send(f), ECERT_E_REMOVED);
}

static void a_dead_service_is_not_asked_again(void **state)
{
	struct fixture *f = *state;

	mock_fail_from(f->m, 1, ECERT_E_NO_SERVICE);
	assert_int_equal(channel_begin(f->c), ECERT_E_NO_SERVICE);
	mock_fail_from(f->m, 0, ECERT_OK);
	assert_int_equal(send(f), ECERT_E_NO_SERVICE);
	assert_int_equal(mock_count(f->m), 0);
}

/* Adversarial cases 16 and 17 at the channel. */
static void case_16_17_lengths_are_not_believed(void **state)
{
	struct fixture *f = *state;

	mock_cut_at(f->m, 1, 1);
	assert_int_equal(send(f), ECERT_E_CARD);
	mock_cut_at(f->m, 2, 0);
	assert_int_equal(send(f), ECERT_E_CARD);
	mock_claim_at(f->m, 3, sizeof f->resp + 1);
	assert_int_equal(send(f), ECERT_E_BUFFER);
	assert_int_equal(f->len, 0);
	assert_int_equal(channel_transmit(f->c, command, f->resp, 2, &f->len), ECERT_E_BUFFER);
}

static void what_is_no_apdu_is_not_sent(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(
	    channel_transmit(f->c, rd_of(select_piv, 3), f->resp, 64, &f->len), ECERT_E_ARG);
	assert_int_equal(channel_transmit(f->c, command, f->resp, 1, &f->len), ECERT_E_ARG);
	assert_int_equal(channel_transmit(f->c, command, NULL, 64, &f->len), ECERT_E_ARG);
	assert_int_equal(mock_count(f->m), 0);
}

static int use_in_child(void *arg)
{
	struct fixture *f = arg;
	struct reader_info info;
	struct channel *c;
	size_t n;

	if (send(f) != ECERT_E_FORKED || channel_begin(f->c) != ECERT_E_FORKED ||
	    channel_reset(f->c) != ECERT_E_FORKED)
		return 1;
	if (readers_list(f->r, &info, 1, &n) != ECERT_E_FORKED ||
	    readers_wait(f->r, 0) != ECERT_E_FORKED ||
	    channel_open(f->r, MOCK_READER, &c) != ECERT_E_FORKED)
		return 2;
	if (channel_pinpad(f->c).verify ||
	    channel_pinpad_transmit(f->c, command, false, f->resp, 64, &f->len) != ECERT_E_FORKED)
		return 3;
	readers_cancel(f->r);
	channel_end(f->c);
	channel_close(&f->c);
	readers_close(&f->r);
	return mock_count(f->m) == 1 && mock_open(f->m) == 1 && mock_held(f->m) ? 0 : 4;
}

/* Adversarial case 30: a child gets ECERT_E_FORKED and touches nothing; the parent goes on. */
static void case_30_a_forked_child_touches_nothing(void **state)
{
	struct fixture *f = *state;

	mock_pinpad(f->m, (struct pinpad){true, true});
	assert_int_equal(channel_begin(f->c), ECERT_OK);
	assert_int_equal(send(f), ECERT_OK);
	assert_int_equal(in_child(use_in_child, f), 0);
	assert_int_equal(send(f), ECERT_OK);
	channel_end(f->c);
	assert_int_equal(mock_count(f->m), 2);
}

static void pinpad_is_asked_and_used(void **state)
{
	static const uint8_t verify[] = {
	    0x00, 0x20, 0x00, 0x80, 0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
	struct fixture *f = *state;
	struct rd sent;

	mock_pinpad(f->m, (struct pinpad){.verify = true});
	assert_true(channel_pinpad(f->c).verify);
	assert_int_equal(
	    channel_pinpad_transmit(f->c, rd_of(verify, sizeof verify), true, f->resp, 64, &f->len),
	    ECERT_E_UNSUPPORTED);
	assert_int_equal(channel_pinpad_transmit(
			     f->c, rd_of(verify, sizeof verify), false, f->resp, 64, &f->len),
	    ECERT_OK);
	sent = mock_command(f->m, 0);
	assert_memory_equal(sent.p + 5, "12345678", 8);
	/* Asked once and kept. */
	mock_pinpad(f->m, (struct pinpad){false, false});
	assert_true(channel_pinpad(f->c).verify);
}

static void reset_atr_and_mark_come_from_the_card(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(channel_reset(f->c), ECERT_OK);
	assert_int_equal(mock_resets(f->m), 1);
	assert_int_equal(channel_atr(f->c).n, strlen(MOCK_ATR) / 2);
	assert_false(channel_is_virtual(f->c));
}

static void opening_fails_as_the_reader_says(void **state)
{
	struct fixture *f = *state;
	struct channel *c;

	assert_int_equal(channel_open(f->r, "none such", &c), ECERT_E_NO_READER);
	assert_int_equal(channel_open(f->r, NULL, &c), ECERT_E_ARG);
	mock_insert(f->m, 0, false);
	assert_int_equal(channel_open(f->r, MOCK_READER, &c), ECERT_E_NO_CARD);
	mock_open_rc(f->m, ECERT_E_EXCLUSIVE);
	assert_int_equal(channel_open(f->r, MOCK_READER, &c), ECERT_E_EXCLUSIVE);
	assert_null(c);
}

static void waiting_and_cancelling(void **state)
{
	struct fixture *f = *state;
	struct reader_info info[4];
	size_t n;

	assert_int_equal(readers_list(f->r, info, 4, &n), ECERT_OK);
	assert_int_equal(readers_wait(f->r, 0), ECERT_E_TIMEOUT);
	mock_set_readers(f->m, 2);
	assert_int_equal(readers_wait(f->r, -1), ECERT_OK);
	assert_int_equal(readers_list(f->r, info, 4, &n), ECERT_OK);
	assert_int_equal(n, 2);
	readers_cancel(f->r);
	assert_int_equal(readers_wait(f->r, -1), ECERT_E_CANCELLED);
	assert_int_equal(readers_wait(f->r, 0), ECERT_E_TIMEOUT);
	mock_service(f->m, ECERT_E_NO_SERVICE);
	n = 7;
	assert_int_equal(readers_list(f->r, info, 4, &n), ECERT_E_NO_SERVICE);
	assert_int_equal(n, 0);
}

static void sources_are_named(void **state)
{
	static const char *const bad[] = {"", "pcsc2",
	    "socket:", "replay:", "replay-any:", "/run/card",
	    ("socket:0123456789012345678901234567890123456789012345678901234567890123"
	     "456789012345678901234567890123456789012345678901")};
	struct readers *r;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_int_equal(readers_open(bad[i], &r), ECERT_E_ARG);
		assert_null(r);
	}
	assert_int_equal(readers_open("replay:/nonexistent/file", &r), ECERT_E_IO);
	assert_int_equal(readers_open("pcsc", &r), ECERT_OK);
	readers_close(&r);
	readers_close(&r);
	readers_close(NULL);
	channel_close(NULL);
}

/* Adversarial case 35. */
static void case_35_hostile_reader_names(void **state)
{
	static const struct {
		const char *raw, *clean;
	} names[] = {
	    {"Yubico YubiKey 00 00", "Yubico YubiKey 00 00"},
	    {"a\x1b[31mb\n\x7f", "a?[31mb??"},
	    {"L\xc3\xb6we \xe9\xbe\x99 \xf0\x9f\x94\x91",
		"L\xc3\xb6we \xe9\xbe\x99 \xf0\x9f\x94\x91"},
	    {"\xc2\x9b csi", "?? csi"},			   /* C1 control */
	    {"\xc0\xaf \xe0\x80\x80", "?? ???"},	   /* over-long */
	    {"\xed\xa0\x80 \xf4\x90\x80\x80", "??? ????"}, /* surrogate, past the end */
	    {"\xff\xfe \xe9\xbe", "?? ??"},		   /* never UTF-8, cut short */
	    {"", ""},
	};
	char out[READER_NAME_MAX], *big = calloc(1, 100001);

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		reader_name_clean(names[i].raw, out);
		assert_string_equal(out, names[i].clean);
	}
	assert_non_null(big);
	memset(big, 'x', 100000);
	reader_name_clean(big, out);
	assert_int_equal(strlen(out), READER_NAME_MAX - 1);
	/* Cut at a character's border: the 127th byte would be the first of two. */
	memcpy(big + READER_NAME_MAX - 2, "\xc3\xb6", 2);
	reader_name_clean(big, out);
	assert_int_equal(strlen(out), READER_NAME_MAX - 2);
	free(big);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
	    TEST(transactions_nest),
	    TEST(begin_after_reset_holds_and_says_so),
	    TEST(transmit_after_reset_works_again_at_once),
	    TEST(a_removed_card_is_not_asked_again),
	    TEST(a_quick_swap_is_seen),
	    TEST(a_dead_service_is_not_asked_again),
	    TEST(case_16_17_lengths_are_not_believed),
	    TEST(what_is_no_apdu_is_not_sent),
	    TEST(case_30_a_forked_child_touches_nothing),
	    TEST(pinpad_is_asked_and_used),
	    TEST(reset_atr_and_mark_come_from_the_card),
	    TEST(opening_fails_as_the_reader_says),
	    TEST(waiting_and_cancelling),
	    cmocka_unit_test(sources_are_named),
	    cmocka_unit_test(case_35_hostile_reader_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
