/* SPDX-License-Identifier: BSD-2-Clause */
/* Milliseconds for ages and deadlines. */
#ifndef ECERT_TOKEN_CLOCK_H
#define ECERT_TOKEN_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Never 0, so that 0 can mean "never". */
static inline int64_t clock_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000 + 1;
}

static inline struct timespec clock_timespec(int64_t ms)
{
	return (struct timespec){(time_t)((ms - 1) / 1000), (long)((ms - 1) % 1000) * 1000000};
}

#endif
