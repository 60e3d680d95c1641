/* SPDX-License-Identifier: BSD-2-Clause */
/* What is written behind a PDF: an incremental update (ISO 32000-1, 7.5.6) with a hole in it. */
#ifndef ECERT_DOCUMENT_PDF_TAIL_H
#define ECERT_DOCUMENT_PDF_TAIL_H

#include <time.h>

#include "document/pdf/sign/plan.h"

/* What the signature's dictionary says; texts are UTF-8, or NULL. stamp: it is a document time
 * stamp, which says nothing else. */
struct pdf_says {
	bool stamp;
	const char *name, *reason, *place, *contact;
	time_t now;
};

struct pdf_tail {
	struct buf bytes;
	size_t hole, hole_n; /* the hexadecimal digits between < and >; 0: there is no signature */
};

/*
 * Builds what goes behind a file of `size` bytes; line: it does not end with the end of a line.
 * says is NULL when the plan has no signature. room is for how many bytes of signature there has to
 * be a hole. Free bytes in any case. Errors: buf_rc's, ECERT_E_TOO_LARGE (a table of references
 * cannot reach that far).
 */
enum ecert_rc pdf_tail_build(const struct pdf_plan *p, const struct pdf_says *s, uint64_t size,
    bool line, size_t room, struct pdf_tail *out) MUST_CHECK;

#endif
