/* SPDX-License-Identifier: BSD-2-Clause */
/* Progress of a file. */
#include "actions/reading.h"

void reading_begin(struct reading *r, const struct ui *ui, const char *file, size_t i, size_t n)
{
	*r = (struct reading){.ui = ui, .at = {.name = file, .i = i, .n = n}};
}

bool reading_tick(void *ctx, uint64_t done, uint64_t total)
{
	struct reading *r = ctx;

	r->at.done = done;
	r->at.total = total;
	ui_progress(r->ui, &r->at);
	return true;
}

void reading_over(struct reading *r)
{
	ui_progress(r->ui, NULL);
}
