/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON of requests and answers. */
#include "desk/answer.h"

#include <limits.h>
#include <stdlib.h>

json_t *answer_read(struct rd body, struct http_answer *a)
{
	json_t *o = json_loadb((const char *)body.p, body.n, JSON_REJECT_DUPLICATES, NULL);

	if (json_is_object(o))
		return o;
	json_decref(o);
	http_refuse(a, 400, "invalid_request", "this is no JSON object");
	return NULL;
}

void answer_json(struct http_answer *a, int status, json_t *o)
{
	char *text = o ? json_dumps(o, JSON_COMPACT) : NULL;

	a->status = status;
	a->type = HTTP_JSON;
	buf_reset(&a->body);
	buf_str(&a->body, text ? text : "");
	if (!text)
		buf_fail(&a->body, ECERT_E_MEMORY);
	free(text);
	json_decref(o);
}

int answer_number(const json_t *o, const char *name)
{
	const json_int_t n = json_integer_value(json_object_get(o, name));

	return n > 0 && n <= INT_MAX ? (int)n : 0;
}

int64_t answer_field(struct rd query, const char *name)
{
	struct buf b = BUF_INIT(24);
	const char *digits;
	char *end = NULL;
	long long n = -1;

	if (http_field(query, name, &b) == ECERT_OK && buf_len(&b)) {
		buf_u8(&b, 0);
		digits = (const char *)buf_view(&b).p;
		if (digits && digits[0] >= '0' && digits[0] <= '9' && buf_len(&b) < 18)
			n = strtoll(digits, &end, 10);
		n = end && !*end ? n : -1;
	}
	buf_free(&b);
	return n;
}
