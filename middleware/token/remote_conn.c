/* SPDX-License-Identifier: BSD-2-Clause */
/* The connection to ecertd: requests of many threads over one socket. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "token/clock.h"
#include "token/remote.h"
#include "util/log.h"

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

/* It is there and does nothing, stopped perhaps: nobody waits for it a second time so soon. */
static void silent(struct remote *r, struct link *l)
{
	log_error("%s: ecertd does not answer", r->path);
	r->silent_until = clock_ms() + REMOTE_ALIVE_MS;
	if (l != NULL)
		give_up(r, l);
}

/* So many requests wait that the daemon may have stopped to read, and rightly so. */
static bool is_full(const struct remote *r, const struct link *l)
{
	unsigned n = 0;

	for (const struct pending *p = r->waiting; p != NULL; p = p->next)
		n += p->link == l && !p->done;
	return n >= IPC_PENDING_MAX;
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

/* Reads one frame for whoever waits for it, if one comes until then (0: without limit). The lock is
 * held at entry and exit, not while reading. */
static void read_one(struct remote *r, struct link *l, int64_t until)
{
	struct pollfd fd = {.fd = l->fd, .events = POLLIN};
	struct buf body = BUF_INIT(IPC_FRAME_MAX);
	struct wire_answer w;
	int64_t left = until - clock_ms();
	int ready;
	bool good = false;

	r->reading = true;
	(void)pthread_mutex_unlock(&r->lock);
	ready = poll(&fd, 1, until == 0 ? -1 : left > 0 ? (int)left : 0);
	if (ready > 0)
		good = link_read(l->fd, &body) && wire_get_answer(buf_view(&body), &w) == ECERT_OK;
	(void)pthread_mutex_lock(&r->lock);
	r->reading = false;
	if (good) {
		l->heard = clock_ms();
		l->asked = 0;
		deliver(r, l, &w);
	} else if (ready > 0 || (ready < 0 && errno != EINTR)) {
		give_up(r, l);
	}
	(void)pthread_cond_broadcast(&r->changed);
	buf_free(&body);
}

/* ---- sending ---- */

/* Nobody sends after a frame that may have been cut off. */
static enum ecert_rc send_request(
    struct remote *r, struct link *l, const struct wire_request *q, int patience_ms)
{
	struct buf frame = BUF_INIT(IPC_FRAME_MAX + 4);
	enum ecert_rc rc = wire_put_request(&frame, q);

	if (rc == ECERT_OK) {
		(void)pthread_mutex_lock(&r->sending);
		rc = link_send(l->fd, buf_view(&frame), patience_ms);
		if (rc != ECERT_OK)
			(void)shutdown(l->fd, SHUT_RDWR);
		(void)pthread_mutex_unlock(&r->sending);
	}
	buf_free(&frame);
	return rc;
}

/* What the listener answers at once, whatever the cards do; nobody waits for the answer as such. */
static void ask_for_life(struct remote *r, struct link *l)
{
	const struct wire_request q = {.type = IPC_USER};
	enum ecert_rc rc;

	l->asked = clock_ms();
	(void)pthread_mutex_unlock(&r->lock);
	rc = send_request(r, l, &q, REMOTE_ALIVE_MS);
	(void)pthread_mutex_lock(&r->lock);
	if (rc != ECERT_OK && !l->broken)
		silent(r, l);
}

/* ---- waiting ---- */

/* While cards work the daemon has to show now and then that it is there. Returns when to look
 * again.
 */
static int64_t look_after(struct remote *r, const struct pending *p, int64_t now)
{
	struct link *l = p->link;
	int64_t due = (l->heard > p->sent ? l->heard : p->sent) + REMOTE_QUIET_MS;

	if (is_full(r, l))
		return p->deadline;
	if (l->asked == 0 && now >= due) {
		ask_for_life(r, l);
		now = clock_ms();
	}
	if (l->asked != 0)
		due = l->asked + REMOTE_ALIVE_MS;
	/* Much later than planned: it was us who did not run, and the answer may be there. */
	if (l->asked != 0 && now - due > REMOTE_QUIET_MS)
		due = (l->asked = now) + REMOTE_ALIVE_MS;
	if (l->asked != 0 && now >= due)
		silent(r, l);
	return due < p->deadline ? due : p->deadline;
}

static void await(struct remote *r, struct pending *p)
{
	while (!p->done) {
		int64_t now = clock_ms(), until = p->deadline;

		if (until != 0 && now >= until)
			break;
		if (p->watched)
			until = look_after(r, p, now);
		if (p->done)
			break;
		if (!r->reading) {
			read_one(r, p->link, until);
		} else if (until == 0) {
			(void)pthread_cond_wait(&r->changed, &r->lock);
		} else {
			struct timespec t = clock_timespec(until);

			(void)pthread_cond_timedwait(&r->changed, &r->lock, &t);
		}
	}
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

/* 0: without limit. */
static int64_t deadline_of(const struct wire_request *q)
{
	switch (q->type) {
	case IPC_HELLO:
		return clock_ms() + REMOTE_ALIVE_MS;
	case IPC_WAIT:
		return q->a == UINT32_MAX ? 0 : clock_ms() + q->a + REMOTE_ALIVE_MS;
	default:
		return clock_ms() + REMOTE_ANSWER_MS;
	}
}

/* With the lock held at entry and exit. */
static enum ecert_rc call_on(
    struct remote *r, struct link *l, struct wire_request *q, struct pending *p)
{
	int patience_ms = is_full(r, l) ? REMOTE_ANSWER_MS : REMOTE_ALIVE_MS;
	enum ecert_rc rc;

	q->id = p->id = ++r->next_id;
	p->link = l;
	p->sent = clock_ms();
	p->deadline = deadline_of(q);
	p->watched = q->type != IPC_HELLO && q->type != IPC_WAIT;
	p->next = r->waiting;
	r->waiting = p;
	(void)pthread_mutex_unlock(&r->lock);
	rc = send_request(r, l, q, patience_ms);
	(void)pthread_mutex_lock(&r->lock);
	if (rc == ECERT_E_TIMEOUT)
		silent(r, l);
	else if (rc == ECERT_E_NO_SERVICE)
		give_up(r, l);
	if (rc == ECERT_OK || rc == ECERT_E_NO_SERVICE || rc == ECERT_E_TIMEOUT) {
		await(r, p);
		/* The listener itself owed this answer. */
		if (!p->done && !p->watched)
			silent(r, l);
		rc = p->done ? p->rc : ECERT_E_TIMEOUT;
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
	l->greeted = true;
	(void)pthread_cond_broadcast(&r->changed);
	drop(l);
	buf_free(&p.field);
	return rc == ECERT_OK ? rc : ECERT_E_NO_SERVICE;
}

static enum ecert_rc connect_locked(struct remote *r)
{
	enum ecert_rc rc;
	int fd;

	/* Another thread is at it, and nothing goes before its greeting. */
	while (r->link != NULL && !r->link->greeted)
		(void)pthread_cond_wait(&r->changed, &r->lock);
	if (r->link != NULL)
		return ECERT_OK;
	if (clock_ms() < r->silent_until)
		return ECERT_E_NO_SERVICE;
	rc = link_open(r->path, &fd);
	if (rc == ECERT_E_TIMEOUT)
		silent(r, NULL);
	if (rc != ECERT_OK)
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
