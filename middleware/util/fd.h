/* SPDX-License-Identifier: BSD-2-Clause */
/* Telling whether a descriptor's number still stands for what we opened. */
#ifndef ECERT_UTIL_FD_H
#define ECERT_UTIL_FD_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A library's descriptors are numbers in somebody else's program, which may close all that it does
 * not know (closefrom(3), as daemons do) and then open its own under the same numbers. Who opened a
 * descriptor marks it, and looks before each use. Between the look and the use another thread may
 * still close it: nothing that a library can do prevents that.
 */
struct fd_mark {
	uint64_t device, inode, cookie; /* cookie: of a socket, never used twice; else 0 */
};

/* What fd stands for now; all zero, which nothing is, when it is closed. */
struct fd_mark fd_mark(int fd);
bool fd_is(int fd, const struct fd_mark *mark);
/* Closes it if it still is ours; else nothing. */
void fd_close(int fd, const struct fd_mark *mark);

#endif
