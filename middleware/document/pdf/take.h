/* SPDX-License-Identifier: BSD-2-Clause */
/* Taking a signed state of a PDF out: what a signature covers, and what readers showed then. */
#ifndef ECERT_DOCUMENT_PDF_TAKE_H
#define ECERT_DOCUMENT_PDF_TAKE_H

#include "document/format.h"

/* Hands the bytes of o->revision to o->content, and says in r->taken which it was and what its
 * signature is worth, whatever came later. r: of the open file. Errors: ECERT_E_IO, ECERT_E_MEMORY,
 * o->content's. */
enum ecert_rc pdf_take(int fd, const struct doc_verify_options *o, struct doc_result *r) MUST_CHECK;

#endif
