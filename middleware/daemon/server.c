/* SPDX-License-Identifier: BSD-2-Clause */
/* The listener's loop. */
#include "daemon/server.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/clock.h"
#include "util/log.h"

#define LOOK_AGAIN_MS 100
#define FIXED	      2 /* the listening socket and the wake-up come first */
/* A connection that waits is one whose program may become another: they are taken in at once. */
#define ACCEPTS_AT_ONCE 64

void server_drop(struct server *s, size_t i)
{
	struct client *c = s->client[i];

	workers_forget(s->daemon, &c->peer, c->put);
	client_free(&c);
	s->client[i] = s->client[--s->clients];
}

/* ---- who comes ---- */

/* Without a descriptor for it the caller stays in the row, and poll(2) would tell of it for ever.
 */
static bool out_of_descriptors(struct server *s)
{
	if (errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM)
		return false;
	/* Once, on standard error, where the system's record of the service has it. */
	if (!s->starved)
		(void)fprintf(stderr,
		    "ecertd: no descriptor for another connection (%s): it waits until there is "
		    "one\n",
		    strerror(errno));
	s->starved = true;
	places_spare(s);
	s->accept_after = clock_ms() + LOOK_AGAIN_MS;
	return true;
}

/* What the kernel keeps of answers that nobody reads is charged to us (unix(7), SO_SNDBUF). */
static void bound_kernel(int fd)
{
	const int bytes = OUT_KERNEL;

	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
}

static void admit(struct server *s, int fd)
{
	struct client *c = NULL;
	struct peer peer;

	bound_kernel(fd);
	if (peer_admit(s, fd, &peer)) {
		if (places_make(s, &peer))
			c = client_new(s, fd, &peer);
		else
			places_bye(fd);
	}
	if (!c) {
		(void)close(fd);
		return;
	}
	s->client[s->clients++] = c;
}

static void welcome(struct server *s)
{
	for (int i = 0; i < ACCEPTS_AT_ONCE; i++) {
		int fd = accept4(s->listen, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
			continue;
		if (fd < 0) {
			(void)out_of_descriptors(s);
			break;
		}
		s->starved = false;
		admit(s, fd);
	}
	places_share(s);
}

/* ---- the loop ---- */

static struct client *client_of(struct server *s, uint64_t id)
{
	for (size_t i = 0; i < s->clients; i++)
		if (s->client[i]->id == id)
			return s->client[i];
	return NULL;
}

/* Answers of the workers to their clients; those of clients that are gone are wiped. */
static void collect_replies(struct server *s)
{
	struct daemon *d = s->daemon;
	struct reply *r;

	(void)pthread_mutex_lock(&d->lock);
	r = d->replies;
	d->replies = d->replies_last = NULL;
	(void)pthread_mutex_unlock(&d->lock);
	while (r) {
		struct reply *next = r->next;
		struct client *c = client_of(s, r->client);

		if (c) {
			c->pending--;
			c->large -= r->large;
			client_queue(c, r);
		} else {
			buf_free(&r->frame);
			free(r);
		}
		r = next;
	}
}

static void drain_wake(struct server *s)
{
	uint64_t count;

	/* Nothing to read is as good: another turn had it. */
	if (read(s->daemon->wake, &count, sizeof count) < 0)
		return;
}

static int earlier(int a, int b)
{
	return a < 0 ? b : b < 0 || a < b ? a : b;
}

/* What each client is polled for, and when the loop has to look again anyway. */
static int prepare(struct server *s, struct pollfd *fds)
{
	int64_t pause = s->accept_after - clock_ms();
	int timeout = pause > 0 ? (int)pause : -1;

	fds[0] = (struct pollfd){.fd = pause > 0 ? -1 : s->listen, .events = POLLIN};
	fds[1] = (struct pollfd){.fd = s->daemon->wake, .events = POLLIN};
	for (size_t i = 0; i < s->clients; i++) {
		struct client *c = s->client[i];

		timeout = earlier(timeout, client_due(s, c));
	}
	collect_replies(s);
	places_large(s);
	for (size_t i = 0; i < s->clients; i++) {
		struct client *c = s->client[i];
		short events = client_may(c) ? POLLIN : 0;

		if (c->out)
			events |= POLLOUT;
		fds[FIXED + i] = (struct pollfd){.fd = c->fd, .events = events};
	}
	return timeout;
}

static bool serve_client(struct server *s, struct client *c, short events)
{
	/* With POLLHUP nobody is there to be answered; left open, poll(2) would tell of it for
	 * ever. */
	if ((events & (POLLERR | POLLNVAL | POLLHUP)) != 0 || client_late(c))
		return false;
	if ((events & POLLIN) != 0 && !client_read(s, c))
		return false;
	return client_write(c);
}

/* More than everybody's answers may take: whoever leaves the most of it unread goes. */
static void bound_answers(struct server *s)
{
	size_t most = 0, all = 0;

	for (size_t i = 0; i < s->clients; i++) {
		all += s->client[i]->out_bytes;
		if (s->client[i]->out_bytes > s->client[most]->out_bytes)
			most = i;
	}
	if (all > OUT_MAX)
		server_drop(s, most);
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

	peer_watch(s->listen);
	while (!atomic_load(&s->daemon->stopping)) {
		int idle = idle_left(s);
		int timeout = earlier(prepare(s, fds), idle);
		size_t n = s->clients;

		if (idle == 0)
			break;
		if (poll(fds, FIXED + n, timeout) < 0 && errno != EINTR)
			return ECERT_E_IO;
		if (fds[1].revents != 0)
			drain_wake(s);
		collect_replies(s);
		/* Downwards, because dropping one moves the last one to its place. */
		for (size_t i = n; i > 0; i--)
			if (!serve_client(s, s->client[i - 1], fds[FIXED + i - 1].revents))
				server_drop(s, i - 1);
		bound_answers(s);
		if (fds[0].revents != 0)
			welcome(s);
		else if (s->clients != n)
			places_share(s);
	}
	while (s->clients > 0)
		server_drop(s, s->clients - 1);
	return ECERT_OK;
}
