/* SPDX-License-Identifier: BSD-2-Clause */
/* Delegations: given by an owner's token, and taken on record by who they are for. */
#include <string.h>

#include "actions/registry/opened.h"
#include "client/outfile.h"
#include "document/cert.h"
#include "document/jose/jws.h"
#include "registry/keys.h"
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

/* On record with the key that signed it, and in its file, or neither. */
static enum outcome deliver(struct desk *d, const struct registry_delegation *g, struct rd cert,
    const struct statement_to *to, struct buf *text)
{
	char kid[44];
	enum outcome code = OUT_OK;
	enum ecert_rc rc = registry_begin(d->r, d->who, g->iat);

	if (rc != ECERT_OK)
		return desk_failed(d, rc);
	rc = trust_kid(cert, kid);
	if (rc == ECERT_OK)
		rc = registry_key(d->r, KEY_GRANT, kid, cert);
	if (rc == ECERT_OK)
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
		code = deliver(d, g, buf_view(&s.chosen->der), &to, &text);
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

/* ---- one that came from an owner ---- */

/* Whose signature it is has to be known: what goes on record goes into marks, and a mark under a
 * delegation that is none is refused by everybody. */
static enum outcome judge(struct desk *d, const char *file, struct rd text, const char *type,
    const struct mark_expect *e, struct mark_delegation *out)
{
	if (!mark_delegation_good(text, d->issuer, type, e, out))
		return ui_fail(d->job->ui, OUT_REFUSED, "mark-unfit",
		    MSG("{file} does not let {issuer} issue these marks: {why}",
			P_FILE("file", file), P_TEXT("issuer", d->issuer),
			P_MSG("why", MSG_KEPT(&out->why))),
		    MSG("Nothing was signed or put on record. Ask the owner of the type for a "
			"delegation that is right."));
	if (!out->by)
		return ui_fail(d->job->ui, OUT_REFUSED, "owner-unknown",
		    MSG("Whether the owner of the type signed {file} cannot be checked",
			P_FILE("file", file)),
		    MSG("Say whose type it is, with the owner's certificate: --mark-owner "
			"URL=TYPE=PEM. Nothing was signed or put on record."));
	return OUT_OK;
}

static enum ecert_rc keep(
    struct desk *d, struct rd text, const char *type, const struct mark_delegation *m)
{
	const struct registry_delegation g = {.owner = m->owner,
	    .issuer = d->issuer,
	    .type = type,
	    .text = text,
	    .iat = m->iat,
	    .exp = m->exp};
	struct buf cert = BUF_INIT(65536);
	enum ecert_rc rc = cert_der(m->by->cert, &cert);

	if (rc == ECERT_OK)
		rc = registry_begin(d->r, d->who, job_now(d->job));
	if (rc == ECERT_OK) {
		rc = registry_key(d->r, KEY_OWNER, m->kid, buf_view(&cert));
		if (rc == ECERT_OK)
			rc = registry_delegate(d->r, &g);
		rc = registry_end(d->r, rc);
	}
	buf_free(&cert);
	return rc;
}

enum outcome desk_take_delegation(struct desk *d, const struct desk_deed *deed, const char *type)
{
	struct buf text = BUF_INIT(JWS_MAX_SIZE);
	struct mark_delegation m = {.by = NULL};
	struct mark_expect e = {.sub = NULL};
	struct trust_set *set = NULL;
	enum outcome code = trust_options_load(d->job, &deed->trust, &set, &e.now);

	e.now = job_now(d->job);
	e.trust = set;
	if (!code)
		code = infile_load(d->job, deed->delegation, &text);
	if (!code)
		code = judge(d, deed->delegation, buf_view(&text), type, &e, &m);
	if (!code)
		code = desk_failed(d, keep(d, buf_view(&text), type, &m));
	trust_set_free(&set);
	buf_free(&text);
	return code;
}
