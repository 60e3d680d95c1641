/* SPDX-License-Identifier: BSD-2-Clause */
/* Strings and dates as a PDF writes them. */
#ifndef ECERT_DOCUMENT_PDF_TEXT_H
#define ECERT_DOCUMENT_PDF_TEXT_H

#include <time.h>

#include "util/buf.h"

/* Appends UTF-8 as a text string (ISO 32000-1, 7.9.2.2): in parentheses when it is ASCII, else
 * UTF-16BE in hexadecimal. What is no UTF-8 becomes '?'. */
void pdf_put_text(struct buf *out, const char *utf8);
/* Appends a date (7.9.4) with the local zone: (D:20261129131500+08'00'). */
void pdf_put_date(struct buf *out, time_t t);
/* Appends a number in decimal. */
void pdf_put_number(struct buf *out, uint64_t n);

#endif
