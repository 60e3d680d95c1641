/* SPDX-License-Identifier: BSD-2-Clause */
/* How wide the letters of a font are, on the average (ISO 32000-1, 9.6 and 9.7). */
#ifndef ECERT_DOCUMENT_PDF_SHOWN_FONT_H
#define ECERT_DOCUMENT_PDF_SHOWN_FONT_H

#include <qpdf/qpdf-c.h>
#include <stdint.h>

struct shown_font {
	double width;	/* of a letter, in its size */
	unsigned bytes; /* of a code */
	qpdf_oh font;	/* it; 0: none */
};

/* Whatever it is. */
struct shown_font shown_font_of(qpdf_data q, qpdf_oh font);

#endif
