/* SPDX-License-Identifier: BSD-2-Clause */
/* What `ecert` says about itself: the commands, a group, the exit codes. */
#ifndef ECERT_CLI_HELP_HELP_H
#define ECERT_CLI_HELP_HELP_H

#include "cli/cli.h"

/* To standard output. */
/* The words behind what stands in the line already, further lines below its first column. at: that
 * column. */
void help_wrapped(const char *text, int at);
/* With --json there is no help: says so. OUT_OK: without. */
enum outcome help_is_text(const struct cli *c);
enum outcome help_all(void);
enum outcome help_group(const char *group);
/* One command with its options, in the person's language; argp's own layout knows no characters
 * that take two columns, and no lines without blanks. */
void help_command(const struct command *cmd);
/* Its options are told in parts, in an order that argp has not. */
bool help_has_parts(const struct command *cmd);

/* `ecert help` with those words behind it that name no command. *known: false when they name
 * nothing of this either, and nothing was said. */
enum outcome help_topic(const struct cli *c, int argc, char **argv, bool *known);

#endif
