/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of glyphs, and what of all letters is compared. */
#include <stdlib.h>
#include <string.h>

#include "document/pdf/shown/words.h"

/* Those of ASCII, from U+0020 on, that are no letter by themselves. */
static const char *const marks[] = {"space", "exclam", "quotedbl", "numbersign", "dollar",
    "percent", "ampersand", "quotesingle", "parenleft", "parenright", "asterisk", "plus", "comma",
    "hyphen", "period", "slash", "zero", "one", "two", "three", "four", "five", "six", "seven",
    "eight", "nine", "colon", "semicolon", "less", "equal", "greater", "question", "at"};
static const char *const after_letters[] = {
    "bracketleft", "backslash", "bracketright", "asciicircum", "underscore", "grave"};
static const char *const last[] = {"braceleft", "bar", "braceright", "asciitilde"};

static uint32_t among(const char *name, const char *const *list, size_t n, uint32_t first)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(name, list[i]))
			return first + (uint32_t)i;
	return 0;
}

#define AMONG(name, list, first) among(name, list, sizeof(list) / sizeof(list)[0], first)

uint32_t shown_glyph(const char *name)
{
	bool upper = *name >= 'A' && *name <= 'Z', lower = *name >= 'a' && *name <= 'z';
	uint32_t found;

	if ((upper || lower) && !name[1])
		return (uint8_t)*name;
	if (!strncmp(name, "uni", 3) && strlen(name) == 7)
		return (uint32_t)strtoul(name + 3, NULL, 16);
	found = AMONG(name, marks, ' ');
	if (!found)
		found = AMONG(name, after_letters, '[');
	return found ? found : AMONG(name, last, '{');
}

/* Between ASCII and what all encodings of one byte have in the same place (annex D.2), and what
 * they have of it elsewhere: marks of all kinds, and a few letters of Latin. */
static bool differs_by_encoding(uint32_t c)
{
	return c <= ' ' || (c > '~' && c <= 0xA0) || c == 0xAD || (c >= 0x100 && c < 0x370) ||
	       (c >= 0x2000 && c < 0x2C00) || c == 0x3000 || (c >= 0xFB00 && c < 0xFB07) ||
	       c == 0xFEFF;
}

void shown_letter(uint32_t c, struct buf *out)
{
	if (c != SHOWN_NO_LETTER && !differs_by_encoding(c))
		buf_u32(out, c);
}

void shown_letters(const char *utf8, struct buf *out)
{
	while (*utf8) {
		uint32_t c = (uint8_t)*utf8++;

		if (c >= 0xC0) {
			c &= c >= 0xF0 ? 0x07 : c >= 0xE0 ? 0x0F : 0x1F;
			while (((uint8_t)*utf8 & 0xC0) == 0x80)
				c = c << 6 | ((uint8_t)*utf8++ & 0x3F);
		}
		shown_letter(c, out);
	}
}
