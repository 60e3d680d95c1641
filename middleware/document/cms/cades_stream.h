/* SPDX-License-Identifier: BSD-2-Clause */
/* A SignedData whose content is too large for memory: the content stays where it is. */
#ifndef ECERT_DOCUMENT_CADES_STREAM_H
#define ECERT_DOCUMENT_CADES_STREAM_H

#include "document/format.h"
#include "util/buf.h"

/* Where the content of an OCTET STRING is in a file, whole or in pieces (X.690, 8.7). */
struct cades_stream {
	int fd;
	uint64_t at, end;	     /* of the contents octets */
	bool in_pieces, until_zeros; /* constructed; with an indefinite length */
	uint64_t size;		     /* bytes of content */
	uint64_t from, to;	     /* where all of encapContentInfo is */
};

/*
 * Takes a SignedData in DER or BER with content inside apart: shell becomes the same without the
 * content, as if it were detached, up to its own maximum. Errors: ECERT_E_MALFORMED (no such
 * thing), ECERT_E_TOO_LARGE (all but the content is), ECERT_E_IO, ECERT_E_MEMORY.
 */
enum ecert_rc cades_stream_open(int fd, struct cades_stream *s, struct buf *shell) MUST_CHECK;
/* The first bytes of the content, at most `size`. Errors: ECERT_E_IO. */
enum ecert_rc cades_stream_head(
    const struct cades_stream *s, uint8_t *out, size_t size, size_t *n) MUST_CHECK;
/* Puts the content through the digests, and to whoever takes it out. Errors: as digest_set_fd and
 * o->content. */
enum ecert_rc cades_stream_digest(const struct cades_stream *s, struct digest_set *set,
    const struct doc_verify_options *o) MUST_CHECK;

#endif
