/* SPDX-License-Identifier: BSD-2-Clause */
/* Names, numbers, strings and dates of a PDF as they are written. */
#include <stdio.h>
#include <string.h>

#include "document/pdf/syntax.h"
#include "util/text.h"

static int digit_of(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* One character of a name; 0 behind the last one. */
static int name_char(struct rd *r)
{
	int c, high, low;

	if (!r->n)
		return 0;
	c = *r->p;
	*r = rd_of(r->p + 1, r->n - 1);
	if (c != '#' || r->n < 2)
		return c;
	high = digit_of(r->p[0]);
	low = digit_of(r->p[1]);
	if (high < 0 || low < 0)
		return c;
	*r = rd_of(r->p + 2, r->n - 2);
	return high << 4 | low;
}

bool pdf_name_is(struct rd written, const char *name)
{
	if (name_char(&written) != '/')
		return false;
	for (; *name; name++)
		if (name_char(&written) != (uint8_t)*name)
			return false;
	return !written.n;
}

void pdf_name_get(struct rd written, char *out, size_t cap)
{
	size_t n = 0;
	int c;

	if (name_char(&written) != '/')
		written.n = 0;
	while (n + 1 < cap && (c = name_char(&written)))
		out[n++] = (char)c;
	out[n] = 0;
	text_scrub(out);
}

bool pdf_number(struct rd *r, uint64_t *out)
{
	size_t n = 0;

	*out = 0;
	while (n < r->n && r->p[n] >= '0' && r->p[n] <= '9' && n < 20)
		*out = *out * 10 + (uint64_t)(r->p[n++] - '0');
	if (!n || n > 19)
		return false;
	*r = rd_of(r->p + n, r->n - n);
	return true;
}

static bool hex_get(struct rd inside, struct buf *out)
{
	int high = -1;

	for (size_t i = 0; i < inside.n; i++) {
		int d = digit_of(inside.p[i]);

		if (d < 0 && !pdf_is_space(inside.p[i]))
			return false;
		if (d >= 0 && high >= 0) {
			buf_u8(out, (uint8_t)(high << 4 | d));
			high = -1;
		} else if (d >= 0) {
			high = d;
		}
	}
	/* A last digit that is missing is 0 (7.3.4.3). */
	if (high >= 0)
		buf_u8(out, (uint8_t)(high << 4));
	return true;
}

/* Behind a backslash: what it stands for; how many bytes it is of. */
static size_t escape(struct rd r, struct buf *out)
{
	static const char letters[] = "nrtbf", stand_for[] = "\n\r\t\b\f";
	const char *at = r.n && *r.p ? strchr(letters, *r.p) : NULL;
	size_t n = 0;
	unsigned octal = 0;

	if (!r.n)
		return 0;
	if (at) {
		buf_u8(out, (uint8_t)stand_for[at - letters]);
		return 1;
	}
	/* A line that goes on (7.3.4.2). */
	if (*r.p == '\r' || *r.p == '\n')
		return r.n > 1 && r.p[0] == '\r' && r.p[1] == '\n' ? 2 : 1;
	while (n < 3 && n < r.n && r.p[n] >= '0' && r.p[n] <= '7')
		octal = octal << 3 | (unsigned)(r.p[n++] - '0');
	buf_u8(out, n ? (uint8_t)octal : *r.p);
	return n ? n : 1;
}

static void literal_get(struct rd inside, struct buf *out)
{
	for (size_t i = 0; i < inside.n; i++) {
		if (inside.p[i] == '\\')
			i += escape(rd_of(inside.p + i + 1, inside.n - i - 1), out);
		else
			buf_u8(out, inside.p[i]);
	}
}

bool pdf_string_get(struct rd written, struct buf *out)
{
	struct rd inside;

	if (written.n < 2)
		return false;
	inside = rd_of(written.p + 1, written.n - 2);
	if (written.p[0] == '(') {
		literal_get(inside, out);
		return true;
	}
	return written.p[0] == '<' && written.p[1] != '<' && hex_get(inside, out);
}

static void put_char(struct buf *out, uint32_t c)
{
	if (c < 0x80) {
		buf_u8(out, (uint8_t)c);
	} else if (c < 0x800) {
		buf_u8(out, (uint8_t)(0xC0 | c >> 6));
		buf_u8(out, (uint8_t)(0x80 | (c & 0x3F)));
	} else if (c < 0x10000) {
		buf_u8(out, (uint8_t)(0xE0 | c >> 12));
		buf_u8(out, (uint8_t)(0x80 | (c >> 6 & 0x3F)));
		buf_u8(out, (uint8_t)(0x80 | (c & 0x3F)));
	} else {
		buf_u8(out, (uint8_t)(0xF0 | c >> 18));
		buf_u8(out, (uint8_t)(0x80 | (c >> 12 & 0x3F)));
		buf_u8(out, (uint8_t)(0x80 | (c >> 6 & 0x3F)));
		buf_u8(out, (uint8_t)(0x80 | (c & 0x3F)));
	}
}

/* PDFDocEncoding (annex D.2) where it is not Latin-1. */
static uint32_t doc_char(uint8_t c)
{
	static const uint16_t low[8] = {
	    0x2D8, 0x2C7, 0x2C6, 0x2D9, 0x2DD, 0x2DB, 0x2DA, 0x2DC}; /* from 0x18 on */
	static const uint16_t high[33] = {0x2022, 0x2020, 0x2021, 0x2026, 0x2014, 0x2013, 0x192,
	    0x2044, 0x2039, 0x203A, 0x2212, 0x2030, 0x201E, 0x201C, 0x201D, 0x2018, 0x2019, 0x201A,
	    0x2122, 0xFB01, 0xFB02, 0x141, 0x152, 0x160, 0x178, 0x17D, 0x131, 0x142, 0x153, 0x161,
	    0x17E, 0xFFFD, 0x20AC}; /* from 0x80 on */

	if (c >= 0x18 && c < 0x20)
		return low[c - 0x18];
	return c >= 0x80 && c <= 0xA0 ? high[c - 0x80] : c;
}

static void wide_get(struct rd r, struct buf *out)
{
	for (; r.n >= 2; r = rd_of(r.p + 2, r.n - 2)) {
		uint32_t c = (uint32_t)r.p[0] << 8 | r.p[1];

		if (c >= 0xD800 && c < 0xDC00 && r.n >= 4 && (r.p[2] & 0xFC) == 0xDC) {
			c = 0x10000 + ((c & 0x3FF) << 10 | ((uint32_t)(r.p[2] & 3) << 8) | r.p[3]);
			r = rd_of(r.p + 2, r.n - 2);
		}
		put_char(out, c);
	}
}

void pdf_text_get(struct rd written, char *out, size_t cap)
{
	struct buf bytes = BUF_INIT(65536), text = BUF_INIT(4u * 65536);
	struct rd r;

	out[0] = 0;
	if (pdf_string_get(written, &bytes)) {
		r = buf_view(&bytes);
		if (r.n >= 2 && r.p[0] == 0xFE && r.p[1] == 0xFF) {
			wide_get(rd_of(r.p + 2, r.n - 2), &text);
		} else if (r.n >= 3 && memcmp(r.p, "\xEF\xBB\xBF", 3) == 0) {
			buf_put(&text, r.p + 3, r.n - 3);
		} else {
			for (size_t i = 0; i < r.n; i++)
				put_char(&text, doc_char(r.p[i]));
		}
		buf_u8(&text, 0);
		if (buf_rc(&text) == ECERT_OK)
			(void)snprintf(out, cap, "%s", (const char *)buf_view(&text).p);
		text_scrub(out);
	}
	buf_free(&bytes);
	buf_free(&text);
}

/* Two digits at the front of *s; none: what it is then. False: one is no digit. */
static bool two(const char **s, int none, int *out)
{
	*out = none;
	if (**s < '0' || **s > '9')
		return !**s || strchr("Z+-", **s);
	if ((*s)[1] < '0' || (*s)[1] > '9')
		return false;
	*out = ((*s)[0] - '0') * 10 + (*s)[1] - '0';
	*s += 2;
	return true;
}

/* "D:20261129130512+08'00'": all but the year may be missing. */
time_t pdf_date_get(struct rd written)
{
	char text[64];
	const char *s = text;
	int century, year, hours = 0, minutes = 0;
	struct tm tm = {0};
	time_t t;
	bool good;

	pdf_text_get(written, text, sizeof text);
	s += strncmp(s, "D:", 2) == 0 ? 2 : 0;
	good = *s && two(&s, 0, &century) && *s && two(&s, 0, &year) && two(&s, 1, &tm.tm_mon) &&
	       two(&s, 1, &tm.tm_mday) && two(&s, 0, &tm.tm_hour) && two(&s, 0, &tm.tm_min) &&
	       two(&s, 0, &tm.tm_sec);
	if (!good || tm.tm_mon < 1 || tm.tm_mon > 12)
		return 0;
	tm.tm_mon--;
	tm.tm_year = century * 100 + year - 1900;
	t = timegm(&tm);
	if (*s == '+' || *s == '-') {
		const char *zone = s + 1;

		good = two(&zone, 0, &hours);
		zone += *zone == '\'';
		good = good && two(&zone, 0, &minutes);
		if (!good || hours > 23 || minutes > 59)
			return 0;
		t += (*s == '-' ? 1 : -1) * (time_t)(hours * 3600 + minutes * 60);
	}
	return t > 0 ? t : 0;
}
