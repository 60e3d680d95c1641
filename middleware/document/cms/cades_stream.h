/* SPDX-License-Identifier: BSD-2-Clause */
/* A SignedData whose content is too large for memory: the content stays where it is. */
#ifndef ECERT_DOCUMENT_CADES_STREAM_H
#define ECERT_DOCUMENT_CADES_STREAM_H

#include "document/digest.h"
#include "util/buf.h"

/* Where the content of an OCTET STRING is in a file, whole or in pieces (X.690, 8.7). */
struct cades_stream {
	int fd;
	uint64_t at, end;	     /* of the contents octets */
	bool in_pieces, until_zeros; /* constructed; with an indefinite length */
	uint64_t size;		     /* bytes of content */
};

/*
 * Takes a SignedData in DER or BER with content inside apart: shell becomes the same without the
 * content, as if it were detached, up to its own maximum. Errors: ECERT_E_MALFORMED (no such
 * thing), ECERT_E_TOO_LARGE (all but the content is), ECERT_E_IO, ECERT_E_MEMORY.
 */
enum ecert_rc cades_stream_open(int fd, struct cades_stream *s, struct buf *shell) MUST_CHECK;
/* Puts the content through the digests. Errors: as digest_set_fd. */
enum ecert_rc cades_stream_digest(const struct cades_stream *s, struct digest_set *set,
    doc_progress_fn *progress, void *ctx) MUST_CHECK;

#endif
