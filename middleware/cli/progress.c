/* SPDX-License-Identifier: BSD-2-Clause */
/* The progress bar: one line on standard error, drawn over itself. */
#include "cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "util/text.h"

#define BAR 24

/* As much of it as a line has room for, cut where a character ends. */
static const char *short_name(const char *name)
{
	static char text[36];
	size_t n = strlen(name);

	text_copy(text, 33, name);
	text_scrub(text);
	if (n > 32)
		strcat(text, "\xE2\x80\xA6");
	return text;
}

static void draw(const struct ui_progress *at)
{
	unsigned share = (unsigned)(at->done >= at->total ? 100 : at->done * 100 / at->total);
	const char *base = strrchr(at->name, '/');
	char bar[BAR + 1];

	for (unsigned i = 0; i < BAR; i++)
		bar[i] = i < share * BAR / 100 ? '#' : '.';
	bar[BAR] = 0;
	fprintf(stderr, "\r[%s] %3u %%  %zu of %zu  %s", bar, share, at->i, at->n,
	    short_name(base ? base + 1 : at->name));
	fflush(stderr);
}

void progress_show(const struct cli *c, const struct ui_progress *at)
{
	static bool drawn;

	if (c->quiet || c->json || !isatty(STDERR_FILENO) || (at && !at->total))
		return;
	if (at)
		draw(at);
	else if (drawn)
		fprintf(stderr, "\r%80s\r", "");
	drawn = at != NULL;
}
