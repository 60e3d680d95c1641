/* SPDX-License-Identifier: BSD-2-Clause */
/* One thread for each reader, which serves clients in turns. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/daemon.h"
#include "util/clock.h"
#include "util/log.h"

/* pcscd makes a program that found the card taken sleep 100 ms before it looks again, and most
 * programs take and leave it several times for one signature: under load the card is left alone for
 * two such looks now and then, so that foreign programs get all of their turn in one gap, and
 * within two seconds even if it takes two.
 */
#define BUSY_MS 650
#define GAP_MS	215

static void wait_until(struct worker *w, int64_t when)
{
	struct timespec until = clock_timespec(when);

	if (when == 0)
		(void)pthread_cond_wait(&w->changed, &w->lock);
	else
		(void)pthread_cond_timedwait(&w->changed, &w->lock, &until);
}

/* Without memory for its place in the queue it is answered now: nobody else would. */
static void put_back(struct worker *w, struct job *j)
{
	enum ecert_rc rc = queue_put(&w->queue, j);

	if (rc == ECERT_OK)
		return;
	reply_send(w->daemon, j, rc, 0, rd_of(NULL, 0));
	job_free(&j);
}

/* Puts what is due back into the queue; returns when the next one is, 0 = none. With the worker's
 * lock held, for the queue. */
static int64_t revive(struct worker *w)
{
	int64_t now = clock_ms(), next = 0;
	struct job **at = &w->deferred;

	while (*at) {
		struct job *j = *at;

		if (j->due > now) {
			if (next == 0 || j->due < next)
				next = j->due;
			at = &j->next;
			continue;
		}
		*at = j->next;
		put_back(w, j);
	}
	return next;
}

/* Nothing of a client that has gone is carried out, also not what was put off and has come back. */
static void drop_rest(struct worker *w, uint64_t client, struct job **turn)
{
	while (*turn) {
		struct job *j = *turn;

		*turn = j->next;
		job_free(&j);
	}
	(void)pthread_mutex_lock(&w->lock);
	queue_drop(&w->queue, client);
	(void)pthread_mutex_unlock(&w->lock);
}

/* Others wait, and the turn has had its time: what is left of it is for the next one. */
static void end_turn(struct worker *w, int64_t began, struct job **turn)
{
	if (!*turn || clock_ms() - began < TURN_MS)
		return;
	(void)pthread_mutex_lock(&w->lock);
	if (queue_others(&w->queue, (*turn)->peer.client) &&
	    queue_return(&w->queue, *turn) == ECERT_OK)
		*turn = NULL;
	(void)pthread_mutex_unlock(&w->lock);
}

/* Unlocks while it works. All jobs of a turn are one client's. */
static void run_turn(struct worker *w, struct job *turn)
{
	int64_t began = clock_ms();

	(void)pthread_mutex_unlock(&w->lock);
	while (turn) {
		struct job *j = turn;

		turn = j->next;
		if (j->goodbye)
			drop_rest(w, j->peer.client, &turn);
		if (handle_job(w, j)) {
			job_free(&j);
		} else {
			j->next = w->deferred;
			w->deferred = j;
		}
		end_turn(w, began, &turn);
	}
	(void)pthread_mutex_lock(&w->lock);
}

static void close_unlocked(struct worker *w)
{
	(void)pthread_mutex_unlock(&w->lock);
	window_close(w);
	(void)pthread_mutex_lock(&w->lock);
}

/* Whether a client waits already or comes back at once is the same to foreign programs. */
static void leave_gap(struct worker *w, int64_t opened)
{
	int64_t now = clock_ms(), end = now + GAP_MS;

	if (w->busy_since == 0 || opened - w->left >= GAP_MS)
		w->busy_since = opened;
	w->left = now;
	if (now - w->busy_since < BUSY_MS)
		return;
	while (!w->stop && clock_ms() < end)
		wait_until(w, end);
	w->busy_since = 0;
}

/* The open window's client goes on while nobody else waits; else it is the next one's turn. */
static struct job *next_turn(struct worker *w)
{
	struct window *win = &w->window;
	bool others = queue_others(&w->queue, win->client);
	struct job *turn = NULL;

	if (win->held && (!others || win->once != 0) && clock_ms() < window_deadline(w, others) + 1)
		turn = queue_turn(&w->queue, win->client, others ? 1 : TURN_JOBS);
	return turn;
}

static void serve_turn(struct worker *w)
{
	int64_t due = revive(w), when;
	struct job *turn = next_turn(w);

	if (turn) {
		run_turn(w, turn);
		return;
	}
	when = window_deadline(w, !queue_empty(&w->queue));
	if (when != 0 && when > clock_ms()) {
		wait_until(w, when);
		return;
	}
	if (when != 0) {
		int64_t opened = w->window.opened;

		close_unlocked(w);
		leave_gap(w, opened);
	}
	turn = queue_turn(&w->queue, 0, TURN_JOBS);
	if (turn) {
		run_turn(w, turn);
	} else if (!w->window.held && queue_empty(&w->queue) && !w->stop) {
		wait_until(w, due);
	}
}

static void *worker_thread(void *arg)
{
	struct worker *w = arg;

	(void)pthread_mutex_lock(&w->lock);
	while (!w->stop)
		serve_turn(w);
	close_unlocked(w);
	(void)pthread_mutex_unlock(&w->lock);
	return NULL;
}

/* With the lock held. Threads are made when their reader is first used. */
static enum ecert_rc worker_start(struct worker *w)
{
	pthread_attr_t attr;
	int failed;

	if (w->started)
		return ECERT_OK;
	(void)pthread_attr_init(&attr);
	(void)pthread_attr_setstacksize(&attr, 512u << 10);
	failed = pthread_create(&w->thread, &attr, worker_thread, w);
	(void)pthread_attr_destroy(&attr);
	w->started = failed == 0;
	return failed == 0 ? ECERT_OK : ECERT_E_MEMORY;
}

size_t worker_of(struct daemon *d, const struct wire_request *q)
{
	bool there;

	/* No thread is made for a reader that there is not. */
	(void)pthread_mutex_lock(&d->lock);
	there = q->type != IPC_SLOTS && q->slot < d->slots;
	(void)pthread_mutex_unlock(&d->lock);
	return there ? q->slot : GENERAL_WORKER;
}

enum ecert_rc worker_put(struct daemon *d, size_t worker, struct job *j)
{
	struct worker *w = &d->worker[worker];
	enum ecert_rc rc;

	(void)pthread_mutex_lock(&w->lock);
	rc = worker_start(w);
	if (rc == ECERT_OK)
		rc = queue_put(&w->queue, j);
	(void)pthread_cond_signal(&w->changed);
	(void)pthread_mutex_unlock(&w->lock);
	return rc;
}

static void worker_forget(struct worker *w, const struct peer *peer, uint64_t put)
{
	struct job *bye = NULL;

	(void)pthread_mutex_lock(&w->lock);
	/* What was still in the queue has left no trace: who comes and goes a thousand times a
	 * second leaves nothing behind at a reader that is busy. */
	if (queue_drop(&w->queue, peer->client) < put)
		bye = calloc(1, sizeof *bye);
	if (bye) {
		bye->peer = *peer;
		bye->goodbye = true;
		buf_init(&bye->body, 1);
		if (queue_put(&w->queue, bye) == ECERT_OK)
			bye = NULL;
		(void)pthread_cond_signal(&w->changed);
	}
	(void)pthread_mutex_unlock(&w->lock);
	free(bye);
}

void workers_forget(struct daemon *d, const struct peer *peer, const uint64_t put[WORKERS])
{
	for (size_t i = 0; i < WORKERS; i++)
		if (put[i] > 0)
			worker_forget(&d->worker[i], peer, put[i]);
}

bool workers_know(struct daemon *d, uint64_t client)
{
	for (size_t i = 0; i < GENERAL_WORKER; i++)
		if (pins_has(&d->worker[i].pins, client))
			return true;
	return false;
}

bool workers_idle(struct daemon *d)
{
	bool idle = true;

	for (size_t i = 0; i <= GENERAL_WORKER; i++) {
		struct worker *w = &d->worker[i];

		(void)pthread_mutex_lock(&w->lock);
		idle &= queue_empty(&w->queue);
		(void)pthread_mutex_unlock(&w->lock);
	}
	return idle;
}

enum ecert_rc workers_start(struct daemon *d)
{
	for (size_t i = 0; i <= GENERAL_WORKER; i++) {
		struct worker *w = &d->worker[i];

		memset(w, 0, sizeof *w);
		w->daemon = d;
		w->slot = (unsigned)i;
		(void)pthread_mutex_init(&w->lock, NULL);
		pins_init(&w->pins);
		if (clock_cond_init(&w->changed) != 0)
			return ECERT_E_MEMORY;
	}
	return ECERT_OK;
}

void workers_stop(struct daemon *d)
{
	for (size_t i = 0; i <= GENERAL_WORKER; i++) {
		struct worker *w = &d->worker[i];

		(void)pthread_mutex_lock(&w->lock);
		w->stop = true;
		(void)pthread_cond_signal(&w->changed);
		(void)pthread_mutex_unlock(&w->lock);
	}
	for (size_t i = 0; i <= GENERAL_WORKER; i++) {
		struct worker *w = &d->worker[i];
		struct job *j;

		if (w->started)
			(void)pthread_join(w->thread, NULL);
		while ((j = queue_turn(&w->queue, 0, 1)))
			job_free(&j);
		while ((j = w->deferred)) {
			w->deferred = j->next;
			job_free(&j);
		}
		pins_clear(&w->pins);
	}
}
