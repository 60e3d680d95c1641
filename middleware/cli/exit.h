/* SPDX-License-Identifier: BSD-2-Clause */
/* Exit codes of the program: a table. */
#ifndef ECERT_CLI_EXIT_H
#define ECERT_CLI_EXIT_H

#include <stddef.h>

#include "ui/outcome.h"

/* The older names of the outcomes. */
#define cli_exit	outcome
#define CLI_OK		OUT_OK
#define CLI_INVALID	OUT_INVALID
#define CLI_USAGE	OUT_USAGE
#define CLI_NO_TOKEN	OUT_NO_TOKEN
#define CLI_PIN		OUT_PIN
#define CLI_REFUSED	OUT_REFUSED
#define CLI_IO		OUT_IO
#define CLI_CARD	OUT_CARD
#define CLI_INPUT	OUT_INPUT
#define CLI_INTERNAL	OUT_INTERNAL
#define CLI_INTERRUPTED OUT_INTERRUPTED
#define exit_of_rc	outcome_of_rc
#define hint_of_rc	next_of_rc

struct exit_row {
	enum cli_exit code;
	const char *name;    /* for JSON: stable */
	const char *meaning; /* for people */
};

/* Every row, in order; *n is their count. */
const struct exit_row *exit_rows(size_t *n);
const struct exit_row *exit_row(enum cli_exit code);

#endif
