/* SPDX-License-Identifier: BSD-2-Clause */
/* The picture of a signature, taken from another PDF, and where on the page it is. */
#ifndef ECERT_DOCUMENT_PDF_PICTURE_H
#define ECERT_DOCUMENT_PDF_PICTURE_H

#include "document/pdf/objects/change.h"

/* Left, bottom, right, top. */
struct pdf_rect {
	double v[4];
};

/* The place of something of this size, upright as the page is shown. x and y in points. */
struct pdf_rect pdf_place_on(const struct pdf_doc *d, qpdf_oh page, enum pdf_place place, double x,
    double y, double w, double h);
/* How many quarters of a turn clockwise it is shown. */
int pdf_turned(const struct pdf_doc *d, qpdf_oh page);
/* The rectangle of a dictionary, in order; all zero when it has none. */
struct pdf_rect pdf_read_rect(const struct pdf_doc *d, qpdf_oh array);
void pdf_put_rect(struct buf *out, const struct pdf_rect *r);

/* A picture that is at hand: the first page of a PDF. */
struct pdf_picture_in {
	struct pdf_doc doc;
	qpdf_oh page;
	double w, h;
};
/* Opens it; pdf_doc_close in any case. Errors: ECERT_E_INTERNAL (ours is always good),
 * pdf_doc_open's.
 */
enum ecert_rc pdf_picture_open(struct rd bytes, struct pdf_picture_in *out) MUST_CHECK;
/* Writes it and all that it needs as new objects; the result is a form for /AP that fits into rect
 * on this page. Errors: ECERT_E_MEMORY, ECERT_E_INTERNAL. */
enum ecert_rc pdf_picture_take(struct pdf_change *c, struct pdf_picture_in *p, qpdf_oh page,
    const struct pdf_rect *rect, qpdf_oh *form) MUST_CHECK;

#endif
