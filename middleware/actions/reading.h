/* SPDX-License-Identifier: BSD-2-Clause */
/* How far a long file is read, told through the seam. */
#ifndef ECERT_ACTIONS_READING_H
#define ECERT_ACTIONS_READING_H

#include "ui/ui.h"

struct reading {
	const struct ui *ui;
	struct ui_progress at;
};

/* The i-th of n files. */
void reading_begin(struct reading *r, const struct ui *ui, const char *file, size_t i, size_t n);
/* A doc_progress_fn; always goes on. */
bool reading_tick(void *ctx, uint64_t done, uint64_t total);
void reading_over(struct reading *r);

#endif
