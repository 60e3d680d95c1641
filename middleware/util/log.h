/* SPDX-License-Identifier: BSD-2-Clause */
/* Diagnostics to standard error or a file, off unless ECERT_DEBUG asks; nothing secret is
 * printable. */
#ifndef ECERT_UTIL_LOG_H
#define ECERT_UTIL_LOG_H

#include <stdbool.h>

#include "util/rd.h"

enum log_level { LOG_ERROR, LOG_INFO, LOG_DEBUG };

/*
 * Reads ECERT_DEBUG once: "1".."3" is a level on standard error, "LEVEL:PATH" appends to a file
 * (made with mode 0600). Ignored when the process runs with raised privileges (secure_getenv).
 */
void log_init(void);
bool log_enabled(enum log_level level);

/* One line with time, process and thread in front. Control bytes are shown as \xNN. */
void log_line(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#define log_error(...) log_line(LOG_ERROR, __VA_ARGS__)
#define log_info(...)  log_line(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_line(LOG_DEBUG, __VA_ARGS__)

#endif
