/* SPDX-License-Identifier: BSD-2-Clause */
/* Exit codes of the program: a table. */
#ifndef ECERT_CLI_EXIT_H
#define ECERT_CLI_EXIT_H

#include <stddef.h>

#include "ui/outcome.h"

struct exit_row {
	enum outcome code;
	const char *name;    /* for JSON: stable */
	const char *meaning; /* for people */
};

/* Every row, in order; *n is their count. */
const struct exit_row *exit_rows(size_t *n);
const struct exit_row *exit_row(enum outcome code);

#endif
