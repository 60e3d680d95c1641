/* SPDX-License-Identifier: BSD-2-Clause */
/* A page, what it shows by itself and by its annotations, and how large it is. */
#include "document/pdf/shown/shown.h"

#include <stdlib.h>

#define ANNOTATIONS 4096
#define HIDDEN	    2
#define NO_VIEW	    32

static qpdf_oh entry(qpdf_data q, qpdf_oh dict, const char *key)
{
	return qpdf_oh_get_key_if_dict(q, dict, key);
}

double shown_part(qpdf_data q, qpdf_oh page, const struct pdf_rect *box)
{
	struct pdf_rect all = pdf_page_box(q, page), on = pdf_rect_common(&all, box);

	return pdf_rect_area(&on) / pdf_rect_area(&all);
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
	       !qpdf_oh_is_null(q, pdf_inherited(q, a, "/V"));
}

static enum shown annotations(qpdf_data q, qpdf_oh page, const struct pdf_rect *box, int own)
{
	qpdf_oh list = entry(q, page, "/Annots");
	int n = qpdf_oh_is_array(q, list) ? qpdf_oh_get_array_n_items(q, list) : 0;

	for (int i = 0; i < n && i < ANNOTATIONS; i++) {
		qpdf_oh a = qpdf_oh_get_array_item(q, list, i);
		struct pdf_rect b;

		if ((!own || qpdf_oh_get_object_id(q, a) != own) && is_seen(q, a) &&
		    pdf_rect_read(q, entry(q, a, "/Rect"), &b) && shown_meets(&b, box))
			return SHOWN_TEXT;
	}
	return n > ANNOTATIONS ? SHOWN_UNKNOWN : SHOWN_NOTHING;
}

enum shown shown_under(qpdf_data q, qpdf_oh page, const struct pdf_rect *box, int own)
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
	else if (shown_text(q, rd_of(data, n), pdf_inherited(q, page, "/Resources"), box, &odd))
		what = SHOWN_TEXT;
	free(data);
	return odd ? SHOWN_UNKNOWN : what;
}
