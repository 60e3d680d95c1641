/* SPDX-License-Identifier: BSD-2-Clause */
/* Making XAdES signatures last (EN 319 132-1, 6): of each one in the file that is no
 * counter-signature. */
#ifndef ECERT_DOCUMENT_XADES_EXTEND_H
#define ECERT_DOCUMENT_XADES_EXTEND_H

#include "document/extend/extend.h"

/*
 * As document/extend/extend.h has it. Unsigned properties are put behind those that are there, and
 * no other byte of the file changes. Refused are signatures without XAdES, of a version before
 * 1.3.2, and those over which another one was put.
 */
enum ecert_rc xades_extend(const struct doc_extend_options *o, int fd, int content_fd,
    doc_content_fn *put, void *ctx, const struct doc_refusal **why) MUST_CHECK;
/* The same of a document at hand. */
enum ecert_rc xades_extend_bytes(const struct doc_extend_options *o, struct rd xml, struct buf *out,
    const struct doc_refusal **why) MUST_CHECK;

#endif
