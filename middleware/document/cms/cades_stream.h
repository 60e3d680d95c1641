/* SPDX-License-Identifier: BSD-2-Clause */
/* A SignedData whose content is large, or in many pieces: the content stays where it is. */
#ifndef ECERT_DOCUMENT_CADES_STREAM_H
#define ECERT_DOCUMENT_CADES_STREAM_H

#include "document/cms/form/octets.h"
#include "document/format.h"
#include "util/buf.h"

/* Where the content of an OCTET STRING is, whole or in pieces (X.690, 8.7). */
struct cades_stream {
	struct octets *in;	     /* not owned */
	uint64_t at, end;	     /* of the contents octets */
	bool in_pieces, until_zeros; /* constructed; with an indefinite length */
	uint64_t size;		     /* bytes of content */
	uint64_t from, to;	     /* where all of encapContentInfo is */
	uint64_t behind, less;	     /* from there on all stands so much earlier in the shell */
	uint64_t cut;		     /* the shell has what stands before that */
	uint64_t wrong;		     /* of an error: what begins there does not belong there */
	bool deep;		     /* ... since pieces are in pieces, more than are read */
};

/*
 * Takes a SignedData in DER or BER with content inside apart: shell becomes the same without the
 * content, as if it were detached, up to its own maximum (s->cut). Errors: ECERT_E_MALFORMED (no
 * such thing), ECERT_E_DATA (but for a piece that is no OCTET STRING), ECERT_E_DATA_LEN (in too
 * many pieces), ECERT_E_IO, ECERT_E_MEMORY.
 */
enum ecert_rc cades_stream_open(
    struct octets *in, struct cades_stream *s, struct buf *shell) MUST_CHECK;
/* It is a SignedData with content inside, in pieces, or behind a tag that BER does not have. */
bool cades_in_pieces(struct octets *in);
/* Calls fn for every piece that holds something, in their order; *end: behind the last one and the
 * zeros that end them. Errors: those of cades_stream_open, fn's. */
typedef enum ecert_rc cades_piece_fn(void *ctx, struct octets *in, uint64_t at, uint64_t n);
enum ecert_rc cades_stream_each(
    const struct cades_stream *s, cades_piece_fn *fn, void *ctx, uint64_t *end) MUST_CHECK;
/* The first bytes of the content, at most `size`. Errors: ECERT_E_IO. */
enum ecert_rc cades_stream_head(
    const struct cades_stream *s, uint8_t *out, size_t size, size_t *n) MUST_CHECK;
/* Where the content goes. */
struct cades_sink {
	struct digest_set *inside;
	struct digest_set *canonical; /* with each line end as CR LF; NULL: not wanted */
};
/* Puts the content through the digests, and to whoever takes it out. Errors: as digest_set_fd and
 * o->content. */
enum ecert_rc cades_stream_digest(const struct cades_stream *s, const struct cades_sink *to,
    const struct doc_verify_options *o) MUST_CHECK;

#endif
