/* SPDX-License-Identifier: BSD-2-Clause */
/* What a rectangle would cover on a page: only ever looked at in ecert-wall, and by tests. */
#ifndef ECERT_DOCUMENT_PDF_SHOWN_H
#define ECERT_DOCUMENT_PDF_SHOWN_H

#include <qpdf/qpdf-c.h>

#include "document/pdf/shown/text.h"

#define SHOWN_LARGE 0.25 /* of a page */

enum shown {
	SHOWN_NOTHING,
	SHOWN_TEXT, /* or an annotation that shows something */
	SHOWN_MUCH, /* so much of the page or more, whatever is there */
	SHOWN_UNKNOWN
};

/* box in the page's own coordinates; all of it by an estimate. own: the number of the annotation
 * that has the box, 0: none of them. */
enum shown shown_under(qpdf_data q, qpdf_oh page, const struct pdf_rect *box, int own);
/* How much of what is shown of the page that is, up to 1. */
double shown_part(qpdf_data q, qpdf_oh page, const struct pdf_rect *box);
/* What a widget draws by itself is a frame at most, and no text. */
bool shown_blank(qpdf_data q, qpdf_oh widget);

#endif
