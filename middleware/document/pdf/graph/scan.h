/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes of objects looked over for references (ISO 32000-1, 7.3.10). */
#ifndef ECERT_DOCUMENT_PDF_SCAN_H
#define ECERT_DOCUMENT_PDF_SCAN_H

#include <stdint.h>

#include "util/buf.h"

/* Begins with "12 0 obj": where the object's value begins, and where "endobj" or "stream" stands
 * behind it. False: it is no such object, or not well-formed. */
bool scan_object(struct rd r, uint32_t id, uint16_t generation, struct rd *value) MUST_CHECK;
/* Begins with a value: its bytes. False: it is not well-formed. */
bool scan_value(struct rd r, struct rd *value) MUST_CHECK;

/* A reference to this object; false ends the scan. */
typedef bool scan_fn(void *ctx, uint32_t id);
/* Whatever may be read as a reference, wherever it stands. False: each did. */
bool scan_references(struct rd r, scan_fn *each, void *ctx) MUST_CHECK;

#endif
