/* SPDX-License-Identifier: BSD-2-Clause */
/* Tells whether this process is still the one that made a handle. */
#ifndef ECERT_UTIL_FORK_H
#define ECERT_UTIL_FORK_H

#include <stdbool.h>
#include <sys/types.h>

/* How many times this process and its ancestors have forked since the first call: a handle keeps
 * the value that it was made under. The comparison is one load, cheap enough for every entry. */
unsigned fork_stamp(void);
/* True: the handle made under that stamp belongs to a parent process. */
bool fork_passed(unsigned stamp);

/* The same, and the process id, which also tells a child that was made by a raw clone(2): that one
 * runs no fork handler. The comparison costs a system call. */
struct fork_mark {
	pid_t pid;
	unsigned stamp;
};

void fork_mark_set(struct fork_mark *m);
/* True: the handle with this mark belongs to a parent process. */
bool fork_mark_inherited(const struct fork_mark *m);

#endif
