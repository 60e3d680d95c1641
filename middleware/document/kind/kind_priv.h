/* SPDX-License-Identifier: BSD-2-Clause */
/* A file that is being looked at, shared by the kinds' files. */
#ifndef ECERT_DOCUMENT_KIND_PRIV_H
#define ECERT_DOCUMENT_KIND_PRIV_H

#include <string.h>

#include "document/kind/kind.h"

/* What is looked at: the first bytes, and the rest behind them. */
struct kind_view {
	struct rd head;
	struct rd all; /* when it is in memory */
	int fd;	       /* else -1 */
};

static inline bool kind_begins(struct rd bytes, struct rd what)
{
	return bytes.n >= what.n && memcmp(bytes.p, what.p, what.n) == 0;
}

#define KIND_WORD(text) rd_of(text, sizeof(text) - 1)

/* eContentTypes (RFC 5652, 5.2) of what has its own program: id-ct-TSTInfo (RFC 3161, 2.4.2), and
 * Microsoft's SPC_INDIRECT_DATA. */
#define KIND_TSTINFO	  KIND_WORD("\x06\x0B\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x01\x04")
#define KIND_AUTHENTICODE KIND_WORD("\x06\x0A\x2B\x06\x01\x04\x01\x82\x37\x02\x01\x04")

/* Somewhere in it, in capitals or not, as mail has its words (RFC 2045, 5.1). */
bool kind_says(struct rd head, const char *what);

/* n bytes from there; false when the file has fewer. */
bool kind_read(const struct kind_view *v, uint64_t at, void *to, size_t n);
uint64_t kind_size(const struct kind_view *v);
/* Somewhere in the whole file, in constant memory; what: at most 128 bytes. */
bool kind_contains(const struct kind_view *v, struct rd what);

/* What the first elements inside an outer SEQUENCE are; lengths may reach beyond the head. */
struct rd kind_inside(struct rd head);
/* An e-mail with its headers. */
bool kind_is_mail(struct rd head);
/* Text behind a byte order mark and white space. */
struct rd kind_text(struct rd head);

/* One that begins as a ZIP file. */
enum doc_kind kind_of_zip(const struct kind_view *v);
/* One that begins as something else, of this kind, and has an archive with signatures behind that;
 * otherwise the same kind. */
enum doc_kind kind_of_stub(const struct kind_view *v, enum doc_kind otherwise);
/* One that begins as a Windows program; DOC_KIND_OTHER when it is none. */
enum doc_kind kind_of_pe(const struct kind_view *v);

#endif
