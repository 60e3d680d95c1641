/* SPDX-License-Identifier: BSD-2-Clause */
/* The watchdog thread. */
#include "token/conn/watch.h"

#include <signal.h>
#include <string.h>

#include "util/clock.h"

void watch_init(struct watch *w, int64_t (*look)(void *arg), void *arg)
{
	memset(w, 0, sizeof *w);
	w->look = look;
	w->arg = arg;
	(void)pthread_mutex_init(&w->lock, NULL);
	(void)clock_cond_init(&w->changed);
}

static void look_now(struct watch *w)
{
	int64_t again;

	w->next = 0;
	(void)pthread_mutex_unlock(&w->lock);
	again = w->look(w->arg);
	(void)pthread_mutex_lock(&w->lock);
	if (again != 0 && (w->next == 0 || again < w->next))
		w->next = again;
}

static void *keep_looking(void *arg)
{
	struct watch *w = arg;

	(void)pthread_mutex_lock(&w->lock);
	while (!w->stop) {
		if (w->next == 0) {
			(void)pthread_cond_wait(&w->changed, &w->lock);
		} else if (w->next <= clock_ms()) {
			look_now(w);
		} else {
			struct timespec until = clock_timespec(w->next);

			(void)pthread_cond_timedwait(&w->changed, &w->lock, &until);
		}
	}
	(void)pthread_mutex_unlock(&w->lock);
	return NULL;
}

/* The host program's signals are not for this thread. */
static enum ecert_rc start_thread(struct watch *w)
{
	sigset_t all, before;
	int failed;

	if (w->denied)
		return ECERT_E_MEMORY;
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	failed = pthread_create(&w->thread, NULL, keep_looking, w);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	w->running = failed == 0;
	return failed == 0 ? ECERT_OK : ECERT_E_MEMORY;
}

enum ecert_rc watch_at(struct watch *w, int64_t when)
{
	enum ecert_rc rc = ECERT_OK;

	(void)pthread_mutex_lock(&w->lock);
	if (!w->running)
		rc = start_thread(w);
	if (rc == ECERT_OK && (w->next == 0 || when < w->next)) {
		w->next = when;
		(void)pthread_cond_signal(&w->changed);
	}
	(void)pthread_mutex_unlock(&w->lock);
	return rc;
}

void watch_fini(struct watch *w, bool forked)
{
	bool running;

	if (forked)
		return;
	(void)pthread_mutex_lock(&w->lock);
	w->stop = true;
	running = w->running;
	(void)pthread_cond_signal(&w->changed);
	(void)pthread_mutex_unlock(&w->lock);
	if (running)
		(void)pthread_join(w->thread, NULL);
	(void)pthread_cond_destroy(&w->changed);
	(void)pthread_mutex_destroy(&w->lock);
}
