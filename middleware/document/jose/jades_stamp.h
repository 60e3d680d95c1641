/* SPDX-License-Identifier: BSD-2-Clause */
/* Time stamps in the unprotected header of a JAdES signature (TS 119 182-1, 5.3). */
#ifndef ECERT_DOCUMENT_JADES_STAMP_H
#define ECERT_DOCUMENT_JADES_STAMP_H

#include "document/extend/extend.h"

/*
 * Appends a member of etsiU (5.3.1) in base64url: a sigTst (5.3.4) of this signature, whose value
 * is given as it stands in the JWS. Nothing when nobody gave a time stamp. Errors: stamp's, out's.
 */
enum ecert_rc jades_put_stamp(
    doc_stamp_fn *stamp, void *ctx, struct rd value, struct buf *out) MUST_CHECK;

/*
 * As document/extend/extend.h has it: T of each signature that has none. Refused is the compact
 * form, which has no unprotected header.
 */
enum ecert_rc jades_extend(const struct doc_extend_options *o, int fd, int content_fd,
    doc_content_fn *put, void *ctx, const struct doc_refusal **why) MUST_CHECK;

#endif
