/* SPDX-License-Identifier: BSD-2-Clause */
/* To be preloaded: the calendar is ahead by LATER_SECONDS, what counts elapsed time is as it was;
 * and the file LATER_CAS stands in for the system's list of CAs. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long ahead(void)
{
	const char *text = getenv("LATER_SECONDS");

	return text ? atol(text) : 0;
}

int clock_gettime(clockid_t id, struct timespec *t)
{
	const int rc = (int)syscall(SYS_clock_gettime, id, t);

	if (!rc && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE))
		t->tv_sec += ahead();
	return rc;
}

time_t time(time_t *out)
{
	struct timespec t = {.tv_sec = 0};

	(void)clock_gettime(CLOCK_REALTIME, &t);
	if (out)
		*out = t.tv_sec;
	return t.tv_sec;
}

typedef FILE *open_fn(const char *path, const char *mode);

static FILE *open_by(const char *name, const char *path, const char *mode)
{
	const char *cas = getenv("LATER_CAS");
	open_fn *next;
	void *found = dlsym(RTLD_NEXT, name);

	memcpy(&next, &found, sizeof next);
	return next(cas && !strcmp(path, "/etc/ssl/certs/ca-certificates.crt") ? cas : path, mode);
}

FILE *fopen(const char *path, const char *mode)
{
	return open_by("fopen", path, mode);
}

FILE *fopen64(const char *path, const char *mode)
{
	return open_by("fopen64", path, mode);
}
