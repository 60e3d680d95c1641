/* SPDX-License-Identifier: BSD-2-Clause */
/* Why a PDF is not signed, for people and programs. */
#ifndef ECERT_DOCUMENT_PDF_REFUSAL_H
#define ECERT_DOCUMENT_PDF_REFUSAL_H

#include "document/format.h"
#include "document/pdf/plan.h"
#include "document/pdf/stamp/draw.h"
#include "document/wall/ask.h"

/* NULL for PDF_GOOD. */
const struct doc_refusal *pdf_refused(enum pdf_refusal why);
/* What the end of the question means; NULL when it was answered. seen: a picture was to go in. */
const struct doc_refusal *pdf_unread(enum wall_end end, bool seen);
/* It is no PDF at all. */
extern const struct doc_refusal pdf_is_none;
/* What is to be seen cannot be drawn; NULL for PDF_DRAWN. */
const struct doc_refusal *pdf_not_drawn(enum pdf_undrawn why);

#endif
