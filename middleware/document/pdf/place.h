/* SPDX-License-Identifier: BSD-2-Clause */
/* What a place in a PDF is for a person: "page 1/MediaBox[4]" is how large page 1 is. */
#ifndef ECERT_DOCUMENT_PDF_PLACE_H
#define ECERT_DOCUMENT_PDF_PLACE_H

#include <stdint.h>

/* A whole sentence with {place}, {n} for the page and {field}: an id. *page: 0: none. field: the
 * place up to its first slash. */
const char *pdf_place_words(const char *place, uint32_t *page, char *field, int cap);

#endif
