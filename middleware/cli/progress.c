/* SPDX-License-Identifier: BSD-2-Clause */
/* The progress bar: one line on standard error, drawn over itself. */
#include "cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "util/text.h"

#define BAR 24

void progress_begin(struct progress *p, const struct cli *c, const char *file, size_t i, size_t n)
{
	const char *base = strrchr(file, '/');

	*p = (struct progress){.on = !c->quiet && !c->json && isatty(STDERR_FILENO),
	    .name = base ? base + 1 : file,
	    .i = i,
	    .n = n};
}

/* As much of it as a line has room for, cut where a character ends. */
static const char *short_name(const char *name)
{
	static char text[36];
	size_t n = strlen(name);

	cli_copy(text, 33, name);
	text_scrub(text);
	if (n > 32)
		strcat(text, "\xE2\x80\xA6");
	return text;
}

bool progress_tick(void *ctx, uint64_t done, uint64_t total)
{
	struct progress *p = ctx;
	char bar[BAR + 1];
	unsigned share;

	if (!p->on || !total)
		return true;
	share = (unsigned)(done >= total ? 100 : done * 100 / total);
	for (unsigned i = 0; i < BAR; i++)
		bar[i] = i < share * BAR / 100 ? '#' : '.';
	bar[BAR] = 0;
	fprintf(
	    stderr, "\r[%s] %3u %%  %zu of %zu  %s", bar, share, p->i, p->n, short_name(p->name));
	fflush(stderr);
	p->drawn = true;
	return true;
}

void progress_clear(struct progress *p)
{
	if (p->drawn)
		fprintf(stderr, "\r%80s\r", "");
	p->drawn = false;
}
