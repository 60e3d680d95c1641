/* SPDX-License-Identifier: BSD-2-Clause */
/* Rectangles, as they are written and as they are shown. */
#include "document/pdf/shown/box.h"

#define PARENTS 64

bool pdf_rect_read(qpdf_data q, qpdf_oh array, struct pdf_rect *out)
{
	*out = (struct pdf_rect){{0, 0, 0, 0}};
	if (!qpdf_oh_is_array(q, array) || qpdf_oh_get_array_n_items(q, array) != 4)
		return false;
	for (int i = 0; i < 4; i++)
		(void)qpdf_oh_get_value_as_number(
		    q, qpdf_oh_get_array_item(q, array, i), &out->v[i]);
	for (int i = 0; i < 2; i++)
		if (out->v[i] > out->v[i + 2]) {
			double swap = out->v[i];

			out->v[i] = out->v[i + 2];
			out->v[i + 2] = swap;
		}
	return pdf_rect_is(out);
}

bool pdf_rect_is(const struct pdf_rect *r)
{
	return r->v[2] > r->v[0] && r->v[3] > r->v[1];
}

double pdf_rect_area(const struct pdf_rect *r)
{
	return pdf_rect_is(r) ? (r->v[2] - r->v[0]) * (r->v[3] - r->v[1]) : 0;
}

struct pdf_rect pdf_rect_common(const struct pdf_rect *a, const struct pdf_rect *b)
{
	struct pdf_rect r;

	for (int i = 0; i < 2; i++) {
		r.v[i] = a->v[i] > b->v[i] ? a->v[i] : b->v[i];
		r.v[i + 2] = a->v[i + 2] < b->v[i + 2] ? a->v[i + 2] : b->v[i + 2];
	}
	return r;
}

qpdf_oh pdf_inherited(qpdf_data q, qpdf_oh page, const char *key)
{
	qpdf_oh value = qpdf_oh_get_key_if_dict(q, page, key);

	for (int i = 0; i < PARENTS && qpdf_oh_is_null(q, value); i++) {
		page = qpdf_oh_get_key_if_dict(q, page, "/Parent");
		value = qpdf_oh_get_key_if_dict(q, page, key);
	}
	return value;
}

struct pdf_rect pdf_page_box(qpdf_data q, qpdf_oh page)
{
	struct pdf_rect all, cut;

	if (!pdf_rect_read(q, pdf_inherited(q, page, "/MediaBox"), &all))
		all = (struct pdf_rect){{0, 0, 612, 792}};
	if (!pdf_rect_read(q, pdf_inherited(q, page, "/CropBox"), &cut))
		return all;
	cut = pdf_rect_common(&all, &cut);
	return pdf_rect_is(&cut) ? cut : all;
}
