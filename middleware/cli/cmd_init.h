/* SPDX-License-Identifier: BSD-2-Clause */
/* The two commands that set a token up, and back. */
#ifndef ECERT_CLI_CMD_INIT_H
#define ECERT_CLI_CMD_INIT_H

#include "cli/cli.h"
#include "cli/init.h"

struct reset_params {
	bool yes;
};
extern const struct opt token_init_opts[], token_reset_opts[];
enum cli_exit token_init(struct cli *c, void *params, const struct strlist *args);
enum cli_exit token_reset(struct cli *c, void *params, const struct strlist *args);

#endif
