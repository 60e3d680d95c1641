/* SPDX-License-Identifier: BSD-2-Clause */
/* Where on a page: corners and distances are those that a person sees, whatever /Rotate says. */
#include <stdio.h>

#include "document/pdf/objects/picture.h"

#define FROM_EDGE 36.0

struct pdf_rect pdf_read_rect(const struct pdf_doc *d, qpdf_oh array)
{
	struct pdf_rect r = {{0, 0, 0, 0}};

	if (!qpdf_oh_is_array(d->q, array) || qpdf_oh_get_array_n_items(d->q, array) != 4)
		return r;
	for (int i = 0; i < 4; i++)
		(void)qpdf_oh_get_value_as_number(
		    d->q, qpdf_oh_get_array_item(d->q, array, i), &r.v[i]);
	for (int i = 0; i < 2; i++)
		if (r.v[i] > r.v[i + 2]) {
			double swap = r.v[i];

			r.v[i] = r.v[i + 2];
			r.v[i + 2] = swap;
		}
	return r;
}

void pdf_put_rect(struct buf *out, const struct pdf_rect *r)
{
	char text[128];

	snprintf(text, sizeof text, "[ %.2f %.2f %.2f %.2f ]", r->v[0], r->v[1], r->v[2], r->v[3]);
	buf_str(out, text);
}

/* 7.7.3.4: from the page, or what it is below of. */
static qpdf_oh inherited(const struct pdf_doc *d, qpdf_oh page, const char *key)
{
	for (int i = 0; i < PDF_DEPTH_MAX && qpdf_oh_is_dictionary(d->q, page); i++) {
		if (qpdf_oh_has_key(d->q, page, key))
			break;
		page = pdf_get(d, page, "/Parent");
	}
	return pdf_get(d, page, key);
}

int pdf_turned(const struct pdf_doc *d, qpdf_oh page)
{
	int turn = 0;

	(void)qpdf_oh_get_value_as_int(d->q, inherited(d, page, "/Rotate"), &turn);
	return ((turn % 360 + 360) % 360) / 90;
}

static struct pdf_rect box_of(const struct pdf_doc *d, qpdf_oh page)
{
	struct pdf_rect r = pdf_read_rect(d, inherited(d, page, "/CropBox"));

	if (!(r.v[2] > r.v[0] && r.v[3] > r.v[1]))
		r = pdf_read_rect(d, inherited(d, page, "/MediaBox"));
	if (!(r.v[2] > r.v[0] && r.v[3] > r.v[1]))
		r = (struct pdf_rect){{0, 0, 612, 792}};
	return r;
}

/* A point as it is seen, in the page's own coordinates. */
static void to_page(const struct pdf_rect *box, int turn, double x, double y, double *out)
{
	double w = box->v[2] - box->v[0], h = box->v[3] - box->v[1];
	const double px[4] = {x, w - y, w - x, y}, py[4] = {y, x, h - y, h - x};

	out[0] = box->v[0] + px[turn];
	out[1] = box->v[1] + py[turn];
}

struct pdf_rect pdf_place_on(const struct pdf_doc *d, qpdf_oh page, enum pdf_place place, double x,
    double y, double w, double h)
{
	struct pdf_rect box = box_of(d, page), r;
	int turn = pdf_turned(d, page);
	double width = box.v[turn & 1 ? 3 : 2] - box.v[turn & 1 ? 1 : 0];
	double height = box.v[turn & 1 ? 2 : 3] - box.v[turn & 1 ? 0 : 1];
	double a[2], b[2];

	if (place != PDF_AT) {
		bool right = place == PDF_TOP_RIGHT || place == PDF_BOTTOM_RIGHT;
		bool top = place == PDF_TOP_LEFT || place == PDF_TOP_RIGHT;

		x = right ? width - FROM_EDGE - w : FROM_EDGE;
		y = top ? height - FROM_EDGE - h : FROM_EDGE;
	}
	to_page(&box, turn, x, y, a);
	to_page(&box, turn, x + w, y + h, b);
	for (int i = 0; i < 2; i++) {
		r.v[i] = a[i] < b[i] ? a[i] : b[i];
		r.v[i + 2] = a[i] < b[i] ? b[i] : a[i];
	}
	return r;
}
