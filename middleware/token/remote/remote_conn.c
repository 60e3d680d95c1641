/* SPDX-License-Identifier: BSD-2-Clause */
/* The connection to ecertd: requests of many threads over one socket. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/clock.h"
#include "token/remote/remote.h"
#include "util/log.h"

/* ---- links; all with the lock held ---- */

struct link *link_take(struct remote *r)
{
	r->link->refs++;
	return r->link;
}

void link_drop(struct link *l)
{
	if (--l->refs > 0)
		return;
	fd_close(l->fd, &l->mark);
	free(l);
}

/* The number may be another's by now: closefrom(3) asks no library. */
static void hang_up(const struct link *l)
{
	if (fd_is(l->fd, &l->mark))
		(void)shutdown(l->fd, SHUT_RDWR);
}

void link_give_up(struct remote *r, struct link *l)
{
	if (l->broken)
		return;
	l->broken = true;
	hang_up(l);
	for (struct pending *p = r->waiting; p; p = p->next) {
		if (p->link == l && !p->done) {
			p->rc = l->dismissed ? ECERT_E_FULL : ECERT_E_NO_SERVICE;
			p->done = true;
		}
	}
	if (r->link == l) {
		r->link = NULL;
		link_drop(l);
	}
	(void)pthread_cond_broadcast(&r->changed);
}

void link_silent(struct remote *r, struct link *l)
{
	log_error("%s: ecertd does not answer", r->path);
	r->silent_until = clock_ms() + REMOTE_ALIVE_MS;
	if (l)
		link_give_up(r, l);
}

/* So many requests wait that the daemon may have stopped to read, and rightly so. */
static bool is_full(const struct remote *r, const struct link *l)
{
	unsigned n = 0;

	for (const struct pending *p = r->waiting; p; p = p->next)
		n += p->link == l && !p->done;
	return n >= IPC_PENDING_MAX;
}

/* ---- the reader's role ---- */

static void deliver(struct remote *r, struct link *l, const struct wire_answer *w)
{
	if (w->type == IPC_BYE) {
		l->dismissed = true;
		link_give_up(r, l);
		return;
	}
	for (struct pending *p = r->waiting; p; p = p->next) {
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
	int ready = 0;
	bool good = false, ours;

	r->reading = true;
	(void)pthread_mutex_unlock(&r->lock);
	ours = fd_is(l->fd, &l->mark);
	if (ours)
		ready = poll(&fd, 1, until == 0 ? -1 : left > 0 ? (int)left : 0);
	if (ready > 0)
		good = link_read(l->fd, &l->mark, &body) &&
		       wire_get_answer(buf_view(&body), &w) == ECERT_OK;
	(void)pthread_mutex_lock(&r->lock);
	r->reading = false;
	if (good) {
		l->heard = clock_ms();
		l->asked = 0;
		deliver(r, l, &w);
	} else if (!ours || ready > 0 || (ready < 0 && errno != EINTR)) {
		link_give_up(r, l);
	}
	(void)pthread_cond_broadcast(&r->changed);
	buf_free(&body);
}

/* ---- sending ---- */

enum ecert_rc link_request(
    struct remote *r, struct link *l, const struct wire_request *q, int patience_ms)
{
	struct buf frame = BUF_INIT(IPC_FRAME_MAX + 4);
	enum ecert_rc rc;

	if (wire_is_secret(q->type))
		buf_init_locked(&frame, IPC_FRAME_MAX + 4);
	rc = wire_put_request(&frame, q);
	if (rc == ECERT_OK) {
		(void)pthread_mutex_lock(&r->sending);
		rc = link_send(l->fd, &l->mark, buf_view(&frame), patience_ms);
		if (rc != ECERT_OK)
			hang_up(l);
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
	rc = link_request(r, l, &q, REMOTE_ALIVE_MS);
	(void)pthread_mutex_lock(&r->lock);
	if (rc != ECERT_OK && !l->broken)
		link_silent(r, l);
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
		link_silent(r, l);
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

static void forget_pending(struct remote *r, const struct pending *gone)
{
	struct pending **p = &r->waiting;

	while (*p && *p != gone)
		p = &(*p)->next;
	if (*p)
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
		return q->arg.wait.timeout_ms == UINT32_MAX
			   ? 0
			   : clock_ms() + q->arg.wait.timeout_ms + REMOTE_ALIVE_MS;
	default:
		return clock_ms() + REMOTE_ANSWER_MS;
	}
}

/* The daemon closed the connection: what it said before is still there to be read, why among it. */
static void read_the_rest(struct remote *r, struct link *l)
{
	while (!l->broken) {
		if (!r->reading)
			read_one(r, l, clock_ms() + REMOTE_ALIVE_MS);
		else
			(void)pthread_cond_wait(&r->changed, &r->lock);
	}
}

enum ecert_rc link_call(struct remote *r, struct link *l, struct wire_request *q, struct pending *p)
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
	rc = link_request(r, l, q, patience_ms);
	(void)pthread_mutex_lock(&r->lock);
	if (rc == ECERT_E_TIMEOUT)
		link_silent(r, l);
	else if (rc == ECERT_E_NO_SERVICE)
		read_the_rest(r, l);
	if (rc == ECERT_OK || rc == ECERT_E_NO_SERVICE || rc == ECERT_E_TIMEOUT) {
		await(r, p);
		/* The listener itself owed this answer. */
		if (!p->done && !p->watched)
			link_silent(r, l);
		rc = p->done ? p->rc : ECERT_E_TIMEOUT;
	}
	forget_pending(r, p);
	return rc;
}

void remote_disconnect(struct remote *r, bool forked)
{
	if (!r->link)
		return;
	/* The child only lets go: the parent goes on talking over the same socket. */
	if (forked) {
		fd_close(r->link->fd, &r->link->mark);
		free(r->link);
		r->link = NULL;
		return;
	}
	(void)pthread_mutex_lock(&r->lock);
	if (r->link)
		link_give_up(r, r->link);
	(void)pthread_mutex_unlock(&r->lock);
}

/* Once; with the lock held. */
static enum ecert_rc call_once(struct remote *r, const uint32_t *run, int64_t deadline,
    struct wire_request *q, struct pending *p)
{
	enum ecert_rc rc = remote_connect_locked(r, deadline);
	struct link *l;

	if (rc == ECERT_OK && run && *run != r->run)
		rc = ECERT_E_NO_SERVICE;
	if (rc != ECERT_OK)
		return rc;
	*p = (struct pending){.field = BUF_INIT(IPC_DATA_MAX)};
	l = link_take(r);
	rc = link_call(r, l, q, p);
	link_drop(l);
	return rc;
}

static enum ecert_rc call_in(
    struct remote *r, const uint32_t *run, struct wire_request *q, uint32_t *a, struct buf *field)
{
	int64_t deadline = clock_ms() + REMOTE_TURN_MS;
	struct pending p = {.field = BUF_INIT(IPC_DATA_MAX)};
	enum ecert_rc rc;

	(void)pthread_mutex_lock(&r->lock);
	/* Sent away before it was read, for another's sake: asked again, it loses nothing. */
	do {
		buf_free(&p.field);
		rc = call_once(r, run, deadline, q, &p);
	} while (rc == ECERT_E_FULL && clock_ms() < deadline);
	(void)pthread_mutex_unlock(&r->lock);
	if (a)
		*a = p.a;
	/* An answer that there was no memory for is not an empty one. */
	if (rc == ECERT_OK)
		rc = buf_rc(&p.field);
	if (rc == ECERT_OK && field) {
		buf_rd(field, buf_view(&p.field));
		rc = buf_rc(field);
	}
	buf_free(&p.field);
	return rc;
}

enum ecert_rc remote_call(struct remote *r, struct wire_request *q, uint32_t *a, struct buf *field)
{
	return call_in(r, NULL, q, a, field);
}

enum ecert_rc remote_call_in(
    struct remote *r, uint32_t run, struct wire_request *q, uint32_t *a, struct buf *field)
{
	return call_in(r, &run, q, a, field);
}
