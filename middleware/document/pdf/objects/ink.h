/* SPDX-License-Identifier: BSD-2-Clause */
/* Colours and fonts of a picture, as PDF/A wants them. */
#ifndef ECERT_DOCUMENT_PDF_INK_H
#define ECERT_DOCUMENT_PDF_INK_H

#include "document/pdf/objects/change.h"

/* In what a picture in this file may not be said without more (ISO 19005-1, 6.2.3; 19005-2,
 * 6.2.4): a file that is no PDF/A takes everything, one that is takes what its output intent
 * explains. */
struct pdf_ink {
	bool grey, rgb; /* DeviceGray and DeviceRGB are replaced by calibrated spaces */
};
struct pdf_ink pdf_ink_of(const struct pdf_doc *d);

/* Appends the content of a page that cairo has drawn: each RGB that is a grey becomes one, in the
 * space PDF_GREY_NAME of the resources where DeviceGray is not taken. */
#define PDF_GREY_NAME "/Grey"
void pdf_put_inked(struct rd content, struct pdf_ink ink, struct buf *out);
/* What resources have for that; NULL: nothing. */
const char *pdf_ink_resources(struct pdf_ink ink);
/* An image's space is replaced where it is not taken. */
void pdf_ink_image(const struct pdf_doc *d, qpdf_oh dict, struct pdf_ink ink);

/*
 * A font's dictionary gets what PDF/A-1 wants of subsets (ISO 19005-1, 6.3.5; 6.3.3.2): CIDSet,
 * CharSet, CIDToGIDMap. Answers a new object that was written, or 0.
 */
qpdf_oh pdf_complete_font(struct pdf_change *c, qpdf_oh font);

#endif
