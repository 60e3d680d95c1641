/* SPDX-License-Identifier: BSD-2-Clause */
/* One table per group of commands, each in a file of its own. */
#ifndef ECERT_CLI_COMMANDS_H
#define ECERT_CLI_COMMANDS_H

#include "cli/cli.h"

/* Each ends with a row whose group is NULL. */
extern const struct command token_commands[];
extern const struct command key_commands[];
extern const struct command cert_commands[];
extern const struct command pin_commands[];
extern const struct command sign_commands[];
extern const struct command extend_commands[];
extern const struct command verify_commands[];
extern const struct command trust_commands[];
extern const struct command trustmark_commands[];
extern const struct command registry_commands[];
extern const struct command attest_commands[];
extern const struct command challenge_commands[];
extern const struct command trustlist_commands[];
extern const struct command journal_commands[];
extern const struct command doctor_commands[];
extern const struct command desk_commands[];

#endif
