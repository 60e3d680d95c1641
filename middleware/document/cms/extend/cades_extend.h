/* SPDX-License-Identifier: BSD-2-Clause */
/* Making CAdES signatures last (EN 319 122-1, 6): of each signer in the file. */
#ifndef ECERT_DOCUMENT_CADES_EXTEND_H
#define ECERT_DOCUMENT_CADES_EXTEND_H

#include "document/extend/extend.h"

/*
 * As document/extend/extend.h has it; from DER or BER, PEM and base64 comes the same. An S/MIME
 * message and one with an archive time stamp of an older kind, which is over all certificates and
 * CRLs together, are refused.
 */
enum ecert_rc cades_extend(const struct doc_extend_options *o, int fd, int content_fd,
    doc_content_fn *put, void *ctx, const struct doc_refusal **why) MUST_CHECK;
/* The same of a signature at hand, whose content has this SHA-256 (LTA). */
enum ecert_rc cades_extend_bytes(const struct doc_extend_options *o, struct rd p7s,
    struct rd content, struct buf *out, const struct doc_refusal **why) MUST_CHECK;

#endif
