/* SPDX-License-Identifier: BSD-2-Clause */
/* PC/SC: a channel's worker thread, which waits in pcscd so that the caller need not. */
#include "transport/pcsc_priv.h"

#include <signal.h>
#include <stdlib.h>

#include "util/clock.h"

#define WATCH_PERIOD_MS 500

static atomic_bool threads_denied;

void readers_use_threads(bool allowed)
{
	atomic_store(&threads_denied, !allowed);
}

void pcsc_channel_free(struct pcsc_channel *c)
{
	free(c);
}

static void destroy(struct pcsc_channel *c)
{
	(void)pthread_cond_destroy(&c->changed);
	(void)pthread_mutex_destroy(&c->lock);
	pcsc_channel_free(c);
}

static enum ecert_rc do_job(struct pcsc_channel *c, enum pcsc_job job)
{
	switch (job) {
	case JOB_OPEN:
		return pcsc_connect(c);
	case JOB_BEGIN:
		return pcsc_begin(c);
	case JOB_CLOSE:
		pcsc_disconnect(c);
		return ECERT_OK;
	case JOB_NONE:
		break;
	}
	return ECERT_E_INTERNAL;
}

/* A transaction that came too late goes back at once: nobody is there to end it. */
static void give_back(struct pcsc_channel *c, enum pcsc_job job)
{
	if (job == JOB_BEGIN && c->begun)
		pcsc_end(c);
	if (job == JOB_BEGIN && c->result == ECERT_E_RESET)
		c->reset_seen = true;
}

/* One job, with the lock held at entry and exit. */
static void work_once(struct pcsc_channel *c)
{
	enum pcsc_job job = c->job;
	enum ecert_rc rc;

	atomic_store(
	    &c->guard.awake, false); /* a job and a lone exchange are not at the same time */
	(void)pthread_mutex_unlock(&c->lock);
	rc = do_job(c, job);
	(void)pthread_mutex_lock(&c->lock);
	c->result = rc;
	if (!c->wanted)
		give_back(c, job);
	c->job = JOB_NONE;
	(void)pthread_cond_broadcast(&c->changed);
}

/* Twice a second while lone exchanges come and go; asleep after a period without one. */
static void watch(struct pcsc_channel *c)
{
	struct timespec until = deadline_in(WATCH_PERIOD_MS);
	bool idle;

	if (pthread_cond_timedwait(&c->changed, &c->lock, &until) == 0)
		return;
	(void)pthread_mutex_unlock(&c->lock);
	idle = pcsc_guard_look(c);
	(void)pthread_mutex_lock(&c->lock);
	if (!idle)
		return;
	atomic_store(&c->guard.awake, false);
	if (atomic_load(&c->guard.since) != 0)
		atomic_store(&c->guard.awake, true);
}

static void wait_for_job(struct pcsc_channel *c)
{
	while (c->job == JOB_NONE && !c->abandoned) {
		if (atomic_load(&c->guard.awake))
			watch(c);
		else
			(void)pthread_cond_wait(&c->changed, &c->lock);
	}
}

static void *work(void *arg)
{
	struct pcsc_channel *c = arg;
	bool closed = false, mine;

	(void)pthread_mutex_lock(&c->lock);
	while (!closed && !c->abandoned) {
		wait_for_job(c);
		closed = c->job == JOB_CLOSE;
		if (c->job != JOB_NONE)
			work_once(c);
	}
	if (!closed) {
		(void)pthread_mutex_unlock(&c->lock);
		pcsc_disconnect(c);
		(void)pthread_mutex_lock(&c->lock);
	}
	c->worker_gone = true;
	mine = c->abandoned;
	(void)pthread_mutex_unlock(&c->lock);
	if (mine)
		destroy(c);
	return NULL;
}

static enum ecert_rc start_thread(struct pcsc_channel *c)
{
	sigset_t all, before;
	int failed;

	if (atomic_load(&threads_denied))
		return ECERT_OK;
	/* The host's signal handlers must not run on a thread that the host does not know. */
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	failed = pthread_create(&c->thread, NULL, work, c);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	c->threaded = failed == 0;
	return c->threaded ? ECERT_OK : ECERT_E_MEMORY;
}

static enum ecert_rc init_sync(struct pcsc_channel *c)
{
	if (pthread_mutex_init(&c->lock, NULL) != 0)
		return ECERT_E_MEMORY;
	if (clock_cond_init(&c->changed) == 0)
		return ECERT_OK;
	(void)pthread_mutex_destroy(&c->lock);
	return ECERT_E_MEMORY;
}

/*
 * Has the worker do a job and waits for it. A begin that timed out earlier may still be under way:
 * then its result is waited for and taken. Errors: the job's, ECERT_E_TIMEOUT.
 */
static enum ecert_rc have_done(struct pcsc_channel *c, enum pcsc_job job)
{
	struct timespec until = deadline_in(PCSC_BOUND_MS);
	enum ecert_rc rc = ECERT_OK;
	int failed = 0;

	if (!c->threaded) {
		rc = do_job(c, job);
		c->held = c->begun;
		return rc;
	}
	(void)pthread_mutex_lock(&c->lock);
	if (c->job == JOB_NONE) {
		c->job = job;
		(void)pthread_cond_broadcast(&c->changed);
	}
	c->wanted = true;
	while (c->job != JOB_NONE && failed == 0)
		failed = pthread_cond_timedwait(&c->changed, &c->lock, &until);
	c->wanted = false;
	rc = c->job == JOB_NONE ? c->result : ECERT_E_TIMEOUT;
	if (c->job == JOB_NONE)
		c->held = c->begun;
	(void)pthread_mutex_unlock(&c->lock);
	return rc;
}

/* The owner goes first: whichever of the two is the last one frees. */
static void abandon(struct pcsc_channel *c)
{
	bool mine;

	(void)pthread_detach(c->thread);
	(void)pthread_mutex_lock(&c->lock);
	c->abandoned = true;
	mine = c->worker_gone;
	(void)pthread_cond_broadcast(&c->changed);
	(void)pthread_mutex_unlock(&c->lock);
	if (mine)
		destroy(c);
}

enum ecert_rc pcsc_worker_open(struct pcsc_channel **c)
{
	enum ecert_rc rc = init_sync(*c);

	if (rc != ECERT_OK) {
		pcsc_channel_free(*c);
		*c = NULL;
		return rc;
	}
	rc = start_thread(*c);
	if (rc != ECERT_OK) {
		destroy(*c);
		*c = NULL;
		return rc;
	}
	rc = have_done(*c, JOB_OPEN);
	if (rc != ECERT_OK) {
		pcsc_worker_close(*c);
		*c = NULL;
	}
	return rc;
}

enum ecert_rc pcsc_worker_begin(struct pcsc_channel *c)
{
	return have_done(c, JOB_BEGIN);
}

/* Is a job that timed out still stuck in pcscd? */
static bool busy(struct pcsc_channel *c)
{
	bool is;

	(void)pthread_mutex_lock(&c->lock);
	is = c->job != JOB_NONE;
	(void)pthread_mutex_unlock(&c->lock);
	return is;
}

void pcsc_worker_close(struct pcsc_channel *c)
{
	if (c->threaded && (busy(c) || have_done(c, JOB_CLOSE) == ECERT_E_TIMEOUT)) {
		abandon(c);
		return;
	}
	if (c->threaded)
		(void)pthread_join(c->thread, NULL);
	else
		pcsc_disconnect(c);
	destroy(c);
}
