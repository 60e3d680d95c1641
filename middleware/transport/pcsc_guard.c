/* SPDX-License-Identifier: BSD-2-Clause */
/* PC/SC: the bound of a lone exchange. */
#include "transport/pcsc_priv.h"

#include "util/clock.h"

#define LONE_BOUND_MS                                                                              \
	3800 /* with the worker's period and pcsc-lite's own pause, under the seam's 5 s */

bool pcsc_guard_start(struct pcsc_channel *c)
{
	bool busy;

	if (!c->threaded)
		return true;
	atomic_store(&c->guard.since, clock_ms());
	/* Either this sees that the worker goes to sleep, or the worker sees the new exchange. */
	if (atomic_load(&c->guard.awake))
		return true;
	(void)pthread_mutex_lock(&c->lock);
	busy = c->job != JOB_NONE;
	if (!busy) {
		atomic_store(&c->guard.awake, true);
		(void)pthread_cond_broadcast(&c->changed);
	}
	(void)pthread_mutex_unlock(&c->lock);
	if (busy)
		atomic_store(&c->guard.since, 0);
	return !busy;
}

void pcsc_guard_stop(struct pcsc_channel *c)
{
	atomic_store(&c->guard.since, 0);
}

/*
 * An exchange that waits in pcsc-lite's loop for another program's transaction to end lets other
 * calls through, and SCardEndTransaction without a transaction of our own says SHARING_VIOLATION
 * then; the loop ends when it finds its context released. One that waits for the card itself keeps
 * the context's lock: SCardEndTransaction comes back after it, and there is nothing to cut.
 */
bool pcsc_guard_look(struct pcsc_channel *c)
{
	long long since = atomic_load(&c->guard.since);

	if (since == 0)
		return true;
	if (clock_ms() - since < LONE_BOUND_MS)
		return false;
	if (SCardEndTransaction(c->card, SCARD_LEAVE_CARD) == SCARD_E_SHARING_VIOLATION &&
	    atomic_load(&c->guard.since) == since) {
		atomic_store(&c->guard.cut, true);
		(void)SCardReleaseContext(c->context);
	}
	return false;
}
