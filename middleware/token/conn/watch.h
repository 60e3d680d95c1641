/* SPDX-License-Identifier: BSD-2-Clause */
/* Ends a card transaction that was kept for an operation which did not come. */
#ifndef ECERT_TOKEN_WATCH_H
#define ECERT_TOKEN_WATCH_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "ecert/rc.h"

/* It has one thread for all slots of one struct local, which is made when it is first needed. */
struct watch {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_t thread;
	bool running, stop, denied; /* denied: the host allows no thread */
	int64_t next;		    /* the time of the next look, by clock_ms; 0: there is none */
	/* It looks, without the lock, and returns the time of the next look; 0: there is none. */
	int64_t (*look)(void *arg);
	void *arg;
};

void watch_init(struct watch *w, int64_t (*look)(void *arg), void *arg);
/* Ends the thread. In a forked child it does not exist. */
void watch_fini(struct watch *w, bool forked);
/* Has it look at `when`, or earlier. Errors: ECERT_E_MEMORY (no thread may or could be made). */
enum ecert_rc watch_at(struct watch *w, int64_t when) MUST_CHECK;

#endif
