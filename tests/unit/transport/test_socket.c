/* SPDX-License-Identifier: BSD-2-Clause */
/* The virtual token's socket: a well-behaved token, one that dies, and ones that mean harm. */
#include "tests/unit/transport/unit.h"

#include <errno.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "tests/unit/transport/socket_token.h"
#include "transport/frame.h"
#include "transport/transport_priv.h"
#include "util/clock.h"

#define NAME "ecert virtual token (virtual)"

static const uint8_t select_piv[] = {0x00, 0xA4, 0x04, 0x00};
static const struct rd command = {select_piv, sizeof select_piv};

struct fixture {
	struct token t;
	struct readers *r;
	struct channel *c;
	uint8_t resp[300];
	size_t len;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	if (f == NULL)
		return -1;
	*state = f;
	(void)snprintf(f->t.dir, sizeof f->t.dir, "/tmp/ecert-socket-XXXXXX");
	if (mkdtemp(f->t.dir) == NULL)
		return -1;
	(void)snprintf(f->t.path, sizeof f->t.path, "%s/s", f->t.dir);
	(void)snprintf(f->t.where, sizeof f->t.where, "socket:%s", f->t.path);
	f->t.atr = bytes("\x00\x04\x3B\x80\x01\x81", 6);
	f->t.begin = bytes("\x00\x01\x00", 3);
	f->t.end = bytes("\x00\x01\x00", 3);
	f->t.apdu = bytes("\x00\x03\xAA\x90\x00", 5);
	token_start(&f->t);
	return readers_open(f->t.where, &f->r) == ECERT_OK ? 0 : -1;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	channel_close(&f->c);
	readers_close(&f->r);
	token_stop(&f->t);
	(void)rmdir(f->t.dir);
	free(f);
	return 0;
}

static enum ecert_rc open_channel(struct fixture *f)
{
	channel_close(&f->c);
	return channel_open(f->r, NAME, &f->c);
}

static enum ecert_rc send_command(struct fixture *f)
{
	return channel_transmit(f->c, command, f->resp, sizeof f->resp, &f->len);
}

static struct reader_info list(struct fixture *f)
{
	struct reader_info info = {.present = false};
	size_t n = 0;

	assert_int_equal(readers_list(f->r, &info, 1, &n), ECERT_OK);
	assert_int_equal(n, 1);
	return info;
}

static void one_reader_marked_virtual(void **state)
{
	struct fixture *f = *state;
	struct reader_info info = list(f);
	struct channel *c;
	size_t n;

	assert_string_equal(info.name, NAME);
	assert_true(info.present && info.is_virtual);
	assert_int_equal(info.atr_len, 4);
	assert_int_equal(readers_list(f->r, NULL, 0, &n), ECERT_OK);
	assert_int_equal(n, 0);
	assert_int_equal(channel_open(f->r, "another", &c), ECERT_E_NO_READER);
	assert_int_equal(open_channel(f), ECERT_OK);
	assert_true(channel_is_virtual(f->c));
	assert_int_equal(channel_atr(f->c).n, 4);
	assert_true(f->t.powered > 0);
	assert_false(channel_pinpad(f->c).verify);
}

static void an_exchange_has_its_transaction(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(open_channel(f), ECERT_OK);
	assert_int_equal(send_command(f), ECERT_OK);
	assert_memory_equal(f->resp, "\xAA\x90\x00", f->len);
	assert_int_equal(f->t.begun, 1);
	assert_int_equal(f->t.ended, 1);
	assert_int_equal(channel_begin(f->c), ECERT_OK);
	assert_int_equal(send_command(f), ECERT_OK);
	assert_int_equal(send_command(f), ECERT_OK);
	channel_end(f->c);
	assert_int_equal(f->t.begun, 2);
	assert_int_equal(f->t.ended, 2);
}

static void a_reset_by_another_client_is_told(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(open_channel(f), ECERT_OK);
	token_says(&f->t, &f->t.begin, bytes("\x00\x01\x01", 3));
	assert_int_equal(channel_begin(f->c), ECERT_E_RESET);
	assert_int_equal(send_command(f), ECERT_OK);
	channel_end(f->c);
	assert_int_equal(send_command(f), ECERT_E_RESET);
	assert_int_equal(f->t.asked, 1); /* the command was not sent to a reset card */
	token_says(&f->t, &f->t.begin, bytes("\x00\x01\x00", 3));
	assert_int_equal(channel_reset(f->c), ECERT_OK);
	assert_int_equal(f->t.reset, 1);
}

static void nobody_listens(void **state)
{
	struct fixture *f = *state;
	struct reader_info before = list(f), after;

	assert_int_equal(open_channel(f), ECERT_OK);
	token_stop(&f->t);
	assert_int_equal(send_command(f), ECERT_E_REMOVED);
	assert_int_equal(open_channel(f), ECERT_E_NO_CARD);
	after = list(f);
	assert_false(after.present);
	assert_int_equal(after.atr_len, 0);
	assert_int_not_equal(before.events, after.events);
}

static void a_token_that_comes_back_is_another(void **state)
{
	struct fixture *f = *state;
	struct reader_info before = list(f), after;

	token_stop(&f->t);
	(void)usleep(20000);
	token_start(&f->t);
	after = list(f);
	assert_true(after.present);
	assert_int_not_equal(before.events, after.events);
}

static void *stop_later(void *arg)
{
	struct fixture *f = arg;

	(void)usleep(100000);
	token_stop(&f->t);
	return NULL;
}

static void waiting(void **state)
{
	struct fixture *f = *state;
	pthread_t t;

	(void)list(f);
	assert_int_equal(readers_wait(f->r, 0), ECERT_E_TIMEOUT);
	assert_int_equal(readers_wait(f->r, 10), ECERT_E_TIMEOUT);
	readers_cancel(f->r);
	assert_int_equal(readers_wait(f->r, -1), ECERT_E_CANCELLED);
	assert_int_equal(pthread_create(&t, NULL, stop_later, f), 0);
	assert_int_equal(readers_wait(f->r, 30000), ECERT_OK);
	assert_int_equal(pthread_join(t, NULL), 0);
	(void)list(f);
	assert_int_equal(readers_wait(f->r, 10), ECERT_E_TIMEOUT);
	token_start(&f->t);
	assert_int_equal(readers_wait(f->r, 30000), ECERT_OK);
}

/* Adversarial cases 16 and 17, and what else a token can say. */
static void case_16_17_hostile_answers(void **state)
{
	static uint8_t big[2 + 65535] = {0xFF, 0xFF};
	static const struct {
		const char *bytes;
		size_t n;
		enum ecert_rc rc;
		bool usable;
	} answers[] = {
	    {"\x00\x00", 2, ECERT_E_CARD, true},
	    {"\x00\x01\x90", 3, ECERT_E_CARD, true},
	    {"\x00\x02\x90\x00\xAA", 5, ECERT_E_CARD, false},		  /* more than it says */
	    {"\x00\x02\x90\x00\x00\x02\x90\x00", 8, ECERT_E_CARD, false}, /* two answers */
	    {(const char *)big, sizeof big, ECERT_E_BUFFER, true},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
		assert_int_equal(open_channel(f), ECERT_OK);
		token_says(&f->t, &f->t.apdu, bytes(answers[i].bytes, answers[i].n));
		assert_int_equal(send_command(f), answers[i].rc);
		token_says(&f->t, &f->t.apdu, bytes("\x00\x02\x90\x00", 4));
		/* A connection out of step is made anew, and the card is not what it was. */
		assert_int_equal(send_command(f), answers[i].usable ? ECERT_OK : ECERT_E_RESET);
		assert_int_equal(send_command(f), ECERT_OK);
	}
}

static void a_token_that_hangs_up_in_the_middle(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(open_channel(f), ECERT_OK);
	token_says(&f->t, &f->t.apdu, (struct reply){"\x00\x05\x90", 3, true});
	assert_int_equal(send_command(f), ECERT_E_REMOVED);
	assert_int_equal(open_channel(f), ECERT_OK);
	token_says(&f->t, &f->t.begin, (struct reply){NULL, 0, true});
	assert_int_equal(channel_begin(f->c), ECERT_E_REMOVED);
	token_says(&f->t, &f->t.begin, bytes("\x00\x00", 2));
	assert_int_equal(open_channel(f), ECERT_OK);
	assert_int_equal(channel_begin(f->c), ECERT_E_CARD);
	token_says(&f->t, &f->t.begin, bytes("\x00\x02\x00\x00", 4));
	assert_int_equal(channel_begin(f->c), ECERT_E_BUFFER);
}

static void strange_atrs(void **state)
{
	static uint8_t longest[2 + 255] = {0x00, 0xFF}, over[2 + 300] = {0x01, 0x2C};
	struct fixture *f = *state;

	token_says(&f->t, &f->t.atr, bytes(longest, sizeof longest));
	assert_int_equal(list(f).atr_len, READER_ATR_MAX);
	assert_int_equal(open_channel(f), ECERT_OK);
	assert_int_equal(channel_atr(f->c).n, READER_ATR_MAX);
	channel_close(&f->c);
	token_says(&f->t, &f->t.atr, bytes(over, sizeof over));
	assert_int_equal(open_channel(f), ECERT_E_BUFFER);
	token_says(&f->t, &f->t.atr, bytes("\x00\x00", 2));
	assert_int_equal(open_channel(f), ECERT_E_MUTE);
	token_says(&f->t, &f->t.atr, (struct reply){NULL, 0, true});
	assert_int_equal(open_channel(f), ECERT_E_NO_CARD);
}

static void a_holder_that_keeps_the_card_is_not_waited_for_for_ever(void **state)
{
	struct fixture *f = *state;
	struct timespec until = deadline_in(5000);

	assert_int_equal(open_channel(f), ECERT_OK);
	token_says(&f->t, &f->t.begin, bytes(NULL, 0));
	assert_int_equal(channel_begin(f->c), ECERT_E_TIMEOUT);
	assert_true(deadline_left_ms(&until) > 0);
	token_says(&f->t, &f->t.begin, bytes("\x00\x01\x00", 3));
	/* The connection was given up, so the token owes us nothing; the state is unknown. */
	assert_int_equal(channel_begin(f->c), ECERT_E_RESET);
	assert_int_equal(send_command(f), ECERT_OK);
}

static void longest_command_and_answer(void **state)
{
	static uint8_t long_command[65536], answer[2 + 65535] = {0xFF, 0xFF}, resp[65538];
	struct fixture *f = *state;
	size_t n;

	answer[65535] = 0x90;
	assert_int_equal(open_channel(f), ECERT_OK);
	token_says(&f->t, &f->t.apdu, bytes(answer, sizeof answer));
	assert_int_equal(
	    channel_transmit(f->c, rd_of(long_command, 65535), resp, sizeof resp, &n), ECERT_OK);
	assert_int_equal(n, 65535);
	assert_int_equal(resp[65533], 0x90);
	assert_int_equal(channel_transmit(f->c, rd_of(long_command, 65536), resp, sizeof resp, &n),
	    ECERT_E_TOO_LARGE);
	assert_int_equal(send_command(f), ECERT_E_BUFFER); /* still in step */
}

/* Bytes may come one at a time. */
static void frames_come_in_pieces(void **state)
{
	static const uint8_t wire[] = {0x00, 0x03, 0xAA, 0x90, 0x00};
	struct timespec until = deadline_in(2000);
	uint8_t out[8];
	size_t n;
	int pair[2];

	(void)state;
	for (size_t cut = 1; cut < sizeof wire; cut++) {
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
		assert_int_equal(write(pair[1], wire, cut), cut);
		struct timespec soon = deadline_in(5);
		assert_int_equal(frame_recv(pair[0], &soon, out, sizeof out, &n), ECERT_E_TIMEOUT);
		(void)close(pair[0]);
		(void)close(pair[1]);
	}
	/* The head alone, then the rest; then end of file. */
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	pid_t writer = fork();
	if (writer == 0) {
		for (size_t i = 0; i < sizeof wire; i++) {
			(void)usleep(2000);
			if (write(pair[1], wire + i, 1) != 1)
				_exit(1);
		}
		_exit(0);
	}
	assert_int_equal(frame_recv(pair[0], &until, out, sizeof out, &n), ECERT_OK);
	assert_int_equal(n, 3);
	assert_memory_equal(out, wire + 2, 3);
	assert_int_equal(waitpid(writer, NULL, 0), writer);
	(void)close(pair[1]);
	assert_int_equal(frame_recv(pair[0], &until, out, sizeof out, &n), ECERT_E_REMOVED);
	assert_int_equal(frame_send(pair[0], rd_of(wire, sizeof wire)), ECERT_E_REMOVED);
	(void)close(pair[0]);
}

static void connecting_to_what_is_no_token(void **state)
{
	struct fixture *f = *state;
	char far[200];
	int fd;

	memset(far, 'x', sizeof far - 1);
	far[sizeof far - 1] = '\0';
	assert_int_equal(frame_connect(far, &fd), ECERT_E_NO_CARD);
	assert_int_equal(frame_connect(f->t.dir, &fd), ECERT_E_NO_CARD);
	assert_int_equal(frame_connect("/nonexistent/socket", &fd), ECERT_E_NO_CARD);
	assert_int_equal(fd, -1);
}

static int leave_it_alone(void *arg)
{
	struct fixture *f = arg;

	if (send_command(f) != ECERT_E_FORKED)
		return 1;
	channel_close(&f->c);
	readers_close(&f->r);
	return 0;
}

static void case_30_a_child_leaves_the_socket_alone(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(open_channel(f), ECERT_OK);
	assert_int_equal(channel_begin(f->c), ECERT_OK);
	assert_int_equal(in_child(leave_it_alone, f), 0);
	assert_int_equal(send_command(f), ECERT_OK);
	assert_int_equal(f->t.asked, 1);
	assert_int_equal(f->t.ended, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
	    TEST(one_reader_marked_virtual),
	    TEST(an_exchange_has_its_transaction),
	    TEST(a_reset_by_another_client_is_told),
	    TEST(nobody_listens),
	    TEST(a_token_that_comes_back_is_another),
	    TEST(waiting),
	    TEST(case_16_17_hostile_answers),
	    TEST(a_token_that_hangs_up_in_the_middle),
	    TEST(strange_atrs),
	    TEST(a_holder_that_keeps_the_card_is_not_waited_for_for_ever),
	    TEST(longest_command_and_answer),
	    cmocka_unit_test(frames_come_in_pieces),
	    TEST(connecting_to_what_is_no_token),
	    TEST(case_30_a_child_leaves_the_socket_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
