/* SPDX-License-Identifier: BSD-2-Clause */
/* How wide text is on a terminal, and where a line of it may end. */
#include <string.h>
#include <wchar.h>

#include "cli/language.h"
#include "util/text.h"

/* The character at the front, its bytes in *n. */
static uint32_t character(const char *text, size_t *n)
{
	uint32_t cp = 0;

	*n = text_char(rd_of(text, strlen(text)), &cp);
	if (!*n) {
		*n = 1;
		cp = (unsigned char)*text;
	}
	return cp;
}

int language_columns(const char *text)
{
	int columns = 0;
	size_t n;

	for (; *text; text += n) {
		int wide = wcwidth((wchar_t)character(text, &n));

		columns += wide < 0 ? 1 : wide;
	}
	return columns;
}

/* Never at the end of a line. */
static bool opens(uint32_t cp)
{
	return cp && wcschr(L"（「『《〈【〔“‘(", (wchar_t)cp);
}

/* Never at the beginning of a line. */
static bool closes(uint32_t cp)
{
	return cp && wcschr(L"，。、；：！？）」』》〉】〕”’…,.;:!?)", (wchar_t)cp);
}

static bool wide(uint32_t cp)
{
	return wcwidth((wchar_t)cp) == 2;
}

size_t language_piece(const char *text)
{
	size_t at = 0, n;
	uint32_t before = 0;

	while (text[at] && text[at] != ' ') {
		uint32_t cp = character(text + at, &n);

		if (at && (wide(before) || wide(cp)) && !opens(before) && !closes(cp))
			break;
		at += n;
		before = cp;
	}
	return at;
}
