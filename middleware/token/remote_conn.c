/* SPDX-License-Identifier: BSD-2-Clause */
/* The connection to ecertd: requests of many threads over one socket. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "token/clock.h"
#include "token/remote.h"
#include "util/log.h"

/* The slowest thing a card does is making an RSA-4096 key; the daemon bounds everything below that.
 */
#define ANSWER_MS 300000

/* ---- links; all with the lock held ---- */

static struct link *take(struct remote *r)
{
	r->link->refs++;
	return r->link;
}

static void drop(struct link *l)
{
	if (--l->refs > 0)
		return;
	(void)close(l->fd);
	free(l);
}

/* Everything in flight on it failed, once and for all. */
static void give_up(struct remote *r, struct link *l)
{
	if (l->broken)
		return;
	l->broken = true;
	(void)shutdown(l->fd, SHUT_RDWR);
	for (struct pending *p = r->waiting; p != NULL; p = p->next) {
		if (p->link == l && !p->done) {
			p->rc = ECERT_E_NO_SERVICE;
			p->done = true;
		}
	}
	if (r->link == l) {
		r->link = NULL;
		drop(l);
	}
	(void)pthread_cond_broadcast(&r->changed);
}

static int open_socket(const char *path)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	struct ucred peer;
	socklen_t n = sizeof peer;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	memcpy(to.sun_path, path, strlen(path) + 1);
	if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0 ||
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) != 0) {
		(void)close(fd);
		return -1;
	}
	/* A PIN goes through here: only to ourselves, or to a service of the system. */
	if (peer.uid != getuid() && peer.uid != 0 && strcmp(path, IPC_SOCKET_SYSTEM) != 0) {
		log_error("%s: served by another user", path);
		(void)close(fd);
		return -1;
	}
	return fd;
}

/* ---- bytes ---- */

static bool send_all(int fd, struct rd bytes)
{
	while (bytes.n > 0) {
		ssize_t n = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes.p += n;
		bytes.n -= (size_t)n;
	}
	return true;
}

static bool read_all(int fd, uint8_t *to, size_t n)
{
	while (n > 0) {
		ssize_t got = recv(fd, to, n, MSG_WAITALL);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		to += got;
		n -= (size_t)got;
	}
	return true;
}

/* One frame's body; false ends the connection. */
static bool read_frame(int fd, struct buf *body)
{
	uint8_t head[4], *room;
	uint32_t n;

	if (!read_all(fd, head, sizeof head))
		return false;
	n = (uint32_t)head[0] << 24 | (uint32_t)head[1] << 16 | (uint32_t)head[2] << 8 | head[3];
	if (n == 0 || n > IPC_FRAME_MAX)
		return false;
	room = buf_room(body, n);
	return room != NULL && read_all(fd, room, n);
}

/* ---- the reader's role ---- */

static void deliver(struct remote *r, struct link *l, const struct wire_answer *w)
{
	for (struct pending *p = r->waiting; p != NULL; p = p->next) {
		if (p->link != l || p->id != w->id || p->done)
			continue;
		p->rc = w->rc;
		p->a = w->a;
		buf_rd(&p->field, w->field);
		p->done = true;
	}
}

/* Reads one frame for whoever waits for it; true unless the deadline passed before anything came.
 * The lock is held at entry and exit, not while reading. */
static bool read_one(struct remote *r, struct link *l, int64_t deadline)
{
	struct pollfd fd = {.fd = l->fd, .events = POLLIN};
	struct buf body = BUF_INIT(IPC_FRAME_MAX);
	struct wire_answer w;
	int64_t left = deadline - clock_ms();
	int ready;
	bool good = false;

	r->reading = true;
	(void)pthread_mutex_unlock(&r->lock);
	ready = poll(&fd, 1, deadline == 0 ? -1 : left > 0 ? (int)left : 0);
	if (ready > 0)
		good = read_frame(l->fd, &body) && wire_get_answer(buf_view(&body), &w) == ECERT_OK;
	(void)pthread_mutex_lock(&r->lock);
	r->reading = false;
	if (good)
		deliver(r, l, &w);
	else if (ready > 0 || (ready < 0 && errno != EINTR))
		give_up(r, l);
	(void)pthread_cond_broadcast(&r->changed);
	buf_free(&body);
	return ready != 0;
}

/* deadline 0: without limit. */
static void await(struct remote *r, struct pending *p, int64_t deadline)
{
	while (!p->done) {
		if (!r->reading) {
			if (!read_one(r, p->link, deadline))
				break;
		} else if (deadline == 0) {
			(void)pthread_cond_wait(&r->changed, &r->lock);
		} else {
			struct timespec until = clock_timespec(deadline);

			if (pthread_cond_timedwait(&r->changed, &r->lock, &until) != 0)
				break;
		}
	}
	if (!p->done)
		p->rc = ECERT_E_TIMEOUT;
}

static void forget(struct remote *r, const struct pending *gone)
{
	struct pending **p = &r->waiting;

	while (*p != NULL && *p != gone)
		p = &(*p)->next;
	if (*p != NULL)
		*p = gone->next;
}

/* ---- a call ---- */

static enum ecert_rc send_request(struct remote *r, struct link *l, const struct wire_request *q)
{
	struct buf frame = BUF_INIT(IPC_FRAME_MAX + 4);
	enum ecert_rc rc = wire_put_request(&frame, q);

	if (rc == ECERT_OK) {
		(void)pthread_mutex_lock(&r->sending);
		if (!send_all(l->fd, buf_view(&frame)))
			rc = ECERT_E_NO_SERVICE;
		(void)pthread_mutex_unlock(&r->sending);
	}
	buf_free(&frame);
	return rc;
}

/* With the lock held at entry and exit. */
static enum ecert_rc call_on(
    struct remote *r, struct link *l, struct wire_request *q, struct pending *p)
{
	int64_t deadline = q->type == IPC_WAIT ? 0 : clock_ms() + ANSWER_MS;
	enum ecert_rc rc;

	q->id = p->id = ++r->next_id;
	p->link = l;
	p->next = r->waiting;
	r->waiting = p;
	(void)pthread_mutex_unlock(&r->lock);
	rc = send_request(r, l, q);
	(void)pthread_mutex_lock(&r->lock);
	if (rc == ECERT_E_NO_SERVICE)
		give_up(r, l);
	if (rc == ECERT_OK || rc == ECERT_E_NO_SERVICE) {
		await(r, p, deadline);
		rc = p->rc;
	}
	forget(r, p);
	return rc;
}

static enum ecert_rc greet(struct remote *r)
{
	struct wire_request hello = {.type = IPC_HELLO};
	struct pending p = {.field = BUF_INIT(16)};
	struct link *l = take(r);
	enum ecert_rc rc = call_on(r, l, &hello, &p);

	if (rc == ECERT_OK && p.a != r->run) {
		r->run = p.a;
		r->base += REMOTE_RUN_STRIDE;
	}
	/* The slots are asked for anew, even in the same run: ids are theirs to give. */
	for (size_t i = 0; i < r->slots; i++)
		r->slot[i].mapped = false;
	if (rc != ECERT_OK)
		give_up(r, l);
	drop(l);
	buf_free(&p.field);
	return rc == ECERT_OK ? rc : ECERT_E_NO_SERVICE;
}

static enum ecert_rc connect_locked(struct remote *r)
{
	int fd;

	if (r->link != NULL)
		return ECERT_OK;
	fd = open_socket(r->path);
	if (fd < 0)
		return ECERT_E_NO_SERVICE;
	r->link = calloc(1, sizeof *r->link);
	if (r->link == NULL) {
		(void)close(fd);
		return ECERT_E_MEMORY;
	}
	*r->link = (struct link){.fd = fd, .refs = 1};
	return greet(r);
}

enum ecert_rc remote_connect(struct remote *r)
{
	enum ecert_rc rc;

	(void)pthread_mutex_lock(&r->lock);
	rc = connect_locked(r);
	(void)pthread_mutex_unlock(&r->lock);
	return rc;
}

void remote_disconnect(struct remote *r, bool forked)
{
	if (r->link == NULL)
		return;
	/* The child only lets go: the parent goes on talking over the same socket. */
	if (forked) {
		(void)close(r->link->fd);
		free(r->link);
		r->link = NULL;
		return;
	}
	(void)pthread_mutex_lock(&r->lock);
	if (r->link != NULL)
		give_up(r, r->link);
	(void)pthread_mutex_unlock(&r->lock);
}

static enum ecert_rc call(
    struct remote *r, const uint32_t *run, struct wire_request *q, uint32_t *a, struct buf *field)
{
	struct pending p = {.field = BUF_INIT(IPC_DATA_MAX)};
	struct link *l;
	enum ecert_rc rc;

	(void)pthread_mutex_lock(&r->lock);
	rc = connect_locked(r);
	if (rc == ECERT_OK && run != NULL && *run != r->run)
		rc = ECERT_E_NO_SERVICE;
	if (rc == ECERT_OK) {
		l = take(r);
		rc = call_on(r, l, q, &p);
		drop(l);
	}
	(void)pthread_mutex_unlock(&r->lock);
	if (a != NULL)
		*a = p.a;
	/* An answer that there was no memory for is not an empty one. */
	if (rc == ECERT_OK)
		rc = buf_rc(&p.field);
	if (rc == ECERT_OK && field != NULL) {
		buf_rd(field, buf_view(&p.field));
		rc = buf_rc(field);
	}
	buf_free(&p.field);
	return rc;
}

enum ecert_rc remote_call(struct remote *r, struct wire_request *q, uint32_t *a, struct buf *field)
{
	return call(r, NULL, q, a, field);
}

enum ecert_rc remote_call_in(
    struct remote *r, uint32_t run, struct wire_request *q, uint32_t *a, struct buf *field)
{
	return call(r, &run, q, a, field);
}
