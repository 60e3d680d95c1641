/* SPDX-License-Identifier: BSD-2-Clause */
/* The objects that an incremental update is to write: changed ones, and new ones. */
#ifndef ECERT_DOCUMENT_PDF_CHANGE_H
#define ECERT_DOCUMENT_PDF_CHANGE_H

#include "document/pdf/objects/objects.h"

#define PDF_TOUCHED_MAX 8

struct pdf_change {
	struct pdf_doc *d;
	qpdf_oh touched[PDF_TOUCHED_MAX];
	size_t touched_n;
	struct buf made; /* new objects, as in the answer */
	uint32_t made_n;
};

/* A new object, which is a dictionary until it is written: for what refers to it. */
qpdf_oh pdf_new(struct pdf_doc *d);
/* This object is to be written as it is in the end; direct is written with holder. */
void pdf_touch(struct pdf_change *c, qpdf_oh oh, qpdf_oh holder);
/* A new object's text. */
void pdf_made(struct pdf_change *c, qpdf_oh oh, struct rd text);
/* Appends u32 how many and all of them. */
void pdf_put_changes(struct pdf_change *c, struct buf *out);
/* Appends the whole answer (document/pdf/plan.h): sig is the signature's number (0: none), refs
 * what its /Reference says (empty: it has none). */
void pdf_put_plan(struct pdf_change *c, uint32_t sig, struct rd refs, struct buf *out);

/* Appends item to the array under key of dict (made when it is not there). */
void pdf_append(struct pdf_change *c, qpdf_oh dict, qpdf_oh holder, const char *key, qpdf_oh item);

#endif
