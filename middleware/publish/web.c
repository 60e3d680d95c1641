/* SPDX-License-Identifier: BSD-2-Clause */
/* Escaping: everything that a member wrote passes through here. */
#include "publish/web.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "document/json.h"
#include "util/text.h"

static const char *entity_of(uint32_t cp)
{
	switch (cp) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

/* So many bytes at the front are shown as they are; the rest is looked at one by one. */
static size_t plain(struct rd t)
{
	size_t n = 0;

	while (n < t.n && t.p[n] >= ' ' && t.p[n] < 0x7F && !entity_of(t.p[n]))
		n++;
	return n;
}

void web_text(struct buf *b, const char *text)
{
	struct rd rest = rd_of(text, text ? strlen(text) : 0);

	while (rest.n > 0) {
		uint32_t cp = 0;
		size_t n = plain(rest);

		if (n) {
			buf_put(b, rest.p, n);
			rest = rd_of(rest.p + n, rest.n - n);
			continue;
		}
		n = text_char(rest, &cp);
		if (n == 0 || !text_shown(cp))
			buf_u8(b, '?');
		else if (entity_of(cp))
			buf_str(b, entity_of(cp));
		else
			buf_put(b, rest.p, n);
		n = n ? n : 1;
		rest = rd_of(rest.p + n, rest.n - n);
	}
}

void web_scalar(struct buf *b, const json_t *v)
{
	char *digits = json_is_number(v) ? json_text(v, JSON_ENCODE_ANY) : NULL;

	web_text(b, digits ? digits : json_string_value(v));
	free(digits);
}

void web_parts(struct buf *b, const char *const *parts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (i % 2)
			web_text(b, parts[i]);
		else
			buf_str(b, parts[i]);
}

void web_number(struct buf *b, int64_t n)
{
	char text[24];

	(void)snprintf(text, sizeof text, "%" PRId64, n);
	buf_str(b, text);
}

static void moment(struct buf *b, int64_t t, const char *machine, const char *shown)
{
	const time_t when = (time_t)t;
	struct tm tm;
	char text[40];

	if (!gmtime_r(&when, &tm))
		return;
	(void)strftime(text, sizeof text, machine, &tm);
	web_put(b, "<time datetime=\"", text, "\">");
	(void)strftime(text, sizeof text, shown, &tm);
	web_put(b, "", text, "</time>");
}

void web_day(struct buf *b, int64_t t)
{
	moment(b, t, "%Y-%m-%d", "%Y-%m-%d");
}

void web_minute(struct buf *b, int64_t t)
{
	moment(b, t, "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M UTC");
}

bool web_is_https(const char *url)
{
	return url && !strncmp(url, "https://", 8) && url[8] && text_is_shown(url) &&
	       !strpbrk(url, " \"<>\\^`{|}");
}

bool web_is_mail(const char *text)
{
	const char *at = text ? strchr(text, '@') : NULL;

	return at && at != text && strchr(at + 1, '.') && !strchr(at + 1, '@') &&
	       text_is_shown(text) && !strpbrk(text, " \"<>\\^`{|}?&:/,;%()");
}

void web_link(struct buf *b, const char *to, const char *label)
{
	const bool https = web_is_https(to);

	if (!https && !web_is_mail(to)) {
		web_put(b, "", label ? label : to);
		return;
	}
	web_put(b, "<a rel=\"nofollow noopener ugc\" href=\"", "", https ? "" : "mailto:", to,
	    "\">", label ? label : to + (https ? strlen("https://") : 0), "</a>");
}

void csv_cell(struct buf *b, const char *text)
{
	const char *s = text ? text : "";

	buf_u8(b, '"');
	if (*s && strchr("=+-@\t\r", *s))
		buf_u8(b, '\'');
	for (; *s; s++) {
		if (*s == '"')
			buf_u8(b, '"');
		buf_u8(b, (uint8_t)((unsigned char)*s < ' ' ? ' ' : *s));
	}
	buf_u8(b, '"');
}
