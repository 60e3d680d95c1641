/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON from outside, read whole or not at all. */
#ifndef ECERT_DOCUMENT_JSON_H
#define ECERT_DOCUMENT_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <time.h>

#include "util/rd.h"

/* Without a byte order mark in front and white space around, as editors and mail add them. */
struct rd json_trim(struct rd text);
/*
 * json_loadb with JSON_REJECT_DUPLICATES. jansson 2.14 does not look whether its buffer could grow
 * (load.c, lex_save), so that a string loses a character when memory runs out: the text is read
 * twice, and two results that differ are none. A byte order mark is passed over. NULL on failure;
 * err (may be NULL) as json_loadb leaves it.
 */
json_t *json_read(struct rd text, json_error_t *err);

/* Whether all of it is UTF-8, as JSON has to be (RFC 8259, 8.1). json_read takes nothing else. */
bool json_is_utf8(struct rd text);

/* json_dumps in which a number has the shortest digits that stand for it. Free with free(); NULL
 * when memory is out. */
char *json_text(const json_t *v, size_t flags);
/* A number in a JSON text whose digits would be lost on the way through json_read and json_text:
 * true, and it is in number. */
bool json_number_lost(struct rd json, char *number, size_t size);
/* Copies a member that is a text of fewer than cap bytes which may be shown (util/text.h); false,
 * and an empty out, for anything else. */
bool json_shown(const json_t *o, const char *name, char *out, size_t cap) MUST_CHECK;
/* Seconds since 1970 (UTC); null for 0, a moment that is not known. */
json_t *json_time(time_t t);

#endif
