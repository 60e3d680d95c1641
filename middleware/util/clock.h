/* SPDX-License-Identifier: BSD-2-Clause */
/* Milliseconds of the monotonic clock, for ages and deadlines: setting the time moves neither. */
#ifndef ECERT_UTIL_CLOCK_H
#define ECERT_UTIL_CLOCK_H

#include <pthread.h>
#include <stdint.h>
#include <time.h>

/* The time now. It is never 0, so that 0 can mean "never". */
int64_t clock_ms(void);
/* A time of clock_ms as pthread_cond_timedwait takes it. */
struct timespec clock_timespec(int64_t ms);

/* A deadline: the time that is so many ms from now. */
struct timespec deadline_in(int ms);
/* What is left until a deadline, rounded up; 0 when it has passed. */
int deadline_left_ms(const struct timespec *deadline);

/* Makes a condition variable whose deadlines are times of this clock. Answers 0 or an error number,
 * as pthread_cond_init does; after an error there is nothing to destroy. */
int clock_cond_init(pthread_cond_t *cond);

#endif
