/* SPDX-License-Identifier: BSD-2-Clause */
/* A progress bar on a terminal; nothing elsewhere. */
#ifndef ECERT_CLI_PROGRESS_H
#define ECERT_CLI_PROGRESS_H

#include <stdint.h>

#include "cli/cli.h"

/* at: NULL takes the bar away. */
void progress_show(const struct cli *c, const struct ui_progress *at);

/* For whoever reads a file: its bytes, as progress through the seam. */
struct progress {
	const struct ui *ui;
	struct ui_progress at;
};
void progress_begin(struct progress *p, const struct ui *ui, const char *file, size_t i, size_t n);
/* A doc_progress_fn; always goes on. */
bool progress_tick(void *ctx, uint64_t done, uint64_t total);
void progress_clear(struct progress *p);

#endif
