/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of all commands, in the order of the help. */
#include "cli/commands.h"

const struct command *const commands[] = {token_commands, sign_commands, NULL};
