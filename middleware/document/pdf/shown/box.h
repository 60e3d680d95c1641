/* SPDX-License-Identifier: BSD-2-Clause */
/* Rectangles of a PDF, and what of a page is shown (ISO 32000-1, 7.9.5, 7.7.3.4, 14.11.2). */
#ifndef ECERT_DOCUMENT_PDF_BOX_H
#define ECERT_DOCUMENT_PDF_BOX_H

#include <qpdf/qpdf-c.h>
#include <stdbool.h>

/* Left, bottom, right, top. */
struct pdf_rect {
	double v[4];
};

/* One as it is written, in order; all zero when it is none. False: none, or it has no area. */
bool pdf_rect_read(qpdf_data q, qpdf_oh array, struct pdf_rect *out);
/* It has an area. */
bool pdf_rect_is(const struct pdf_rect *r);
double pdf_rect_area(const struct pdf_rect *r);
/* What two have in common; of no area when that is nothing. */
struct pdf_rect pdf_rect_common(const struct pdf_rect *a, const struct pdf_rect *b);

/* From the page or field, or from what it is below of; a null object when nobody has it. */
qpdf_oh pdf_inherited(qpdf_data q, qpdf_oh page, const char *key);
/* What is shown of a page: all that there is, or the part of that which is cut out. */
struct pdf_rect pdf_page_box(qpdf_data q, qpdf_oh page);

#endif
