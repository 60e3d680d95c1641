/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of all commands, in the order of the help. */
#include "cli/commands.h"

const struct command *const commands[] = {token_commands, pin_commands, key_commands, cert_commands,
    sign_commands, extend_commands, verify_commands, trust_commands, trustmark_commands,
    registry_commands, attest_commands, challenge_commands, trustlist_commands, journal_commands,
    doctor_commands, desk_commands, NULL};
