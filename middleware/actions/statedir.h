/* SPDX-License-Identifier: BSD-2-Clause */
/* The user's own folders of what is remembered between two runs. */
#ifndef ECERT_ACTIONS_STATEDIR_H
#define ECERT_ACTIONS_STATEDIR_H

#include <stddef.h>

/* $XDG_STATE_HOME/ecert/NAME, or ~/.local/state/ecert/NAME; the folders above it are made, it is
 * not. NULL when neither variable says where, or the path does not fit. */
const char *state_folder(const char *name, char *path, size_t cap);
/* The same for what the user puts there: $XDG_CONFIG_HOME/ecert/NAME, or ~/.config/ecert/NAME. */
const char *config_folder(const char *name, char *path, size_t cap);
/* The same for what may be lost: $XDG_CACHE_HOME/ecert/NAME, or ~/.cache/ecert/NAME. */
const char *cache_folder(const char *name, char *path, size_t cap);

#endif
