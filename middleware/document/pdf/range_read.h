/* SPDX-License-Identifier: BSD-2-Clause */
/* The dictionary that a /ByteRange is written in, and the string that it leaves out. */
#ifndef ECERT_DOCUMENT_PDF_RANGE_READ_H
#define ECERT_DOCUMENT_PDF_RANGE_READ_H

#include "document/pdf/range.h"

/* Two digits a byte, and the brackets; honest ones are below 300 kB. */
#define PDF_HOLE_MAX (2u * (16u << 20) + 2)

/* At most size bytes from there; *n: how many there are. Errors: ECERT_E_IO. */
enum ecert_rc pdf_read_at(int fd, uint64_t at, uint8_t *to, size_t size, size_t *n) MUST_CHECK;
/* What the dictionary says; a defect is kept in v. Errors: ECERT_E_IO, ECERT_E_MEMORY. */
enum ecert_rc pdf_signature_read(int fd, struct pdf_signature *v) MUST_CHECK;

#endif
