/* SPDX-License-Identifier: BSD-2-Clause */
/* An archive-time-stamp-v3 (EN 319 122-1, 5.5.3) made. */
#ifndef ECERT_DOCUMENT_CADES_ARCHIVE_H
#define ECERT_DOCUMENT_CADES_ARCHIVE_H

#include "document/cms/cades_parts.h"
#include "document/cms/extend/cades_remake.h"
#include "document/extend/extend.h"

/* The digest of what cades_index_imprint has to be made with: o->stamp asks for SHA-256. */
#define CADES_ARCHIVE_DIGEST "SHA256"

/*
 * Appends the Attribute to out: of the i-th signer, over its fields, this digest of the content,
 * and all certificates, CRLs and unsigned attributes that the document has now. Errors:
 * ECERT_E_NO_SERVICE (there was no time stamp), ECERT_E_MALFORMED, ECERT_E_TOO_LARGE,
 * ECERT_E_MEMORY, o->stamp's.
 */
enum ecert_rc cades_archive(const struct cades_parts *doc, size_t i, struct rd content,
    const struct doc_extend_options *o, struct buf *out) MUST_CHECK;

#endif
