/* SPDX-License-Identifier: BSD-2-Clause */
/* The clocks that are read here, and nowhere else in the product, so that a test puts its own in:
 * one for ages and deadlines, which setting the time does not move, and the calendar's. */
#ifndef ECERT_UTIL_CLOCK_H
#define ECERT_UTIL_CLOCK_H

#include <pthread.h>
#include <stdint.h>
#include <time.h>

/* Milliseconds of CLOCK_MONOTONIC. The time now is never 0, so that 0 can mean "never". */
int64_t clock_ms(void);
/* Milliseconds of CLOCK_BOOTTIME, which goes on while the machine sleeps. */
int64_t clock_boot_ms(void);
/* The moment in seconds since 1970 (UTC), as whoever keeps the machine has set it; clock_now_exact:
 * with nanoseconds. A deed is done at job_now (ui/job.h). */
time_t clock_now(void);
struct timespec clock_now_exact(void);
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
