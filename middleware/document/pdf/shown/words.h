/* SPDX-License-Identifier: BSD-2-Clause */
/* What a widget's picture says, to be compared with its field's value (ISO 32000-1, 12.5.5, 9.6 to
 * 9.10): only ever looked at in ecert-wall, and by tests. */
#ifndef ECERT_DOCUMENT_PDF_SHOWN_WORDS_H
#define ECERT_DOCUMENT_PDF_SHOWN_WORDS_H

#include <qpdf/qpdf-c.h>
#include <stdbool.h>

#include "util/buf.h"

/*
 * Appends the letters of its normal picture in the order in which they are drawn, a u32 each, as
 * far as shown_letter keeps them. resources: of the form (/DR), for a picture that has none. A
 * widget without a picture shows nothing. False: it has several, or a font does not say which
 * letters its codes are. A font that lies is believed.
 */
bool shown_words(qpdf_data q, qpdf_oh widget, qpdf_oh resources, struct buf *out);
/* The same letters of a text in UTF-8. */
void shown_letters(const char *utf8, struct buf *out);

/* ---- for the files of this folder ---- */
/* Which letters the codes of a font are. */
struct shown_codes {
	unsigned bytes;		/* of a code; 0: nobody can tell */
	uint32_t letter[65536]; /* 0: it is not said */
};
void shown_codes_of(qpdf_data q, qpdf_oh font, struct shown_codes *out);
/* By the name of a glyph (ISO 32000-1, annex D); 0: it is not known here. */
uint32_t shown_glyph(const char *name);

/* Says nothing of a difference: spaces, and what encodings of one byte have in places that differ
 * between them. */
#define SHOWN_NO_LETTER 0xFFFFFFFFu
void shown_letter(uint32_t code_point, struct buf *out);

#endif
