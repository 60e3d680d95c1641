/* SPDX-License-Identifier: BSD-2-Clause */
/* A daemon that stands still, wherever it does so: one clear error, and no wait without an end. */
#include <signal.h>
#include <sys/wait.h>

#include "tests/unit/daemon/served.h"
#include "token/backend.h"
#include "token/remote/remote.h"

/* ---- a real one, stopped ---- */

struct stopped {
	pid_t pid;
	char path[64];
};

static int start(void **state)
{
	struct stopped *d = calloc(1, sizeof *d);
	char ready;
	int ends[2];

	assert_non_null(d);
	assert_int_equal(pipe(ends), 0);
	d->pid = fork();
	assert_true(d->pid >= 0);
	if (d->pid == 0) {
		void *s;

		if (served_setup(&s) != 0 || write(ends[1], "!", 1) != 1)
			_exit(1);
		for (;;)
			(void)pause();
	}
	(void)snprintf(d->path, sizeof d->path, "/tmp/ecert-hostile.%ld", (long)d->pid);
	assert_int_equal(read(ends[0], &ready, 1), 1);
	(void)close(ends[0]);
	(void)close(ends[1]);
	*state = d;
	return 0;
}

static int end(void **state)
{
	struct stopped *d = *state;

	(void)kill(d->pid, SIGKILL);
	(void)waitpid(d->pid, NULL, 0);
	(void)unlink(d->path);
	free(d);
	return 0;
}

static void stop(const struct stopped *d)
{
	int status;

	assert_int_equal(kill(d->pid, SIGSTOP), 0);
	assert_int_equal(waitpid(d->pid, &status, WUNTRACED), d->pid);
	assert_true(WIFSTOPPED(status));
}

struct call {
	struct token_at at;
	enum ecert_rc rc;
};

static void *sign_there(void *arg)
{
	struct call *c = arg;

	c->rc = sign(&c->at, 0x9A);
	return NULL;
}

#define THREADS 4

/* All that is in flight fails; so does what comes next; then the connection is made anew, with a
 * login of its own. */
static void in_the_middle(void **state)
{
	const struct stopped *d = *state;
	const struct tokens_config cfg = {.daemon = DAEMON_ALWAYS, .daemon_socket = d->path};
	struct token_at at = {0};
	pthread_t thread[THREADS];
	struct call call[THREADS];
	enum ecert_rc rc = ECERT_E_NO_SERVICE;

	ok(tokens_open(&cfg, &at.tokens));
	ok(login(&at));
	ok(sign(&at, 0x9A));
	stop(d);
	for (int i = 0; i < THREADS; i++) {
		call[i].at = at;
		assert_int_equal(pthread_create(&thread[i], NULL, sign_there, &call[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		(void)pthread_join(thread[i], NULL);
		assert_int_equal(call[i].rc, ECERT_E_NO_SERVICE);
	}
	assert_int_equal(sign(&at, 0x9A), ECERT_E_NO_SERVICE);
	assert_int_equal(kill(d->pid, SIGCONT), 0);
	for (int i = 0; i < 300 && rc == ECERT_E_NO_SERVICE; i++) {
		(void)usleep(100000);
		rc = sign(&at, 0x9A);
	}
	assert_int_equal(rc, ECERT_E_AUTH);
	ok(login(&at));
	ok(sign(&at, 0x9A));
	tokens_close(&at.tokens);
}

static void while_greeting(void **state)
{
	const struct stopped *d = *state;
	const struct tokens_config cfg = {.daemon = DAEMON_ALWAYS, .daemon_socket = d->path};
	struct tokens *t;

	stop(d);
	assert_int_equal(tokens_open(&cfg, &t), ECERT_E_NO_SERVICE);
	assert_null(t);
}

/* A program that waits for a token to be put in is told that there is none any more. */
static void while_waiting(void **state)
{
	const struct stopped *d = *state;
	const struct tokens_config cfg = {.daemon = DAEMON_ALWAYS, .daemon_socket = d->path};
	struct token_slot slot;
	struct tokens *t;
	unsigned id = 99;

	ok(tokens_open(&cfg, &t));
	stop(d);
	ok(tokens_wait(t, 100, &id));
	assert_int_equal(id, 0);
	ok(tokens_slot(t, 0, &slot));
	assert_false(slot.connected);
	tokens_close(&t);
}

#define OWN 16

/* The program closes all descriptors that it does not know, as daemons do, and opens its own: they
 * get nothing of what is meant for ecertd, and are not closed; the connection is made anew. */
static void descriptors_taken_away(void **state)
{
	const struct stopped *d = *state;
	const struct tokens_config cfg = {.daemon = DAEMON_ALWAYS, .daemon_socket = d->path};
	struct token_at at = {0};
	char bytes[256];
	int own[2], copy[OWN], tries;

	ok(tokens_open(&cfg, &at.tokens));
	ok(login(&at));
	ok(sign(&at, 0x9A));
	closefrom(3);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, own), 0);
	for (int i = 0; i < OWN; i++)
		copy[i] = dup(own[0]);
	/* That login went with the connection. */
	assert_int_not_equal(sign(&at, 0x9A), ECERT_OK);
	ok(login(&at));
	ok(sign(&at, 0x9A));
	assert_int_equal(token_login(&at, TOKEN_USER, text(SIM_PIN), 0, &tries), ECERT_E_EXISTS);
	assert_int_equal(recv(own[1], bytes, sizeof bytes, 0), -1);
	assert_int_equal(errno, EAGAIN);
	/* A second time, and then the end. */
	closefrom(3);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, own), 0);
	for (int i = 0; i < OWN; i++)
		copy[i] = dup(own[0]);
	tokens_close(&at.tokens);
	for (int i = 0; i < OWN; i++)
		assert_true(fcntl(copy[i], F_GETFD) >= 0);
	assert_int_equal(recv(own[1], bytes, sizeof bytes, 0), -1);
	assert_int_equal(errno, EAGAIN);
	closefrom(3);
}

/* ---- one that is made for it ---- */

enum fake { SLOW, HALF_AN_ANSWER, READS_NO_MORE };

struct pretend {
	enum fake how;
	int listen, fd;
	unsigned lives; /* asked for a sign of life */
	char path[64];
	pthread_t thread;
};

static void answer(const struct pretend *f, const struct wire_request *q, uint32_t a, size_t most)
{
	const struct wire_answer w = {.type = q->type, .id = q->id, .a = a};
	struct buf frame = BUF_INIT(100);
	struct rd v;

	ok(wire_put_answer(&frame, &w));
	v = buf_view(&frame);
	v.n = v.n < most ? v.n : most;
	assert_int_equal(send(f->fd, v.p, v.n, MSG_NOSIGNAL), v.n);
	buf_free(&frame);
}

static bool next_request(const struct pretend *f, struct buf *body, struct wire_request *q)
{
	buf_reset(body);
	return link_read(f->fd, NULL, body) && wire_get_request(buf_view(body), q) == ECERT_OK;
}

/* Answers the second request when it has shown life twice. */
static void be_slow(struct pretend *f, struct buf *body)
{
	struct wire_request q, first = {0};

	while (f->lives < 2 && next_request(f, body, &q)) {
		if (q.type == IPC_USER) {
			f->lives++;
			answer(f, &q, 0, SIZE_MAX);
		} else {
			first = q;
		}
	}
	answer(f, &first, 7, SIZE_MAX);
}

static void *pretend(void *arg)
{
	struct pretend *f = arg;
	struct buf body = BUF_INIT(IPC_FRAME_MAX);
	struct wire_request q;

	f->fd = accept(f->listen, NULL, NULL);
	if (f->fd < 0 || !next_request(f, &body, &q))
		return NULL;
	answer(f, &q, 1, SIZE_MAX);
	/* What every client asks first. */
	if (next_request(f, &body, &q))
		answer(f, &q, 0, SIZE_MAX);
	if (f->how == SLOW)
		be_slow(f, &body);
	if (f->how == HALF_AN_ANSWER && next_request(f, &body, &q))
		answer(f, &q, 0, 6);
	buf_free(&body);
	return f;
}

static struct remote *open_pretended(struct pretend *f)
{
	const struct tokens_config cfg = {.daemon_socket = f->path};
	const struct token_backend *ops;
	void *impl;

	(void)snprintf(f->path, sizeof f->path, "/tmp/ecert-silent.%ld", (long)getpid());
	f->listen = served_listen(f->path);
	(void)fcntl(f->listen, F_SETFL, 0);
	assert_int_equal(pthread_create(&f->thread, NULL, pretend, f), 0);
	ok(remote_open(&cfg, &ops, &impl));
	return impl;
}

static void close_pretended(struct pretend *f, struct remote *r)
{
	remote_disconnect(r, false);
	(void)pthread_join(f->thread, NULL);
	(void)close(f->fd);
	(void)close(f->listen);
	(void)unlink(f->path);
	(void)pthread_mutex_destroy(&r->lock);
	(void)pthread_mutex_destroy(&r->sending);
	(void)pthread_cond_destroy(&r->changed);
	free(r);
}

/* A card may take its time as long as the daemon shows that it is there. */
static void slow_card(void **state)
{
	struct pretend f = {.how = SLOW};
	struct remote *r = open_pretended(&f);
	struct wire_request q = {.type = IPC_LOGOUT};
	uint32_t a = 0;

	(void)state;
	ok(remote_call(r, &q, &a, NULL));
	assert_int_equal(a, 7);
	assert_int_equal(f.lives, 2);
	close_pretended(&f, r);
}

static void half_an_answer(void **state)
{
	struct pretend f = {.how = HALF_AN_ANSWER};
	struct remote *r = open_pretended(&f);
	struct wire_request q = {.type = IPC_LOGOUT};

	(void)state;
	assert_int_equal(remote_call(r, &q, NULL, NULL), ECERT_E_NO_SERVICE);
	close_pretended(&f, r);
}

struct sender {
	struct remote *r;
	enum ecert_rc rc;
};

static void *send_much(void *arg)
{
	static const uint8_t much[60000];
	struct sender *s = arg;
	struct wire_request q = {
	    .type = IPC_DATA_PUT, .a = 0x5FC109, .field = {{much, sizeof much}}};

	s->rc = remote_call(s->r, &q, NULL, NULL);
	return NULL;
}

#define SENDERS 8

/* The socket's buffer is full, and one after the other waits for its turn to send. */
static void reads_no_more(void **state)
{
	struct pretend f = {.how = READS_NO_MORE};
	struct remote *r = open_pretended(&f);
	struct sender sender[SENDERS];
	pthread_t thread[SENDERS];

	(void)state;
	for (int i = 0; i < SENDERS; i++) {
		sender[i].r = r;
		assert_int_equal(pthread_create(&thread[i], NULL, send_much, &sender[i]), 0);
	}
	for (int i = 0; i < SENDERS; i++) {
		(void)pthread_join(thread[i], NULL);
		assert_int_equal(sender[i].rc, ECERT_E_NO_SERVICE);
	}
	close_pretended(&f, r);
}

/* So many wait to be accepted that connecting itself would wait. */
static void never_accepts(void **state)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	struct tokens_config cfg = {.daemon = DAEMON_ALWAYS};
	struct tokens *t;
	char path[64];
	int waiting[40], n = 0, listener;

	(void)state;
	(void)snprintf(path, sizeof path, "/tmp/ecert-silent.%ld", (long)getpid());
	listener = served_listen(path);
	(void)strcpy(to.sun_path, path);
	do {
		assert_true(n < 40);
		waiting[n] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	} while (connect(waiting[n++], (struct sockaddr *)&to, sizeof to) == 0);
	assert_int_equal(errno, EAGAIN);
	cfg.daemon_socket = path;
	assert_int_equal(tokens_open(&cfg, &t), ECERT_E_NO_SERVICE);
	while (n > 0)
		(void)close(waiting[--n]);
	(void)close(listener);
	(void)unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(in_the_middle, start, end),
	    cmocka_unit_test_setup_teardown(while_greeting, start, end),
	    cmocka_unit_test_setup_teardown(while_waiting, start, end),
	    cmocka_unit_test_setup_teardown(descriptors_taken_away, start, end),
	    cmocka_unit_test(slow_card),
	    cmocka_unit_test(half_an_answer),
	    cmocka_unit_test(reads_no_more),
	    cmocka_unit_test(never_accepts),
	};

	return cmocka_run_group_tests_name("a daemon that stands still", tests, NULL, NULL);
}
