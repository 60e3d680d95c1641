/* SPDX-License-Identifier: BSD-2-Clause */
/* PDF in the table of formats: signatures that are inside of what they sign. */
#ifndef ECERT_DOCUMENT_PDF_H
#define ECERT_DOCUMENT_PDF_H

#include "document/format.h"

extern const struct doc_format format_pdf;

#endif
