/* SPDX-License-Identifier: BSD-2-Clause */
/* The picture of a signature, drawn by cairo and pango: a PDF with the fonts it needs. */
#ifndef ECERT_DOCUMENT_PDF_DRAW_H
#define ECERT_DOCUMENT_PDF_DRAW_H

#include <stdbool.h>
#include <time.h>

#include "util/buf.h"

/* Texts are UTF-8, one line each; NULL or empty: there is no such line. */
struct pdf_picture {
	const char *name, *company, *reason, *place;
	const char *logo; /* a PNG or JPEG file; NULL: none */
	const char *qr;	  /* what the QR code says, at most PDF_QR_MAX bytes; NULL: none */
	time_t now;
};
#define PDF_QR_MAX 256

/* Why it is not drawn. */
enum pdf_undrawn {
	PDF_DRAWN,
	PDF_NO_CAIRO,  /* this machine has no pango and cairo */
	PDF_NO_QR,     /* ... no libqrencode */
	PDF_NO_FONT,   /* no font has a character that is needed, or only as a coloured picture */
	PDF_NO_LOGO,   /* it is no PNG or JPEG, or larger than is taken */
	PDF_LOGO_CMYK, /* a JPEG of four inks, which few output intents of PDF/A fit */
	PDF_LOGO_KIND, /* a JPEG that readers of PDF do not decode */
	PDF_UNDRAWN_COUNT
};

/*
 * Appends the PDF: each page is the same picture in another shape, the first one the usual one. All
 * is black and grey, which fits every output intent of PDF/A, but a logo that has colours; nothing
 * is transparent. Errors: ECERT_E_MEMORY, buf_rc's, ECERT_E_ARG (time).
 */
enum ecert_rc pdf_draw(
    const struct pdf_picture *p, struct buf *out, enum pdf_undrawn *why) MUST_CHECK;

#endif
