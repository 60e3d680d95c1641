/* SPDX-License-Identifier: BSD-2-Clause */
/* Applications: whoever has signed one may send it. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "document/report.h"
#include "document/verdict.h"
#include "registry-server/service.h"
#include "registry/intake.h"
#include "registry/asked.h"
#include "trust/renewal/renewal.h"
#include "util/clock.h"

#define WHO	   "ecert-registry" /* who writes them, on record */
#define TRUST_S	   300		    /* anchors and CRLs are read anew after so many seconds */
#define BURST	   10
#define EVERY_MS   30000
#define REPORTS	   5 /* of misuse; one more a minute */
#define REPORTS_MS 60000

/* ---- whom to believe ---- */

static enum ecert_rc add_files(struct trust_set *set, const struct options *o, const char **bad)
{
	enum ecert_rc rc = ECERT_OK;

	for (size_t i = 0; rc == ECERT_OK && i < o->anchors.n; i++) {
		*bad = o->anchors.v[i];
		rc = trust_set_add_file(set, *bad, TRUST_ECERT_SIGNING, TRUST_EXPLICIT, NULL);
	}
	for (size_t i = 0; rc == ECERT_OK && i < o->crls.n; i++) {
		*bad = o->crls.v[i];
		rc = trust_set_add_crl_file(set, *bad);
	}
	return rc;
}

/* What cannot be read leaves what was read before. */
static enum ecert_rc read_trust(struct desk *d, time_t now, struct message_kept *why)
{
	struct trust_set *set = NULL;
	const char *bad = "";
	enum ecert_rc rc = d->options->anchors.n ? trust_set_new(&set) : ECERT_OK;

	if (rc == ECERT_OK && set)
		rc = add_files(set, d->options, &bad);
	if (rc != ECERT_OK) {
		message_keep(
		    why, MSG("Cannot read {file}: {why}", P_FILE("file", bad), P_RC("why", rc)));
		trust_set_free(&set);
		return rc;
	}
	trust_set_free(&d->trust);
	d->trust = set;
	d->trust_read = now;
	return ECERT_OK;
}

enum ecert_rc desk_begin(struct desk *d, const struct options *o, struct message_kept *why)
{
	enum ecert_rc rc = opened_begin(&d->o, o->store, why);

	d->options = o;
	d->rates.burst = BURST;
	d->rates.every_ms = EVERY_MS;
	d->reports.burst = REPORTS;
	d->reports.every_ms = REPORTS_MS;
	buf_init(&d->list.text, 0);
	buf_init(&d->feed.text, 0);
	return rc == ECERT_OK ? read_trust(d, clock_now(), why) : rc;
}

void desk_end(struct desk *d)
{
	opened_end(&d->o);
	trust_set_free(&d->trust);
	buf_free(&d->list.text);
	buf_free(&d->feed.text);
}

/* ---- an application ---- */

static void put_json(struct http_answer *a, int status, json_t *o)
{
	char *text = o ? json_dumps(o, JSON_COMPACT) : NULL;

	json_decref(o);
	a->status = status;
	a->type = HTTP_JSON;
	buf_reset(&a->body);
	buf_str(&a->body, text ? text : "");
	buf_u8(&a->body, '\n');
	if (!text)
		buf_fail(&a->body, ECERT_E_MEMORY);
	free(text);
}

/* As `ecert registry receive` tells it: every check by its name. */
static void tell_checks(const struct renewal_result *v, struct http_answer *a)
{
	put_json(a, 400,
	    json_pack("{s:s, s:s, s:o}", "error", "invalid_request", "error_description",
		"the request does not verify; it was not taken into the register", "checks",
		report_json(&v->report)));
}

static void tell_refusal(struct desk *d, enum ecert_rc rc, struct http_answer *a)
{
	char why[300] = "";

	message_kept_text(registry_why(d->o.r), NULL, why, sizeof why);
	if (rc == ECERT_E_EXISTS) {
		http_refuse(a, 409, "invalid_request", why);
	} else if (rc == ECERT_E_DENIED || rc == ECERT_E_NOT_FOUND) {
		http_refuse(a, 403, "invalid_request", why);
	} else if (rc == ECERT_E_TIMEOUT) {
		http_again(a, RETRY_S, why);
	} else {
		opened_lost(&d->o, a);
	}
}

static void take(struct desk *d, struct rd text, const struct renewal_result *v, time_t now,
    struct http_answer *a)
{
	struct registry_application *app = calloc(1, sizeof *app);
	int64_t id = 0;
	enum ecert_rc rc = app ? registry_take(d->o.r, WHO, now, text, v, &id) : ECERT_E_MEMORY;

	if (rc == ECERT_OK)
		rc = registry_application(d->o.r, id, app, NULL, NULL);
	if (rc == ECERT_OK)
		put_json(a, 201,
		    json_pack("{s:I, s:s, s:s}", "id", (json_int_t)id, "state",
			state_name(app->state), "sha256", app->sha256));
	else if (app)
		tell_refusal(d, rc, a);
	else
		http_again(a, RETRY_S, "there is no memory");
	free(app);
}

/* Anchors and CRLs are those of now; no turn is spent when nothing can be taken. */
static bool ready(struct desk *d, const struct http_request *q, time_t now, struct http_answer *a)
{
	struct message_kept why;
	int wait;

	if (now - d->trust_read >= TRUST_S && read_trust(d, now, &why) != ECERT_OK)
		d->trust_read = now;
	if (!d->trust) {
		http_again(a, TRUST_S, "no applications are taken here");
		return false;
	}
	if (!http_rate_take(&d->rates, q->address, clock_ms(), &wait)) {
		http_refuse(a, 429, "temporarily_unavailable",
		    "too many applications have come from this address");
		a->retry_after = wait;
		return false;
	}
	return opened_there(&d->o, a);
}

void answer_application(void *ctx, const struct http_request *q, struct http_answer *a)
{
	struct desk *d = ctx;
	const time_t now = clock_now();
	struct renewal_expect e = {.now = now};
	struct renewal_result *v = NULL;

	if (!ready(d, q, now, a))
		return;
	e.audience = d->o.issuer;
	e.trust = d->trust;
	if (renewal_verify(q->body, &e, &v) != ECERT_OK)
		http_again(a, RETRY_S, "it could not be verified now");
	else if (report_verdict(&v->report) != VERDICT_PASSED)
		tell_checks(v, a);
	else
		take(d, q->body, v, now, a);
	renewal_result_free(&v);
}
