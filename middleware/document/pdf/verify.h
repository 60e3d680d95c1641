/* SPDX-License-Identifier: BSD-2-Clause */
/* Verifying the signatures that are inside of a PDF. */
#ifndef ECERT_DOCUMENT_PDF_VERIFY_H
#define ECERT_DOCUMENT_PDF_VERIFY_H

#include "document/format.h"

/* content_fd is none: what is signed is the file itself. As doc_verify and doc_verify_fd. */
enum ecert_rc pdf_verify(struct rd pdf, int content_fd, const struct doc_verify_options *o,
    struct doc_result **out) MUST_CHECK;
enum ecert_rc pdf_verify_fd(int pdf_fd, int content_fd, const struct doc_verify_options *o,
    struct doc_result **out) MUST_CHECK;

#endif
