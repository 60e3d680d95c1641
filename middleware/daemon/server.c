/* SPDX-License-Identifier: BSD-2-Clause */
/* The listener's loop. */
#include "daemon/server.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "token/clock.h"
#include "util/log.h"

#define LOOK_AGAIN_MS 100
#define FIXED	      2 /* the listening socket and the wake-up come first */

static void drop(struct server *s, size_t i)
{
	struct client *c = s->client[i];

	workers_forget(s->daemon, c->id);
	client_free(&c);
	s->client[i] = s->client[--s->clients];
}

static void welcome(struct server *s)
{
	int fd = accept4(s->listen, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct client *c = NULL;
	struct peer peer;

	if (fd < 0)
		return;
	if (s->clients < CLIENTS_MAX && peer_admit(s, fd, &peer))
		c = client_new(s, fd, &peer);
	if (c == NULL) {
		(void)close(fd);
		return;
	}
	s->client[s->clients++] = c;
}

static struct client *find(struct server *s, uint64_t id)
{
	for (size_t i = 0; i < s->clients; i++)
		if (s->client[i]->id == id)
			return s->client[i];
	return NULL;
}

/* Answers of the workers to their clients; those of clients that are gone are wiped. */
static void collect(struct server *s)
{
	struct daemon *d = s->daemon;
	struct reply *r;

	(void)pthread_mutex_lock(&d->lock);
	r = d->replies;
	d->replies = d->replies_last = NULL;
	(void)pthread_mutex_unlock(&d->lock);
	while (r != NULL) {
		struct reply *next = r->next;
		struct client *c = find(s, r->client);

		if (c != NULL) {
			c->pending--;
			client_queue(c, r);
		} else {
			buf_free(&r->frame);
			free(r);
		}
		r = next;
	}
}

static void calm(struct server *s)
{
	uint64_t count;

	/* Nothing to read is as good: another turn had it. */
	if (read(s->daemon->wake, &count, sizeof count) < 0)
		return;
}

static int earliest(int a, int b)
{
	return a < 0 ? b : b < 0 || a < b ? a : b;
}

/* What each client is polled for, and when the loop has to look again anyway. */
static int prepare(struct server *s, struct pollfd *fds)
{
	int timeout = -1;

	fds[0] = (struct pollfd){.fd = s->clients < CLIENTS_MAX ? s->listen : -1, .events = POLLIN};
	fds[1] = (struct pollfd){.fd = s->daemon->wake, .events = POLLIN};
	for (size_t i = 0; i < s->clients; i++) {
		struct client *c = s->client[i];

		timeout = earliest(timeout, client_due(s, c));
	}
	collect(s);
	for (size_t i = 0; i < s->clients; i++) {
		struct client *c = s->client[i];
		short events = c->pending < IPC_PENDING_MAX ? POLLIN : 0;

		if (c->out != NULL)
			events |= POLLOUT;
		fds[FIXED + i] = (struct pollfd){.fd = c->fd, .events = events};
	}
	return timeout;
}

static bool serve(struct server *s, struct client *c, short events)
{
	if ((events & (POLLERR | POLLNVAL)) != 0)
		return false;
	if ((events & (POLLIN | POLLHUP)) != 0 && !client_read(s, c))
		return false;
	return client_write(c);
}

/* -1: not idle; else ms until it was idle long enough. */
static int idle_left(struct server *s)
{
	int64_t left;

	if (s->idle_ms == 0 || s->clients > 0) {
		s->idle_since = 0;
		return -1;
	}
	/* The last client's farewell is still under way: nobody else would wake us for it. */
	if (!workers_idle(s->daemon))
		return LOOK_AGAIN_MS;
	if (s->idle_since == 0)
		s->idle_since = clock_ms();
	left = s->idle_since + s->idle_ms - clock_ms();
	return left > 0 ? (int)left : 0;
}

enum ecert_rc server_run(struct server *s)
{
	struct pollfd fds[FIXED + CLIENTS_MAX];

	while (!atomic_load(&s->daemon->stopping)) {
		int idle = idle_left(s);
		int timeout = earliest(prepare(s, fds), idle);
		size_t n = s->clients;

		if (idle == 0)
			break;
		if (poll(fds, FIXED + n, timeout) < 0 && errno != EINTR)
			return ECERT_E_IO;
		if (fds[1].revents != 0)
			calm(s);
		collect(s);
		/* Downwards, because dropping one moves the last one to its place. */
		for (size_t i = n; i > 0; i--)
			if (!serve(s, s->client[i - 1], fds[FIXED + i - 1].revents))
				drop(s, i - 1);
		if (fds[0].revents != 0)
			welcome(s);
	}
	while (s->clients > 0)
		drop(s, s->clients - 1);
	return ECERT_OK;
}
