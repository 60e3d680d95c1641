/* SPDX-License-Identifier: BSD-2-Clause */
/* Tables and streams of references, one after the other back to the first. */
#include "document/pdf/graph/xref.h"

#include <stdlib.h>
#include <string.h>

#include "document/pdf/syntax.h"

#define NUMBERS_MAX  8388608u /* ISO 32000-1, annex C */
#define SECTIONS_MAX 4096
#define ROW	     20

static struct rd from(const struct xref *x, uint64_t at)
{
	return at < x->file.n ? rd_of(x->file.p + at, x->file.n - (size_t)at) : rd_of(NULL, 0);
}

static bool room_for(struct xref *x, uint64_t n)
{
	size_t room = (size_t)n + (size_t)n / 2 + 64;
	struct xref_entry *more;

	if (n <= x->n)
		return true;
	if (n > NUMBERS_MAX)
		return false;
	more = realloc(x->v, room * sizeof *more);
	if (!more)
		return false;
	memset(more + x->n, 0, (room - x->n) * sizeof *more);
	x->v = more;
	x->n = (size_t)n;
	return true;
}

/* The newest section counts, which comes first. */
static bool put(struct xref *x, uint64_t id, struct xref_entry e)
{
	if (!room_for(x, id + 1))
		return false;
	if (x->v[id].listed) {
		x->twice = x->twice ||
			   (e.used && x->v[id].used && e.generation != x->v[id].generation);
		return true;
	}
	e.listed = true;
	x->v[id] = e;
	x->in_use += e.used;
	return true;
}

static bool table_row(struct xref *x, struct rd row, uint64_t id)
{
	uint64_t at = 0, generation = 0;
	bool used;

	if (!pdf_number(&row, &at) || !pdf_take_word(&row, " ") || !pdf_number(&row, &generation) ||
	    !pdf_take_word(&row, " ") || generation > UINT16_MAX)
		return false;
	used = pdf_take_word(&row, "n");
	return (used || pdf_take_word(&row, "f")) &&
	       put(x, id, (struct xref_entry){at, 0, (uint16_t)generation, true, used});
}

static bool number_of(const struct pdf_dict *d, const char *key, uint64_t *out)
{
	bool doubled = false;
	struct rd r = pdf_dict_get(d, key, &doubled);

	*out = 0;
	return !doubled && (!r.n || (pdf_number(&r, out) && !pdf_skip(r).n));
}

/* What a trailer says about the sections before it. */
static bool trailer(struct xref *x, const struct pdf_dict *d, uint64_t *prev)
{
	bool doubled = false;
	uint64_t size;

	if (pdf_dict_get(d, "XRefStm", &doubled).n || doubled || !number_of(d, "Prev", prev) ||
	    !number_of(d, "Size", &size) || !size)
		return false;
	x->size = size > x->size ? size : x->size;
	return true;
}

/* The outermost dictionary at the front. */
static bool dictionary(struct rd r, struct pdf_dict *d)
{
	size_t n = pdf_value_size(r);
	struct rd inside;

	if (n < 4 || memcmp(r.p, "<<", 2) != 0)
		return false;
	inside = pdf_skip(rd_of(r.p + 2, n - 2));
	return pdf_dict_at(rd_of(r.p, n), inside.p, d);
}

static bool table(struct xref *x, struct rd r, uint64_t *prev)
{
	uint64_t first = 0, n = 0;
	struct pdf_dict d;

	r = pdf_skip(r);
	while (pdf_number(&r, &first)) {
		if (!pdf_take_word(&r, " ") || !pdf_number(&r, &n))
			return false;
		r = pdf_skip(r);
		if (n > r.n / ROW)
			return false;
		for (uint64_t i = 0; i < n; i++, r = pdf_past(r, ROW))
			if (!table_row(x, rd_of(r.p, ROW), first + i))
				return false;
		r = pdf_skip(r);
	}
	if (!pdf_take_word(&r, "trailer"))
		return false;
	return dictionary(pdf_skip(r), &d) && trailer(x, &d, prev);
}

static uint64_t field(const uint8_t *p, uint64_t n)
{
	uint64_t v = 0;

	for (uint64_t i = 0; i < n; i++)
		v = v << 8 | p[i];
	return v;
}

static bool stream_row(struct xref *x, const uint8_t *p, const uint64_t w[3], uint64_t id)
{
	uint64_t type = w[0] ? field(p, w[0]) : 1;
	uint64_t a = field(p + w[0], w[1]), b = field(p + w[0] + w[1], w[2]);
	struct xref_entry e = {.used = type != 0};

	if (type == 1 && b <= UINT16_MAX) {
		e.at = a;
		e.generation = (uint16_t)b;
	} else if (type == 2 && a && a < NUMBERS_MAX) {
		e.at = b;
		e.inside = (uint32_t)a;
	} else if (type) {
		return false;
	}
	return put(x, id, e);
}

/* The numbers of an array; false: there is something else, or there are more. */
static bool numbers(struct rd r, uint64_t *out, size_t cap, size_t *n)
{
	*n = 0;
	if (!pdf_take_word(&r, "["))
		return false;
	for (r = pdf_skip(r); r.n && *r.p != ']'; r = pdf_skip(r))
		if (*n == cap || !pdf_number(&r, &out[(*n)++]))
			return false;
	return r.n;
}

static bool rows(struct xref *x, const struct pdf_dict *d, struct rd data)
{
	static const size_t parts_max = 4096;
	uint64_t *part = calloc(parts_max, sizeof *part), w[3], size = 0;
	size_t n = 0, widths = 0;
	bool doubled = false, good = part && number_of(d, "Size", &size) &&
				     numbers(pdf_dict_get(d, "W", &doubled), w, 3, &widths) &&
				     widths == 3 && w[0] <= 8 && w[1] <= 8 && w[2] <= 8;
	struct rd index = pdf_dict_get(d, "Index", &doubled);

	if (good && index.n)
		good = numbers(index, part, parts_max, &n) && n % 2 == 0;
	else if (good)
		part[n++] = 0, part[n++] = size;
	for (size_t i = 0; good && !doubled && i < n; i += 2)
		for (uint64_t k = 0; good && k < part[i + 1]; k++) {
			good = data.n >= w[0] + w[1] + w[2] && w[0] + w[1] + w[2] &&
			       stream_row(x, data.p, w, part[i] + k);
			if (good)
				data = pdf_past(data, (size_t)(w[0] + w[1] + w[2]));
		}
	free(part);
	return good && !doubled;
}

/* qpdf has it by its number: it is this one when the section lists itself. */
static bool stream(struct xref *x, struct rd r, uint64_t at, uint64_t *prev)
{
	uint64_t id = 0, generation = 0;
	unsigned char *data = NULL;
	size_t n = 0;
	QPDF_BOOL filtered;
	qpdf_oh oh;
	struct pdf_dict d;
	bool good;

	if (!pdf_number(&r, &id) || !pdf_take_word(&r, " ") || !pdf_number(&r, &generation) ||
	    generation || !pdf_take_word(&r, " obj") || !id || id >= NUMBERS_MAX ||
	    !dictionary(pdf_skip(r), &d) || !trailer(x, &d, prev))
		return false;
	oh = qpdf_get_object_by_id(x->q, (int)id, 0);
	good = qpdf_oh_is_stream(x->q, oh) &&
	       !(qpdf_oh_get_stream_data(x->q, oh, qpdf_dl_all, &filtered, &data, &n) &
		   QPDF_ERRORS) &&
	       rows(x, &d, rd_of(data, n)) && id < x->n && x->v[id].used && !x->v[id].inside &&
	       x->v[id].at == at;
	free(data);
	return good;
}

bool xref_read(struct xref *x, uint64_t at)
{
	for (unsigned i = 0; i < SECTIONS_MAX; i++) {
		struct rd r = from(x, at);
		uint64_t prev = 0;

		if (!(pdf_take_word(&r, "xref") ? table(x, r, &prev) : stream(x, r, at, &prev)))
			return false;
		if (!prev)
			return true;
		at = prev;
	}
	return false;
}

void xref_free(struct xref *x)
{
	free(x->v);
	x->v = NULL;
	x->n = 0;
}
