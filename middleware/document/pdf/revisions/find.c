/* SPDX-License-Identifier: BSD-2-Clause */
/* Going through the fields of a form to those that are signed. */
#include "document/pdf/revisions/find.h"

#include "document/pdf/revisions/compare.h"

#define DEPTH	   32
#define FIELDS_MAX 100000u

struct walk {
	struct rd file;
	const struct same *s;
	qpdf_data q; /* the state that is looked at */
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

static int digit_of(uint8_t c)
{
	return c >= '0' && c <= '9'			? c - '0'
	       : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
							: -1;
}

/* What the range leaves out is the very string of this dictionary, and no copy of another's. */
static bool same_contents(const struct walk *w, qpdf_oh v, const struct asked *a)
{
	qpdf_oh contents = entry_of(w->q, v, "/Contents");
	size_t n = 0, k = 0;
	int high = -1;
	const uint8_t *bytes;

	if (!qpdf_oh_is_string(w->q, contents) || a->behind > w->file.n)
		return false;
	bytes = (const uint8_t *)qpdf_oh_get_binary_string_value(w->q, contents, &n);
	for (uint64_t i = a->hole + 1; i + 1 < a->behind; i++) {
		int d = digit_of(w->file.p[i]);

		if (d < 0)
			continue;
		if (high >= 0 && (k >= n || bytes[k++] != (high << 4 | d)))
			return false;
		high = high < 0 ? d : -1;
	}
	return k == n || (high >= 0 && k + 1 == n);
}

static void take(struct walk *w, qpdf_oh f, qpdf_oh v)
{
	uint64_t x[4];
	qpdf_oh range = entry_of(w->q, v, "/ByteRange");

	if (qpdf_oh_is_null(w->q, range))
		return;
	for (size_t i = 0; numbers_of(w->q, range, x) && i < w->n; i++) {
		struct asked *a = &w->v[i];

		if (x[0] || !a->hole || x[1] != a->hole || x[2] != a->behind ||
		    x[2] + x[3] != a->end || a->found || !same_contents(w, v, a))
			continue;
		a->found = true;
		a->dict = v;
		a->field = qpdf_oh_get_object_id(w->q, f);
		return;
	}
	w->others++;
}

static void field(struct walk *w, qpdf_data q, qpdf_oh f, unsigned depth);

/* Those of a list of q, each where it is read from. */
static void items(struct walk *w, qpdf_data q, qpdf_oh list, unsigned depth)
{
	int n = qpdf_oh_is_array(q, list) ? qpdf_oh_get_array_n_items(q, list) : 0;

	for (int i = 0; i < n && w->left; i++) {
		qpdf_oh a = handles_mark(w->s->after);
		qpdf_oh item = qpdf_oh_get_array_item(q, list, i);
		int id = qpdf_oh_get_object_id(q, item);
		qpdf_data from = id > 0 ? same_source(w->s, id) : q;

		if (from != q)
			item = qpdf_get_object_by_id(from, id, qpdf_oh_get_generation(q, item));
		field(w, from, item, depth);
		/* What is kept of a signature is w->q's. */
		if (w->s->after != w->q)
			handles_drop(w->s->after, a);
	}
}

static void field(struct walk *w, qpdf_data q, qpdf_oh f, unsigned depth)
{
	qpdf_oh v = entry_of(q, f, "/V");

	if (!w->left || depth == DEPTH) {
		w->left = 0;
		return;
	}
	w->left--;
	if (qpdf_oh_is_dictionary(q, v)) {
		qpdf_oh own = q == w->q ? f
					: qpdf_get_object_by_id(w->q, qpdf_oh_get_object_id(q, f),
					      qpdf_oh_get_generation(q, f));

		take(w, own, entry_of(w->q, own, "/V"));
	}
	items(w, q, entry_of(q, f, "/Kids"), depth + 1);
}

bool find_signed(struct rd file, const struct same *s, struct asked *v, size_t n, uint32_t *others)
{
	struct walk w = {.file = file, .s = s, .q = s->before, .v = v, .n = n, .left = FIELDS_MAX};
	qpdf_oh form = entry_of(w.q, qpdf_get_root(w.q), "/AcroForm");

	for (size_t i = 0; i < n; i++)
		v[i].found = false;
	items(&w, w.q, entry_of(w.q, form, "/Fields"), 0);
	*others = w.others;
	return w.left != 0;
}

static unsigned allowed_by(qpdf_data q, qpdf_oh signature)
{
	qpdf_oh refs = entry_of(q, signature, "/Reference");

	for (int i = 0; qpdf_oh_is_array(q, refs) && i < qpdf_oh_get_array_n_items(q, refs); i++) {
		qpdf_oh ref = qpdf_oh_get_array_item(q, refs, i), p;

		if (!is_name(q, entry_of(q, ref, "/TransformMethod"), "/DocMDP"))
			continue;
		p = entry_of(q, entry_of(q, ref, "/TransformParams"), "/P");
		if (qpdf_oh_is_null(q, p))
			return 2; /* the default */
		if (!qpdf_oh_is_integer(q, p))
			return 1;
		return qpdf_oh_get_int_value(q, p) == 3	  ? 3
		       : qpdf_oh_get_int_value(q, p) == 2 ? 2
							  : 1;
	}
	return 0;
}

static bool same_object(qpdf_data q, qpdf_oh a, qpdf_oh b)
{
	return qpdf_oh_is_indirect(q, a) && qpdf_oh_is_indirect(q, b) &&
	       qpdf_oh_get_object_id(q, a) == qpdf_oh_get_object_id(q, b);
}

unsigned find_allowed(qpdf_data q, const struct asked *v, size_t n, size_t i)
{
	qpdf_oh by = entry_of(q, entry_of(q, qpdf_get_root(q), "/Perms"), "/DocMDP");
	unsigned file = 0, own = v[i].found ? allowed_by(q, v[i].dict) : 0;

	for (size_t k = 0; k < n; k++)
		if (v[k].found && v[k].end <= v[i].end && same_object(q, by, v[k].dict))
			file = allowed_by(q, by);
	return !file || (own && own < file) ? own : file;
}
