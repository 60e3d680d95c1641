/* SPDX-License-Identifier: BSD-2-Clause */
/* The picture of a signature, drawn by cairo and pango: a PDF of one page with the fonts it needs.
 */
#ifndef ECERT_DOCUMENT_PDF_DRAW_H
#define ECERT_DOCUMENT_PDF_DRAW_H

#include <stdbool.h>
#include <time.h>

#include "util/buf.h"

/* Texts are UTF-8, one line each; NULL or empty: there is no such line. */
struct pdf_picture {
	const char *name, *company, *reason, *place;
	time_t now;
};

/*
 * Appends the PDF, in black and grey only, which fits every output intent of PDF/A. *drawn false:
 * no font of this system has a character that is needed, so that the picture would show a box, or
 * there are no libraries to draw with.
 * Errors: ECERT_E_MEMORY, buf_rc's, ECERT_E_ARG (time).
 */
enum ecert_rc pdf_draw(const struct pdf_picture *p, struct buf *out, bool *drawn) MUST_CHECK;

#endif
