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

struct granting {
	struct desk d;
	const struct desk_deed *deed;
	struct signing s;
	char kid[44];
	time_t now;
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
	if (!code && state_after(a.state, EVENT_GRANT) == STATE_NONE)
		code = ui_fail(g->d.job->ui, OUT_REFUSED, "register-not-possible",
		    MSG("Application {n} is {state}, and cannot be granted", P_NUMBER("n", id),
			P_WORD("state", state_word(a.state))),
		    MSG("Nothing was signed. `ecert registry list` shows where each stands."));
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
		rc = registry_grant(g->d.r, id, &r);
	jws_free(&j);
	return rc;
}

static enum outcome sign_one(struct granting *g, int64_t id, struct buf *mark)
{
	struct buf text = BUF_INIT(JWS_MAX_SIZE), cert = BUF_INIT(65536);
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
	if (!code)
		code = ui_fail_rc(g->d.job->ui, mark_issue(&g->s.doc, &m, mark),
		    MSG("Cannot sign the trust mark: {why}"));
	buf_free(&text);
	buf_free(&cert);
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

enum outcome desk_grant(const struct job *job, const struct desk_deed *deed,
    const struct strlist *ids, void (*done)(void *ctx, int64_t id, const char *file), void *ctx)
{
	struct granting g = {.d = {.job = job}, .deed = deed, .now = job_now(job)};
	struct signing_choice by = deed->key;
	enum outcome code = request_terms(job, deed->days, deed->logo, deed->ref);

	by.bare = true;
	if (!code)
		code = desk_open(job, deed, &g.d);
	for (size_t i = 0; !code && i < ids->n; i++)
		code = look_first(&g, ids->v[i]);
	if (!code) {
		code = signing_begin(job, &by, &g.s);
		if (!code)
			code = ui_fail_rc(job->ui, trust_kid(buf_view(&g.s.chosen->der), g.kid),
			    MSG("Cannot use the certificate: {why}"));
		if (!code)
			code = signing_login(&g.s, MSG("to grant a trust mark"));
		for (size_t i = 0; !code && i < ids->n; i++) {
			char path[STATEMENT_PATH_MAX];
			int64_t id;

			code = grant_one(&g, ids->v[i], path, &id);
			if (!code)
				done(ctx, id, path);
		}
		signing_end(&g.s);
	}
	desk_close(&g.d);
	return code;
}
