/* SPDX-License-Identifier: BSD-2-Clause */
/* Diagnostics. */
#include "util/log.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "util/clock.h"
#include "util/fd.h"

#define LINE_MAX_BYTES 1024

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int log_fd = -1;
static struct fd_mark own; /* of a file of ours; standard error is the program's */
static bool is_own;
static int log_max = -1;

static void read_environment(void)
{
	const char *want = secure_getenv("ECERT_DEBUG");

	if (!want || want[0] < '1' || want[0] > '3')
		return;
	log_max = want[0] - '1';
	log_fd = STDERR_FILENO;
	if (want[1] == ':' && want[2] != '\0')
		log_fd = open(want + 2, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	is_own = log_fd != STDERR_FILENO;
	own = fd_mark(log_fd);
}

void log_init(void)
{
	(void)pthread_once(&once, read_environment);
}

bool log_enabled(enum log_level level)
{
	log_init();
	return log_fd >= 0 && (int)level <= log_max;
}

/* Copies in to out with control bytes shown as \xNN, so that a hostile label cannot forge a line.
 */
static size_t put_printable(char *out, size_t cap, const char *in)
{
	size_t n = 0;

	for (; *in != '\0' && n + 5 < cap; in++) {
		unsigned char c = (unsigned char)*in;

		if (c >= 0x20 && c != 0x7F)
			out[n++] = *in;
		else
			n += (size_t)snprintf(out + n, cap - n, "\\x%02x", c);
	}
	return n;
}

void log_line(enum log_level level, const char *fmt, ...)
{
	char text[LINE_MAX_BYTES], line[LINE_MAX_BYTES + 64];
	struct timespec now = clock_now_exact();
	struct tm tm;
	va_list ap;
	size_t n;

	if (!log_enabled(level))
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	(void)gmtime_r(&now.tv_sec, &tm);
	n = (size_t)snprintf(line, sizeof line, "%02d:%02d:%02d.%06ld %d/%ld ", tm.tm_hour,
	    tm.tm_min, tm.tm_sec, now.tv_nsec / 1000, (int)getpid(), syscall(SYS_gettid));
	n += put_printable(line + n, sizeof line - 1 - n, text);
	line[n++] = '\n';
	/* A log line that cannot be written has nowhere to be reported, and one that would go into
	 * what the program opened since under our number is not written. */
	if ((!is_own || fd_is(log_fd, &own)) && write(log_fd, line, n) < 0)
		return;
}
