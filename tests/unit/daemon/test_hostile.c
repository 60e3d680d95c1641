/* SPDX-License-Identifier: BSD-2-Clause */
/* The whole daemon in this process over a simulated card: requests that no client of ours sends. */
#include "tests/unit/daemon/served.h"

static int connect_to(const struct served *s)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	struct timeval limit = {.tv_sec = 5};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)strcpy(at.sun_path, s->path);
	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), 0);
	return fd;
}

static void send_bytes(int fd, struct rd v)
{
	/* The daemon may have hung up already. */
	(void)send(fd, v.p, v.n, MSG_NOSIGNAL);
}

static bool hung_up(int fd)
{
	uint8_t b[256];
	ssize_t n;

	do {
		n = recv(fd, b, sizeof b, 0);
	} while (n > 0);
	return n == 0 || errno == ECONNRESET;
}

static void send_request(int fd, const struct wire_request *q)
{
	struct buf f = BUF_INIT(IPC_FRAME_MAX + 4);

	ok(wire_put_request(&f, q));
	send_bytes(fd, buf_view(&f));
	buf_free(&f);
}

static enum ecert_rc answer_of(int fd)
{
	uint8_t head[4], body[IPC_FRAME_MAX];
	struct wire_answer w;
	size_t n;

	assert_int_equal(recv(fd, head, 4, MSG_WAITALL), 4);
	n = (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
	assert_int_equal(recv(fd, body, n, MSG_WAITALL), n);
	ok(wire_get_answer(rd_of(body, n), &w));
	return w.rc;
}

static int greeted(const struct served *s)
{
	const struct wire_request hello = {.type = IPC_HELLO};
	int fd = connect_to(s);

	send_request(fd, &hello);
	ok(answer_of(fd));
	return fd;
}

/* ---- frames that are none: the connection ends, the card hears nothing ---- */

static struct rd frame_of(struct buf *f, const struct wire_request *q)
{
	buf_reset(f);
	ok(wire_put_request(f, q));
	return buf_view(f);
}

static void refuse(struct served *s, struct rd bytes, const char *what)
{
	int fd = greeted(s);
	size_t before = sim_count(s->card);

	send_bytes(fd, bytes);
	(void)shutdown(fd, SHUT_WR);
	if (!hung_up(fd))
		fail_msg("%s: the connection goes on", what);
	if (sim_count(s->card) != before)
		fail_msg("%s: the card was asked", what);
	(void)close(fd);
}

static void broken_frames(void **state)
{
	struct served *s = *state;
	struct buf f = BUF_INIT(IPC_FRAME_MAX + 64);
	const struct wire_request use = {
	    .type = IPC_USE, .a = 0x9E, .field = {{some_digest, 32}, {some_digest, 32}}};
	struct rd v = frame_of(&f, &use);
	uint8_t copy[256];
	unsigned kinds = 0;

	assert_true(v.n < sizeof copy);
	memcpy(copy, v.p, v.n);
	for (size_t n = 1; n < v.n; n += 3, kinds++)
		refuse(s, rd_of(copy, n), "cut");
	static const struct {
		size_t at;
		uint8_t value;
		const char *what;
	} pokes[] = {
	    {0, 0xFF, "length over the limit"},
	    {3, 0, "length 0"},
	    {3, IPC_HEAD_LEN - 1, "shorter than a head"},
	    {4, 0, "version 0"},
	    {4, 2, "version 2"},
	    {4, 0xFF, "version 255"},
	    {5, 0, "type 0"},
	    {5, IPC_TYPE_END, "type past the end"},
	    {5, 0x80 | IPC_USE, "an answer"},
	    {5, IPC_HELLO, "a second greeting, with fields"},
	    {5, IPC_LOGIN, "too many fields"},
	    {5, IPC_KEY_IMPORT, "too few fields"},
	    {30, 0xFF, "first field past the frame"},
	    {33, 33, "first field eats the second"},
	    {33, 31, "a byte is left over"},
	    {66, 0xFF, "second field past the frame"},
	    {69, 65, "second field over its limit"},
	    {69, 31, "a byte is left over at the end"},
	};
	for (size_t i = 0; i < sizeof pokes / sizeof pokes[0]; i++, kinds++) {
		uint8_t bad[256];

		memcpy(bad, copy, v.n);
		bad[pokes[i].at] = pokes[i].value;
		refuse(s, rd_of(bad, v.n), pokes[i].what);
	}
	(void)printf("hostile-frames kinds=%u refused=%u\n", kinds, kinds);
	assert_true(kinds >= 40);
	buf_free(&f);
}

static void no_greeting(void **state)
{
	struct served *s = *state;
	const struct wire_request slots = {.type = IPC_SLOTS};
	const struct wire_request hello = {.type = IPC_HELLO};
	int fd = connect_to(s);

	send_request(fd, &slots);
	assert_true(hung_up(fd));
	(void)close(fd);
	fd = greeted(s);
	send_request(fd, &hello);
	assert_true(hung_up(fd));
	(void)close(fd);
}

/* ---- well-formed requests that mean harm: an error each, and nothing changes ---- */

#define DIGEST                                                                                     \
	{                                                                                          \
		some_digest, 32                                                                    \
	}
#define PIN                                                                                        \
	{                                                                                          \
		(const uint8_t *)SIM_PIN, 6                                                        \
	}
static const struct wire_request bad[] = {
    {.type = IPC_INFO, .slot = 1},
    {.type = IPC_INFO, .slot = 31},
    {.type = IPC_INFO, .slot = 32},
    {.type = IPC_INFO, .slot = UINT32_MAX},
    {.type = IPC_INFO, .generation = UINT32_MAX},
    {.type = IPC_KEY_GET, .a = 0},
    {.type = IPC_KEY_GET, .a = 0x19A},
    {.type = IPC_CERT_GET, .a = UINT32_MAX},
    {.type = IPC_ATTEST, .a = 0x100},
    {.type = IPC_ATTEST, .a = 0x95},
    {.type = IPC_DATA_GET, .a = 0x5FC109},
    {.type = IPC_DATA_GET, .a = UINT32_MAX},
    {.type = IPC_USE, .a = 0x9A, .field = {DIGEST}},
    {.type = IPC_USE, .a = 0x9C, .field = {DIGEST}},
    {.type = IPC_USE, .a = 0x9D, .field = {DIGEST}},
    {.type = IPC_USE, .a = 0x9D, .b = TOKEN_DERIVE, .field = {DIGEST}},
    {.type = IPC_USE, .a = 0x9E, .b = 3, .field = {DIGEST}},
    {.type = IPC_USE, .a = 0x9E, .b = UINT32_MAX, .field = {DIGEST}},
    {.type = IPC_USE, .a = 0x9E, .b = TOKEN_DECRYPT, .field = {DIGEST}},
    {.type = IPC_USE, .a = 0x9E, .b = TOKEN_DERIVE, .field = {DIGEST}},
    {.type = IPC_USE, .a = 0x9B, .field = {DIGEST}},
    {.type = IPC_USE, .a = 0x19E, .field = {DIGEST}},
    {.type = IPC_LOGIN, .a = TOKEN_USER},
    {.type = IPC_LOGIN, .a = TOKEN_USER, .c = 1},
    {.type = IPC_LOGIN, .a = TOKEN_USER, .field = {{(const uint8_t *)SIM_PIN, 5}}},
    {.type = IPC_LOGIN, .a = 0, .field = {PIN}},
    {.type = IPC_LOGIN, .a = 3, .field = {PIN}},
    {.type = IPC_LOGIN, .a = TOKEN_SO, .field = {PIN}},
    {.type = IPC_LOGIN_ONCE, .a = 0, .field = {PIN}},
    {.type = IPC_LOGIN_ONCE, .a = 0x19C, .field = {PIN}},
    {.type = IPC_LOGIN_ONCE, .a = 0x9C},
    {.type = IPC_CHANGE_SECRET, .a = 2, .field = {PIN, PIN}},
    {.type = IPC_CHANGE_SECRET, .a = 0, .field = {PIN}},
    {.type = IPC_UNBLOCK, .field = {{(const uint8_t *)SIM_PIN, 3}, PIN}},
    {.type = IPC_KEY_GENERATE, .a = 0x9A, .b = KEY_P256},
    {.type = IPC_KEY_GENERATE, .a = 0x9A, .b = 99},
    {.type = IPC_KEY_GENERATE, .a = 0x19A, .b = KEY_P256},
    {.type = IPC_KEY_GENERATE, .a = 0x9A, .b = KEY_P256, .c = 0xFFFF},
    {.type = IPC_KEY_IMPORT, .a = 0x9A, .b = KEY_P256, .field = {DIGEST}},
    {.type = IPC_KEY_DELETE, .a = 0x9A},
    {.type = IPC_CERT_PUT, .a = 0x9A, .field = {DIGEST}},
    {.type = IPC_DATA_PUT, .a = 0x5FC109, .field = {DIGEST}},
    {.type = IPC_LABEL_PUT, .field = {{(const uint8_t *)"x", 1}}},
    {.type = IPC_RANDOM, .a = 8},
    {.type = IPC_RANDOM, .a = UINT32_MAX},
    {.type = IPC_LET_WRITE},
    {.type = IPC_LET_WRITE, .a = 2, .field = {DIGEST}},
    {.type = IPC_SLOT},
    {.type = IPC_WAIT, .a = 0x80000000},
};
_Static_assert(sizeof bad / sizeof bad[0] >= 40, "issue: 40 kinds");

static void bad_requests(void **state)
{
	struct served *s = *state;
	int fd = greeted(s);
	size_t refused = 0;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		send_request(fd, &bad[i]);
		if (answer_of(fd) == ECERT_OK)
			fail_msg("request %zu (type %u) was granted", i, bad[i].type);
		refused++;
	}
	assert_int_equal(sim_tries(s->card), 3);
	assert_false(sim_verified(s->card));
	(void)printf("hostile-requests kinds=%zu refused=%zu changed=0\n",
	    sizeof bad / sizeof bad[0], refused);
	(void)close(fd);
}

/* One client's login is nothing to another, on the same card at the same time. */
static void isolated(void **state)
{
	struct served *s = *state;
	const struct rd pin = {(const uint8_t *)SIM_PIN, 6};
	const struct wire_request in = {.type = IPC_LOGIN, .a = TOKEN_USER, .field = {pin}},
				  sign = {.type = IPC_USE, .a = 0x9A, .field = {{some_digest, 32}}},
				  out = {.type = IPC_LOGOUT};
	int a = greeted(s), b = greeted(s);

	send_request(a, &in);
	ok(answer_of(a));
	for (int i = 0; i < 1000; i++) {
		send_request(a, &sign);
		send_request(b, &sign);
		assert_int_equal(answer_of(b), ECERT_E_AUTH);
		ok(answer_of(a));
	}
	send_request(a, &out);
	ok(answer_of(a));
	assert_false(sim_verified(s->card));
	send_request(a, &sign);
	assert_int_equal(answer_of(a), ECERT_E_AUTH);
	/* A client that vanishes takes its login along. */
	send_request(a, &in);
	ok(answer_of(a));
	(void)close(a);
	for (int i = 0; i < 3000 && (sim_verified(s->card) || sim_held(s->card)); i++)
		(void)usleep(10000);
	assert_false(sim_verified(s->card));
	assert_false(sim_held(s->card));
	(void)close(b);
}

/* A client that asks and never reads holds up nobody. */
static void never_reads(void **state)
{
	struct served *s = *state;
	const struct wire_request refs = {.type = IPC_CERT_GET, .a = 0x9A},
				  info = {.type = IPC_INFO};
	int deaf = greeted(s), fd = greeted(s);
	struct buf f = BUF_INIT(4096);
	struct rd v = frame_of(&f, &refs);

	assert_int_equal(fcntl(deaf, F_SETFL, O_NONBLOCK), 0);
	for (int i = 0; i < 20000; i++)
		(void)send(deaf, v.p, v.n, MSG_NOSIGNAL);
	for (int i = 0; i < 20; i++) {
		send_request(fd, &info);
		ok(answer_of(fd));
	}
	buf_free(&f);
	(void)close(deaf);
	(void)close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(broken_frames, served_setup, served_teardown),
	    cmocka_unit_test_setup_teardown(no_greeting, served_setup, served_teardown),
	    cmocka_unit_test_setup_teardown(bad_requests, served_setup, served_teardown),
	    cmocka_unit_test_setup_teardown(isolated, served_setup, served_teardown),
	    cmocka_unit_test_setup_teardown(never_reads, served_setup, served_teardown),
	};

	return cmocka_run_group_tests_name("daemon, hostile clients", tests, NULL, NULL);
}
