/* SPDX-License-Identifier: BSD-2-Clause */
/* Taking applications in. */
#include <stdlib.h>
#include <string.h>

#include "actions/registry/opened.h"
#include "actions/request.h"
#include "client/outfile.h"
#include "document/jose/jws.h"
#include "document/json.h"
#include "trust/renewal/renewal.h"

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

static enum ecert_rc put(struct desk *d, struct rd text, const struct renewal_result *v,
    struct rd cert, time_t now, int64_t *id)
{
	const json_t *said = json_object_get(v->claims, "hktm_evidence");
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
		rc = registry_begin(d->r, d->who, now);
		if (rc == ECERT_OK)
			rc = registry_end(d->r, registry_receive(d->r, &q, id));
	}
	texts_free(&domains);
	texts_free(&cop);
	texts_free(&entries);
	return rc;
}

enum outcome desk_receive(const struct job *job, const struct desk_deed *deed, const char *file,
    struct registry_application *out)
{
	struct buf text = BUF_INIT(JWS_MAX_SIZE), cert = BUF_INIT(65536);
	struct desk d = {.job = job};
	struct trust_set *set = NULL;
	struct renewal_result *v = NULL;
	int64_t id = 0;
	time_t now;
	enum outcome code = trust_options_load(job, &deed->trust, &set, &now);
	enum ecert_rc rc;

	if (!code)
		code = infile_load(job, file, &text);
	if (!code)
		code = desk_open(job, deed, &d);
	if (!code) {
		const struct renewal_expect e = {.audience = d.issuer, .now = now, .trust = set};

		code = request_verify(job, file, buf_view(&text), &e,
		    MSG("It was not taken into the register. `ecert verify` shows every check."),
		    &v);
	}
	if (!code) {
		rc = request_signer(buf_view(&text), &cert);
		if (rc == ECERT_OK)
			rc = put(&d, buf_view(&text), v, buf_view(&cert), job_now(job), &id);
		if (rc == ECERT_OK)
			rc = registry_application(d.r, id, out, NULL, NULL);
		code = desk_failed(&d, rc);
	}
	renewal_result_free(&v);
	trust_set_free(&set);
	desk_close(&d);
	buf_free(&text);
	buf_free(&cert);
	return code;
}
