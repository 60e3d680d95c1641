/* SPDX-License-Identifier: BSD-2-Clause */
/* An update under way: the file is copied and digested in one go, and its tail goes behind it. */
#ifndef ECERT_DOCUMENT_PDF_WORK_H
#define ECERT_DOCUMENT_PDF_WORK_H

#include "document/format.h"
#include "document/pdf/sign/tail.h"

struct pdf_work {
	struct digest_set digests; /* of all that a signature covers; freed by whoever has it */
	doc_content_fn *put;	   /* where the new file goes */
	void *ctx;
	doc_progress_fn *progress;
	void *progress_ctx;
};

/* Appends what goes into the hole, over what was digested. */
typedef enum ecert_rc pdf_fill_fn(void *ctx, const struct digest_set *digests, struct buf *out);

/* Puts the first size bytes of a file; *last is the last one of them. Errors: ECERT_E_IO,
 * ECERT_E_MEMORY, ECERT_E_CANCELLED, put's. */
enum ecert_rc pdf_work_copy(struct pdf_work *w, int fd, uint64_t size, uint8_t *last) MUST_CHECK;
/* Puts the tail behind it; fill is asked when it has a hole. Errors: ECERT_E_TOO_LARGE (it does not
 * fit), put's and fill's. */
enum ecert_rc pdf_work_end(
    struct pdf_work *w, const struct pdf_tail *tail, pdf_fill_fn *fill, void *ctx) MUST_CHECK;

#endif
