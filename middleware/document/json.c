/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON from outside, read whole or not at all. */
#include <stdio.h>
#include <string.h>

#include "document/json.h"
#include "util/text.h"

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct rd json_trim(struct rd text)
{
	/* RFC 8259, 8.1: a byte order mark may be passed over. */
	if (text.n >= 3 && memcmp(text.p, "\xEF\xBB\xBF", 3) == 0)
		text = rd_of(text.p + 3, text.n - 3);
	while (text.n && is_blank(text.p[0]))
		text = rd_of(text.p + 1, text.n - 1);
	while (text.n && is_blank(text.p[text.n - 1]))
		text.n--;
	return text;
}

/* What some editors and shells write: JSON begins with ASCII, so that one of its first two bytes
 * is zero. */
static bool is_utf16(struct rd text)
{
	return text.n >= 2 && (memcmp(text.p, "\xFF\xFE", 2) == 0 ||
				  memcmp(text.p, "\xFE\xFF", 2) == 0 || !text.p[0] || !text.p[1]);
}

bool json_is_utf8(struct rd text)
{
	uint32_t cp;

	while (text.n) {
		size_t n = text_char(text, &cp);

		if (!n)
			return false;
		text = rd_of(text.p + n, text.n - n);
	}
	return true;
}

static json_t *load(struct rd text, json_error_t *err)
{
	return json_loadb((const char *)text.p, text.n, JSON_REJECT_DUPLICATES, err);
}

json_t *json_read(struct rd text, json_error_t *err)
{
	json_t *first;
	json_t *second;

	if (is_utf16(text)) {
		if (err) {
			*err = (json_error_t){.line = 1, .column = 1};
			(void)snprintf(
			    err->text, sizeof err->text, "it is UTF-16; save it as UTF-8 instead");
		}
		return NULL;
	}
	/* White space stays, so that errors have the right line. */
	if (text.n >= 3 && memcmp(text.p, "\xEF\xBB\xBF", 3) == 0)
		text = rd_of(text.p + 3, text.n - 3);

	first = load(text, err);
	second = first ? load(text, err) : NULL;

	if (!second || !json_equal(first, second)) {
		json_decref(first);
		first = NULL;
	}
	json_decref(second);
	return first;
}

bool json_shown(const json_t *o, const char *name, char *out, size_t cap)
{
	const char *s = json_string_value(json_object_get(o, name));
	bool good = s && strlen(s) < cap && text_is_shown(s);

	text_copy(out, cap, good ? s : "");
	return good;
}

json_t *json_time(time_t t)
{
	return t ? json_integer((json_int_t)t) : json_null();
}
