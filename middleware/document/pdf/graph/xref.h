/* SPDX-License-Identifier: BSD-2-Clause */
/* All cross-reference sections of a PDF, from the last one on (ISO 32000-1, 7.5.4, 7.5.8), read
 * strictly: only ever in ecert-wall, and by tests. */
#ifndef ECERT_DOCUMENT_PDF_XREF_H
#define ECERT_DOCUMENT_PDF_XREF_H

#include <qpdf/qpdf-c.h>

#include "util/buf.h"

/* Where an object is, by the newest section that lists it. */
struct xref_entry {
	uint64_t at;	 /* in the file; packed: its place in the stream */
	uint32_t inside; /* the object stream that it is in; 0: none */
	uint16_t generation;
	bool listed, used; /* listed and not used: it is free */
};

struct xref {
	struct rd file;
	qpdf_data q; /* the same file, for what is compressed */
	struct xref_entry *v;
	size_t n;      /* one more than the greatest number that is listed */
	uint64_t size; /* the greatest /Size, which may be anything */
	size_t in_use; /* entries that are */
	bool twice;    /* a number was in use under another generation before */
};

/* at: where the last section is. False: one is not as the standard has it, or tables and streams
 * are mixed so that readers differ. xref_free in any case. */
bool xref_read(struct xref *x, uint64_t at) MUST_CHECK;
void xref_free(struct xref *x);

#endif
