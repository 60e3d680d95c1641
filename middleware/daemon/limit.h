/* SPDX-License-Identifier: BSD-2-Clause */
/* Delays after wrong PINs, PUKs and management keys, before the card is asked for more. */
#ifndef ECERT_DAEMON_LIMIT_H
#define ECERT_DAEMON_LIMIT_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "ecert/rc.h"

#define LIMIT_TOKENS 64

/* What was wrong. PIN and PUK have the card's tries, which are everybody's, so that their delays
 * are the token's; of a management key any number may be tried, so that whoever tries wrong ones
 * delays no other connection. */
enum limit_kind { LIMIT_PIN, LIMIT_PUK, LIMIT_KEY };

struct limit {
	char serial[33];
	enum limit_kind kind;
	uint64_t client; /* of LIMIT_KEY */
	uint32_t failures;
	int64_t until; /* of clock_boot_ms */
};

struct limits {
	pthread_mutex_t lock;
	char path[256];			   /* "" = kept in memory only */
	struct limit token[LIMIT_TOKENS];  /* PINs and PUKs */
	struct limit client[LIMIT_TOKENS]; /* management keys; not kept over a restart */
	size_t tokens, clients;
};

/* Reads what an earlier run left in dir (NULL: nothing is kept). At most the whole delay is left of
 * one, even when the clock was set back since. Errors: ECERT_E_TOO_LARGE (the path). */
enum ecert_rc limits_open(struct limits *l, const char *dir) MUST_CHECK;
/* Seconds until it may be tried on this token, rounded up; 0: now. client counts for LIMIT_KEY
 * only. */
int64_t limits_left(struct limits *l, enum limit_kind kind, const char *serial, uint64_t client);
/* It was wrong: the next try has to wait 2 s, after the second time 30 s, from then on 5 minutes.
 * On disk when it returns, but for a management key. */
void limits_failed(struct limits *l, enum limit_kind kind, const char *serial, uint64_t client);
/* It was right: there is no delay any more. */
void limits_passed(struct limits *l, enum limit_kind kind, const char *serial, uint64_t client);

#endif
