/* SPDX-License-Identifier: BSD-2-Clause */
/* PAdES-B-T, B-LT and B-LTA (ETSI EN 319 142-1) of PDFs that are signed already. */
#ifndef ECERT_DOCUMENT_PDF_EXTEND_H
#define ECERT_DOCUMENT_PDF_EXTEND_H

#include "document/extend/extend.h"

/* A doc_extend_fn. */
enum ecert_rc pdf_extend(const struct doc_extend_options *o, int fd, int content_fd,
    doc_content_fn *put, void *ctx, const struct doc_refusal **why) MUST_CHECK;

#endif
