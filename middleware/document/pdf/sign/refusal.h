/* SPDX-License-Identifier: BSD-2-Clause */
/* Why a PDF is not signed, for people and programs. */
#ifndef ECERT_DOCUMENT_PDF_REFUSAL_H
#define ECERT_DOCUMENT_PDF_REFUSAL_H

#include "document/format.h"
#include "document/pdf/plan.h"
#include "document/wall/ask.h"

/* NULL for PDF_GOOD. */
const struct doc_refusal *pdf_refused(enum pdf_refusal why);
/* What the end of the question means; NULL when it was answered. */
const struct doc_refusal *pdf_unread(enum wall_end end);
/* It is no PDF at all. */
extern const struct doc_refusal pdf_is_none;
/* What is to be seen cannot be drawn. */
extern const struct doc_refusal pdf_no_font;

#endif
