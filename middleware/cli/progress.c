/* SPDX-License-Identifier: BSD-2-Clause */
/* The progress bar: one line on standard error, drawn over itself. */
#include "cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/language.h"
#include "cli/terminal.h"
#include "util/text.h"

#define BAR	24
#define COLUMNS 79 /* one less than a terminal has: some go to the next line behind the last */
#define NAME	33 /* columns of a file's name at most */

/* As much of it as so many columns have room for, with an ellipsis where it was cut. */
static void fit(char *name, int room)
{
	size_t cut = 0;

	text_scrub(name);
	if (language_columns(name) <= room)
		return;
	for (size_t n; name[cut]; cut += n) {
		uint32_t cp;
		char was;
		int wide;

		n = text_char(rd_of(name + cut, strlen(name + cut)), &cp);
		n = n ? n : 1;
		was = name[cut + n];
		name[cut + n] = 0;
		wide = language_columns(name);
		name[cut + n] = was;
		if (wide > room - 1)
			break;
	}
	memcpy(name + cut, "\xE2\x80\xA6", 4);
}

static void draw(const struct ui_progress *at)
{
	static int before; /* columns that the line had */
	unsigned share = (unsigned)(at->done >= at->total ? 100 : at->done * 100 / at->total);
	const char *base = strrchr(at->name, '/');
	char line[512], name[4 * NAME + 4];
	char *count = cli_words(MSG("{i} of {n}", P_NUMBER("i", at->i), P_NUMBER("n", at->n)));
	char *shown;
	int bar = (int)(share * BAR / 100), used;

	snprintf(line, sizeof line, "[%.*s%.*s] %3u %%  %s  ", bar, "########################",
	    BAR - bar, "........................", share, count ? count : "");
	message_free(count);
	used = language_columns(line);
	shown = cli_words(MSG(TEXT, P_FILE("text", base ? base + 1 : at->name)));
	text_copy(name, sizeof name, shown ? shown : "");
	message_free(shown);
	fit(name, COLUMNS - used < NAME ? COLUMNS - used : NAME);
	used += language_columns(name);
	fprintf(stderr, "\r%s%s%*s", line, name, before > used ? before - used : 0, "");
	before = used;
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
		fprintf(stderr, "\r%*s\r", COLUMNS, "");
	drawn = at;
}
