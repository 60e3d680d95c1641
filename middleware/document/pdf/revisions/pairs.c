/* SPDX-License-Identifier: BSD-2-Clause */
/* From the trailers on, pair by pair: those alone that something may have become of. */
#include <stdio.h>
#include <stdlib.h>

#include "document/pdf/revisions/compare.h"

#define PARENTS	    32
#define OBJECTS_MAX 8388608u /* ISO 32000-1, annex C */

static long long size_of(qpdf_data q, qpdf_oh trailer)
{
	qpdf_oh size = entry_of(q, trailer, "/Size");

	return qpdf_oh_is_integer(q, size) ? qpdf_oh_get_int_value(q, size) : 0;
}

static void compare_trailers(struct compare *c)
{
	qpdf_oh a = qpdf_get_trailer(c->before), b = qpdf_get_trailer(c->after);

	c->shrunk = size_of(c->after, b) < size_of(c->before, a);

	snprintf(c->path, sizeof c->path, "/Root");
	/* Another catalog is another document. */
	if (!same_ref(c, entry_of(c->before, a, "/Root"), entry_of(c->after, b, "/Root")))
		forbid(c);
	else
		compare_push(c, entry_of(c->before, a, "/Root"), PLACE_CATALOG);
	snprintf(c->path, sizeof c->path, "/Encrypt");
	if (qpdf_oh_has_key(c->before, a, "/Encrypt") || qpdf_oh_has_key(c->after, b, "/Encrypt"))
		compare_node(c, entry_of(c->before, a, "/Encrypt"),
		    entry_of(c->after, b, "/Encrypt"), PLACE_ANY);
	/* Tables and streams at once: readers differ in which of them counts. */
	snprintf(c->path, sizeof c->path, "/XRefStm");
	if (qpdf_oh_has_key(c->after, b, "/XRefStm") && !qpdf_oh_has_key(c->before, a, "/XRefStm"))
		forbid(c);
	if (!same_text(c, entry_of(c->before, a, "/Info"), entry_of(c->after, b, "/Info")))
		note(c, PDF_CHANGE_DESCRIBED);
}

static size_t numbers(qpdf_data q)
{
	qpdf_oh next = qpdf_make_indirect_object(q, qpdf_oh_new_null(q));
	int id = qpdf_oh_get_object_id(q, next);

	return id > 0 ? (size_t)id : 1;
}

size_t compare_objects(qpdf_data before, qpdf_data after)
{
	size_t a = numbers(before), b = numbers(after), n = a > b ? a : b;

	return a > 1 && b > 1 && n < OBJECTS_MAX ? n : 0;
}

static bool make_room(struct compare *c)
{
	c->seen = calloc(c->objects, sizeof *c->seen);
	c->role = calloc(c->objects, sizeof *c->role);
	c->field = calloc(c->objects, sizeof *c->field);
	c->field_after = calloc(c->objects, sizeof *c->field_after);
	c->generation = calloc(c->objects, sizeof *c->generation);
	c->up = calloc(c->objects, sizeof *c->up);
	return c->up && c->seen && c->role && c->field && c->field_after && c->generation;
}

static void give_back(struct compare *c)
{
	free(c->seen);
	free(c->role);
	free(c->field);
	free(c->field_after);
	free(c->generation);
	free(c->up);
	free(c->leads);
	free(c->queue);
	free(c->home);
}

/* What is above of a field has a say in it. */
static bool parents_same(const struct compare *c, int id, int generation)
{
	qpdf_oh f = qpdf_get_object_by_id(c->after, id, generation);

	for (int i = 0; i < PARENTS; i++) {
		f = entry_of(c->after, f, "/Parent");
		if (qpdf_oh_is_null(c->after, f))
			return true;
		if (!same_in_both(&c->same, qpdf_oh_get_object_id(c->after, f)))
			return false;
	}
	return false;
}

static void compare_pair(struct compare *c, const struct pair *p)
{
	qpdf_data before = c->before;
	bool same = same_in_both(&c->same, p->id) &&
		    (p->place != PLACE_FIELD || parents_same(c, p->id, p->generation));

	if (same && c->leads && !c->leads[p->id])
		return;
	snprintf(c->path, sizeof c->path, "%s", p->label);
	c->page = p->page;
	c->page_no = p->page_no;
	/* It has been read, and leads to others. */
	if (same)
		c->before = c->after;
	compare_values(c, qpdf_get_object_by_id(c->before, p->id, p->generation),
	    qpdf_get_object_by_id(c->after, p->id, p->generation), p->place);
	c->before = before;
}

enum ecert_rc compare_revisions(struct compare *c)
{
	bool room = make_room(c);

	if (room) {
		find_places(c);
		if (c->same.graph)
			c->leads = same_leads(&c->same, c->up);
		compare_trailers(c);
	}
	while (room && c->head < c->n && !c->first[0] && !c->too_large && !c->odd) {
		struct pair p = c->queue[c->head++];
		qpdf_oh a = handles_mark(c->before), b = handles_mark(c->after);

		compare_pair(c, &p);
		handles_drop(c->before, a);
		handles_drop(c->after, b);
	}
	give_back(c);
	if (!room)
		return ECERT_E_MEMORY;
	return c->too_large || c->odd ? ECERT_E_TOO_LARGE : ECERT_OK;
}
