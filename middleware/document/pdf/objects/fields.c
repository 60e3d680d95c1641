/* SPDX-License-Identifier: BSD-2-Clause */
/* The tree of a form's fields: which are signed, which is called so, which name is free. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document/pdf/objects/objects.h"

#define NAME_MAX_BYTES 1024
#define OURS	       "Signature"

struct walk {
	const struct pdf_doc *d;
	const char *name;
	struct pdf_fields *out;
	uint32_t nodes;
	/* The numbers of names like ours that are taken; more than these are not counted through.
	 */
	uint8_t taken[4096];
	bool odd;
};

/* "Signature12" is taken. */
static void take(struct walk *w, const char *name)
{
	char *end;
	unsigned long n;

	if (strncmp(name, OURS, sizeof OURS - 1) != 0)
		return;
	n = strtoul(name + sizeof OURS - 1, &end, 10);
	if (!*end && n < sizeof w->taken)
		w->taken[n] = 1;
}

/* A widget without an appearance, of a field that has something to show. */
static void look_at_widget(struct walk *w, qpdf_oh widget, bool sig)
{
	if (!sig && !qpdf_oh_is_dictionary(w->d->q, pdf_get(w->d, widget, "/AP")))
		w->out->bare = true;
}

static void look(struct walk *w, qpdf_oh field, const char *name, bool sig)
{
	qpdf_data q = w->d->q;
	bool full = qpdf_oh_is_dictionary(q, pdf_get(w->d, field, "/V"));

	w->out->signatures += sig && full;
	if (!*w->name || strcmp(w->name, name) != 0)
		return;
	/* Of two with one name (12.7.3.2 forbids it) readers take either. */
	w->odd = w->odd || w->out->found;
	w->out->found = true;
	w->out->named = field;
	/* Of one with widgets apart readers do not agree what is signed, nor whether it is at all.
	 */
	w->out->right = sig && qpdf_oh_is_indirect(q, field) && !qpdf_oh_has_key(q, field, "/Kids");
	w->out->full = full;
}

/* Readers that look for what a field inherits would go up for ever. */
static bool ends_above(const struct pdf_doc *d, qpdf_oh field)
{
	for (int depth = 0; depth <= PDF_DEPTH_MAX; depth++) {
		field = pdf_get(d, field, "/Parent");
		if (!qpdf_oh_is_dictionary(d->q, field))
			return true;
	}
	return false;
}

static void walk(struct walk *w, qpdf_oh field, const char *above, bool sig, int depth)
{
	qpdf_data q = w->d->q;
	qpdf_oh part = pdf_get(w->d, field, "/T"), kind = pdf_get(w->d, field, "/FT"), kids;
	char name[NAME_MAX_BYTES];
	int n;

	if (depth > PDF_DEPTH_MAX || ++w->nodes > PDF_NODES_MAX ||
	    !qpdf_oh_is_dictionary(q, field) || (!depth && !ends_above(w->d, field))) {
		w->odd = true;
		return;
	}
	/* A kid without a name is a widget of its parent. */
	if (depth && !qpdf_oh_is_string(q, part)) {
		look_at_widget(w, field, sig);
		return;
	}
	snprintf(name, sizeof name, "%s%s%s", above, *above ? "." : "",
	    qpdf_oh_is_string(q, part) ? qpdf_oh_get_utf8_value(q, part) : "");
	if (qpdf_oh_is_name(q, kind))
		sig = qpdf_oh_is_name_and_equals(q, kind, "/Sig");
	take(w, name);
	look(w, field, name, sig);
	kids = pdf_get(w->d, field, "/Kids");
	if (!qpdf_oh_is_array(q, kids))
		look_at_widget(w, field, sig);
	n = qpdf_oh_is_array(q, kids) ? qpdf_oh_get_array_n_items(q, kids) : 0;
	for (int i = 0; !w->odd && i < n; i++)
		walk(w, qpdf_oh_get_array_item(q, kids, i), name, sig, depth + 1);
}

bool pdf_read_fields(
    const struct pdf_doc *d, qpdf_oh form, const char *name, struct pdf_fields *out)
{
	struct walk w = {.d = d, .name = name, .out = out};
	qpdf_oh fields = pdf_get(d, form, "/Fields");
	int n = qpdf_oh_is_array(d->q, fields) ? qpdf_oh_get_array_n_items(d->q, fields) : 0;

	*out = (struct pdf_fields){.free = 1};
	for (int i = 0; !w.odd && i < n; i++)
		walk(&w, qpdf_oh_get_array_item(d->q, fields, i), "", false, 0);
	while (out->free < sizeof w.taken && w.taken[out->free])
		out->free++;
	return !w.odd && out->free < sizeof w.taken;
}
