/* SPDX-License-Identifier: BSD-2-Clause */
/* A compiled catalogue as JSON: one source for the command line and for the page. */
#include <string.h>

#include "desk/page.h"
#include "util/text.h"

#define MAGIC	0x950412DEu
#define LONGEST 600 /* bytes of a sentence that the page may say; what is longer is help */

static uint32_t word_at(struct rd mo, uint64_t at)
{
	uint32_t v = 0;

	if (at + sizeof v <= mo.n)
		memcpy(&v, mo.p + at, sizeof v); /* in the order of this machine: made on it */
	return v;
}

/* The i-th text of a table: its length, and where it is. False: it is not in the file. */
static bool text_at(struct rd mo, uint64_t table, uint32_t i, struct rd *out)
{
	const uint64_t n = word_at(mo, table + 8u * (uint64_t)i),
		       at = word_at(mo, table + 8u * (uint64_t)i + 4);

	if (at > mo.n || n >= mo.n - at)
		return false;
	*out = rd_of(mo.p + at, (size_t)n);
	return true;
}

/* A message of several forms begins with the first one. */
static struct rd first_form(struct rd t)
{
	const uint8_t *end = memchr(t.p, 0, t.n);

	return end ? rd_of(t.p, (size_t)(end - t.p)) : t;
}

/* The id of many: behind that of one. */
static struct rd last_form(struct rd t)
{
	const uint8_t *end = memchr(t.p, 0, t.n);

	return end ? rd_of(end + 1, t.n - (size_t)(end - t.p) - 1) : t;
}

static bool is_text(struct rd t)
{
	while (t.n) {
		uint32_t cp;
		const size_t n = text_char(t, &cp);

		if (!n)
			return false;
		t = rd_of(t.p + n, t.n - n);
	}
	return true;
}

enum ecert_rc page_words(struct rd mo, struct buf *out)
{
	const uint32_t n = word_at(mo, 8), ids = word_at(mo, 12), said = word_at(mo, 16);
	const char *before = "";

	if (mo.n < 28 || word_at(mo, 0) != MAGIC)
		return ECERT_E_MALFORMED;
	buf_str(out, "{");
	for (uint32_t i = 0; i < n; i++) {
		struct rd id, text;

		if (!text_at(mo, ids, i, &id) || !text_at(mo, said, i, &text))
			return ECERT_E_MALFORMED;
		id = last_form(id);
		text = first_form(text);
		if (!id.n || id.n > LONGEST || !text.n || !is_text(id) || !is_text(text))
			continue;
		buf_str(out, before);
		buf_json(out, id);
		buf_u8(out, ':');
		buf_json(out, text);
		before = ",\n";
	}
	buf_str(out, "}");
	return buf_rc(out);
}
