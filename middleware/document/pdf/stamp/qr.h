/* SPDX-License-Identifier: BSD-2-Clause */
/* A QR code in the stamp, by libqrencode: modules as areas, so that it is sharp in any size. */
#ifndef ECERT_DOCUMENT_PDF_STAMP_QR_H
#define ECERT_DOCUMENT_PDF_STAMP_QR_H

#include <qrencode.h>

#include "document/pdf/stamp/draw.h"
#include "document/pdf/stamp/pango.h"

struct pdf_qr {
	QRcode *code;  /* NULL: there is none */
	double side;   /* points, with the quiet zone around it */
	double module; /* points of one of its squares */
};

/* The smallest that says this much and mends 15 % of itself. *why: PDF_DRAWN, PDF_NO_QR. Errors:
 * ECERT_E_MEMORY, ECERT_E_TOO_LARGE; pdf_qr_free in any case. */
enum ecert_rc pdf_qr_make(const char *text, struct pdf_qr *out, enum pdf_undrawn *why) MUST_CHECK;
void pdf_qr_draw(const struct pdf_pango *p, cairo_t *c, const struct pdf_qr *q, double x, double y);
void pdf_qr_free(struct pdf_qr *q);

#endif
