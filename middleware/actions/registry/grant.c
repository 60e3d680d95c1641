/* SPDX-License-Identifier: BSD-2-Clause */
/* Granting: many marks, one PIN; each is signed, on record and in its file, or none of it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "actions/registry/opened.h"
#include "actions/request.h"
#include "client/outfile.h"
#include "document/jose/jws.h"
#include "registry/keys.h"
#include "trust/mark/mark.h"
#include "trust/names.h"
#include "util/text.h"

struct granting {
	struct desk d;
	const struct desk_deed *deed;
	struct signing s;
	char kid[44], type[256]; /* type: of the first mark */
	time_t now;
	bool again; /* another mark for what is granted */
};

static bool file_of(const struct desk_deed *o, int64_t id, char path[STATEMENT_PATH_MAX])
{
	return snprintf(path, STATEMENT_PATH_MAX, "%s/mark-%" PRId64 ".jwt",
		   o->folder ? o->folder : ".", id) < STATEMENT_PATH_MAX;
}

/* Before the PIN: each is there, can be granted, and its file can be written. */
static enum outcome look_first(struct granting *g, const char *number)
{
	struct registry_application a;
	char path[STATEMENT_PATH_MAX];
	int64_t id;
	enum outcome code = desk_number(g->d.job, number, &id);

	if (!code)
		code = desk_failed(&g->d, registry_application(g->d.r, id, &a, NULL, NULL));
	if (!code && !g->again && state_after(a.state, EVENT_GRANT) == STATE_NONE)
		code = ui_fail(g->d.job->ui, OUT_REFUSED, "register-not-possible",
		    MSG("Application {n} is {state}, and cannot be granted", P_NUMBER("n", id),
			P_WORD("state", state_word(a.state))),
		    MSG("Nothing was signed. `ecert registry list` shows where each stands."));
	if (!code && !g->type[0])
		text_copy(g->type, sizeof g->type, a.type);
	if (!code && g->deed->delegation && strcmp(g->type, a.type) != 0)
		code = ui_fail(g->d.job->ui, OUT_REFUSED, "mark-unfit",
		    MSG("Application {n} is for a mark of another type than the ones before it",
			P_NUMBER("n", id)),
		    MSG("Nothing was signed. A delegation is for one type: grant the others by "
			"themselves."));
	if (!code && file_of(g->deed, id, path))
		code = outfile_vacant(g->d.job, path, false);
	return code;
}

/* The claims of the mark as registry_grant wants them. */
static enum ecert_rc put_on_record(struct granting *g, int64_t id, struct rd mark)
{
	struct registry_grant r = {.text = mark, .kid = g->kid};
	struct jws *j = NULL;
	enum ecert_rc rc = jws_parse(
	    mark, &(struct jws_rules){.typ = TRUST_MARK_TYP, .need_kid = true}, &j, NULL);

	if (rc == ECERT_OK) {
		r.jti = jws_str(j, "jti");
		(void)jws_time(j, "iat", &r.iat);
		(void)jws_time(j, "exp", &r.exp);
		rc = registry_key(g->d.r, KEY_GRANT, g->kid, buf_view(&g->s.chosen->der));
	}
	if (rc == ECERT_OK)
		rc = g->again ? registry_reissue(g->d.r, id, &r) : registry_grant(g->d.r, id, &r);
	jws_free(&j);
	return rc;
}

/* A type that has an owner: the mark brings the newest delegation, and ends with it. */
static enum ecert_rc delegated(
    struct granting *g, const char *type, struct buf *text, struct mark_grant *m)
{
	time_t exp;
	enum ecert_rc rc = registry_delegated(g->d.r, g->d.issuer, type, g->now, text, &exp);

	if (rc == ECERT_E_NOT_FOUND)
		return ECERT_OK;
	buf_u8(text, 0);
	if (rc == ECERT_OK)
		rc = buf_rc(text);
	if (rc != ECERT_OK)
		return rc;
	m->delegation = (const char *)buf_view(text).p;
	if (exp && exp < m->exp)
		m->exp = exp;
	return ECERT_OK;
}

static enum outcome sign_one(struct granting *g, int64_t id, struct buf *mark)
{
	struct buf text = BUF_INIT(JWS_MAX_SIZE), cert = BUF_INIT(65536);
	struct buf delegation = BUF_INIT(JWS_MAX_SIZE);
	struct registry_application a;
	struct mark_grant m = {.iss = g->d.issuer,
	    .logo_uri = g->deed->logo,
	    .ref = g->deed->ref,
	    .kid = g->kid,
	    .now = g->now,
	    .exp = g->now + (g->deed->days ? g->deed->days : MARK_DAYS_MAX - 1) * MARK_DAY};
	enum outcome code = desk_failed(&g->d, registry_application(g->d.r, id, &a, &text, &cert));

	m.sub = a.merchant;
	m.type = a.type;
	m.request = buf_view(&text);
	m.holder_cert = buf_view(&cert);
	if (g->again)
		m.exp = (time_t)a.mark_exp;
	if (!code)
		code = desk_failed(&g->d, delegated(g, a.type, &delegation, &m));
	if (!code)
		code = ui_fail_rc(g->d.job->ui, mark_issue(&g->s.doc, &m, mark),
		    MSG("Cannot sign the trust mark: {why}"));
	buf_free(&text);
	buf_free(&cert);
	buf_free(&delegation);
	return code;
}

static enum outcome grant_one(
    struct granting *g, const char *number, char path[STATEMENT_PATH_MAX], int64_t *id)
{
	struct buf mark = BUF_INIT(JWS_MAX_SIZE);
	enum outcome code = desk_number(g->d.job, number, id);
	enum ecert_rc rc = ECERT_OK;

	if (!code)
		code = sign_one(g, *id, &mark);
	if (!code && !file_of(g->deed, *id, path))
		rc = ECERT_E_TOO_LARGE;
	if (!code && rc == ECERT_OK)
		rc = registry_begin(g->d.r, g->d.who, g->now);
	if (!code && rc == ECERT_OK) {
		struct rd text = buf_view(&mark);

		rc = put_on_record(g, *id, text);
		buf_u8(&mark, '\n');
		if (rc == ECERT_OK)
			code = outfile_save(g->d.job, path, buf_view(&mark), false);
		rc = registry_end(g->d.r, code ? ECERT_E_CANCELLED : rc);
		if (!code && rc != ECERT_OK)
			(void)unlink(path); /* a mark that is not on record was not granted */
	}
	if (!code)
		code = desk_failed(&g->d, rc);
	buf_free(&mark);
	return code;
}

typedef void granted_fn(void *ctx, int64_t id, const char *file);

static enum outcome grant_all(
    struct granting *g, const struct strlist *ids, granted_fn *done, void *ctx)
{
	const struct job *job = g->d.job;
	struct signing_choice by = g->deed->key;
	enum outcome code = OUT_OK;

	by.bare = true;
	for (size_t i = 0; !code && i < ids->n; i++)
		code = look_first(g, ids->v[i]);
	if (!code && g->deed->delegation)
		code = desk_take_delegation(&g->d, g->deed, g->type);
	if (code)
		return code;
	code = signing_begin(job, &by, &g->s);
	if (!code)
		code = ui_fail_rc(job->ui, trust_kid(buf_view(&g->s.chosen->der), g->kid),
		    MSG("Cannot use the certificate: {why}"));
	if (!code)
		code = signing_login(&g->s, MSG("to grant a trust mark"));
	for (size_t i = 0; !code && i < ids->n; i++) {
		char path[STATEMENT_PATH_MAX];
		int64_t id;

		code = grant_one(g, ids->v[i], path, &id);
		if (!code)
			done(ctx, id, path);
	}
	signing_end(&g->s);
	return code;
}

enum outcome desk_grant(const struct job *job, const struct desk_deed *deed,
    const struct strlist *ids, granted_fn *done, void *ctx)
{
	struct granting g = {.d = {.job = job}, .deed = deed, .now = job_now(job)};
	enum outcome code = request_terms(job, deed->days, deed->logo, deed->ref);

	if (!code)
		code = desk_open(job, deed, &g.d);
	if (!code)
		code = grant_all(&g, ids, done, ctx);
	desk_close(&g.d);
	return code;
}

#define AGAIN_MOST 64

struct again {
	char text[AGAIN_MOST][24];
	const char *v[AGAIN_MOST];
	size_t n;
};

static enum ecert_rc gather(void *ctx, const struct registry_application *a)
{
	struct again *l = ctx;

	if (l->n == AGAIN_MOST)
		return ECERT_E_TOO_LARGE;
	(void)snprintf(l->text[l->n], sizeof l->text[0], "%" PRId64, a->id);
	l->v[l->n] = l->text[l->n];
	l->n++;
	return ECERT_OK;
}

enum outcome desk_reissue(const struct job *job, const struct desk_deed *deed, const char *member,
    granted_fn *done, void *ctx)
{
	struct granting g = {.d = {.job = job}, .deed = deed, .now = job_now(job), .again = true};
	struct again l = {.n = 0};
	char url[256];
	int64_t id;
	enum outcome code = request_terms(job, deed->days, deed->logo, deed->ref);
	enum ecert_rc rc;

	if (!code)
		code = desk_open(job, deed, &g.d);
	if (!code) {
		rc = registry_member(g.d.r, member, &id, url);
		if (rc == ECERT_OK)
			rc = registry_each(g.d.r, id, STATE_GRANTED, gather, &l);
		code = desk_failed(&g.d, rc);
	}
	if (!code && !l.n)
		code = ui_fail(job->ui, OUT_REFUSED, "register-not-possible",
		    MSG("{url} has no mark that counts", P_TEXT("url", url)),
		    MSG("Nothing was signed. `ecert registry list` shows where each stands."));
	if (!code) {
		const struct strlist ids = {.v = l.v, .n = l.n};

		code = grant_all(&g, &ids, done, ctx);
	}
	desk_close(&g.d);
	return code;
}
