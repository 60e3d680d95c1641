/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON from outside, read whole or not at all. */
#include "document/json.h"

static json_t *load(struct rd text, json_error_t *err)
{
	return json_loadb((const char *)text.p, text.n, JSON_REJECT_DUPLICATES, err);
}

json_t *json_read(struct rd text, json_error_t *err)
{
	json_t *first = load(text, err);
	json_t *second = first != NULL ? load(text, err) : NULL;

	if (second == NULL || !json_equal(first, second)) {
		json_decref(first);
		first = NULL;
	}
	json_decref(second);
	return first;
}
