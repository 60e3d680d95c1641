/* SPDX-License-Identifier: BSD-2-Clause */
/* The operation PDF_CHANGES_OP of ecert-wall. */
#ifndef ECERT_DOCUMENT_PDF_REVISIONS_H
#define ECERT_DOCUMENT_PDF_REVISIONS_H

#include "document/pdf/changes.h"
#include "wall/wall.h"

/* Runs inside of ecert-wall: reads a request of PDF_CHANGES_OP and appends the answer, both as
 * document/pdf/changes.h has them. A PDF that cannot be read is a state in the answer. Errors:
 * those of rd_ for the request, ECERT_E_TOO_LARGE (too many signatures), ECERT_E_INTERNAL (not one
 * input), ECERT_E_MEMORY, answer's. */
enum ecert_rc pdf_changes(const struct wall_call *call, struct buf *answer) MUST_CHECK;

#endif
