/* SPDX-License-Identifier: BSD-2-Clause */
/* The operation PDF_CHANGES_OP of ecert-wall. */
#ifndef ECERT_DOCUMENT_PDF_REVISIONS_H
#define ECERT_DOCUMENT_PDF_REVISIONS_H

#include "document/pdf/changes.h"
#include "wall/wall.h"

enum ecert_rc pdf_changes(const struct wall_call *call, struct buf *answer) MUST_CHECK;

#endif
