/* SPDX-License-Identifier: BSD-2-Clause */
/* Which object is a page and which a field, by the walk down from the catalog: what an object says
 * of itself, or of what is above it, may be anything. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document/pdf/revisions/compare.h"

#define DEPTH	    64
#define FIELD_DEPTH 32
#define NODES	    2000000u
#define PUSH_BUTTON 0x10000

struct walk {
	struct compare *c;
	bool after; /* and not before */
	unsigned left;
	char name[4096]; /* of the field, in full */
};

static size_t number_of(const struct walk *w, qpdf_data q, qpdf_oh oh)
{
	int id = qpdf_oh_get_object_id(q, oh);

	return id > 0 && (size_t)id < w->c->objects ? (size_t)id : 0;
}

/* An object is one thing; in two places it is none. */
static void set_role(struct walk *w, qpdf_data q, qpdf_oh oh, enum place role)
{
	size_t id = number_of(w, q, oh);

	if (!id)
		return;
	w->c->odd = w->c->odd || (w->c->role[id] && w->c->role[id] != role);
	w->c->role[id] = (uint8_t)role;
}

static bool spend(struct walk *w)
{
	w->c->odd = w->c->odd || !w->left;
	return !w->c->odd && w->left--;
}

/* An item of a list of q, read where it is read from; what it was read from. */
static qpdf_data item_of(const struct walk *w, qpdf_data q, qpdf_oh list, int i, qpdf_oh *oh)
{
	qpdf_oh item = qpdf_oh_get_array_item(q, list, i);
	int id = qpdf_oh_get_object_id(q, item);
	qpdf_data from = w->after ? w->c->after : id > 0 ? same_source(&w->c->same, id) : q;

	*oh = from == q ? item : qpdf_get_object_by_id(from, id, qpdf_oh_get_generation(q, item));
	return from;
}

static int items_of(qpdf_data q, qpdf_oh list)
{
	return qpdf_oh_is_array(q, list) ? qpdf_oh_get_array_n_items(q, list) : 0;
}

static void pages(struct walk *w, qpdf_data q, qpdf_oh node, size_t up, unsigned depth)
{
	qpdf_oh kids = entry_of(q, node, "/Kids");
	int n = items_of(q, kids);
	size_t id = number_of(w, q, node), list = number_of(w, q, kids);

	w->c->odd = w->c->odd || depth == DEPTH;
	if (!spend(w))
		return;
	set_role(w, q, node, qpdf_oh_is_array(q, kids) ? PLACE_NODE : PLACE_PAGE);
	if (id)
		w->c->up[id] = (uint32_t)up;
	for (int i = 0; i < n && !w->c->odd; i++) {
		qpdf_oh a = handles_mark(w->c->before), b = handles_mark(w->c->after), kid;
		qpdf_data from = item_of(w, q, kids, i, &kid);

		pages(w, from, kid, list ? list : id, depth + 1);
		handles_drop(w->c->before, a);
		handles_drop(w->c->after, b);
	}
}

/* ---- where widgets are ---- */
static void list_page(struct walk *w, qpdf_oh page, struct home here)
{
	qpdf_data q = w->c->before;
	qpdf_oh list = entry_of(q, page, "/Annots");

	for (int i = 0; i < items_of(q, list) && spend(w); i++) {
		size_t id = number_of(w, q, qpdf_oh_get_array_item(q, list, i));

		w->c->odd = w->c->odd || (id && w->c->home[id].page);
		if (id)
			w->c->home[id] = here;
	}
}

static void list_pages(struct walk *w, qpdf_oh node, unsigned depth, unsigned *count)
{
	qpdf_data q = w->c->before;
	qpdf_oh kids = entry_of(q, node, "/Kids");

	w->c->odd = w->c->odd || depth == DEPTH;
	if (!spend(w))
		return;
	if (!qpdf_oh_is_array(q, kids)) {
		list_page(w, node, (struct home){qpdf_oh_get_object_id(q, node), ++*count});
		return;
	}
	for (int i = 0; i < items_of(q, kids) && !w->c->odd; i++) {
		qpdf_oh since = handles_mark(q);

		list_pages(w, qpdf_oh_get_array_item(q, kids, i), depth + 1, count);
		handles_drop(q, since);
	}
}

bool find_homes(struct compare *c)
{
	struct walk w = {.c = c, .left = NODES};
	unsigned count = 0;

	if (c->home)
		return !c->odd;
	c->home = calloc(c->objects, sizeof *c->home);
	c->too_large = c->too_large || !c->home;
	if (c->home)
		list_pages(&w, entry_of(c->before, qpdf_get_root(c->before), "/Pages"), 0, &count);
	return c->home && !c->odd;
}

/* ---- fields as they were ---- */

/* The names of a list have this one, or one of those above it. */
static bool has_name(const struct walk *w, qpdf_oh list)
{
	for (int i = 0; i < qpdf_oh_get_array_n_items(w->c->before, list); i++) {
		const char *text = qpdf_oh_get_utf8_value(
		    w->c->before, qpdf_oh_get_array_item(w->c->before, list, i));
		size_t n = strlen(text);

		if (!strncmp(w->name, text, n) && (!w->name[n] || w->name[n] == '.'))
			return true;
	}
	return false;
}

/* FieldMDP (12.8.2.4) of the signature. */
static bool is_locked(const struct walk *w)
{
	qpdf_data q = w->c->before;
	qpdf_oh refs = w->c->locks;

	for (int i = 0; qpdf_oh_is_array(q, refs) && i < qpdf_oh_get_array_n_items(q, refs); i++) {
		qpdf_oh ref = qpdf_oh_get_array_item(q, refs, i);
		qpdf_oh how = entry_of(q, ref, "/TransformParams");
		qpdf_oh action = entry_of(q, how, "/Action"), list = entry_of(q, how, "/Fields");
		bool include = is_name(q, action, "/Include");

		if (!is_name(q, entry_of(q, ref, "/TransformMethod"), "/FieldMDP"))
			continue;
		if (!include && !is_name(q, action, "/Exclude"))
			return true; /* /All */
		if ((qpdf_oh_is_array(q, list) && has_name(w, list)) == include)
			return true;
	}
	return false;
}

static unsigned own_state(const struct walk *w, qpdf_data q, qpdf_oh f, unsigned above)
{
	qpdf_oh type = entry_of(q, f, "/FT"), v = entry_of(q, f, "/V");
	qpdf_oh flags = entry_of(q, f, "/Ff");
	unsigned state = above | FIELD_REACHED;

	if (!qpdf_oh_is_null(q, type))
		state = (state & ~FIELD_SIGNS) | (is_name(q, type, "/Sig") ? FIELD_SIGNS : 0);
	if (!qpdf_oh_is_null(q, v) && !is_name(q, v, "/Off") &&
	    !(qpdf_oh_is_string(q, v) && !qpdf_oh_get_utf8_value(q, v)[0]))
		state |= FIELD_FILLED;
	if (qpdf_oh_is_integer(q, flags) && (qpdf_oh_get_int_value(q, flags) & PUSH_BUTTON))
		state |= FIELD_PUSHED;
	return state | (is_locked(w) ? FIELD_LOCKED : 0);
}

/* A name that has no room is locked. */
static unsigned enter_name(struct walk *w, qpdf_data q, qpdf_oh f)
{
	qpdf_oh part = entry_of(q, f, "/T");
	size_t n = strlen(w->name), left = sizeof w->name - n;

	if (!qpdf_oh_is_string(q, part))
		return 0;
	return snprintf(w->name + n, left, "%s%s", n ? "." : "", qpdf_oh_get_utf8_value(q, part)) <
		       (int)left
		   ? 0
		   : FIELD_LOCKED;
}

static void fields(struct walk *w, qpdf_data q, qpdf_oh f, unsigned above, unsigned depth)
{
	qpdf_oh kids = entry_of(q, f, "/Kids");
	int count = items_of(q, kids);
	size_t id = number_of(w, q, f), n = strlen(w->name);

	w->c->odd = w->c->odd || depth == FIELD_DEPTH;
	if (!id || !spend(w))
		return;
	if (!w->after) {
		unsigned cut = enter_name(w, q, f);

		above = own_state(w, q, f, above) | cut;
		set_role(w, q, f, PLACE_FIELD);
		w->c->odd = w->c->odd || w->c->field[id];
		w->c->field[id] = (uint8_t)above;
	} else {
		w->c->field_after[id] = 1;
	}
	for (int i = 0; i < count && !w->c->odd; i++) {
		qpdf_oh a = handles_mark(w->c->before), b = handles_mark(w->c->after), kid;
		qpdf_data from = item_of(w, q, kids, i, &kid);

		fields(w, from, kid, above, depth + 1);
		handles_drop(w->c->before, a);
		handles_drop(w->c->after, b);
	}
	w->name[n] = 0;
}

static void form(struct walk *w)
{
	qpdf_data q = w->after ? w->c->after : w->c->before;
	qpdf_oh dict = entry_of(q, qpdf_get_root(q), "/AcroForm");
	qpdf_oh list = entry_of(q, dict, "/Fields");
	int n = items_of(q, list);

	for (int i = 0; i < n && !w->c->odd; i++) {
		qpdf_oh a = handles_mark(w->c->before), b = handles_mark(w->c->after), field;
		qpdf_data from = item_of(w, q, list, i, &field);

		fields(w, from, field, 0, 0);
		handles_drop(w->c->before, a);
		handles_drop(w->c->after, b);
	}
}

void find_places(struct compare *c)
{
	struct walk w = {.c = c, .left = NODES};
	qpdf_oh root = qpdf_get_root(c->before);
	qpdf_oh top = entry_of(c->before, root, "/Pages");

	set_role(&w, c->before, root, PLACE_CATALOG);
	pages(&w, c->before, top, number_of(&w, c->before, root), 0);
	form(&w);
	w = (struct walk){.c = c, .after = true, .left = NODES};
	form(&w);
}
