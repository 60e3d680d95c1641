/* SPDX-License-Identifier: BSD-2-Clause */
/* What is seen of a signature, as ecert-wall takes it in. */
#ifndef ECERT_DOCUMENT_PDF_SIGN_SHOW_H
#define ECERT_DOCUMENT_PDF_SIGN_SHOW_H

#include "document/format.h"

/* The picture as an open file; -1 in *fd: nothing is to be seen, or *why says why not. Errors:
 * pdf_draw's, ECERT_E_IO. */
enum ecert_rc pdf_show(
    const struct doc_sign_options *o, int *fd, const struct doc_refusal **why) MUST_CHECK;

#endif
