/* SPDX-License-Identifier: BSD-2-Clause */
/* A request that has verified becomes an application. */
#include "registry/intake.h"

#include <stdlib.h>
#include <string.h>

#include "document/json.h"

#define MAX 200 /* renewal_verify takes no more of anything */

/* Texts of a list, each item as JSON (as_json) or as the text that it is. */
struct texts {
	char *v[MAX];
	size_t n;
};

static bool texts_of(const json_t *list, bool as_json, struct texts *out)
{
	size_t i;
	json_t *item;

	json_array_foreach(list, i, item)
	{
		const char *text = json_string_value(item);
		char *copy = as_json ? json_text(item, JSON_COMPACT | JSON_PRESERVE_ORDER)
			     : text  ? strdup(text)
				     : NULL;

		if (!copy || out->n == MAX) {
			free(copy);
			return false;
		}
		out->v[out->n++] = copy;
	}
	return true;
}

static void texts_free(struct texts *t)
{
	while (t->n > 0)
		free(t->v[--t->n]);
}

static enum ecert_rc put(
    struct registry *r, struct rd text, struct rd cert, const struct renewal_result *v, int64_t *id)
{
	const json_t *said = json_object_get(v->claims, "hktm_evidence");
	bool shown[MAX] = {false};
	struct texts domains = {.n = 0}, cop = {.n = 0}, entries = {.n = 0};
	struct registry_request q = {.text = text,
	    .cert = cert,
	    .merchant = v->merchant,
	    .type = v->type,
	    .jti = v->id,
	    .prev = json_string_value(json_object_get(v->claims, "hktm_prev")),
	    .company = v->who.company[0] ? v->who.company : v->who.name,
	    .br = v->who.br,
	    .until = v->exp};
	enum ecert_rc rc = ECERT_E_MEMORY;

	if (texts_of(json_object_get(said, "domains"), false, &domains) &&
	    texts_of(json_object_get(said, "cop"), true, &cop) &&
	    texts_of(json_object_get(said, "entries"), true, &entries)) {
		q.domains = (const char *const *)domains.v;
		q.domains_n = domains.n;
		q.cop = (const char *const *)cop.v;
		q.cop_n = cop.n;
		q.evidence = (const char *const *)entries.v;
		q.evidence_n = entries.n;
		for (size_t i = 0; i < entries.n; i++)
			shown[i] = json_is_true(json_object_get(
			    json_array_get(json_object_get(said, "entries"), i), "public"));
		q.shown = shown;
		rc = registry_receive(r, &q, id);
	}
	texts_free(&domains);
	texts_free(&cop);
	texts_free(&entries);
	return rc;
}

enum ecert_rc registry_take(struct registry *r, const char *who, time_t now, struct rd text,
    const struct renewal_result *v, int64_t *id)
{
	struct buf cert = BUF_INIT(65536);
	enum ecert_rc rc = renewal_signer(text, &cert);

	*id = 0;
	if (rc == ECERT_OK)
		rc = registry_begin(r, who, now);
	if (rc == ECERT_OK)
		rc = registry_end(r, put(r, text, buf_view(&cert), v, id));
	buf_free(&cert);
	return rc;
}
