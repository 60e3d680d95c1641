/* SPDX-License-Identifier: BSD-2-Clause */
/* One text of a JSON object, read where it stands. */
#include "util/member.h"

#include <stdbool.h>
#include <string.h>

#include "util/mem.h"
#include "util/text.h"

#define NAME_MAX_BYTES 64

/* Where a text goes: it is counted also when there is no room, or nobody wants it. */
struct sink {
	char *out;
	size_t cap, n;
};

static void put(struct sink *s, uint8_t c)
{
	if (s->n < s->cap)
		s->out[s->n] = (char)c;
	s->n++;
}

static void skip(struct rd *r, size_t n)
{
	*r = rd_of(r->p + n, r->n - n);
}

static uint8_t next(const struct rd *r)
{
	return r->n ? r->p[0] : 0;
}

static bool take(struct rd *r, uint8_t c)
{
	if (!r->n || r->p[0] != c)
		return false;
	skip(r, 1);
	return true;
}

static void blanks(struct rd *r)
{
	while (r->n && memchr(" \t\r\n", r->p[0], 4))
		skip(r, 1);
}

static bool hex4(struct rd *r, uint32_t *out)
{
	*out = 0;
	for (int i = 0; i < 4; i++) {
		uint8_t c = next(r), low = (uint8_t)(c | 0x20);

		if (c >= '0' && c <= '9')
			*out = *out << 4 | (uint32_t)(c - '0');
		else if (low >= 'a' && low <= 'f')
			*out = *out << 4 | (uint32_t)(low - 'a' + 10);
		else
			return false;
		skip(r, 1);
	}
	return true;
}

static void put_utf8(struct sink *s, uint32_t cp)
{
	static const uint8_t first[] = {0, 0, 0xC0, 0xE0, 0xF0};
	int n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;

	put(s, (uint8_t)(first[n] | cp >> (n - 1) * 6));
	for (int i = n - 2; i >= 0; i--)
		put(s, (uint8_t)(0x80 | (cp >> i * 6 & 0x3F)));
}

/* Behind the backslash (RFC 8259, 7). */
static bool escaped(struct rd *r, struct sink *s)
{
	static const char letters[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
	const char *at = next(r) ? strchr(letters, next(r)) : NULL;
	uint32_t cp, low;

	if (at) {
		skip(r, 1);
		put(s, (uint8_t)means[at - letters]);
		return true;
	}
	if (!take(r, 'u') || !hex4(r, &cp) || !cp || (cp >= 0xDC00 && cp < 0xE000))
		return false;
	if (cp >= 0xD800 && cp < 0xDC00) {
		if (!take(r, '\\') || !take(r, 'u') || !hex4(r, &low) || low < 0xDC00 ||
		    low > 0xDFFF)
			return false;
		cp = 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
	}
	put_utf8(s, cp);
	return true;
}

static bool text(struct rd *r, struct sink *s)
{
	if (!take(r, '"'))
		return false;
	while (r->n && r->p[0] != '"') {
		uint32_t cp;
		size_t n = text_char(*r, &cp);

		if (!n || cp < 0x20)
			return false;
		if (cp == '\\') {
			skip(r, 1);
			if (!escaped(r, s))
				return false;
			continue;
		}
		for (size_t i = 0; i < n; i++)
			put(s, r->p[i]);
		skip(r, n);
	}
	return take(r, '"');
}

/* A value that nobody asks for: a text, or what stands up to its end, brackets and all. */
static bool pass(struct rd *r)
{
	struct sink nowhere = {NULL, 0, 0};
	size_t depth = 0, n = r->n;

	do {
		uint8_t c = next(r);

		if (c == '"') {
			if (!text(r, &nowhere))
				return false;
			continue;
		}
		if (!depth && (c == ',' || c == '}' || c == ']'))
			break;
		if (c == '{' || c == '[')
			depth++;
		else if (c == '}' || c == ']')
			depth--;
		skip(r, r->n ? 1 : 0);
	} while (r->n && (depth || !memchr(",}]", r->p[0], 3)));
	return !depth && r->n < n;
}

static bool member(struct rd *r, const char *name, struct sink *out, bool *found)
{
	char have[NAME_MAX_BYTES];
	struct sink s = {have, sizeof have, 0};
	bool same;

	blanks(r);
	if (!text(r, &s))
		return false;
	same = s.n == strlen(name) && s.n <= sizeof have && !memcmp(have, name, s.n);
	blanks(r);
	if (!take(r, ':'))
		return false;
	blanks(r);
	if (!same)
		return pass(r);
	if (*found)
		return false;
	*found = true;
	return text(r, out);
}

enum ecert_rc member_text(struct rd object, const char *name, char *out, size_t cap)
{
	struct rd r = object;
	struct sink s = {out, cap - 1, 0};
	bool found = false, good;

	if (r.n >= 3 && !memcmp(r.p, "\xEF\xBB\xBF", 3))
		skip(&r, 3);
	blanks(&r);
	good = take(&r, '{');
	blanks(&r);
	if (good && next(&r) != '}') {
		do {
			good = member(&r, name, &s, &found);
			blanks(&r);
		} while (good && take(&r, ','));
	}
	good = good && take(&r, '}');
	blanks(&r);
	good = good && !r.n;
	if (good && found && s.n < cap) {
		out[s.n] = 0;
		return ECERT_OK;
	}
	mem_wipe(out, cap);
	if (!good)
		return ECERT_E_MALFORMED;
	return found ? ECERT_E_TOO_LARGE : ECERT_E_NOT_FOUND;
}
