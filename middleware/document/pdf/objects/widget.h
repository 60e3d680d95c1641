/* SPDX-License-Identifier: BSD-2-Clause */
/* What is seen of a signature: where that is, and the widget with the picture. */
#ifndef ECERT_DOCUMENT_PDF_WIDGET_H
#define ECERT_DOCUMENT_PDF_WIDGET_H

#include "document/pdf/objects/picture.h"

/* What was asked for. */
struct pdf_look {
	bool seen;
	struct pdf_picture_in picture; /* when seen */
	uint8_t place;		       /* enum pdf_place */
	double x, y;		       /* points, of PDF_AT */
};

/* Where it goes. */
struct pdf_spot {
	qpdf_oh page;
	struct pdf_rect rect;
	bool moved;    /* the rectangle of the field that was there is another one now */
	bool unlisted; /* the page does not have the widget yet */
};

/*
 * Where a new field (0) goes, or the one that is there: that one keeps its place. One without a
 * place gets the one that was asked for, unless the file is signed: to what was signed then that
 * would be a change, and a new one covers nothing. Answers PDF_GOOD, PDF_OFF_PAGE, PDF_COVERS,
 * PDF_FIELD_UNSEEN.
 */
enum pdf_refusal pdf_find_spot(const struct pdf_doc *d, const struct pdf_look *look, qpdf_oh field,
    bool is_signed, qpdf_oh page, struct pdf_spot *out);

/* A field that is its own widget (12.5.6.19), on its page, in the form; name in UTF-8. A failure is
 * kept in c->made. */
void pdf_new_field(struct pdf_change *c, struct pdf_look *look, const struct pdf_spot *spot,
    const char *name, qpdf_oh form, qpdf_oh sig);
/* The field that was there gets its value, and the picture. */
void pdf_fill_field(struct pdf_change *c, struct pdf_look *look, const struct pdf_spot *spot,
    qpdf_oh field, qpdf_oh sig);

#endif
