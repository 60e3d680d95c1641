/* SPDX-License-Identifier: BSD-2-Clause */
/* What was asked online, for programs. */
#include "actions/online/online.h"

static json_t *one(const struct online_fetch *f)
{
	json_t *o = json_pack("{s:s, s:s, s:s}", "kind", f->kind, "url", f->url, "about", f->about);

	if (!f->outcome)
		return o;
	(void)json_object_set_new(o, "outcome", json_string(f->outcome));
	(void)json_object_set_new(o, "cached", json_boolean(f->cached));
	(void)json_object_set_new(o, "bytes", json_integer((json_int_t)f->bytes));
	if (f->status)
		(void)json_object_set_new(o, "http_status", json_integer(f->status));
	if (f->led_to)
		(void)json_object_set_new(o, "redirected_to", json_string(f->led_to));
	return o;
}

void online_json(const struct online_result *r, json_t *o)
{
	json_t *all = json_array();

	for (size_t i = 0; i < r->n; i++)
		(void)json_array_append_new(all, one(&r->v[i]));
	if (r->on || r->n)
		(void)json_object_set_new(o, r->on ? "fetched" : "would_ask", all);
	else
		json_decref(all);
}
