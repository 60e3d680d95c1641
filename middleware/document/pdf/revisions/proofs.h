/* SPDX-License-Identifier: BSD-2-Clause */
/* What a PDF brings along for its signatures: /DSS (EN 319 142-1, 5.4.2). */
#ifndef ECERT_DOCUMENT_PDF_REVISIONS_PROOFS_H
#define ECERT_DOCUMENT_PDF_REVISIONS_PROOFS_H

#include <qpdf/qpdf-c.h>

#include "util/buf.h"

#define PROOFS_MAX 1024

struct proofs {
	size_t n;
	struct {
		uint8_t kind; /* enum pdf_proof */
		int id, generation;
		uint32_t first; /* the first signed state that has it */
	} v[PROOFS_MAX];
};

/* Those of the file as it is; the number of signed states stands for none of them. */
void proofs_collect(qpdf_data q, struct proofs *p, uint32_t states);
/* The state of this number has some of them, as they are now. */
void proofs_mark(qpdf_data then, qpdf_data now, struct proofs *p, uint32_t state);
/* Appends them, with what is in each. */
void proofs_put(qpdf_data q, const struct proofs *p, struct buf *answer);

#endif
