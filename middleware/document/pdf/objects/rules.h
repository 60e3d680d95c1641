/* SPDX-License-Identifier: BSD-2-Clause */
/* What a PDF itself says against one more signature, or against this kind of it. */
#ifndef ECERT_DOCUMENT_PDF_RULES_H
#define ECERT_DOCUMENT_PDF_RULES_H

#include "document/pdf/objects/objects.h"

/* A certification forbids whatever comes after it. */
bool pdf_forbidden(const struct pdf_doc *d);
/* The seed values of a field (12.7.4.5) demand what is not made here. */
bool pdf_demands_other(const struct pdf_doc *d, qpdf_oh field);
/* What stands under the key is an array (or a dictionary), or nothing: another thing would be lost.
 */
bool pdf_is_or_none(const struct pdf_doc *d, qpdf_oh dict, const char *key, bool array);
/* Gives the page a list of annotations of its own, when it shares one with another page. */
void pdf_own_annotations(const struct pdf_doc *d, qpdf_oh page);

#endif
