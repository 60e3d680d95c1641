/* SPDX-License-Identifier: BSD-2-Clause */
/* Which object is a page and which a field, by the walk down from the catalog: what an object says
 * of itself, or of what is above it, may be anything. */
#include <stdio.h>
#include <string.h>

#include "document/pdf/revisions/compare.h"

#define DEPTH	    64
#define FIELD_DEPTH 32
#define NODES	    2000000u
#define PUSH_BUTTON 0x10000

struct walk {
	struct compare *c;
	qpdf_data q;
	unsigned left;
	char name[4096]; /* of the field, in full */
};

static size_t number_of(const struct walk *w, qpdf_oh oh)
{
	int id = qpdf_oh_get_object_id(w->q, oh);

	return id > 0 && (size_t)id < w->c->objects ? (size_t)id : 0;
}

/* An object is one thing; in two places it is none. */
static void set_role(struct walk *w, qpdf_oh oh, enum place role)
{
	size_t id = number_of(w, oh);

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

static void pages(struct walk *w, qpdf_oh node, unsigned depth)
{
	qpdf_oh kids = entry_of(w->q, node, "/Kids");

	w->c->odd = w->c->odd || depth == DEPTH;
	if (!spend(w))
		return;
	set_role(w, node, qpdf_oh_is_array(w->q, kids) ? PLACE_NODE : PLACE_PAGE);
	for (int i = 0; qpdf_oh_is_array(w->q, kids) && i < qpdf_oh_get_array_n_items(w->q, kids) &&
			!w->c->odd;
	     i++)
		pages(w, qpdf_oh_get_array_item(w->q, kids, i), depth + 1);
}

/* ---- fields as they were ---- */

/* The names of a list have this one, or one of those above it. */
static bool has_name(const struct walk *w, qpdf_oh list)
{
	for (int i = 0; i < qpdf_oh_get_array_n_items(w->q, list); i++) {
		const char *text = qpdf_oh_get_utf8_value(
		    w->q, qpdf_oh_get_array_item(w->q, list, i));
		size_t n = strlen(text);

		if (!strncmp(w->name, text, n) && (!w->name[n] || w->name[n] == '.'))
			return true;
	}
	return false;
}

/* FieldMDP (12.8.2.4) of the signature. */
static bool is_locked(const struct walk *w)
{
	qpdf_data q = w->q;
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

static unsigned own_state(const struct walk *w, qpdf_oh f, unsigned above)
{
	qpdf_oh type = entry_of(w->q, f, "/FT"), v = entry_of(w->q, f, "/V");
	qpdf_oh flags = entry_of(w->q, f, "/Ff");
	unsigned state = above | FIELD_REACHED;

	if (!qpdf_oh_is_null(w->q, type))
		state = (state & ~FIELD_SIGNS) | (is_name(w->q, type, "/Sig") ? FIELD_SIGNS : 0);
	if (!qpdf_oh_is_null(w->q, v) && !is_name(w->q, v, "/Off") &&
	    !(qpdf_oh_is_string(w->q, v) && !qpdf_oh_get_utf8_value(w->q, v)[0]))
		state |= FIELD_FILLED;
	if (qpdf_oh_is_integer(w->q, flags) && (qpdf_oh_get_int_value(w->q, flags) & PUSH_BUTTON))
		state |= FIELD_PUSHED;
	return state | (is_locked(w) ? FIELD_LOCKED : 0);
}

/* A name that has no room is locked. */
static unsigned enter_name(struct walk *w, qpdf_oh f)
{
	qpdf_oh part = entry_of(w->q, f, "/T");
	size_t n = strlen(w->name), left = sizeof w->name - n;

	if (!qpdf_oh_is_string(w->q, part))
		return 0;
	return snprintf(w->name + n, left, "%s%s", n ? "." : "",
		   qpdf_oh_get_utf8_value(w->q, part)) < (int)left
		   ? 0
		   : FIELD_LOCKED;
}

static void fields(struct walk *w, qpdf_oh f, unsigned above, unsigned depth)
{
	qpdf_oh kids = entry_of(w->q, f, "/Kids");
	size_t id = number_of(w, f), n = strlen(w->name);
	bool before = w->q == w->c->before;

	w->c->odd = w->c->odd || depth == FIELD_DEPTH;
	if (!id || !spend(w))
		return;
	if (before) {
		unsigned cut = enter_name(w, f);

		above = own_state(w, f, above) | cut;
		set_role(w, f, PLACE_FIELD);
		w->c->odd = w->c->odd || w->c->field[id];
		w->c->field[id] = (uint8_t)above;
	} else {
		w->c->field_after[id] = 1;
	}
	for (int i = 0; qpdf_oh_is_array(w->q, kids) && i < qpdf_oh_get_array_n_items(w->q, kids) &&
			!w->c->odd;
	     i++)
		fields(w, qpdf_oh_get_array_item(w->q, kids, i), above, depth + 1);
	w->name[n] = 0;
}

static void form(struct walk *w)
{
	qpdf_oh dict = entry_of(w->q, qpdf_get_root(w->q), "/AcroForm");
	qpdf_oh list = entry_of(w->q, dict, "/Fields");

	for (int i = 0; qpdf_oh_is_array(w->q, list) && i < qpdf_oh_get_array_n_items(w->q, list) &&
			!w->c->odd;
	     i++)
		fields(w, qpdf_oh_get_array_item(w->q, list, i), 0, 0);
}

void find_places(struct compare *c)
{
	struct walk w = {.c = c, .q = c->before, .left = NODES};
	qpdf_oh root = qpdf_get_root(c->before);

	set_role(&w, root, PLACE_CATALOG);
	pages(&w, entry_of(c->before, root, "/Pages"), 0);
	form(&w);
	w = (struct walk){.c = c, .q = c->after, .left = NODES};
	form(&w);
}
