/* SPDX-License-Identifier: BSD-2-Clause */
/* PAdES-B-B (ETSI EN 319 142-1): a PDF with one more signature inside. */
#ifndef ECERT_DOCUMENT_PDF_SIGN_H
#define ECERT_DOCUMENT_PDF_SIGN_H

#include "document/format.h"

/* prepare, sign_into and forget of the table of formats (document/format.h). */
enum ecert_rc pdf_prepare(const struct doc_sign_options *o, int fd, struct doc_prepared **out,
    const struct doc_refusal **why) MUST_CHECK;
enum ecert_rc pdf_sign_into(const struct doc_signer *s, const struct doc_sign_options *o,
    const struct doc_prepared *p, int fd, doc_content_fn *put, void *ctx) MUST_CHECK;
void pdf_forget(struct doc_prepared **p);

#endif
