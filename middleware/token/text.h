/* SPDX-License-Identifier: BSD-2-Clause */
/* Text that a card gave, or that a caller wants on one. */
#ifndef ECERT_TOKEN_TEXT_H
#define ECERT_TOKEN_TEXT_H

#include <stdbool.h>

#include "util/rd.h"

/* Copies as many whole characters of the text as fit into cap - 1 bytes. What cannot be shown
 * becomes '?', so that a hostile card cannot forge a prompt. */
void text_show(char *out, size_t cap, struct rd text);
/* Whether the text is UTF-8 in which every character can be shown. */
bool text_valid(struct rd text);

#endif
