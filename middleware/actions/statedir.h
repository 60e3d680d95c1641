/* SPDX-License-Identifier: BSD-2-Clause */
/* The user's own folder of what has to be remembered between two runs. */
#ifndef ECERT_ACTIONS_STATEDIR_H
#define ECERT_ACTIONS_STATEDIR_H

#include <stddef.h>

/* $XDG_STATE_HOME/ecert/NAME, or ~/.local/state/ecert/NAME; the folders above it are made, it is
 * not. NULL when neither variable says where, or the path does not fit. */
const char *state_folder(const char *name, char *path, size_t cap);

#endif
