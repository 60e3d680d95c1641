/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON from outside, read whole or not at all. */
#ifndef ECERT_DOCUMENT_JSON_H
#define ECERT_DOCUMENT_JSON_H

#include <jansson.h>

#include "util/rd.h"

/*
 * json_loadb with JSON_REJECT_DUPLICATES. jansson 2.14 does not look whether its buffer could grow
 * (load.c, lex_save), so that a string loses a character when memory runs out: the text is read
 * twice, and two results that differ are none. NULL on failure; err as json_loadb leaves it.
 */
json_t *json_read(struct rd text, json_error_t *err);

#endif
