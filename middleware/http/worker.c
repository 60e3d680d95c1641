/* SPDX-License-Identifier: BSD-2-Clause */
/* The thread that answers what takes long, one request after the other, while the others go on. */
#include <stdint.h>
#include <unistd.h>

#include "http/server_priv.h"

static void *work(void *arg)
{
	struct worker *w = arg;
	const uint64_t one = 1;

	(void)pthread_mutex_lock(&w->lock);
	while (!w->stop) {
		struct conn *c = w->first;

		if (!c) {
			(void)pthread_cond_wait(&w->come, &w->lock);
			continue;
		}
		w->first = c->behind;
		w->n--;
		(void)pthread_mutex_unlock(&w->lock);
		conn_answer(c, w->service->slow_ctx);
		(void)pthread_mutex_lock(&w->lock);
		c->behind = w->done;
		w->done = c;
		(void)!write(w->wake, &one, sizeof one); /* full: it is awake */
	}
	(void)pthread_mutex_unlock(&w->lock);
	return NULL;
}

enum ecert_rc worker_start(struct worker *w)
{
	(void)pthread_mutex_init(&w->lock, NULL);
	(void)pthread_cond_init(&w->come, NULL);
	w->runs = pthread_create(&w->thread, NULL, work, w) == 0;
	return w->runs ? ECERT_OK : ECERT_E_MEMORY;
}

bool worker_add(struct worker *w, struct conn *c)
{
	bool room;

	(void)pthread_mutex_lock(&w->lock);
	room = w->n < w->most;
	if (room) {
		c->behind = NULL;
		if (w->first)
			w->last->behind = c;
		else
			w->first = c;
		w->last = c;
		w->n++;
		(void)pthread_cond_signal(&w->come);
	}
	(void)pthread_mutex_unlock(&w->lock);
	return room;
}

struct conn *worker_done(struct worker *w)
{
	struct conn *c;

	(void)pthread_mutex_lock(&w->lock);
	c = w->done;
	w->done = NULL;
	(void)pthread_mutex_unlock(&w->lock);
	return c;
}

void worker_stop(struct worker *w)
{
	if (!w->runs)
		return;
	(void)pthread_mutex_lock(&w->lock);
	w->stop = true;
	(void)pthread_cond_signal(&w->come);
	(void)pthread_mutex_unlock(&w->lock);
	(void)pthread_join(w->thread, NULL);
	(void)pthread_cond_destroy(&w->come);
	(void)pthread_mutex_destroy(&w->lock);
	w->runs = false;
}
