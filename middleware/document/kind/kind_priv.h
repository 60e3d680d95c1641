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
/* One that begins as a Windows program; DOC_KIND_OTHER when it is none. */
enum doc_kind kind_of_pe(const struct kind_view *v);

#endif
