/* SPDX-License-Identifier: BSD-2-Clause */
/* What is asked about a PDF that proofs are to be put into. */
#ifndef ECERT_DOCUMENT_PDF_EXTEND_DSS_H
#define ECERT_DOCUMENT_PDF_EXTEND_DSS_H

#include "document/extend/extend.h"
#include "document/pdf/range.h"

/* Appends the request of PDF_DSS_OP for all that is handed over, each proof once and under the
 * signatures that need it. Errors: ECERT_E_TOO_LARGE, ECERT_E_MEMORY, ECERT_E_CRYPTO. */
enum ecert_rc pdf_dss_request(
    const struct doc_extend_options *o, const struct pdf_signatures *s, struct buf *out) MUST_CHECK;

#endif
