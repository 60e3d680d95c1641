/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads that put files while the next ones are drawn: what a file costs is the system's time. */
#ifndef ECERT_PUBLISH_WRITERS_H
#define ECERT_PUBLISH_WRITERS_H

#include <stdbool.h>
#include <stddef.h>

#include "util/buf.h"

#define FILES_NAME 256 /* of a name below the site, with its NUL */

/* Puts one. *written: it was another one before. False: errno says why. For any thread. */
typedef bool writers_put_fn(int dir, const char *name, struct rd bytes, bool *written);

/* What they have done. */
struct writers_done {
	size_t written, same;
	int error; /* errno of the first that went wrong, 0 none; and its name */
	char failed[FILES_NAME];
};

/* For files of this folder, each name once until writers_settle: their order is anybody's. NULL:
 * there is no memory, or no thread. */
struct writers;
struct writers *writers_start(int dir, writers_put_fn *put);
/* Takes a copy, and waits while too much waits. False: something went wrong before, or there is no
 * memory; the file is not put. */
bool writers_add(struct writers *w, const char *name, struct rd bytes);
/* Waits until all is there, or something went wrong; done since the last time. */
void writers_settle(struct writers *w, struct writers_done *done);
/* What waits is not put. NULL is allowed. */
void writers_stop(struct writers **w);

#endif
