/* SPDX-License-Identifier: BSD-2-Clause */
/* An update's bytes walked over from one thing to the next (ISO 32000-1, 7.5.6). */
#include "document/pdf/revisions/between.h"

#include <stdlib.h>
#include <string.h>

#include "document/pdf/graph/scan.h"
#include "document/pdf/syntax.h"

#define STARTS_MAX (1u << 22)
#define ROW	   20

bool starts_add(struct starts *s, uint64_t at)
{
	size_t room = s->room ? 2 * s->room : 256;
	uint64_t *more;

	if (s->n == s->room) {
		more = room <= STARTS_MAX ? realloc(s->v, room * sizeof *more) : NULL;
		if (!more)
			return false;
		s->v = more;
		s->room = room;
	}
	s->v[s->n++] = at;
	return true;
}

void starts_free(struct starts *s)
{
	free(s->v);
	*s = (struct starts){.v = NULL};
}

static int by_place(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* White space and comments; false: one of them has an object in it. */
static bool skip(struct rd *r)
{
	struct rd after = pdf_skip(*r);
	struct rd over = rd_of(r->p, (size_t)(after.p - r->p));

	*r = after;
	return !rd_contains(over, "obj");
}

/* /Length as it is written, or what it refers to. */
static bool length_of(const struct sections *s, struct rd value, uint64_t *out)
{
	struct pdf_dict *d = malloc(sizeof *d);
	struct rd inside = pdf_skip(value), text = rd_of(NULL, 0), more;
	bool doubled = false, good;
	uint64_t generation = 0;
	qpdf_oh there;

	if (d && pdf_take_word(&inside, "<<") && pdf_dict_at(value, pdf_skip(inside).p, d))
		text = pdf_dict_get(d, "Length", &doubled);
	free(d);
	good = !doubled && pdf_number(&text, out);
	more = pdf_skip(text);
	if (!good || !pdf_number(&more, &generation))
		return good;
	there = *out < s->objects && generation <= UINT16_MAX
		    ? qpdf_get_object_by_id(s->now, (int)*out, (int)generation)
		    : qpdf_oh_new_null(s->now);
	good = qpdf_oh_is_integer(s->now, there) && qpdf_oh_get_int_value(s->now, there) >= 0;
	*out = good ? (uint64_t)qpdf_oh_get_int_value(s->now, there) : 0;
	return good;
}

static bool object(const struct sections *s, struct rd *r)
{
	uint64_t id = 0, generation = 0, n = 0;
	struct rd head = *r, value;

	if (!pdf_number(&head, &id) || (head = pdf_skip(head), !pdf_number(&head, &generation)) ||
	    id > UINT32_MAX || generation > UINT16_MAX ||
	    !scan_object(*r, (uint32_t)id, (uint16_t)generation, &value))
		return false;
	*r = pdf_skip(pdf_past(*r, (size_t)(value.p + value.n - r->p)));
	if (pdf_take_word(r, "stream")) {
		(void)pdf_take_word(r, "\r");
		if (!pdf_take_word(r, "\n") || !length_of(s, value, &n) || n > r->n)
			return false;
		*r = pdf_skip(pdf_past(*r, (size_t)n));
		if (!pdf_take_word(r, "endstream"))
			return false;
		*r = pdf_skip(*r);
	}
	return pdf_take_word(r, "endobj");
}

/* Its rows have been read, and are as they have to be. */
static bool table(struct rd *r)
{
	uint64_t first = 0, n = 0;

	for (*r = pdf_skip(*r); pdf_number(r, &first); *r = pdf_skip(*r)) {
		*r = pdf_skip(*r);
		if (!pdf_number(r, &n))
			return false;
		*r = pdf_skip(*r);
		if (n > r->n / ROW)
			return false;
		*r = pdf_past(*r, (size_t)n * ROW);
	}
	if (!pdf_take_word(r, "trailer"))
		return false;
	*r = pdf_skip(*r);
	n = r->n ? pdf_value_size(*r) : 0;
	*r = pdf_past(*r, (size_t)n);
	return n;
}

static bool startxref(struct rd *r)
{
	uint64_t at;

	*r = pdf_skip(*r);
	return pdf_number(r, &at);
}

bool between_nothing(const struct sections *s, struct starts *starts)
{
	struct rd r = rd_of(s->file.p + s->end, s->file.n - (size_t)s->end);
	bool good = skip(&r);

	if (starts->n)
		qsort(starts->v, starts->n, sizeof *starts->v, by_place);
	while (good && r.n) {
		uint64_t at = (uint64_t)(r.p - s->file.p);

		if (pdf_take_word(&r, "startxref"))
			good = startxref(&r);
		else if (!starts->n || !bsearch(&at, starts->v, starts->n, sizeof at, by_place))
			good = false;
		else
			good = pdf_take_word(&r, "xref") ? table(&r) : object(s, &r);
		good = good && skip(&r);
	}
	return good;
}
