/* SPDX-License-Identifier: BSD-2-Clause */
/* A progress bar on a terminal; nothing elsewhere. */
#ifndef ECERT_CLI_PROGRESS_H
#define ECERT_CLI_PROGRESS_H

#include <stdint.h>

#include "cli/cli.h"

struct progress {
	bool on, drawn;
	const char *name;
	size_t i, n; /* this file of so many */
};

void progress_begin(struct progress *p, const struct cli *c, const char *file, size_t i, size_t n);
/* A doc_progress_fn; always goes on. */
bool progress_tick(void *ctx, uint64_t done, uint64_t total);
void progress_clear(struct progress *p);

#endif
