/* SPDX-License-Identifier: BSD-2-Clause */
/* Delays after wrong PINs, before the card's own counter is asked for more. */
#ifndef ECERT_DAEMON_LIMIT_H
#define ECERT_DAEMON_LIMIT_H

#include <pthread.h>
#include <stdint.h>

#include "ecert/rc.h"

#define LIMIT_TOKENS 64

struct limit {
	char serial[33];
	uint32_t failures;
	int64_t until; /* seconds since 1970: has to survive a restart */
};

struct limits {
	pthread_mutex_t lock;
	char path[256]; /* "" = kept in memory only */
	struct limit token[LIMIT_TOKENS];
	size_t n;
};

/* Reads what an earlier run left. Errors: ECERT_E_TOO_LARGE (the path). */
enum ecert_rc limits_open(struct limits *l, const char *dir) MUST_CHECK;
/* Seconds until a PIN may be tried on this token, 0 = now. */
int64_t limits_left(struct limits *l, const char *serial);
/* A wrong PIN: 2 s, then 30 s, then 5 minutes each. */
void limits_failed(struct limits *l, const char *serial);
void limits_passed(struct limits *l, const char *serial);

#endif
