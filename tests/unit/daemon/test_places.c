/* SPDX-License-Identifier: BSD-2-Clause */
/* Who goes when another one comes: nobody is shut out by the number of another's connections, and
 * nobody loses a login while there are others to go. */
#include "tests/unit/daemon/served.h"
#include "util/clock.h"
#include "token/remote/remote.h"

/* ---- the choice, over connections that are none ---- */

struct hall {
	struct daemon daemon;
	struct server server;
};

static int open_hall(void **state)
{
	struct hall *h = calloc(1, sizeof *h);

	assert_non_null(h);
	(void)pthread_mutex_init(&h->daemon.lock, NULL);
	ok(workers_start(&h->daemon));
	h->server = (struct server){.daemon = &h->daemon, .listen = -1, .group = (gid_t)-1};
	*state = h;
	return 0;
}

static int close_hall(void **state)
{
	struct hall *h = *state;

	while (h->server.clients > 0)
		server_drop(&h->server, h->server.clients - 1);
	workers_stop(&h->daemon);
	free(h);
	return 0;
}

/* Connections are as old as their order; their number is what the next one would get. */
static struct client *seat(struct hall *h, uid_t uid, pid_t pid)
{
	const struct peer peer = {.uid = uid, .pid = pid};
	struct client *c;

	if (!places_make(&h->server, &peer))
		return NULL;
	c = client_new(&h->server, -1, &peer);
	assert_non_null(c);
	c->active = (int64_t)c->id;
	h->server.client[h->server.clients++] = c;
	return c;
}

static void log_in(struct hall *h, const struct client *c)
{
	ok(pins_set(&h->daemon.worker[0].pins, c->id, 1, TOKEN_USER, text(SIM_PIN)));
}

static bool is_there(const struct hall *h, uint64_t id)
{
	for (size_t i = 0; i < h->server.clients; i++)
		if (h->server.client[i]->id == id)
			return true;
	return false;
}

static size_t count(const struct hall *h, uid_t uid)
{
	size_t n = 0;

	for (size_t i = 0; i < h->server.clients; i++)
		n += h->server.client[i]->peer.uid == uid;
	return n;
}

static void oldest_of_the_process_goes(void **state)
{
	struct hall *h = *state;
	uint64_t other = seat(h, 1, 9)->id, first = 0;

	for (int i = 0; i < CLIENTS_PER_PROCESS; i++) {
		uint64_t id = seat(h, 1, 10)->id;

		first = first == 0 ? id : first;
	}
	assert_true(is_there(h, first));
	for (uint64_t i = 0; i < 3; i++) {
		assert_non_null(seat(h, 1, 10));
		assert_false(is_there(h, first + i));
		assert_true(is_there(h, first + i + 1));
	}
	/* Another process's are not its to give. */
	assert_true(is_there(h, other));
	assert_int_equal(h->server.clients, CLIENTS_PER_PROCESS + 1);
}

static void logins_stay(void **state)
{
	struct hall *h = *state;
	uint64_t id[CLIENTS_PER_PROCESS];

	for (int i = 0; i < CLIENTS_PER_PROCESS; i++) {
		struct client *c = seat(h, 1, 10);

		id[i] = c->id;
		/* All but the youngest are logged in, or have something under way. */
		if (i % 2 == 0)
			log_in(h, c);
		else if (i < CLIENTS_PER_PROCESS - 1)
			c->pending = 1;
	}
	assert_non_null(seat(h, 1, 10));
	for (int i = 0; i < CLIENTS_PER_PROCESS - 1; i++)
		assert_true(is_there(h, id[i]));
	assert_false(is_there(h, id[CLIENTS_PER_PROCESS - 1]));
	h->server.client[h->server.clients - 1]->pending = 1;
	/* Nobody is left who would lose nothing: then the newcomer waits. */
	assert_null(seat(h, 1, 10));
	assert_non_null(seat(h, 1, 11));
	assert_non_null(seat(h, 2, 10));
}

static void one_user_leaves_room_for_others(void **state)
{
	struct hall *h = *state;

	for (int i = 0; i < 2 * CLIENTS_PER_USER; i++)
		assert_non_null(seat(h, 1, 100 + i % 16));
	assert_int_equal(count(h, 1), CLIENTS_PER_USER);
	for (int i = 0; i < CLIENTS_PER_USER; i++)
		assert_non_null(seat(h, 2, 1000 + i));
	assert_int_equal(h->server.clients, CLIENTS_MAX);
	/* Two have all of it, logged in even: the third gets a place all the same. */
	for (size_t i = 0; i < h->server.clients; i++)
		log_in(h, h->server.client[i]);
	assert_non_null(seat(h, 3, 5000));
	assert_int_equal(h->server.clients, CLIENTS_MAX);
	assert_int_equal(count(h, 3), 1);
	assert_null(seat(h, 1, 5001));
	assert_null(seat(h, 2, 5002));
}

static void few_descriptors(void **state)
{
	struct hall *h = *state;

	h->server.most = 8;
	for (int i = 0; i < 20; i++)
		assert_non_null(seat(h, 1, 100 + i));
	assert_int_equal(h->server.clients, 8);
	assert_non_null(seat(h, 2, 7));
	assert_int_equal(count(h, 2), 1);
	places_spare(&h->server);
	assert_int_equal(h->server.clients, 7);
	assert_int_equal(count(h, 2), 1);
}

/* Many connections share what one may have; few have as much as ever. */
static void shares(void **state)
{
	struct hall *h = *state;
	struct client *alone = seat(h, 2, 7);

	for (int i = 0; i < 256; i++)
		assert_non_null(seat(h, 1, 100 + i));
	places_share(&h->server);
	assert_int_equal(alone->share, IPC_PENDING_MAX);
	assert_int_equal(h->server.client[1]->share, SHARE_PER_USER / 256);
	for (int i = 256; i < CLIENTS_PER_USER; i++)
		assert_non_null(seat(h, 1, 100 + i));
	places_share(&h->server);
	assert_int_equal(h->server.client[1]->share, SHARE_LEAST);
	/* Large frames: some of one process, some more of one user, and room for others. */
	for (size_t i = 1; i < h->server.clients; i++) {
		h->server.client[i]->peer.pid = 100 + (pid_t)(i % 4);
		h->server.client[i]->held = (int64_t)i;
	}
	alone->held = INT64_MAX; /* it came last */
	places_large(&h->server);
	assert_int_equal(alone->large, 1);
	assert_int_equal(alone->held, 0);
	/* In the order of their coming, which is that of the processes in turn. */
	for (size_t i = 1; i < h->server.clients; i++)
		assert_int_equal(h->server.client[i]->large, i <= LARGE_PER_USER);
	h->server.client[1]->large = 0;
	places_large(&h->server);
	assert_int_equal(h->server.client[LARGE_PER_USER + 1]->large, 1);
}

/* ---- over sockets ---- */

static int connect_raw(const struct served *s)
{
	const struct wire_request hello = {.type = IPC_HELLO};
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	struct buf frame = BUF_INIT(100);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)strcpy(at.sun_path, s->path);
	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
	ok(wire_put_request(&frame, &hello));
	assert_int_equal(
	    send(fd, buf_view(&frame).p, buf_len(&frame), MSG_NOSIGNAL), buf_len(&frame));
	buf_free(&frame);
	return fd;
}

static void answer(int fd, struct wire_answer *w)
{
	struct buf body = BUF_INIT(IPC_FRAME_MAX);

	assert_true(link_read(fd, NULL, &body));
	ok(wire_get_answer(buf_view(&body), w));
	w->field = rd_of(NULL, 0);
	buf_free(&body);
}

#define MANY (2 * CLIENTS_PER_PROCESS)

/* A client of ours that was sent away asks again by itself, and notices nothing; one that is logged
 * in is not sent away. Who was there is told why. */
static void comes_again(void **state)
{
	struct served *s = *state;
	const struct tokens_config cfg = {.daemon = DAEMON_ALWAYS, .daemon_socket = s->path};
	struct token_at reader = {0}, signer = {0};
	struct token_info info;
	struct token_slot slot[2];
	struct wire_answer w;
	int fd[MANY];
	size_t n;

	ok(tokens_open(&cfg, &reader.tokens));
	ok(tokens_open(&cfg, &signer.tokens));
	ok(tokens_slots(reader.tokens, true, slot, 2, &n));
	reader.generation = slot[0].generation;
	ok(login(&signer));
	ok(sign(&signer, 0x9A));
	for (int i = 0; i < MANY; i++) {
		fd[i] = connect_raw(s);
		answer(fd[i], &w);
		assert_int_equal(w.type, IPC_HELLO);
	}
	answer(fd[0], &w);
	assert_int_equal(w.type, IPC_BYE);
	assert_int_equal(w.rc, ECERT_E_FULL);
	assert_int_equal(w.id, 0);
	ok(sign(&signer, 0x9A));
	/* Of the same card still: nothing of it has changed. */
	ok(token_info(&reader, &info));
	assert_int_equal(info.generation, reader.generation);
	for (int i = 0; i < MANY; i++)
		(void)close(fd[i]);
	tokens_close(&reader.tokens);
	tokens_close(&signer.tokens);
}

/* All places are taken by logins: that is said, and it is not "no service". */
static void full_is_said(void **state)
{
	struct served *s = *state;
	const struct tokens_config cfg = {.daemon = DAEMON_AUTO, .daemon_socket = s->path};
	struct token_at at[CLIENTS_PER_PROCESS];
	struct tokens *t;

	for (int i = 0; i < CLIENTS_PER_PROCESS; i++) {
		at[i] = (struct token_at){0};
		ok(tokens_open(&cfg, &at[i].tokens));
		ok(login(&at[i]));
	}
	assert_int_equal(tokens_open(&cfg, &t), ECERT_E_FULL);
	tokens_close(&at[0].tokens);
	ok(tokens_open(&cfg, &at[0].tokens));
	for (int i = 0; i < CLIENTS_PER_PROCESS; i++)
		tokens_close(&at[i].tokens);
}

static unsigned processor_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (unsigned)t.tv_sec * 1000 + (unsigned)(t.tv_nsec / 1000000);
}

/* A large frame that never comes holds nobody up, and costs its own connection only; a client that
 * reads none of its answers is asked no more of. */
static void half_frames_and_no_readers(void **state)
{
	static const uint8_t head[] = {0, 0, 0x80, 0, IPC_VERSION, IPC_DATA_PUT};
	static uint8_t big[FRAME_SMALL];
	struct served *s = *state;
	const struct tokens_config cfg = {.daemon = DAEMON_ALWAYS, .daemon_socket = s->path};
	const struct wire_request user = {.type = IPC_USER};
	struct token_at at = {0};
	struct buf frame = BUF_INIT(100);
	struct wire_answer w;
	int half[LARGE_PER_PROCESS], deaf = connect_raw(s);
	unsigned before;
	size_t sent = 0;

	for (int i = 0; i < LARGE_PER_PROCESS; i++) {
		half[i] = connect_raw(s);
		answer(half[i], &w);
		assert_int_equal(send(half[i], head, sizeof head, MSG_NOSIGNAL), sizeof head);
	}
	ok(wire_put_request(&frame, &user));
	(void)fcntl(deaf, F_SETFL, O_NONBLOCK);
	for (int idle = 0; idle < 50;) {
		ssize_t n = send(deaf, buf_view(&frame).p, buf_len(&frame), MSG_NOSIGNAL);

		sent += n > 0 ? (size_t)n : 0;
		idle = n < 0 ? idle + 1 : 0;
		if (n < 0)
			(void)usleep(10000);
	}
	/* The kernel's buffers and little more: it is not read on and on. */
	assert_in_range(sent, 1, 1 << 20);
	ok(tokens_open(&cfg, &at.tokens));
	ok(login(&at));
	ok(sign(&at, 0x9A));
	/* A large one of the same process waits for room, and gets it. */
	before = processor_ms();
	assert_int_equal(token_data_put(&at, 0x5FC109, rd_of(big, sizeof big)), ECERT_E_AUTH);
	assert_in_range(processor_ms() - before, 0, FRAME_MS / 2);
	for (int i = 0; i < LARGE_PER_PROCESS; i++) {
		uint8_t byte;

		assert_true(recv(half[i], &byte, 1, 0) <= 0);
		(void)close(half[i]);
	}
	buf_free(&frame);
	(void)close(deaf);
	tokens_close(&at.tokens);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(oldest_of_the_process_goes, open_hall, close_hall),
	    cmocka_unit_test_setup_teardown(logins_stay, open_hall, close_hall),
	    cmocka_unit_test_setup_teardown(one_user_leaves_room_for_others, open_hall, close_hall),
	    cmocka_unit_test_setup_teardown(few_descriptors, open_hall, close_hall),
	    cmocka_unit_test_setup_teardown(shares, open_hall, close_hall),
	    cmocka_unit_test_setup_teardown(comes_again, served_setup, served_teardown),
	    cmocka_unit_test_setup_teardown(full_is_said, served_setup, served_teardown),
	    cmocka_unit_test_setup_teardown(
		half_frames_and_no_readers, served_setup, served_teardown),
	};

	return cmocka_run_group_tests_name("places", tests, NULL, NULL);
}
