/* SPDX-License-Identifier: BSD-2-Clause */
/* What entries of a trust list are trusted for, by the words of the list. */
#ifndef ECERT_TRUST_LIST_PURPOSES_H
#define ECERT_TRUST_LIST_PURPOSES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "util/message.h"

#define LIST_PURPOSES 5

/* The words of an entry as enum trust_purpose, or-ed; false: none, or one that is not known. */
bool list_purposes_get(const json_t *words, unsigned *out);
/* "ecert-signing", the i-th of LIST_PURPOSES; stable. */
const char *list_purpose_name(size_t i);
/* So many of it, for people. */
struct message list_purpose_words(size_t i, size_t n);
/* How many of the entries are for each. */
void list_purposes_count(const json_t *entries, size_t n[LIST_PURPOSES]);

#endif
