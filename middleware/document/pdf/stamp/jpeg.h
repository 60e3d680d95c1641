/* SPDX-License-Identifier: BSD-2-Clause */
/* A JPEG (ITU-T T.81) that goes into a PDF as it is (ISO 32000-1, 7.4.8), of which only what draws
 * it goes along. */
#ifndef ECERT_DOCUMENT_PDF_STAMP_JPEG_H
#define ECERT_DOCUMENT_PDF_STAMP_JPEG_H

#include "document/pdf/stamp/draw.h"

struct pdf_jpeg {
	unsigned w, h;
	struct buf bytes; /* without comments, thumbnails, places and profiles */
};

bool pdf_jpeg_begins(struct rd file);
/*
 * Walks over all its segments; none of it is decoded. w and h are at most side, their product at
 * most points. PDF_DRAWN when it is taken: baseline, extended or progressive, of 8 bits, grey or of
 * three colours. Errors: ECERT_E_MEMORY; pdf_jpeg_free in any case.
 */
enum ecert_rc pdf_jpeg_read(struct rd file, unsigned side, unsigned points, struct pdf_jpeg *out,
    enum pdf_undrawn *why) MUST_CHECK;
void pdf_jpeg_free(struct pdf_jpeg *j);

#endif
