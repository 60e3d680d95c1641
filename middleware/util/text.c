/* SPDX-License-Identifier: BSD-2-Clause */
/* One decoder of UTF-8, and one table of what is not shown. */
#include "util/text.h"

#include <string.h>

size_t text_char(struct rd t, uint32_t *cp)
{
	static const struct {
		uint8_t mask, lead;
		uint32_t least; /* anything below is written too long */
	} form[] = {
	    {0x80, 0x00, 0}, {0xE0, 0xC0, 0x80}, {0xF0, 0xE0, 0x800}, {0xF8, 0xF0, 0x10000}};

	for (size_t n = 1; n <= 4 && n <= t.n; n++) {
		uint32_t v = t.p[0] & (uint8_t)~form[n - 1].mask;

		if ((t.p[0] & form[n - 1].mask) != form[n - 1].lead)
			continue;
		for (size_t i = 1; i < n; i++) {
			if ((t.p[i] & 0xC0) != 0x80)
				return 0;
			v = v << 6 | (t.p[i] & 0x3Fu);
		}
		if (v < form[n - 1].least || v > 0x10FFFF || v >> 11 == 0x1B)
			return 0;
		*cp = v;
		return n;
	}
	return 0;
}

bool text_shown(uint32_t cp)
{
	static const struct {
		uint32_t from, to;
	} hidden[] = {
	    {0x00, 0x1F},     /* C0 */
	    {0x7F, 0x9F},     /* DEL, C1 */
	    {0xAD, 0xAD},     /* soft hyphen */
	    {0x061C, 0x061C}, /* Arabic letter mark */
	    {0x115F, 0x1160}, /* Hangul fillers of an initial and a vowel */
	    {0x180E, 0x180E}, /* Mongolian vowel separator */
	    {0x200B, 0x200B}, /* zero-width space */
	    {0x200E, 0x200F}, /* left-to-right and right-to-left mark */
	    {0x2028, 0x202E}, /* line and paragraph separator, embeddings, overrides */
	    {0x2060, 0x206F}, /* word joiner, invisible operators, isolates, old format controls */
	    {0x2800, 0x2800}, /* blank braille pattern */
	    {0x3164, 0x3164}, /* Hangul filler */
	    {0xFEFF, 0xFEFF}, /* byte order mark */
	    {0xFFA0, 0xFFA0}, /* Hangul filler of half width */
	    {0xFFF9, 0xFFFB}, /* interlinear annotation */
	    {0xE0000, 0xE007F}, /* tags */
	};

	/* They are in order, and what most texts are of stands before most of them. */
	for (size_t i = 0; i < sizeof hidden / sizeof hidden[0] && cp >= hidden[i].from; i++)
		if (cp <= hidden[i].to)
			return false;
	return true;
}

/* The text ends inside a character whose bytes so far are right. */
static bool cut_off(struct rd t)
{
	size_t want = (t.p[0] & 0xE0) == 0xC0	? 2
		      : (t.p[0] & 0xF0) == 0xE0 ? 3
		      : (t.p[0] & 0xF8) == 0xF0 ? 4
						: 0;
	size_t n = 1;

	while (n < want && n < t.n && (t.p[n] & 0xC0) == 0x80)
		n++;
	return want > n && n == t.n;
}

/* Behind what is plain ASCII, as most of any text is. */
static struct rd past_plain(struct rd t)
{
	while (t.n && *t.p >= 0x20 && *t.p < 0x7F)
		t = rd_of(t.p + 1, t.n - 1);
	return t;
}

static void mask(char *s, bool cut, bool shown)
{
	struct rd t = past_plain(rd_of(s, strlen(s)));

	while (t.n) {
		uint32_t cp = 0;
		size_t n = text_char(t, &cp);
		char *at = s + (t.p - (const uint8_t *)s);

		if (n == 0 && cut && cut_off(t)) {
			*at = '\0';
			return;
		}
		if (n == 0 || (shown && !text_shown(cp))) {
			n = n ? n : 1;
			memset(at, '?', n);
		}
		t = past_plain(rd_of(t.p + n, t.n - n));
	}
}

void text_mask(char *s)
{
	mask(s, false, true);
}

void text_scrub(char *s)
{
	mask(s, true, true);
}

bool text_is_shown(const char *s)
{
	struct rd t = past_plain(rd_of(s, strlen(s)));

	while (t.n) {
		uint32_t cp = 0;
		size_t n = text_char(t, &cp);

		if (n == 0 || !text_shown(cp))
			return false;
		t = past_plain(rd_of(t.p + n, t.n - n));
	}
	return true;
}

void text_utf8(char *s, bool cut)
{
	mask(s, cut, false);
}

void text_copy(char *out, size_t cap, const char *s)
{
	size_t n = strnlen(s, cap - 1);

	memcpy(out, s, n);
	out[n] = 0;
}

bool text_ends(const char *s, const char *tail)
{
	size_t n = strlen(s), t = strlen(tail);

	return n > t && !strcmp(s + n - t, tail);
}

const char *text_day(time_t t, char out[TEXT_DAY])
{
	struct tm tm;

	if (!gmtime_r(&t, &tm) || strftime(out, TEXT_DAY, "%Y-%m-%d", &tm) == 0)
		text_copy(out, TEXT_DAY, "?");
	return out;
}
