/* SPDX-License-Identifier: BSD-2-Clause */
/* Where on a page: corners and distances are those that a person sees, whatever /Rotate says. */
#include <stdio.h>

#include "document/pdf/objects/picture.h"

/* How far a corner's is from the edge, in points; on a small page this part of it. */
#define FROM_EDGE  36.0
#define EDGE_LEAST 10.0
/* What numbers lose on the way. */
#define LOOSE 0.01

void pdf_put_rect(struct buf *out, const struct pdf_rect *r)
{
	char text[64];

	buf_str(out, "[");
	for (int i = 0; i < 4; i++) {
		int n = snprintf(text, sizeof text, " %.*f", PDF_DECIMALS, r->v[i]);

		while (text[n - 1] == '0')
			n--;
		buf_put(out, text, (size_t)(text[n - 1] == '.' ? n - 1 : n));
	}
	buf_str(out, " ]");
}

int pdf_turned(const struct pdf_doc *d, qpdf_oh page)
{
	int turn = 0;

	(void)qpdf_oh_get_value_as_int(d->q, pdf_inherited(d->q, page, "/Rotate"), &turn);
	return ((turn % 360 + 360) % 360) / 90;
}

/* Points in a unit of its coordinates (table 30); not inherited. */
static double unit_of(const struct pdf_doc *d, qpdf_oh page)
{
	double points = 1;

	(void)qpdf_oh_get_value_as_number(d->q, pdf_get(d, page, "/UserUnit"), &points);
	return points > 0.01 && points < 1e5 ? points : 1;
}

bool pdf_meets_page(const struct pdf_doc *d, qpdf_oh page, const struct pdf_rect *r)
{
	struct pdf_rect box = pdf_page_box(d->q, page), both = pdf_rect_common(&box, r);

	return pdf_rect_is(&both);
}

/* A point as it is seen, in the page's own coordinates. */
static void to_page(const struct pdf_rect *box, int turn, double x, double y, double *out)
{
	double w = box->v[2] - box->v[0], h = box->v[3] - box->v[1];
	const double px[4] = {x, w - y, w - x, y}, py[4] = {y, x, h - y, h - x};

	out[0] = box->v[0] + px[turn];
	out[1] = box->v[1] + py[turn];
}

/* How much smaller it has to be so that it is not larger than the room for it. */
static double shrunk(double w, double h, double room_w, double room_h)
{
	double s = 1;

	if (w * s > room_w)
		s = room_w / w;
	if (h * s > room_h)
		s = room_h / h;
	return s;
}

bool pdf_place_on(const struct pdf_doc *d, qpdf_oh page, enum pdf_place place, double x, double y,
    double w, double h, struct pdf_rect *out)
{
	struct pdf_rect box = pdf_page_box(d->q, page);
	int turn = pdf_turned(d, page);
	double unit = unit_of(d, page), edge = FROM_EDGE / unit, s, a[2], b[2];
	double width = box.v[turn & 1 ? 3 : 2] - box.v[turn & 1 ? 1 : 0];
	double height = box.v[turn & 1 ? 2 : 3] - box.v[turn & 1 ? 0 : 1];

	if (edge > width / EDGE_LEAST || edge > height / EDGE_LEAST)
		edge = (width < height ? width : height) / EDGE_LEAST;
	if (place == PDF_AT)
		edge = 0;
	s = shrunk(w, h, (width - 2 * edge) * unit, (height - 2 * edge) * unit) / unit;
	w *= s;
	h *= s;
	x /= unit;
	y /= unit;
	if (place == PDF_AT) {
		if (x >= width || y >= height)
			return false;
		x = x + w > width ? width - w : x;
		y = y + h > height ? height - h : y;
	} else {
		bool right = place == PDF_TOP_RIGHT || place == PDF_BOTTOM_RIGHT;
		bool top = place == PDF_TOP_LEFT || place == PDF_TOP_RIGHT;

		if (x + w + 2 * edge > width + LOOSE || y + h + 2 * edge > height + LOOSE)
			return false;
		x = right ? width - edge - w - x : edge + x;
		y = top ? height - edge - h - y : edge + y;
	}
	to_page(&box, turn, x, y, a);
	to_page(&box, turn, x + w, y + h, b);
	for (int i = 0; i < 2; i++) {
		out->v[i] = a[i] < b[i] ? a[i] : b[i];
		out->v[i + 2] = a[i] < b[i] ? b[i] : a[i];
	}
	return true;
}
