/* SPDX-License-Identifier: BSD-2-Clause */
/* Tells whether this process is still the one that made a handle. */
#ifndef ECERT_TOKEN_FORK_H
#define ECERT_TOKEN_FORK_H

#include <stdbool.h>

/* How many times this process and its ancestors have forked since the first call: a handle keeps
 * the value it was made under. One load, so cheap enough for every entry. */
unsigned fork_stamp(void);
/* A handle made under that stamp belongs to a parent process. */
bool fork_passed(unsigned stamp);

#endif
