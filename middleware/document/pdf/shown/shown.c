/* SPDX-License-Identifier: BSD-2-Clause */
/* A page, what it shows by itself and by its annotations, and how large it is. */
#include "document/pdf/shown/shown.h"

#include <stdlib.h>

#define PARENTS	     32
#define ANNOTATIONS  4096
#define HIDDEN	     2
#define NO_VIEW	     32
#define USUAL_WIDTH  612.0
#define USUAL_HEIGHT 792.0

static qpdf_oh entry(qpdf_data q, qpdf_oh dict, const char *key)
{
	return qpdf_oh_get_key_if_dict(q, dict, key);
}

/* 7.7.3.4 */
static qpdf_oh inherited(qpdf_data q, qpdf_oh page, const char *key)
{
	qpdf_oh value = entry(q, page, key);

	for (int i = 0; i < PARENTS && qpdf_oh_is_null(q, value); i++) {
		page = entry(q, page, "/Parent");
		value = entry(q, page, key);
	}
	return value;
}

bool shown_rect(qpdf_data q, qpdf_oh array, struct shown_box *out)
{
	*out = (struct shown_box){{0, 0, 0, 0}};
	if (!qpdf_oh_is_array(q, array) || qpdf_oh_get_array_n_items(q, array) != 4)
		return false;
	for (int i = 0; i < 4; i++)
		out->v[i] = qpdf_oh_get_numeric_value(q, qpdf_oh_get_array_item(q, array, i));
	for (int i = 0; i < 2; i++)
		if (out->v[i] > out->v[i + 2]) {
			double swap = out->v[i];

			out->v[i] = out->v[i + 2];
			out->v[i + 2] = swap;
		}
	return out->v[2] > out->v[0] && out->v[3] > out->v[1];
}

static struct shown_box common(const struct shown_box *a, const struct shown_box *b)
{
	struct shown_box r;

	for (int i = 0; i < 2; i++) {
		r.v[i] = a->v[i] > b->v[i] ? a->v[i] : b->v[i];
		r.v[i + 2] = a->v[i + 2] < b->v[i + 2] ? a->v[i + 2] : b->v[i + 2];
	}
	return r;
}

static double area(const struct shown_box *b)
{
	double w = b->v[2] - b->v[0], h = b->v[3] - b->v[1];

	return w > 0 && h > 0 ? w * h : 0;
}

double shown_part(qpdf_data q, qpdf_oh page, const struct shown_box *box)
{
	struct shown_box all, cut, on;

	if (!shown_rect(q, inherited(q, page, "/MediaBox"), &all))
		all = (struct shown_box){{0, 0, USUAL_WIDTH, USUAL_HEIGHT}};
	if (shown_rect(q, inherited(q, page, "/CropBox"), &cut)) {
		cut = common(&all, &cut);
		if (area(&cut) > 0)
			all = cut;
	}
	on = common(&all, box);
	return area(&on) / area(&all);
}

/* Fields that nobody has filled in or signed show nothing that is worth a word; links neither. */
static bool is_seen(qpdf_data q, qpdf_oh a)
{
	qpdf_oh kind = entry(q, a, "/Subtype"), flags = entry(q, a, "/F");
	long long f = qpdf_oh_is_integer(q, flags) ? qpdf_oh_get_int_value(q, flags) : 0;

	if ((f & (HIDDEN | NO_VIEW)) || qpdf_oh_is_name_and_equals(q, kind, "/Link") ||
	    qpdf_oh_is_name_and_equals(q, kind, "/Popup") ||
	    !qpdf_oh_is_dictionary(q, entry(q, a, "/AP")))
		return false;
	return !qpdf_oh_is_name_and_equals(q, kind, "/Widget") ||
	       !qpdf_oh_is_null(q, inherited(q, a, "/V"));
}

static enum shown annotations(qpdf_data q, qpdf_oh page, const struct shown_box *box, int own)
{
	qpdf_oh list = entry(q, page, "/Annots");
	int n = qpdf_oh_is_array(q, list) ? qpdf_oh_get_array_n_items(q, list) : 0;

	for (int i = 0; i < n && i < ANNOTATIONS; i++) {
		qpdf_oh a = qpdf_oh_get_array_item(q, list, i);
		struct shown_box b;

		if ((!own || qpdf_oh_get_object_id(q, a) != own) && is_seen(q, a) &&
		    shown_rect(q, entry(q, a, "/Rect"), &b) && shown_meets(&b, box))
			return SHOWN_TEXT;
	}
	return n > ANNOTATIONS ? SHOWN_UNKNOWN : SHOWN_NOTHING;
}

enum shown shown_under(qpdf_data q, qpdf_oh page, const struct shown_box *box, int own)
{
	enum shown what = annotations(q, page, box, own);
	unsigned char *data = NULL;
	size_t n = 0;
	bool odd = false;

	if (shown_part(q, page, box) >= SHOWN_LARGE)
		return SHOWN_MUCH;
	if (what != SHOWN_NOTHING || qpdf_oh_is_null(q, entry(q, page, "/Contents")))
		return what;
	if (qpdf_oh_get_page_content_data(q, page, &data, &n) & QPDF_ERRORS)
		odd = true;
	else if (shown_text(q, rd_of(data, n), inherited(q, page, "/Resources"), box, &odd))
		what = SHOWN_TEXT;
	free(data);
	return odd ? SHOWN_UNKNOWN : what;
}
