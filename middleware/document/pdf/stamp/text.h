/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines of a picture, set by pango. */
#ifndef ECERT_DOCUMENT_PDF_STAMP_TEXT_H
#define ECERT_DOCUMENT_PDF_STAMP_TEXT_H

#include "document/pdf/stamp/draw.h"
#include "document/pdf/stamp/pango.h"

/* A piece of text, and where it stands from the upper left corner; in points. */
struct pdf_piece {
	PangoLayout *layout;
	double x, y, grey;
};

/* Who, and when and why. */
#define PDF_PIECES 9
struct pdf_text {
	struct pdf_piece piece[PDF_PIECES];
	size_t n;
	double w, h;
	double rule[3]; /* from x, at y, how long: a line between the two; none when it is 0 long */
	bool complete;	/* fonts have every character */
};

/* In one column of this width, or in two of them beside each other. Errors: ECERT_E_ARG (time),
 * ECERT_E_MEMORY; pdf_text_free in any case. */
enum ecert_rc pdf_text_set(const struct pdf_pango *p, PangoContext *context,
    const struct pdf_picture *look, double column, bool two, struct pdf_text *out) MUST_CHECK;
void pdf_text_draw(
    const struct pdf_pango *p, cairo_t *c, const struct pdf_text *t, double x, double y);
void pdf_text_free(const struct pdf_pango *p, struct pdf_text *t);

#endif
