/* SPDX-License-Identifier: BSD-2-Clause */
/* Files that a JAdES signature is about, and that are not inside of it. */
#ifndef ECERT_DOCUMENT_JADES_OBJECT_H
#define ECERT_DOCUMENT_JADES_OBJECT_H

#include "document/format.h"

/* TS 119 182-1, 5.2.8. */
#define JADES_BY_URI	  "http://uri.etsi.org/19182/ObjectIdByURI"
#define JADES_BY_URI_HASH "http://uri.etsi.org/19182/ObjectIdByURIHash"

/* Digests an open file to its end in constant memory: its base64url without padding (coded), or
 * itself. Errors as doc_digest_fd. */
enum ecert_rc jades_object_digest(int fd, const EVP_MD *md, bool coded, doc_progress_fn *progress,
    void *ctx, struct doc_digest *out) MUST_CHECK;
/* hashM: "S256" is SHA-256. NULL: not known here. */
const EVP_MD *jades_object_md(const char *name);
/* The other way round; NULL: it has no name. */
const char *jades_object_md_name(const char *md);

#endif
