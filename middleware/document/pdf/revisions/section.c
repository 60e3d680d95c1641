/* SPDX-License-Identifier: BSD-2-Clause */
/* Tables and streams of references behind a signature (ISO 32000-1, 7.5.4, 7.5.8). */
#include "document/pdf/revisions/section.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document/pdf/revisions/between.h"
#include "document/pdf/revisions/compare.h"
#include "document/pdf/syntax.h"

#define SECTIONS_MAX	1000
#define ROW		20
#define BLANK_MAX	512
#define READERS_LOOK_AT 1000
#define PACKED_MAX	10000 /* objects of one object stream */

/* Numbers of one object stream, in their order. */
struct packed {
	int id; /* of the stream; 0: none is at hand */
	long long *number;
	size_t n;
};

struct reading {
	struct sections *s;
	struct starts starts;
	uint16_t round; /* which section */
	struct packed packed;
};

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool take_number(struct rd *r, uint64_t *out)
{
	size_t n = 0;

	for (*out = 0; n < r->n && n < 11 && is_digit(r->p[n]); n++)
		*out = *out * 10 + (uint64_t)(r->p[n] - '0');
	*r = rd_of(r->p + n, r->n - n);
	return n > 0 && n < 11;
}

static bool take_line_end(struct rd *r)
{
	return pdf_take_word(r, "\r\n") || pdf_take_word(r, "\n") || pdf_take_word(r, "\r");
}

static size_t last_word(struct rd r, const char *word)
{
	size_t n = strlen(word), at = r.n;

	while (at >= n && memcmp(r.p + at - n, word, n) != 0)
		at--;
	return at >= n ? at - n : r.n;
}

/* As transport puts it behind a file. */
static bool is_blank(struct rd r)
{
	for (size_t i = 0; i < r.n; i++)
		if (r.p[i] && r.p[i] != '\n' && r.p[i] != '\r' && r.p[i] != ' ')
			return false;
	return r.n <= BLANK_MAX;
}

bool sections_blank(struct rd file, uint64_t end)
{
	struct rd r = rd_of(file.p + end, file.n - (size_t)end);

	return is_blank(r) &&
	       (r.n <= 2 || file.n - last_word(file, "startxref") <= READERS_LOOK_AT);
}

/* "startxref", a number, "%%EOF" and the end: nothing else, or readers go on to look for another.
 */
bool sections_end(struct rd file, uint64_t *at)
{
	struct rd r = rd_of(file.p + last_word(file, "startxref"), file.n);

	r.n = file.n - (size_t)(r.p - file.p);
	if (!pdf_take_word(&r, "startxref") || !take_line_end(&r) || !take_number(&r, at) ||
	    !take_line_end(&r) || !pdf_take_word(&r, "%%EOF"))
		return false;
	return is_blank(r) && *at < file.n;
}

/* Where the signed state says that its last section is; a reader has shown it as it is. */
static bool signed_start(struct rd state, uint64_t *at)
{
	struct rd r = rd_of(state.p + last_word(state, "startxref"), state.n);

	r.n = state.n - (size_t)(r.p - state.p);
	if (!pdf_take_word(&r, "startxref"))
		return false;
	while (take_line_end(&r) || pdf_take_word(&r, " "))
		;
	return take_number(&r, at) && *at < state.n;
}

static struct rd from(const struct sections *s, uint64_t at)
{
	return at < s->file.n ? rd_of(s->file.p + at, s->file.n - (size_t)at) : rd_of(NULL, 0);
}

/* The object is at this place, which is behind the signature. */
static bool stands_at(const struct sections *s, uint64_t at, uint64_t id, uint64_t generation)
{
	char head[40];
	struct rd r = from(s, at);

	snprintf(head, sizeof head, "%llu %llu obj", (unsigned long long)id,
	    (unsigned long long)generation);
	return at >= s->end && pdf_take_word(&r, head) && r.n && !is_digit(*r.p);
}

/* Once in each section; the newest counts. in_use: its generation and 1 more; 0: it is free. */
static bool list(struct reading *g, uint64_t id, uint64_t in_use)
{
	struct sections *s = g->s;

	if (id >= s->objects || s->listed[id] == g->round)
		return false;
	if (!s->listed[id])
		s->generation[id] = (uint32_t)in_use;
	s->listed[id] = g->round;
	return true;
}

static bool table_row(struct reading *g, struct rd row, uint64_t id)
{
	uint64_t at = 0, generation = 0;

	if (!take_number(&row, &at) || !pdf_take_word(&row, " ") ||
	    !take_number(&row, &generation) || !pdf_take_word(&row, " ") || generation > UINT16_MAX)
		return false;
	if (pdf_take_word(&row, "f"))
		return list(g, id, 0);
	if (!list(g, id, generation + 1))
		return false;
	return pdf_take_word(&row, "n") && stands_at(g->s, at, id, generation) &&
	       starts_add(&g->starts, at);
}

/* The number behind a key that is there once. */
static bool only_number(struct rd text, const char *key, uint64_t *out)
{
	const uint8_t *at = memmem(text.p, text.n, key, strlen(key));
	struct rd r;

	if (!at)
		return false;
	at += strlen(key);
	r = rd_of(at, text.n - (size_t)(at - text.p));
	if (memmem(r.p, r.n, key, strlen(key)))
		return false;
	while (take_line_end(&r) || pdf_take_word(&r, " "))
		;
	return take_number(&r, out);
}

/* Without its literal strings, in which any bytes may stand. */
static void copy_outside(struct rd r, struct buf *out)
{
	size_t open = 0;

	for (size_t i = 0; i < r.n; i++) {
		if (open && r.p[i] == '\\')
			i++;
		else if (r.p[i] == '(')
			open++;
		else if (open && r.p[i] == ')')
			open--;
		else if (!open)
			buf_u8(out, r.p[i]);
	}
}

/* No tables and streams at once, and no names that are written in two ways. */
static bool trailer(struct rd r, uint64_t *prev)
{
	struct buf text = BUF_INIT(65536);
	bool good;

	copy_outside(r, &text);
	r = buf_view(&text);
	good = buf_rc(&text) == ECERT_OK && !rd_contains(r, "/XRefStm") && !rd_contains(r, "#") &&
	       only_number(r, "/Prev", prev);
	buf_free(&text);
	return good;
}

static bool table(struct reading *g, struct rd r, uint64_t *prev)
{
	uint64_t first = 0, n = 0;
	const uint8_t *end;

	while (pdf_take_word(&r, " "))
		;
	if (!take_line_end(&r))
		return false;
	while (r.n && is_digit(*r.p)) {
		if (!take_number(&r, &first) || !pdf_take_word(&r, " ") || !take_number(&r, &n))
			return false;
		(void)pdf_take_word(&r, " ");
		if (!take_line_end(&r) || n > r.n / ROW)
			return false;
		for (uint64_t i = 0; i < n; i++) {
			if (!table_row(g, rd_of(r.p, ROW), first + i))
				return false;
			r = rd_of(r.p + ROW, r.n - ROW);
		}
	}
	end = pdf_take_word(&r, "trailer") ? memmem(r.p, r.n, "startxref", 9) : NULL;
	if (!end)
		return false;
	r.n = (size_t)(end - r.p);
	return trailer(r, prev);
}

/* What an object stream has, by its own head; each number once. */
static bool unpack(struct reading *g, int id)
{
	qpdf_data q = g->s->now;
	qpdf_oh stream = qpdf_get_object_by_id(q, id, 0);
	qpdf_oh count = entry_of(q, qpdf_oh_get_dict(q, stream), "/N");
	long long n = qpdf_oh_is_integer(q, count) ? qpdf_oh_get_int_value(q, count) : 0;
	unsigned char *data = NULL;
	size_t size = 0;
	QPDF_BOOL filtered;
	struct rd r;
	bool good = qpdf_oh_is_stream(q, stream) && n > 0 && n <= PACKED_MAX &&
		    !(qpdf_oh_get_stream_data(q, stream, qpdf_dl_all, &filtered, &data, &size) &
			QPDF_ERRORS);

	free(g->packed.number);
	g->packed = (struct packed){.number = good ? calloc((size_t)n, sizeof(long long)) : NULL};
	r = rd_of(data, size);
	good = good && g->packed.number;
	for (size_t i = 0; good && i < (size_t)n; i++) {
		uint64_t x = 0, at = 0;

		while (take_line_end(&r) || pdf_take_word(&r, " "))
			;
		good = take_number(&r, &x) && pdf_take_word(&r, " ") && take_number(&r, &at);
		for (size_t k = 0; good && k < i; k++)
			good = g->packed.number[k] != (long long)x;
		if (good)
			g->packed.number[i] = (long long)x;
	}
	free(data);
	g->packed.id = good ? id : 0;
	g->packed.n = good ? (size_t)n : 0;
	return good;
}

static bool packed_at(struct reading *g, uint64_t stream, uint64_t index, uint64_t id)
{
	if (!stream || stream >= g->s->objects ||
	    (g->packed.id != (int)stream && !unpack(g, (int)stream)))
		return false;
	return index < g->packed.n && g->packed.number[index] == (long long)id;
}

static uint64_t field(const uint8_t *p, long long n)
{
	uint64_t x = 0;

	for (long long i = 0; i < n; i++)
		x = x << 8 | p[i];
	return x;
}

static long long item(qpdf_data q, qpdf_oh list, int i)
{
	qpdf_oh x = qpdf_oh_get_array_item(q, list, i);

	return qpdf_oh_is_integer(q, x) ? qpdf_oh_get_int_value(q, x) : -1;
}

static bool stream_row(struct reading *g, const uint8_t *p, const long long w[3], uint64_t id)
{
	uint64_t type = w[0] ? field(p, w[0]) : 1;
	uint64_t a = field(p + w[0], w[1]), b = field(p + w[0] + w[1], w[2]);

	if ((type == 1 && b > UINT16_MAX) || !list(g, id, type == 0 ? 0 : type == 1 ? b + 1 : 1))
		return false;
	if (type == 0)
		return true;
	return type == 1   ? stands_at(g->s, a, id, b) && starts_add(&g->starts, a)
	       : type == 2 ? packed_at(g, a, b, id)
			   : false;
}

static bool stream_rows(struct reading *g, qpdf_oh dict, struct rd data)
{
	qpdf_data q = g->s->now;
	qpdf_oh widths = entry_of(q, dict, "/W"), index = entry_of(q, dict, "/Index");
	int parts = qpdf_oh_is_array(q, index) ? qpdf_oh_get_array_n_items(q, index) : 0;
	long long w[3];
	size_t size;

	for (int i = 0; i < 3; i++) {
		w[i] = qpdf_oh_is_array(q, widths) ? item(q, widths, i) : -1;
		if (w[i] < 0 || w[i] > 8)
			return false;
	}
	size = (size_t)(w[0] + w[1] + w[2]);
	if (!size || !parts || parts % 2)
		return false;
	for (int i = 0; i < parts; i += 2) {
		long long first = item(q, index, i), n = item(q, index, i + 1);

		if (first < 0 || n < 0 || (uint64_t)n > data.n / size)
			return false;
		for (long long k = 0; k < n; k++) {
			if (!stream_row(g, data.p, w, (uint64_t)(first + k)))
				return false;
			data = rd_of(data.p + size, data.n - size);
		}
	}
	return !data.n;
}

static bool stream(struct reading *g, struct rd r, uint64_t at, uint64_t *prev)
{
	qpdf_data q = g->s->now;
	uint64_t id = 0, generation = 0;
	unsigned char *data = NULL;
	size_t n = 0;
	QPDF_BOOL filtered;
	qpdf_oh object, dict, before;
	bool good;

	if (!take_number(&r, &id) || !pdf_take_word(&r, " ") || !take_number(&r, &generation) ||
	    !stands_at(g->s, at, id, generation) || id >= g->s->objects || generation)
		return false;
	object = qpdf_get_object_by_id(q, (int)id, 0);
	if (!qpdf_oh_is_stream(q, object))
		return false;
	dict = qpdf_oh_get_dict(q, object);
	before = entry_of(q, dict, "/Prev");
	good = is_name(q, entry_of(q, dict, "/Type"), "/XRef") && qpdf_oh_is_integer(q, before) &&
	       qpdf_oh_get_int_value(q, before) > 0 &&
	       !(qpdf_oh_get_stream_data(q, object, qpdf_dl_all, &filtered, &data, &n) &
		   QPDF_ERRORS) &&
	       stream_rows(g, dict, rd_of(data, n)) && g->s->listed[id] == g->round;
	if (good)
		*prev = (uint64_t)qpdf_oh_get_int_value(q, before);
	free(data);
	return good;
}

bool sections_read(struct sections *s)
{
	struct reading g = {.s = s};
	uint64_t at = 0, was = 0, prev = 0;
	bool good = sections_end(s->file, &at) &&
		    signed_start(rd_of(s->file.p, (size_t)s->end), &was) && at >= s->end;

	for (g.round = 1; good && at != was; g.round++) {
		struct rd r = from(s, at);

		good = at >= s->end && g.round < SECTIONS_MAX && starts_add(&g.starts, at) &&
		       (pdf_take_word(&r, "xref") ? table(&g, r, &prev)
						  : stream(&g, r, at, &prev)) &&
		       prev < at;
		at = prev;
	}
	s->stray = good && !between_nothing(s, &g.starts);
	starts_free(&g.starts);
	free(g.packed.number);
	return good;
}
