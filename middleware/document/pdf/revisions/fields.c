/* SPDX-License-Identifier: BSD-2-Clause */
/* Fields of a form: which of them may be filled in or signed behind a signature, and what may come
 * to them. */
#include <stdio.h>
#include <string.h>

#include "document/pdf/revisions/compare.h"

#define PARENTS	    32
#define READ_ONLY   1
#define PUSH_BUTTON 0x10000

qpdf_oh inherited(qpdf_data q, qpdf_oh field, const char *key)
{
	qpdf_oh value = entry_of(q, field, key);

	for (int i = 0; i < PARENTS && qpdf_oh_is_null(q, value); i++) {
		field = entry_of(q, field, "/Parent");
		if (qpdf_oh_is_null(q, field))
			break;
		value = entry_of(q, field, key);
	}
	return value;
}

void field_name(qpdf_data q, qpdf_oh field, char *out, size_t cap)
{
	char name[256];

	out[0] = 0;
	for (int i = 0; i < PARENTS && !qpdf_oh_is_null(q, field); i++) {
		qpdf_oh part = entry_of(q, field, "/T");

		if (qpdf_oh_is_string(q, part)) {
			snprintf(name, sizeof name, "%s%s%s", qpdf_oh_get_utf8_value(q, part),
			    out[0] ? "." : "", out);
			snprintf(out, cap, "%s", name);
		}
		field = entry_of(q, field, "/Parent");
	}
}

static bool is_signature(qpdf_data q, qpdf_oh field)
{
	return is_name(q, inherited(q, field, "/FT"), "/Sig");
}

static bool is_stamp(qpdf_data q, qpdf_oh v)
{
	return is_name(q, entry_of(q, v, "/SubFilter"), "/ETSI.RFC3161");
}

/* Something of it is seen on its page. */
static bool is_visible(qpdf_data q, qpdf_oh widget)
{
	qpdf_oh rect = entry_of(q, widget, "/Rect");
	double x[4] = {0};

	if (!qpdf_oh_has_key(q, widget, "/AP"))
		return false;
	for (int i = 0; i < 4 && i < qpdf_oh_get_array_n_items(q, rect); i++)
		x[i] = qpdf_oh_get_numeric_value(q, qpdf_oh_get_array_item(q, rect, i));
	return x[0] - x[2] != 0 && x[1] - x[3] != 0;
}

/* ---- what the signer allows ---- */

/* The names of a list have this one, or one of those above it. */
static bool has_name(const struct compare *c, qpdf_oh list, const char *name)
{
	qpdf_data q = c->before;

	for (int i = 0; i < qpdf_oh_get_array_n_items(q, list); i++) {
		const char *text = qpdf_oh_get_utf8_value(q, qpdf_oh_get_array_item(q, list, i));
		size_t n = strlen(text);

		if (!strncmp(name, text, n) && (!name[n] || name[n] == '.'))
			return true;
	}
	return false;
}

/* FieldMDP (12.8.2.4) of the signature. */
static bool is_locked(const struct compare *c, const char *name)
{
	qpdf_data q = c->before;

	if (!qpdf_oh_is_array(q, c->locks))
		return false;
	for (int i = 0; i < qpdf_oh_get_array_n_items(q, c->locks); i++) {
		qpdf_oh ref = qpdf_oh_get_array_item(q, c->locks, i);
		qpdf_oh how = entry_of(q, ref, "/TransformParams");
		qpdf_oh action = entry_of(q, how, "/Action");
		qpdf_oh list = entry_of(q, how, "/Fields");
		bool named;

		if (!is_name(q, entry_of(q, ref, "/TransformMethod"), "/FieldMDP"))
			continue;
		named = qpdf_oh_is_array(q, list) && has_name(c, list, name);
		if (!is_name(q, action, "/Include") && !is_name(q, action, "/Exclude"))
			return true; /* /All */
		if (named == is_name(q, action, "/Include"))
			return true;
	}
	return false;
}

static bool is_blank(qpdf_data q, qpdf_oh field)
{
	qpdf_oh v = inherited(q, field, "/V");

	return qpdf_oh_is_null(q, v) || is_name(q, v, "/Off") ||
	       (qpdf_oh_is_string(q, v) && !qpdf_oh_get_utf8_value(q, v)[0]);
}

static long long flags_of(qpdf_data q, qpdf_oh field)
{
	qpdf_oh flags = inherited(q, field, "/Ff");

	return qpdf_oh_is_integer(q, flags) ? qpdf_oh_get_int_value(q, flags) : 0;
}

/* Where nobody has certified what may change, what was there is what was signed; what was blank
 * shows by itself that it is filled in. */
static bool may_fill(const struct compare *c, qpdf_oh a)
{
	char name[256];

	field_name(c->before, a, name, sizeof name);
	if (c->allowed == 1 || is_locked(c, name) ||
	    (is_name(c->before, inherited(c->before, a, "/FT"), "/Btn") &&
		(flags_of(c->before, a) & PUSH_BUTTON)))
		return false;
	return c->allowed > 1 || is_blank(c->before, a);
}

/* Its signature is one that is judged by itself; b: the field in after. */
static bool may_sign(struct compare *c, qpdf_oh b)
{
	qpdf_data q = c->after;
	qpdf_oh v = inherited(q, b, "/V"), refs = entry_of(q, v, "/Reference");
	bool stamp = is_stamp(q, v);

	if (!qpdf_oh_is_array(q, entry_of(q, v, "/ByteRange")) || (c->allowed == 1 && !stamp))
		return false;
	/* What nobody asks about may not show anything. */
	if (stamp && is_visible(q, b))
		return false;
	for (int i = 0; qpdf_oh_is_array(q, refs) && i < qpdf_oh_get_array_n_items(q, refs); i++) {
		qpdf_oh how = entry_of(q, qpdf_oh_get_array_item(q, refs, i), "/TransformMethod");

		if (!is_name(q, how, "/DocMDP") && !is_name(q, how, "/FieldMDP"))
			return false;
	}
	note(c, stamp ? PDF_CHANGE_STAMP : PDF_CHANGE_SIGNATURE);
	return true;
}

static bool is_one_of(const char *key, const char *const *list)
{
	for (; *list; list++)
		if (!strcmp(*list, key))
			return true;
	return false;
}

/* A field for a signature that was free. */
static struct rule signed_rule(struct compare *c, const char *key, qpdf_oh b)
{
	static const char *const drawn[] = {"/V", "/AP", "/F", "/M", "/MK", NULL};
	struct rule strict = {PLACE_ANY, 0, -1};

	if (!is_one_of(key, drawn) || !may_sign(c, b))
		return strict;
	return (struct rule){PLACE_FREE, MAY_ADD | MAY_CHANGE, -1};
}

struct rule field_rule(struct compare *c, const char *key, qpdf_oh a, qpdf_oh b)
{
	static const char *const filled[] = {"/V", "/AS", "/AP", "/I", "/TI", "/RV", "/M", NULL};
	struct rule r = {PLACE_ANY, 0, -1};
	long long before = flags_of(c->before, a), after = flags_of(c->after, b);

	if (!strcmp(key, "/Kids")) {
		r.inside = PLACE_FIELDS;
	} else if (!strcmp(key, "/Ff") && after == (before | READ_ONLY)) {
		r = (struct rule){PLACE_FREE, MAY_ADD | MAY_CHANGE, -1};
	} else if (is_signature(c->before, a)) {
		if (qpdf_oh_is_null(c->before, inherited(c->before, a, "/V")) &&
		    !qpdf_oh_is_null(c->after, inherited(c->after, b, "/V")))
			r = signed_rule(c, key, b);
	} else if (is_one_of(key, filled) && may_fill(c, a)) {
		r = (struct rule){PLACE_FREE, MAY_ADD | MAY_CHANGE | MAY_REMOVE, PDF_CHANGE_FILLED};
	}
	return r;
}

/* ---- what came to the lists ---- */

static void judge_item(struct compare *c, enum place place, qpdf_oh item)
{
	qpdf_data q = c->after;

	if (is_signature(q, item)) {
		if (qpdf_oh_has_key(q, item, "/A") || qpdf_oh_has_key(q, item, "/AA") ||
		    (qpdf_oh_is_null(q, inherited(q, item, "/V"))
			    ? is_visible(q, item) || c->allowed == 1
			    : !may_sign(c, item)))
			forbid(c);
	} else if (place == PLACE_ANNOTATIONS && c->allowed == 3 &&
		   !is_name(q, entry_of(q, item, "/Subtype"), "/Widget")) {
		note(c, PDF_CHANGE_ANNOTATED);
	} else {
		forbid(c);
	}
}

/* A form or a list that is new as a whole has nothing but what may be added to one. */
void judge_added(struct compare *c, enum place place, qpdf_oh item)
{
	qpdf_data q = c->after;

	if (place == PLACE_RESOURCES || place == PLACE_RESOURCE)
		return;
	if (place == PLACE_FORM) {
		if (qpdf_oh_has_key(q, item, "/XFA") || qpdf_oh_has_key(q, item, "/CO"))
			forbid(c);
		item = entry_of(q, item, "/Fields");
		place = PLACE_FIELDS;
	}
	if (!qpdf_oh_is_array(q, item)) {
		if (!qpdf_oh_is_null(q, item))
			judge_item(c, place, item);
		return;
	}
	for (int i = 0; i < qpdf_oh_get_array_n_items(q, item); i++)
		judge_item(c, place, qpdf_oh_get_array_item(q, item, i));
}
