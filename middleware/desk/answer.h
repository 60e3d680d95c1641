/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON of requests and answers. */
#ifndef ECERT_DESK_ANSWER_H
#define ECERT_DESK_ANSWER_H

#include <jansson.h>

#include "http/http.h"

/* The object that was sent; NULL: it is none, and a is the refusal. */
json_t *answer_read(struct rd body, struct http_answer *a);
/* Writes o, and lets go of it. */
void answer_json(struct http_answer *a, int status, json_t *o);
/* A member that is a number from 1 on; 0: there is none. */
int answer_number(const json_t *o, const char *name);
/* A field of the query that is a number from 0 on; -1: there is none, or it is too large. */
int64_t answer_field(struct rd query, const char *name);

#endif
