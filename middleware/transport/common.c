/* SPDX-License-Identifier: BSD-2-Clause */
/* Fork marks, reader names and deadlines. */
#include "transport/impl.h"

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "util/text.h"

static atomic_uint generation;
static pthread_once_t watch_once = PTHREAD_ONCE_INIT;

static void count_fork(void)
{
	atomic_fetch_add(&generation, 1);
}

static void watch_forks(void)
{
	/* Failing costs the second of two signs only: the process id is compared as well. */
	(void)pthread_atfork(NULL, NULL, count_fork);
}

void fork_mark_set(struct fork_mark *m)
{
	(void)pthread_once(&watch_once, watch_forks);
	m->pid = getpid();
	m->generation = atomic_load(&generation);
}

bool fork_mark_inherited(const struct fork_mark *m)
{
	return m->generation != atomic_load(&generation) || m->pid != getpid();
}

void reader_name_clean(const char *raw, char out[READER_NAME_MAX])
{
	struct rd t = rd_of(raw, strlen(raw));
	size_t at = 0;

	while (t.n) {
		uint32_t cp = 0;
		size_t n = text_char(t, &cp), width = n ? n : 1;

		if (at + width > READER_NAME_MAX - 1)
			break;
		if (n > 0 && text_shown(cp))
			memcpy(out + at, t.p, n);
		else
			memset(out + at, '?', width);
		at += width;
		t = rd_of(t.p + width, t.n - width);
	}
	out[at] = '\0';
}

struct timespec deadline_in(int ms)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
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
	struct timespec now;
	long long ns;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	ns = (long long)(deadline->tv_sec - now.tv_sec) * 1000000000 +
	     (deadline->tv_nsec - now.tv_nsec);
	if (ns <= 0)
		return 0;
	/* Rounded up, so that a wait for what is left never spins through the last millisecond. */
	ns = (ns + 999999) / 1000000;
	return ns > INT_MAX ? INT_MAX : (int)ns;
}
