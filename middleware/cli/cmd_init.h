/* SPDX-License-Identifier: BSD-2-Clause */
/* The commands that set a token up, name it, and set it back. */
#ifndef ECERT_CLI_CMD_INIT_H
#define ECERT_CLI_CMD_INIT_H

#include "cli/cli.h"
#include "cli/init.h"

struct reset_params {
	bool yes;
};
struct label_params {
	const char *mgm;
};
extern const struct opt token_init_opts[], token_label_opts[], token_reset_opts[];
enum cli_exit token_init(struct cli *c, void *params, const struct strlist *args);
enum cli_exit token_label(struct cli *c, void *params, const struct strlist *args);
enum cli_exit token_reset(struct cli *c, void *params, const struct strlist *args);

#endif
