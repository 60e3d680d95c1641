/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a signature is to be seen, in a person's words. */
#ifndef ECERT_ACTIONS_SIGN_PLACE_H
#define ECERT_ACTIONS_SIGN_PLACE_H

#include <stdbool.h>

#include "document/format.h"

/* "bottom-right", "3,top-left" (a page), "last" (a page, bottom-right), "last,72,36" (points from
 * the left and the lower edge). False: it is nothing of that kind. */
bool sign_place_read(const char *words, struct doc_pdf_options *out);
/* A PDF's texts are Unicode: all that are said are UTF-8. */
bool sign_texts_good(const struct doc_pdf_options *p);

#endif
