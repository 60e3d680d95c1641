/* SPDX-License-Identifier: BSD-2-Clause */
/* From option tables to parsed parameters, by argp. */
#ifndef ECERT_CLI_OPTIONS_H
#define ECERT_CLI_OPTIONS_H

#include "cli/cli.h"

/*
 * Parses argv[1..] for one command: its own options into params, the common ones into c; the rest
 * goes into args (views; free args->v). A wrong line ends the program with OUT_USAGE, --help with
 * OUT_OK: argp does both.
 */
enum outcome options_parse(const struct command *cmd, struct cli *c, void *params, int argc,
    char **argv, struct strlist *args);

/* The common options in front of the group: the index of the first other argument, argc when there
 * is none. */
int options_common(struct cli *c, int argc, char **argv);

/* Whether --json stands behind argv[0]: for lines that name no command, whose options nobody knows.
 */
bool options_want_json(int argc, char **argv);
/* The same of any option. */
bool options_want(int argc, char **argv, const char *name, const char *letter);
/* When --json stands anywhere on the line, a wrong line is told on standard output as well, as an
 * error object. Call it once, before the others. */
void options_errors(int argc, char **argv);

/* Frees what OPT_LIST options collected. */
void options_free(const struct opt *opts, void *params);

#endif
