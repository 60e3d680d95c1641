/* SPDX-License-Identifier: BSD-2-Clause */
/* Fields of a form: which of them may be filled in or signed behind a signature, and what may come
 * to them. */
#include <string.h>

#include "document/pdf/revisions/compare.h"

#define PARENTS	  32
#define READ_ONLY 1
#define HIDDEN	  2

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

static bool is_one_of(const char *key, const char *const *list)
{
	for (; *list; list++)
		if (!strcmp(*list, key))
			return true;
	return false;
}

static bool is_stamp(qpdf_data q, qpdf_oh v)
{
	return is_name(q, entry_of(q, v, "/SubFilter"), "/ETSI.RFC3161");
}

static bool is_empty(qpdf_data q, qpdf_oh rect)
{
	double x[4] = {0};

	for (int i = 0;
	     i < 4 && qpdf_oh_is_array(q, rect) && i < qpdf_oh_get_array_n_items(q, rect); i++)
		x[i] = qpdf_oh_get_numeric_value(q, qpdf_oh_get_array_item(q, rect, i));
	return x[0] - x[2] == 0 || x[1] - x[3] == 0;
}

/* Something of it is seen on its page. */
static bool is_visible(qpdf_data q, qpdf_oh widget)
{
	qpdf_oh flags = entry_of(q, widget, "/F");

	if (qpdf_oh_is_integer(q, flags) && (qpdf_oh_get_int_value(q, flags) & HIDDEN))
		return false;
	return !is_empty(q, entry_of(q, widget, "/Rect")) &&
	       (qpdf_oh_has_key(q, widget, "/AP") || qpdf_oh_has_key(q, widget, "/MK") ||
		   qpdf_oh_has_key(q, widget, "/BS") || qpdf_oh_has_key(q, widget, "/Border"));
}

/* The one signature that this field of after, or the one that it is a place of, has by the walk
 * from the form; NULL: none that was found in the file's bytes. */
static const struct asked *signature_of(const struct compare *c, qpdf_oh field)
{
	int own = qpdf_oh_get_object_id(c->after, field);
	int above = qpdf_oh_get_object_id(c->after, entry_of(c->after, field, "/Parent"));

	for (size_t i = 0; i < c->signed_n; i++) {
		const struct asked *a = &c->signed_now[i];

		if (a->found && a->field > 0 && (a->field == own || a->field == above))
			return a;
	}
	return NULL;
}

/* It is judged by itself, and nobody was shown anything by it that nobody asks about. */
static bool may_sign(struct compare *c, qpdf_oh b)
{
	const struct asked *a = signature_of(c, b);
	qpdf_data q = c->after;
	qpdf_oh refs;
	bool stamp;

	if (!a)
		return false;
	refs = entry_of(q, a->dict, "/Reference");
	stamp = is_stamp(q, a->dict);
	if ((c->allowed == 1 && !stamp) || (stamp && is_visible(q, b)))
		return false;
	for (int i = 0; qpdf_oh_is_array(q, refs) && i < qpdf_oh_get_array_n_items(q, refs); i++) {
		qpdf_oh how = entry_of(q, qpdf_oh_get_array_item(q, refs, i), "/TransformMethod");

		if (!is_name(q, how, "/DocMDP") && !is_name(q, how, "/FieldMDP"))
			return false;
	}
	note(c, stamp ? PDF_CHANGE_STAMP : PDF_CHANGE_SIGNATURE);
	return true;
}

/* A field for a signature that was free. */
static struct rule signed_rule(struct compare *c, const char *key, qpdf_oh b)
{
	static const char *const drawn[] = {"/V", "/AP", "/F", "/M", "/MK", "/P", "/Type", NULL};
	struct rule r = {PLACE_ANY, 0, -1};

	if (!is_one_of(key, drawn) &&
	    (strcmp(key, "/Rect") != 0 || !is_empty(c->after, entry_of(c->after, b, key))))
		return r;
	if (may_sign(c, b))
		r = (struct rule){PLACE_FREE, MAY_ADD | MAY_CHANGE, -1};
	return r;
}

/* Where nobody has certified what may change nothing forbids it (ISO 32000-2, 12.8.2.2, 12.8.2.4);
 * but another value than was signed is nothing that its signer has seen. */
static struct rule filled_rule(const struct compare *c, unsigned was)
{
	struct rule r = {PLACE_FREE, MAY_ADD | MAY_CHANGE | MAY_REMOVE, PDF_CHANGE_FILLED};

	if (c->allowed == 1 || (was & (FIELD_LOCKED | FIELD_PUSHED)))
		return (struct rule){PLACE_DRAWN, 0, -1};
	if (!c->allowed)
		r.kind = was & FIELD_FILLED ? PDF_CHANGE_FILLED_ANEW : PDF_CHANGE_FILLED_BLANK;
	return r;
}

/* What is shown of a field follows from what it is filled in with, and never changes alone. */
static bool has_new_value(const struct compare *c, qpdf_oh a, qpdf_oh b)
{
	return !same_text(c, inherited(c->before, a, "/V"), inherited(c->after, b, "/V"));
}

static unsigned state_of(const struct compare *c, qpdf_oh a)
{
	int id = qpdf_oh_get_object_id(c->before, a);

	return id > 0 && (size_t)id < c->objects ? c->field[id] : 0;
}

bool is_filled_freely(const struct compare *c, qpdf_oh a, qpdf_oh b)
{
	unsigned was = state_of(c, a);

	return !c->allowed && (was & FIELD_REACHED) &&
	       !(was & (FIELD_SIGNS | FIELD_LOCKED | FIELD_PUSHED)) && has_new_value(c, a, b);
}

static bool locks_only(const struct compare *c, qpdf_oh a, qpdf_oh b)
{
	qpdf_oh x = entry_of(c->before, a, "/Ff"), y = entry_of(c->after, b, "/Ff");
	long long was = qpdf_oh_is_integer(c->before, x) ? qpdf_oh_get_int_value(c->before, x) : 0;

	return qpdf_oh_is_integer(c->after, y) &&
	       qpdf_oh_get_int_value(c->after, y) == (was | READ_ONLY);
}

struct rule field_rule(struct compare *c, const char *key, qpdf_oh a, qpdf_oh b)
{
	static const char *const filled[] = {"/V", "/AS", "/AP", "/I", "/TI", "/RV", "/M", NULL};
	unsigned was = state_of(c, a);
	struct rule r = {
	    !strcmp(key, "/AP") || !strcmp(key, "/MK") ? PLACE_DRAWN : PLACE_ANY, 0, -1};

	if (!(was & FIELD_REACHED))
		return r;
	if (!strcmp(key, "/Kids"))
		r.inside = PLACE_FIELDS;
	else if (!strcmp(key, "/Ff") && locks_only(c, a, b))
		r = (struct rule){PLACE_FREE, MAY_ADD | MAY_CHANGE, -1};
	else if ((was & FIELD_SIGNS) && !(was & FIELD_FILLED) && signature_of(c, b))
		r = signed_rule(c, key, b);
	else if (!(was & FIELD_SIGNS) && is_one_of(key, filled) && has_new_value(c, a, b))
		r = filled_rule(c, was);
	return r;
}

/* ---- what came to the lists ---- */

/* Nothing but what a field for a signature, and its place on a page, is made of. */
static bool has_known_keys(qpdf_data q, qpdf_oh item)
{
	static const char *const keys[] = {"/Type", "/Subtype", "/FT", "/T", "/TU", "/F", "/Rect",
	    "/P", "/V", "/AP", "/Lock", "/SV", "/AS", "/Parent", "/Kids", "/Ff", "/M", "/DA", "/NM",
	    "/MK", "/BS", "/Border", "/StructParent", "/H", "/DR", "/Q", NULL};
	bool good = true;

	qpdf_oh_begin_dict_key_iter(q, item);
	while (qpdf_oh_dict_more_keys(q))
		good = is_one_of(qpdf_oh_dict_next_key(q), keys) && good;
	return good;
}

static bool is_reached(const struct compare *c, qpdf_oh item)
{
	int id = qpdf_oh_get_object_id(c->after, item);

	return id > 0 && (size_t)id < c->objects && c->field_after[id];
}

static bool may_come(struct compare *c, enum place place, qpdf_oh item)
{
	qpdf_data q = c->after;
	bool place_on_page = is_name(q, entry_of(q, item, "/Subtype"), "/Widget");

	if (!qpdf_oh_is_dictionary(q, item) || !is_reached(c, item) || !has_known_keys(q, item) ||
	    !is_name(q, inherited(q, item, "/FT"), "/Sig"))
		return false;
	/* What is on a page is a widget; what is none has widgets below it. */
	if (!place_on_page && (place == PLACE_ANNOTATIONS || qpdf_oh_has_key(q, item, "/Subtype") ||
				  qpdf_oh_has_key(q, item, "/Rect")))
		return false;
	if (qpdf_oh_is_null(q, inherited(q, item, "/V")))
		return !is_visible(q, item) && c->allowed != 1;
	return may_sign(c, item);
}

static bool is_harmless(qpdf_data q, qpdf_oh item)
{
	static const char *const subtypes[] = {"/Text", "/FreeText", "/Line", "/Square", "/Circle",
	    "/Polygon", "/PolyLine", "/Highlight", "/Underline", "/Squiggly", "/StrikeOut",
	    "/Stamp", "/Caret", "/Ink", "/Popup", NULL};
	qpdf_oh subtype = entry_of(q, item, "/Subtype");

	return qpdf_oh_is_name(q, subtype) && is_one_of(qpdf_oh_get_name(q, subtype), subtypes) &&
	       !qpdf_oh_has_key(q, item, "/A") && !qpdf_oh_has_key(q, item, "/AA") &&
	       !qpdf_oh_has_key(q, item, "/FT");
}

static void judge_item(struct compare *c, enum place place, qpdf_oh item)
{
	qpdf_oh kids = entry_of(c->after, item, "/Kids");
	bool drawn = place == PLACE_ANNOTATIONS && c->allowed == 3 && is_harmless(c->after, item);

	if (drawn)
		note(c, PDF_CHANGE_ANNOTATED);
	else if (!may_come(c, place, item))
		forbid(c);
	if (place == PLACE_ANNOTATIONS && !c->first[0] && (drawn || is_visible(c->after, item)))
		judge_shown(c, item, !drawn);
	for (int i = 0; !c->first[0] && qpdf_oh_is_array(c->after, kids) &&
			i < qpdf_oh_get_array_n_items(c->after, kids);
	     i++)
		if (!may_come(c, place, qpdf_oh_get_array_item(c->after, kids, i)))
			forbid(c);
}

/* A form or a list that is new as a whole has nothing but what may be added to one. */
void judge_added(struct compare *c, enum place place, qpdf_oh item)
{
	qpdf_data q = c->after;

	if (place == PLACE_RESOURCES || place == PLACE_RESOURCE)
		return;
	if (place == PLACE_FORM) {
		if (qpdf_oh_has_key(q, item, "/XFA") || qpdf_oh_has_key(q, item, "/CO") ||
		    qpdf_oh_has_key(q, item, "/NeedAppearances"))
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
