/* SPDX-License-Identifier: BSD-2-Clause */
/* Strings and dates. */
#include "document/pdf/sign/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"

static bool is_plain(const char *s)
{
	for (; *s; s++)
		if (*s < ' ' || *s > '~')
			return false;
	return true;
}

static void put_units(struct buf *out, uint32_t cp)
{
	char hex[16];

	if (cp < 0x10000)
		snprintf(hex, sizeof hex, "%04X", (unsigned)cp);
	else
		snprintf(hex, sizeof hex, "%04X%04X", (unsigned)(0xD800 + ((cp - 0x10000) >> 10)),
		    (unsigned)(0xDC00 + ((cp - 0x10000) & 0x3FF)));
	buf_str(out, hex);
}

void pdf_put_text(struct buf *out, const char *utf8)
{
	struct rd r = rd_of(utf8, strlen(utf8));

	if (is_plain(utf8)) {
		buf_u8(out, '(');
		for (; *utf8; utf8++) {
			if (strchr("()\\", *utf8))
				buf_u8(out, '\\');
			buf_u8(out, (uint8_t)*utf8);
		}
		buf_u8(out, ')');
		return;
	}
	buf_str(out, "<FEFF");
	while (r.n) {
		uint32_t cp = '?';
		size_t n = text_char(r, &cp);

		put_units(out, n ? cp : '?');
		r = rd_of(r.p + (n ? n : 1), r.n - (n ? n : 1));
	}
	buf_u8(out, '>');
}

void pdf_put_date(struct buf *out, time_t t)
{
	struct tm tm;
	char day[32], zone[32];
	long east;

	if (!localtime_r(&t, &tm) || !strftime(day, sizeof day, "%Y%m%d%H%M%S", &tm)) {
		buf_fail(out, ECERT_E_ARG);
		return;
	}
	east = labs(tm.tm_gmtoff) / 60;
	snprintf(zone, sizeof zone, "%c%02ld'%02ld'", tm.tm_gmtoff < 0 ? '-' : '+', east / 60,
	    east % 60);
	buf_str(out, "(D:");
	buf_str(out, day);
	buf_str(out, zone);
	buf_u8(out, ')');
}

void pdf_put_number(struct buf *out, uint64_t n)
{
	char text[24];

	snprintf(text, sizeof text, "%" PRIu64, n);
	buf_str(out, text);
}
