/* SPDX-License-Identifier: BSD-2-Clause */
/* Fork marks, reader names and deadlines. */
#include "transport/impl.h"

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

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

/* Bytes of the well-formed character at s, 0 if it is none or a control (Unicode, table 3-7). */
static size_t utf8_char(const unsigned char *s)
{
	size_t n = s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;

	if (s[0] < 0x80)
		return s[0] >= 0x20 && s[0] != 0x7F ? 1 : 0;
	if (s[0] < 0xC2 || s[0] > 0xF4)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xC0) != 0x80)
			return 0;
	/* C1 controls, over-long forms, surrogates, past the last plane. */
	if ((s[0] == 0xC2 && s[1] < 0xA0) || (s[0] == 0xE0 && s[1] < 0xA0) ||
	    (s[0] == 0xED && s[1] > 0x9F) || (s[0] == 0xF0 && s[1] < 0x90) ||
	    (s[0] == 0xF4 && s[1] > 0x8F))
		return 0;
	return n;
}

void reader_name_clean(const char *raw, char out[READER_NAME_MAX])
{
	const unsigned char *s = (const unsigned char *)raw;
	size_t at = 0;

	while (*s != '\0') {
		size_t n = utf8_char(s);
		size_t width = n ? n : 1;

		if (at + width > READER_NAME_MAX - 1)
			break;
		if (n > 0)
			memcpy(out + at, s, n);
		else
			out[at] = '?';
		at += width;
		s += width;
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
