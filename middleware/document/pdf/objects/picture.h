/* SPDX-License-Identifier: BSD-2-Clause */
/* The picture of a signature, taken from another PDF, and where on the page it is. */
#ifndef ECERT_DOCUMENT_PDF_PICTURE_H
#define ECERT_DOCUMENT_PDF_PICTURE_H

#include "document/pdf/objects/change.h"
#include "document/pdf/shown/box.h"

/*
 * The place of something of w by h points, upright as the page is shown and all of it on the page:
 * what does not fit is moved, and made smaller at last. A unit of the page may be more than a point
 * (/UserUnit). x and y are the lower left point of PDF_AT, and so far it is from its corner else.
 * False: that lies outside of the page.
 */
bool pdf_place_on(const struct pdf_doc *d, qpdf_oh page, enum pdf_place place, double x, double y,
    double w, double h, struct pdf_rect *out);
/* Some of the rectangle is on what is shown of the page. */
bool pdf_meets_page(const struct pdf_doc *d, qpdf_oh page, const struct pdf_rect *r);
/* How many quarters of a turn clockwise it is shown. */
int pdf_turned(const struct pdf_doc *d, qpdf_oh page);
/* Numbers are written with at most so many decimals. */
#define PDF_DECIMALS 4
void pdf_put_rect(struct buf *out, const struct pdf_rect *r);

/* A picture that is at hand: a PDF whose pages show the same in different shapes. */
#define PDF_SHAPES_MAX 8
struct pdf_picture_in {
	struct pdf_doc doc;
	struct pdf_shape {
		qpdf_oh page;
		double w, h;
	} shape[PDF_SHAPES_MAX];
	size_t n;
};
/* Opens it; pdf_doc_close in any case. Errors: ECERT_E_INTERNAL (ours is always good),
 * pdf_doc_open's.
 */
enum ecert_rc pdf_picture_open(struct rd bytes, struct pdf_picture_in *out) MUST_CHECK;
/* Writes the shape that fits best, and all that it needs, as new objects; the result is a form for
 * /AP that fits into rect on this page. Errors: ECERT_E_MEMORY, ECERT_E_INTERNAL. */
enum ecert_rc pdf_picture_take(struct pdf_change *c, struct pdf_picture_in *p, qpdf_oh page,
    const struct pdf_rect *rect, qpdf_oh *form) MUST_CHECK;

#endif
