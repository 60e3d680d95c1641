/* SPDX-License-Identifier: BSD-2-Clause */
/* The commands that set a token up, name it, and set it back. */
#ifndef ECERT_CLI_TOKEN_H
#define ECERT_CLI_TOKEN_H

#include "cli/cli.h"

/* Their parameters: struct init_params, and the structs of the deeds. */
extern const struct opt token_init_opts[], token_label_opts[], token_reset_opts[];
enum outcome init_token(struct cli *c, void *params, const struct strlist *args);
enum outcome label_token(struct cli *c, void *params, const struct strlist *args);
enum outcome reset_token(struct cli *c, void *params, const struct strlist *args);

/* How many tries are left; null when nothing tells. */
json_t *tries_json(int tries);

#endif
