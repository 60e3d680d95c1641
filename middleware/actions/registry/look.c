/* SPDX-License-Identifier: BSD-2-Clause */
/* What is in a register: lists, an application's sheet, and whether all of it is as it was. */
#include <stdlib.h>
#include <string.h>

#include "actions/registry/opened.h"
#include "actions/who.h"
#include "document/jose/jws.h"
#include "document/json.h"
#include "trust/renewal/renewal.h"
#include "util/text.h"

json_t *desk_application_json(const struct registry_application *a)
{
	return json_pack("{s:I, s:s, s:s, s:s, s:s, s:b, s:o, s:s, s:o, s:s, s:o, s:o}", "id",
	    (json_int_t)a->id, "merchant", a->merchant, "company", a->company, "br_no", a->br,
	    "trust_mark_type", a->type, "renewal", a->prev[0] != 0, "received", json_time(a->at),
	    "state", state_name(a->state), "since", json_time(a->since), "by", a->who, "reason",
	    a->why[0] ? json_string(a->why) : json_null(), "until", json_time(a->mark_exp));
}

static enum ecert_rc collect(void *ctx, const struct registry_application *a)
{
	struct desk_list *l = ctx;
	struct registry_application *grown;

	if ((l->n & (l->n - 1)) == 0) { /* doubled at each power of two */
		grown = realloc(l->v, (l->n ? 2 * l->n : 1) * sizeof *grown);
		if (!grown)
			return ECERT_E_MEMORY;
		l->v = grown;
	}
	l->v[l->n++] = *a;
	return ECERT_OK;
}

enum outcome desk_list(const struct job *job, const struct desk_deed *deed, struct desk_list *out)
{
	struct desk d = {.job = job};
	enum app_state state = deed->state ? state_by_name(deed->state) : STATE_NONE;
	enum outcome code;

	*out = (struct desk_list){.v = NULL};
	if (deed->state && state == STATE_NONE)
		return ui_fail(job->ui, OUT_USAGE, "state-unknown",
		    MSG("--state '{text}' is no state of an application",
			P_TEXT("text", deed->state)),
		    MSG("It is received, in-review, more-wanted, granted, refused, suspended, "
			"revoked or expired."));
	code = desk_open(job, deed, &d);
	if (!code)
		code = desk_failed(&d, registry_each(d.r, 0, state, collect, out));
	desk_close(&d);
	return code;
}

void desk_list_free(struct desk_list *l)
{
	free(l->v);
	*l = (struct desk_list){.v = NULL};
}

static enum ecert_rc add_decision(void *ctx, const struct registry_decision *d)
{
	json_t *o = json_pack("{s:o, s:s, s:s, s:s, s:o}", "at", json_time(d->at), "by", d->who,
	    "event", event_name(d->event), "state", state_name(d->state), "reason",
	    d->why[0] ? json_string(d->why) : json_null());

	return json_array_append_new(ctx, o) ? ECERT_E_MEMORY : ECERT_OK;
}

static enum ecert_rc add_mark(struct desk *d, int64_t id, time_t now, json_t **out)
{
	struct registry_mark m;
	enum ecert_rc rc = registry_mark_of(d->r, id, now, &m);

	*out = NULL;
	buf_u8(&m.text, 0);
	if (rc == ECERT_OK)
		*out = json_pack("{s:s, s:s, s:o, s:o, s:s}", "sha256", m.sha256, "status",
		    m.status, "reason", m.reason[0] ? json_string(m.reason) : json_null(), "until",
		    json_time(m.exp), "jws", (const char *)buf_view(&m.text).p);
	else if (rc == ECERT_E_NOT_FOUND)
		*out = json_null();
	buf_free(&m.text);
	return *out ? ECERT_OK : rc == ECERT_OK ? ECERT_E_MEMORY : rc;
}

/* The request that is on record, which verified when it was taken in. */
static enum ecert_rc read_request(struct desk_sheet *out, struct rd text, struct rd cert)
{
	struct identity *who = malloc(sizeof *who);
	struct jws *j = NULL;
	struct report rep;
	const char *br;
	enum ecert_rc rc = who ? jws_parse(text,
				     &(struct jws_rules){.typ = RENEWAL_TYP, .need_x5c = true}, &j,
				     NULL)
			       : ECERT_E_MEMORY;

	if (rc == ECERT_OK)
		rc = identity_read(cert, who);
	if (rc == ECERT_OK) {
		br = json_string_value(
		    json_object_get(json_object_get(j->claims, "hktm_evidence"), "br_no"));
		report_init(&rep);
		text_copy(out->br, sizeof out->br, br ? br : "");
		out->br_same = br && who->br[0] && renewal_business_check(br, who->br, &rep);
		out->claims = json_incref(j->claims);
		out->who = who_json(who);
	}
	jws_free(&j);
	free(who);
	return rc;
}

static enum ecert_rc begin_review(struct desk *d, int64_t id, struct desk_sheet *out)
{
	enum ecert_rc rc = registry_application(d->r, id, &out->a, NULL, NULL);

	if (rc != ECERT_OK || state_after(out->a.state, EVENT_REVIEW) == STATE_NONE)
		return rc;
	rc = registry_begin(d->r, d->who, job_now(d->job));
	if (rc == ECERT_OK)
		rc = registry_end(d->r, registry_decide(d->r, id, EVENT_REVIEW, NULL));
	return rc;
}

enum outcome desk_review(
    const struct job *job, const struct desk_deed *deed, const char *number, struct desk_sheet *out)
{
	struct buf text = BUF_INIT(JWS_MAX_SIZE), cert = BUF_INIT(65536);
	struct desk d = {.job = job};
	int64_t id;
	enum outcome code;
	enum ecert_rc rc;

	*out = (struct desk_sheet){.decisions = json_array()};
	code = desk_number(job, number, &id);
	if (!code)
		code = desk_open(job, deed, &d);
	if (!code) {
		rc = begin_review(&d, id, out);
		if (rc == ECERT_OK)
			rc = registry_application(d.r, id, &out->a, &text, &cert);
		if (rc == ECERT_OK)
			rc = registry_decisions(d.r, id, add_decision, out->decisions);
		if (rc == ECERT_OK)
			rc = add_mark(&d, id, job_now(job), &out->mark);
		if (rc == ECERT_OK)
			rc = read_request(out, buf_view(&text), buf_view(&cert));
		code = desk_failed(&d, rc);
	}
	desk_close(&d);
	buf_free(&text);
	buf_free(&cert);
	if (!code)
		code = desk_fetch(
		    job, deed, json_object_get(out->claims, "hktm_evidence"), &out->fetched);
	return code;
}

void desk_sheet_free(struct desk_sheet *s)
{
	json_decref(s->who);
	json_decref(s->claims);
	json_decref(s->decisions);
	json_decref(s->mark);
	json_decref(s->fetched);
}

enum outcome desk_check(
    const struct job *job, const struct desk_deed *deed, struct registry_check *out)
{
	struct desk d = {.job = job};
	enum outcome code = desk_open(job, deed, &d);

	*out = (struct registry_check){.why = NULL};
	if (!code)
		code = desk_failed(&d, registry_check(d.r, out));
	if (!code && !out->why)
		code = desk_failed(&d, registry_check_signatures(d.r, out));
	desk_close(&d);
	return code;
}
