/* SPDX-License-Identifier: BSD-2-Clause */
/* The commands that set a token up, name it, and set it back. */
#ifndef ECERT_CLI_CMD_INIT_H
#define ECERT_CLI_CMD_INIT_H

#include "cli/cli.h"
#include "provision/init/init.h"

struct reset_params {
	bool yes;
};
struct label_params {
	const char *mgm;
};
extern const struct opt token_init_opts[], token_label_opts[], token_reset_opts[];
enum outcome token_init(struct cli *c, void *params, const struct strlist *args);
enum outcome token_label(struct cli *c, void *params, const struct strlist *args);
enum outcome token_reset(struct cli *c, void *params, const struct strlist *args);

/* Says what init_run did; the document of it, as the caller's. */
json_t *init_told(const struct init *in);
/* One token after the other into --escrow-dir, until Ctrl-C; a summary at the end. */
enum outcome init_many(const struct cli *c, const struct init_params *o) MUST_CHECK;

#endif
