/* SPDX-License-Identifier: BSD-2-Clause */
/* Delegations: given by an owner's token, and taken on record by who they are for. */
#include <string.h>

#include "actions/registry/opened.h"
#include "client/outfile.h"
#include "document/jose/jws.h"
#include "trust/mark/mark.h"
#include "trust/names.h"

#define DAY 86400L

static enum outcome check_terms(
    const struct job *job, const struct desk_deed *deed, const char *issuer)
{
	if (!deed->type || !name_is_url(deed->type))
		return ui_fail(job->ui, OUT_USAGE, "type-missing",
		    MSG("Say which type of mark: --type URL"),
		    MSG("It is a URL that begins with https://, yours."));
	if (!name_is_url(issuer))
		return ui_fail(job->ui, OUT_USAGE, "issuer-url-missing",
		    MSG("'{text}' is no URL of an issuer", P_TEXT("text", issuer)),
		    MSG("For instance --issuer https://alliance.example."));
	return OUT_OK;
}

/* On record and in its file, or neither. */
static enum outcome deliver(struct desk *d, const struct registry_delegation *g,
    const struct statement_to *to, struct buf *text)
{
	enum outcome code = OUT_OK;
	enum ecert_rc rc = registry_begin(d->r, d->who, g->iat);

	if (rc != ECERT_OK)
		return desk_failed(d, rc);
	rc = registry_delegate(d->r, g);
	if (rc == ECERT_OK)
		code = statement_deliver(d->job, to, to->path, text);
	rc = registry_end(d->r, code ? ECERT_E_CANCELLED : rc);
	return code ? code : desk_failed(d, rc);
}

static enum outcome sign_it(
    struct desk *d, const struct desk_deed *deed, struct registry_delegation *g)
{
	const struct job *job = d->job;
	const struct statement_to to = {.path = deed->out ? deed->out : "delegation.jwt"};
	struct signing_choice by = deed->key;
	struct signing s = {.certs = NULL};
	struct buf text = BUF_INIT(JWS_MAX_SIZE);
	enum outcome code = outfile_vacant(job, to.path, false);

	by.bare = true;
	if (!code)
		code = signing_begin(job, &by, &s);
	if (!code)
		code = signing_login(&s, MSG("to delegate a type of trust mark"));
	if (!code)
		code = ui_fail_rc(job->ui,
		    mark_delegate(&s.doc, g->owner, g->issuer, g->type, g->iat, g->exp, &text),
		    MSG("Cannot sign the delegation: {why}"));
	g->text = buf_view(&text);
	if (!code)
		code = deliver(d, g, &to, &text);
	signing_end(&s);
	buf_free(&text);
	return code;
}

enum outcome desk_delegate(
    const struct job *job, const struct desk_deed *deed, const char *issuer, time_t *until)
{
	struct desk d = {.job = job};
	struct registry_delegation g = {.issuer = issuer, .type = deed->type, .iat = job_now(job)};
	enum outcome code = check_terms(job, deed, issuer);

	if (!code)
		code = desk_open(job, deed, &d);
	g.owner = d.issuer;
	g.exp = deed->days ? g.iat + deed->days * DAY : 0;
	*until = g.exp;
	if (!code)
		code = sign_it(&d, deed, &g);
	desk_close(&d);
	return code;
}

enum outcome desk_take_delegation(struct desk *d, const char *file)
{
	const struct jws_rules rules = {.typ = TRUST_MARK_DELEGATION_TYP, .need_kid = true};
	struct registry_delegation g = {.issuer = d->issuer};
	struct buf text = BUF_INIT(JWS_MAX_SIZE);
	struct jws *j = NULL;
	const char *sub;
	enum outcome code = infile_load(d->job, file, &text);
	enum ecert_rc rc;

	if (!code && jws_parse(buf_view(&text), &rules, &j, NULL) == ECERT_OK) {
		g.text = buf_view(&text);
		g.owner = jws_str(j, "iss");
		g.type = jws_str(j, "trust_mark_type");
		(void)jws_time(j, "iat", &g.iat);
		(void)jws_time(j, "exp", &g.exp);
		sub = jws_str(j, "sub");
		if (!sub || strcmp(sub, d->issuer) != 0)
			g.type = NULL;
	}
	if (!code && (!g.owner || !g.type || (g.exp && g.exp <= job_now(d->job))))
		code = ui_fail(d->job->ui, OUT_INPUT, "mark-unfit",
		    MSG("{file} is no delegation to {issuer} that is in force",
			P_FILE("file", file), P_TEXT("issuer", d->issuer)),
		    MSG("Nothing was signed. Ask the owner of the type for a delegation that is "
			"right."));
	if (!code) {
		rc = registry_begin(d->r, d->who, job_now(d->job));
		if (rc == ECERT_OK)
			rc = registry_end(d->r, registry_delegate(d->r, &g));
		code = desk_failed(d, rc);
	}
	jws_free(&j);
	buf_free(&text);
	return code;
}
