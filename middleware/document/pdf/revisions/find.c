/* SPDX-License-Identifier: BSD-2-Clause */
/* Going through the fields of a form to those that are signed. */
#include "document/pdf/revisions/find.h"

#include "document/pdf/revisions/compare.h"

#define DEPTH	   32
#define FIELDS_MAX 100000u

struct walk {
	qpdf_data q;
	struct asked *v;
	size_t n;
	uint32_t others;
	unsigned left;
};

static bool numbers_of(qpdf_data q, qpdf_oh range, uint64_t x[4])
{
	if (!qpdf_oh_is_array(q, range) || qpdf_oh_get_array_n_items(q, range) != 4)
		return false;
	for (int i = 0; i < 4; i++) {
		qpdf_oh item = qpdf_oh_get_array_item(q, range, i);

		if (!qpdf_oh_is_integer(q, item) || qpdf_oh_get_int_value(q, item) < 0)
			return false;
		x[i] = (uint64_t)qpdf_oh_get_int_value(q, item);
	}
	return true;
}

static void take(struct walk *w, qpdf_oh v)
{
	uint64_t x[4];
	qpdf_oh range = entry_of(w->q, v, "/ByteRange");

	if (qpdf_oh_is_null(w->q, range))
		return;
	for (size_t i = 0; numbers_of(w->q, range, x) && i < w->n; i++) {
		struct asked *a = &w->v[i];

		if (x[0] || x[1] != a->hole || x[2] != a->behind || x[2] + x[3] != a->end)
			continue;
		a->found = true;
		a->dict = v;
		return;
	}
	w->others++;
}

static void field(struct walk *w, qpdf_oh f, unsigned depth)
{
	qpdf_oh kids = entry_of(w->q, f, "/Kids"), v = entry_of(w->q, f, "/V");

	if (!w->left || depth == DEPTH)
		return;
	w->left--;
	if (qpdf_oh_is_dictionary(w->q, v))
		take(w, v);
	if (!qpdf_oh_is_array(w->q, kids))
		return;
	for (int i = 0; i < qpdf_oh_get_array_n_items(w->q, kids) && w->left; i++)
		field(w, qpdf_oh_get_array_item(w->q, kids, i), depth + 1);
}

uint32_t find_signed(qpdf_data q, struct asked *v, size_t n)
{
	struct walk w = {.q = q, .v = v, .n = n, .left = FIELDS_MAX};
	qpdf_oh form = entry_of(q, qpdf_get_root(q), "/AcroForm");
	qpdf_oh fields = entry_of(q, form, "/Fields");

	for (size_t i = 0; i < n; i++)
		v[i].found = false;
	for (int i = 0;
	     qpdf_oh_is_array(q, fields) && i < qpdf_oh_get_array_n_items(q, fields) && w.left; i++)
		field(&w, qpdf_oh_get_array_item(q, fields, i), 0);
	return w.others;
}

static unsigned allowed_by(qpdf_data q, qpdf_oh signature)
{
	qpdf_oh refs = entry_of(q, signature, "/Reference");

	for (int i = 0; qpdf_oh_is_array(q, refs) && i < qpdf_oh_get_array_n_items(q, refs); i++) {
		qpdf_oh ref = qpdf_oh_get_array_item(q, refs, i), p;

		if (!is_name(q, entry_of(q, ref, "/TransformMethod"), "/DocMDP"))
			continue;
		p = entry_of(q, entry_of(q, ref, "/TransformParams"), "/P");
		if (!qpdf_oh_is_integer(q, p))
			return 2; /* the default */
		return qpdf_oh_get_int_value(q, p) == 3	  ? 3
		       : qpdf_oh_get_int_value(q, p) == 2 ? 2
							  : 1;
	}
	return 0;
}

unsigned find_allowed(qpdf_data q, qpdf_oh signature)
{
	qpdf_oh perms = entry_of(q, qpdf_get_root(q), "/Perms");
	unsigned file = allowed_by(q, entry_of(q, perms, "/DocMDP"));
	unsigned own = allowed_by(q, signature);

	return !file || (own && own < file) ? own : file;
}
