/* SPDX-License-Identifier: BSD-2-Clause */
/* The system's clocks. */
#include "util/clock.h"

#include <limits.h>

static struct timespec read_clock(clockid_t id)
{
	struct timespec t = {.tv_sec = 0};

	(void)clock_gettime(id, &t);
	return t;
}

static struct timespec now(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

int64_t clock_ms(void)
{
	struct timespec t = now();

	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000 + 1;
}

int64_t clock_boot_ms(void)
{
	struct timespec t = read_clock(CLOCK_BOOTTIME);

	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

struct timespec clock_now_exact(void)
{
	return read_clock(CLOCK_REALTIME);
}

time_t clock_now(void)
{
	return clock_now_exact().tv_sec;
}

struct timespec clock_timespec(int64_t ms)
{
	return (struct timespec){
	    .tv_sec = (time_t)((ms - 1) / 1000), .tv_nsec = (long)((ms - 1) % 1000) * 1000000};
}

struct timespec deadline_in(int ms)
{
	struct timespec t = now();

	t.tv_sec += ms / 1000;
	t.tv_nsec += (ms % 1000) * 1000000L;
	if (t.tv_nsec >= 1000000000L) {
		t.tv_sec++;
		t.tv_nsec -= 1000000000L;
	}
	return t;
}

int deadline_left_ms(const struct timespec *deadline)
{
	struct timespec t = now();
	long long ns = (long long)(deadline->tv_sec - t.tv_sec) * 1000000000 +
		       (deadline->tv_nsec - t.tv_nsec);

	if (ns <= 0)
		return 0;
	/* Rounded up, so that a wait for what is left never spins through the last millisecond. */
	ns = (ns + 999999) / 1000000;
	return ns > INT_MAX ? INT_MAX : (int)ns;
}

int clock_cond_init(pthread_cond_t *cond)
{
	pthread_condattr_t attr;
	int failed = pthread_condattr_init(&attr);

	if (failed)
		return failed;
	failed = pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	if (!failed)
		failed = pthread_cond_init(cond, &attr);
	(void)pthread_condattr_destroy(&attr);
	return failed;
}
