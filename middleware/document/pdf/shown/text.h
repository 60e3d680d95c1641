/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the text of a page stands (ISO 32000-1, 9.4). */
#ifndef ECERT_DOCUMENT_PDF_SHOWN_TEXT_H
#define ECERT_DOCUMENT_PDF_SHOWN_TEXT_H

#include "document/pdf/shown/box.h"
#include "util/buf.h"

/* They have more in common than an edge. */
bool shown_meets(const struct pdf_rect *a, const struct pdf_rect *b);
/* Content with these resources, and the forms that it draws, has a letter in the box. *odd: there
 * is more of it than is looked at, or it cannot be read. */
bool shown_text(
    qpdf_data q, struct rd content, qpdf_oh resources, const struct pdf_rect *box, bool *odd);

#endif
