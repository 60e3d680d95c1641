/* SPDX-License-Identifier: BSD-2-Clause */
/* Which token: by label, serial number or slot, and a list to choose from when that is not clear.
 */
#ifndef ECERT_CLI_PICK_H
#define ECERT_CLI_PICK_H

#include "cli/cli.h"

#define PICK_MAX 32

struct candidate {
	char label[64], serial[40], where[130]; /* where: the reader */
	long slot_id;
};

/* The one that the options name, or the only one. Tells what is wrong: none fits (CLI_NO_TOKEN), or
 * several do (CLI_USAGE, with the list and how to choose). n must be at least 1. */
enum cli_exit pick_token(
    const struct cli *c, const struct candidate *list, size_t n, size_t *chosen) MUST_CHECK;

/* Says why there is no token at all: no service, no reader, no card, or one that what (our module,
 * or the one named) does not know. */
enum cli_exit pick_explain_none(const struct cli *c, const char *what) MUST_CHECK;

#endif
