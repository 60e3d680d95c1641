/* SPDX-License-Identifier: BSD-2-Clause */
/* A person's own picture in the stamp: a PNG, on white, or a JPEG. */
#ifndef ECERT_DOCUMENT_PDF_STAMP_LOGO_H
#define ECERT_DOCUMENT_PDF_STAMP_LOGO_H

#include <stdbool.h>

#include "document/pdf/stamp/jpeg.h"
#include "document/pdf/stamp/pango.h"
#include "util/buf.h"

struct pdf_logo {
	cairo_surface_t *pixels; /* NULL: there is none */
	struct pdf_jpeg jpeg;	 /* what stands for them; .w 0: none */
	double w, h;		 /* points, as large as its room lets it be */
};

/* *why: PDF_DRAWN, or why the file is not taken. Errors: ECERT_E_MEMORY; pdf_logo_free in any case.
 */
enum ecert_rc pdf_logo_read(const struct pdf_pango *p, const char *path, struct pdf_logo *out,
    enum pdf_undrawn *why) MUST_CHECK;
void pdf_logo_draw(
    const struct pdf_pango *p, cairo_t *c, const struct pdf_logo *l, double x, double y);
void pdf_logo_free(const struct pdf_pango *p, struct pdf_logo *l);

#endif
