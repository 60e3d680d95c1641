/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes of updates that belong to nothing: readers that look for objects where no section lists
 * them may find some there. */
#ifndef ECERT_DOCUMENT_PDF_REVISIONS_BETWEEN_H
#define ECERT_DOCUMENT_PDF_REVISIONS_BETWEEN_H

#include "document/pdf/revisions/section.h"

/* Where something begins that a section lists, or a section. */
struct starts {
	uint64_t *v; /* owned */
	size_t n, room;
};

/* False: memory is out, or there are too many. */
bool starts_add(struct starts *s, uint64_t at) MUST_CHECK;
void starts_free(struct starts *s);
/* From the end of what is signed to the end of the file there are only such objects, tables with
 * their trailers, where each section is, white space, and comments without an object in them. */
bool between_nothing(const struct sections *s, struct starts *starts) MUST_CHECK;

#endif
