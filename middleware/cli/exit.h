/* SPDX-License-Identifier: BSD-2-Clause */
/* Exit codes of the program, and which return code leads to which: two tables. */
#ifndef ECERT_CLI_EXIT_H
#define ECERT_CLI_EXIT_H

#include <stddef.h>

#include "ecert/rc.h"

/* Documented in ecert(1) and in `ecert help exit-codes`; never renumber one. */
enum cli_exit {
	CLI_OK = 0,
	CLI_INVALID = 1,
	CLI_USAGE = 2,
	CLI_NO_TOKEN = 3,
	CLI_PIN = 4,
	CLI_REFUSED = 5,
	CLI_IO = 6,
	CLI_CARD = 7,
	CLI_INPUT = 8,
	CLI_INTERNAL = 9,
	CLI_INTERRUPTED = 130
};

struct exit_row {
	enum cli_exit code;
	const char *name;    /* for JSON: stable */
	const char *meaning; /* for people */
};

/* Every row, in order; *n is their count. */
const struct exit_row *exit_rows(size_t *n);
const struct exit_row *exit_row(enum cli_exit code);

/* The exit code that goes with rc, and what to do next (never NULL, may be ""). */
enum cli_exit exit_of_rc(enum ecert_rc rc);
const char *hint_of_rc(enum ecert_rc rc);

#endif
