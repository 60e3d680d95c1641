/* SPDX-License-Identifier: BSD-2-Clause */
/* The replayer: what was recorded is played back. */
#include "tests/unit/transport/record_fix.h"

#include "transport/replay.h"

static void write_recording(const struct fixture *f, const char *text)
{
	FILE *file = fopen(f->path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void open_replay(struct fixture *f, const char *kind)
{
	struct reader_info info;
	size_t n;

	readers_close(&f->r);
	(void)snprintf(f->where, sizeof f->where, "%s:%s", kind, f->path);
	assert_int_equal(readers_open(f->where, &f->r), ECERT_OK);
	assert_int_equal(readers_list(f->r, &info, 1, &n), ECERT_OK);
	assert_int_equal(n, 1);
	assert_true(info.present && info.is_virtual);
	assert_int_equal(channel_open(f->r, info.name, &f->c), ECERT_OK);
}

static const char recording[] = "# connect somewhere\n# atr 3b8001 81\n# begin\n"
				"> 00a40400\n< 01 9000\n> 0020008008****************\n< 9000\n"
				"> 00CB3FFF\r\n< 02 9000\r\n> 00cb3fff\n< 03 9000\n# end\n"
				"> 00870000\n# error ECERT_E_REMOVED\n";

static void replay_in_order(void **state)
{
	struct fixture *f = *state;

	write_recording(f, recording);
	open_replay(f, "replay");
	assert_int_equal(channel_atr(f->c).n, 4);
	assert_true(channel_is_virtual(f->c));
	assert_int_equal(channel_begin(f->c), ECERT_OK);
	assert_int_equal(send(f, "00a40400"), ECERT_OK);
	assert_memory_equal(f->resp, "\x01\x90\x00", f->len);
	/* Another command: 6F00, remembered, and the recording stands where it was. */
	assert_int_equal(send(f, "00cb3fff"), ECERT_OK);
	assert_memory_equal(f->resp, "\x6F\x00", f->len);
	assert_int_equal(replay_report(f->r).mismatches, 1);
	assert_int_equal(replay_report(f->r).left, 4);
	assert_int_equal(send(f, "00200080081122334455667788"), ECERT_OK);
	assert_memory_equal(f->resp, "\x90\x00", f->len);
	assert_int_equal(send(f, "00cb3fff"), ECERT_OK);
	assert_int_equal(f->resp[0], 2);
	assert_int_equal(send(f, "00cb3fff"), ECERT_OK);
	assert_int_equal(f->resp[0], 3);
	channel_end(f->c);
	assert_int_equal(channel_reset(f->c), ECERT_OK);
	assert_int_equal(send(f, "00870000"), ECERT_E_REMOVED);
	channel_close(&f->c);
	assert_int_equal(replay_report(f->r).left, 0);
	assert_int_equal(replay_report(f->r).mismatches, 1);
}

static void replay_past_the_end_is_a_mismatch(void **state)
{
	struct fixture *f = *state;

	write_recording(f, "> 00a40400\n< 9000");
	open_replay(f, "replay");
	assert_int_equal(send(f, "00a40400"), ECERT_OK);
	assert_int_equal(send(f, "00a40400"), ECERT_OK);
	assert_memory_equal(f->resp, "\x6F\x00", f->len);
	assert_int_equal(replay_report(f->r).mismatches, 1);
}

static void replay_by_looking_up(void **state)
{
	struct fixture *f = *state;

	write_recording(f, recording);
	open_replay(f, "replay-any");
	assert_int_equal(send(f, "00cb3fff"), ECERT_OK);
	assert_int_equal(f->resp[0], 2);
	assert_int_equal(send(f, "00cb3fff"), ECERT_OK);
	assert_int_equal(f->resp[0], 3);
	assert_int_equal(send(f, "00cb3fff"), ECERT_OK);
	assert_int_equal(f->resp[0], 3);
	assert_int_equal(send(f, "00a40400"), ECERT_OK);
	assert_int_equal(f->resp[0], 1);
	assert_int_equal(replay_report(f->r).mismatches, 0);
	assert_int_equal(send(f, "00f70000"), ECERT_OK);
	assert_memory_equal(f->resp, "\x6D\x00", f->len);
	assert_int_equal(replay_report(f->r).mismatches, 1);
}

/* A recording may be a fuzzer's work. */
static void replay_of_nonsense(void **state)
{
	struct fixture *f = *state;

	write_recording(f, "< 9000\n# error X\n# atr zz\n> \n> 0\n> 00a40400\n< 9\n> 00a40400\n"
			   "< \n> 00a40400\n> 00a40400\n# error NO_SUCH_CODE\nrubbish\n");
	open_replay(f, "replay-any");
	assert_int_equal(channel_atr(f->c).n, 0);
	assert_int_equal(send(f, "00a40400"), ECERT_E_MALFORMED); /* half a byte */
	assert_int_equal(send(f, "00a40400"), ECERT_E_CARD);	  /* no status word */
	assert_int_equal(send(f, "00a40400"), ECERT_E_CARD);	  /* no answer */
	assert_int_equal(send(f, "00a40400"), ECERT_E_CARD);	  /* unknown code */
}

static void replay_readers_wait(void **state)
{
	struct fixture *f = *state;
	struct channel *c;

	write_recording(f, "");
	open_replay(f, "replay");
	assert_int_equal(readers_wait(f->r, 1), ECERT_E_TIMEOUT);
	readers_cancel(f->r);
	assert_int_equal(readers_wait(f->r, -1), ECERT_E_CANCELLED);
	assert_int_equal(channel_open(f->r, "another", &c), ECERT_E_NO_READER);
}

/* What was recorded plays back. */
static void recording_and_replaying_are_inverse(void **state)
{
	struct fixture *f = *state;

	mock_expect(f->m, "00a4", "610f9000");
	mock_expect(f->m, "0020", "63c2");
	mock_expect(f->m, "00cb", "aabb6110");
	assert_int_equal(setenv("ECERT_RECORD", f->path, 1), 0);
	assert_int_equal(channel_open(f->r, MOCK_READER, &f->c), ECERT_OK);
	assert_int_equal(send(f, "00a40400"), ECERT_OK);
	assert_int_equal(send(f, "00200080083132333435363738"), ECERT_OK);
	assert_int_equal(send(f, "00cb3fff"), ECERT_OK);
	channel_close(&f->c);
	assert_int_equal(unsetenv("ECERT_RECORD"), 0);
	open_replay(f, "replay");
	assert_int_equal(send(f, "00a40400"), ECERT_OK);
	assert_int_equal(send(f, "00200080080000000000000000"), ECERT_OK);
	assert_memory_equal(f->resp, "\x63\xC2", f->len);
	assert_int_equal(send(f, "00cb3fff"), ECERT_OK);
	assert_memory_equal(f->resp, "\xAA\xBB\x61\x10", f->len);
	assert_int_equal(replay_report(f->r).mismatches + replay_report(f->r).left, 0);
	assert_int_equal(channel_atr(f->c).n, strlen(MOCK_ATR) / 2);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    TEST(replay_in_order),
	    TEST(replay_past_the_end_is_a_mismatch),
	    TEST(replay_by_looking_up),
	    TEST(replay_of_nonsense),
	    TEST(replay_readers_wait),
	    TEST(recording_and_replaying_are_inverse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
