/* SPDX-License-Identifier: BSD-2-Clause */
/* What was asked online, for programs; what was not, for people. */
#include "actions/online/online.h"

#include <string.h>

static json_t *one(const struct online_fetch *f, bool on)
{
	json_t *o = json_pack("{s:s, s:s, s:s}", "kind", f->kind, "url", f->url, "about", f->about);

	if (!f->outcome)
		return o;
	(void)json_object_set_new(o, "outcome", json_string(f->outcome));
	if (f->more)
		(void)json_object_set_new(o, "more", json_integer((json_int_t)f->more));
	if (!on)
		return o;
	(void)json_object_set_new(o, "cached", json_boolean(f->cached));
	(void)json_object_set_new(o, "bytes", json_integer((json_int_t)f->bytes));
	if (f->status)
		(void)json_object_set_new(o, "http_status", json_integer(f->status));
	if (f->led_to)
		(void)json_object_set_new(o, "redirected_to", json_string(f->led_to));
	return o;
}

static void put(json_t *o, const char *name, json_t *all, bool always)
{
	if (always || json_array_size(all))
		(void)json_object_set(o, name, all);
	json_decref(all);
}

void online_json(const struct online_result *r, json_t *o)
{
	json_t *all = json_array(), *never = json_array();

	for (size_t i = 0; i < r->n; i++)
		(void)json_array_append_new(
		    !r->on && r->v[i].outcome ? never : all, one(&r->v[i], r->on));
	put(o, r->on ? "fetched" : "would_ask", all, r->on);
	put(o, "would_not_ask", never, false);
}

size_t online_would(const struct online_result *r, const struct online_fetch **first)
{
	size_t n = 0;

	*first = NULL;
	for (size_t i = 0; !r->on && i < r->n; i++) {
		if (r->v[i].outcome)
			continue;
		if (!n++)
			*first = &r->v[i];
	}
	return n;
}

static bool never_asked(const struct online_fetch *f)
{
	static const char *const why[] = {
	    "url-refused", "url-too-long", "no-url", "address-refused", "certificate-limit"};

	for (size_t i = 0; f->outcome && !f->led_to && i < sizeof why / sizeof why[0]; i++)
		if (strcmp(f->outcome, why[i]) == 0)
			return true;
	return false;
}

bool online_nobody(const struct online_result *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (!never_asked(&r->v[i]))
			return false;
	return r->n > 0;
}

const struct online_fetch *online_never(const struct online_result *r, size_t n)
{
	for (size_t i = 0; !r->on && i < r->n; i++)
		if (r->v[i].outcome && !n--)
			return &r->v[i];
	return NULL;
}

const char *online_never_words(const struct online_fetch *f)
{
	bool issuer = strcmp(f->kind, "issuer") == 0;

	if (strcmp(f->outcome, "address-refused") == 0)
		return MSG_ID("{url} (in a private or reserved network: --online asks it with "
			      "--online-allow=HOST)");
	if (strcmp(f->outcome, "certificate-limit") == 0)
		return f->more ? MSG_ID("{url} and {n} more (of one certificate so many are not "
					"asked)")
			       : MSG_ID("{url} (of one certificate so many are not asked)");
	if (strcmp(f->outcome, "url-too-long") == 0)
		return issuer ? MSG_ID("{url}... (so long an address is never asked: "
				       "--intermediate names what it has)")
			      : MSG_ID("{url}... (so long an address is never asked: --crl and "
				       "--ocsp name what it has)");
	if (issuer)
		return MSG_ID("{url} (such an address is never asked: --intermediate names what it "
			      "has)");
	if (strcmp(f->kind, "crl") == 0 || strcmp(f->kind, "ocsp") == 0)
		return MSG_ID("{url} (such an address is never asked: --crl and --ocsp name what "
			      "it has)");
	return MSG_ID("{url} (such an address is never asked)");
}
