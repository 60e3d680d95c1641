/* SPDX-License-Identifier: BSD-2-Clause */
/* A queue of files, and the threads that empty it. */
#include "publish/writers.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"

#define THREADS	  2
#define BYTES_MAX (4u << 20) /* that wait */

struct waiting {
	struct waiting *next;
	char name[FILES_NAME];
	size_t n;
	uint8_t bytes[];
};

struct writers {
	pthread_t threads[THREADS];
	size_t n; /* of them */
	int dir;
	writers_put_fn *put;
	/* The lock's from here on. */
	pthread_mutex_t lock;
	pthread_cond_t come, gone;
	struct waiting *first, **end;
	size_t bytes, under_way, idle; /* idle: threads that wait for something to do */
	bool held;		       /* who draws waits for them */
	bool stop;
	struct writers_done done;
};

static void failed(struct writers *w, const char *name, int error)
{
	if (w->done.error)
		return;
	w->done.error = error ? error : EIO;
	text_copy(w->done.failed, sizeof w->done.failed, name);
}

/* The lock is held, but while a file is put. */
static void put_one(struct writers *w, struct waiting *f)
{
	bool good, written = false;
	int error;

	w->under_way++;
	(void)pthread_mutex_unlock(&w->lock);
	good = w->put(w->dir, f->name, rd_of(f->bytes, f->n), &written);
	error = errno;
	(void)pthread_mutex_lock(&w->lock);
	w->under_way--;
	w->bytes -= f->n;
	if (!good)
		failed(w, f->name, error);
	else if (written)
		w->done.written++;
	else
		w->done.same++;
	if (w->held)
		(void)pthread_cond_signal(&w->gone);
}

/* Until something has been put. */
static void hold(struct writers *w)
{
	w->held = true;
	(void)pthread_cond_wait(&w->gone, &w->lock);
	w->held = false;
}

static void *work(void *arg)
{
	struct writers *w = arg;

	(void)pthread_mutex_lock(&w->lock);
	while (!w->stop) {
		struct waiting *f = w->first;

		if (!f) {
			w->idle++;
			(void)pthread_cond_wait(&w->come, &w->lock);
			w->idle--;
			continue;
		}
		w->first = f->next;
		if (!w->first)
			w->end = &w->first;
		put_one(w, f);
		free(f);
	}
	(void)pthread_mutex_unlock(&w->lock);
	return NULL;
}

struct writers *writers_start(int dir, writers_put_fn *put)
{
	struct writers *w = calloc(1, sizeof *w);
	sigset_t all, before;

	if (!w)
		return NULL;
	w->dir = dir;
	w->put = put;
	w->end = &w->first;
	(void)pthread_mutex_init(&w->lock, NULL);
	(void)pthread_cond_init(&w->come, NULL);
	(void)pthread_cond_init(&w->gone, NULL);
	/* Signals are for who draws. */
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_BLOCK, &all, &before);
	while (w->n < THREADS && !pthread_create(&w->threads[w->n], NULL, work, w))
		w->n++;
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!w->n)
		writers_stop(&w);
	return w;
}

bool writers_add(struct writers *w, const char *name, struct rd bytes)
{
	struct waiting *f = malloc(sizeof *f + bytes.n);
	bool good;

	if (!f) {
		errno = ENOMEM;
		return false;
	}
	f->next = NULL;
	text_copy(f->name, sizeof f->name, name);
	f->n = bytes.n;
	if (bytes.n)
		memcpy(f->bytes, bytes.p, bytes.n);
	(void)pthread_mutex_lock(&w->lock);
	/* One that is larger than all that may wait waits alone. */
	while (!w->done.error && w->bytes && w->bytes + f->n > BYTES_MAX)
		hold(w);
	good = !w->done.error;
	if (good) {
		*w->end = f;
		w->end = &f->next;
		w->bytes += f->n;
		if (w->idle)
			(void)pthread_cond_signal(&w->come);
	}
	(void)pthread_mutex_unlock(&w->lock);
	if (!good)
		free(f);
	return good;
}

void writers_settle(struct writers *w, struct writers_done *done)
{
	(void)pthread_mutex_lock(&w->lock);
	while (w->under_way || (w->first && !w->done.error))
		hold(w);
	*done = w->done;
	w->done.written = w->done.same = 0;
	(void)pthread_mutex_unlock(&w->lock);
}

void writers_stop(struct writers **wp)
{
	struct writers *w = *wp;

	if (!w)
		return;
	*wp = NULL;
	(void)pthread_mutex_lock(&w->lock);
	w->stop = true;
	(void)pthread_cond_broadcast(&w->come);
	(void)pthread_mutex_unlock(&w->lock);
	while (w->n)
		(void)pthread_join(w->threads[--w->n], NULL);
	while (w->first) {
		struct waiting *f = w->first;

		w->first = f->next;
		free(f);
	}
	(void)pthread_cond_destroy(&w->gone);
	(void)pthread_cond_destroy(&w->come);
	(void)pthread_mutex_destroy(&w->lock);
	free(w);
}
