/* SPDX-License-Identifier: BSD-2-Clause */
/* The token on a socket: a thread that serves one client after another. */
#include "tests/unit/transport/socket_token.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "tests/unit/transport/unit.h"
#include "transport/frame.h"

static struct reply reply_to(struct token *t, const uint8_t *message, size_t n)
{
	if (n > 1) {
		t->asked++;
		return t->apdu;
	}
	switch (message[0]) {
	case FRAME_ATR:
		return t->atr;
	case FRAME_BEGIN:
		t->begun++;
		return t->begin;
	case FRAME_END:
		t->ended++;
		return t->end;
	case FRAME_RESET:
		t->reset++;
		break;
	default:
		t->powered++;
		break;
	}
	return bytes(NULL, 0);
}

static bool read_all(struct token *t, int fd, uint8_t *to, size_t n)
{
	while (n > 0) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		ssize_t got = poll(&p, 1, 20) > 0 ? read(fd, to, n) : -2;

		if (t->stop || got == 0 || got == -1)
			return false;
		if (got > 0) {
			to += got;
			n -= (size_t)got;
		}
	}
	return true;
}

static void serve(struct token *t, int fd)
{
	static uint8_t message[65536];
	uint8_t head[2];
	struct reply r;
	size_t n;

	while (read_all(t, fd, head, 2)) {
		n = (size_t)head[0] << 8 | head[1];
		if (!read_all(t, fd, message, n))
			return;
		(void)pthread_mutex_lock(&t->lock);
		r = reply_to(t, message, n);
		(void)pthread_mutex_unlock(&t->lock);
		if (r.n > 0 && send(fd, r.bytes, r.n, MSG_NOSIGNAL) != (ssize_t)r.n)
			return;
		if (r.close)
			return;
	}
}

static void *token_main(void *arg)
{
	struct token *t = arg;

	while (!t->stop) {
		struct pollfd p = {.fd = t->fd, .events = POLLIN};
		int fd = poll(&p, 1, 20) > 0 ? accept(t->fd, NULL, NULL) : -1;

		if (fd < 0)
			continue;
		serve(t, fd);
		(void)close(fd);
	}
	return NULL;
}

void token_start(struct token *t)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};

	memcpy(at.sun_path, t->path, strlen(t->path) + 1);
	t->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(t->fd >= 0);
	assert_int_equal(bind(t->fd, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(listen(t->fd, 8), 0);
	t->stop = false;
	assert_int_equal(pthread_mutex_init(&t->lock, NULL), 0);
	assert_int_equal(pthread_create(&t->thread, NULL, token_main, t), 0);
}

void token_says(struct token *t, struct reply *which, struct reply what)
{
	(void)pthread_mutex_lock(&t->lock);
	*which = what;
	(void)pthread_mutex_unlock(&t->lock);
}

void token_stop(struct token *t)
{
	if (t->fd < 0)
		return;
	t->stop = true;
	assert_int_equal(pthread_join(t->thread, NULL), 0);
	(void)pthread_mutex_destroy(&t->lock);
	(void)close(t->fd);
	(void)unlink(t->path);
	t->fd = -1;
}
