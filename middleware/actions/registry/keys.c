/* SPDX-License-Identifier: BSD-2-Clause */
/* The status key: made, made anew, listed, and let speak by the token. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions/registry/opened.h"
#include "actions/statedir.h"
#include "client/outfile.h"
#include "document/jose/jws.h"
#include "document/json.h"
#include "publish/entity.h"
#include "registry/keys.h"
#include "trust/mark/mark.h"
#include "util/text.h"

#define DAY		  86400L
#define AUTHORIZE_DAYS	  7
#define AUTHORIZE_LONGEST 92

/* Beside the register that it speaks of; that of a server has none. */
static bool key_path(const struct desk_deed *deed, char out[STATEMENT_PATH_MAX])
{
	char where[STATEMENT_PATH_MAX + 16];
	const char *path = desk_store(deed, where, sizeof where);

	if (deed->status_key) {
		text_copy(out, STATEMENT_PATH_MAX, deed->status_key);
		return true;
	}
	if (!strncmp(path, "postgresql:", 11))
		return !!state_folder("status-key.pem", out, STATEMENT_PATH_MAX);
	if (!strncmp(path, "sqlite:", 7))
		path += 7;
	return *path &&
	       snprintf(out, STATEMENT_PATH_MAX, "%s.status.pem", path) < STATEMENT_PATH_MAX;
}

static enum outcome no_path(const struct job *job)
{
	return ui_fail(job->ui, OUT_USAGE, "register-unnamed",
	    MSG("There is no home folder to keep the status key in"),
	    MSG("Say where it is: --status-key FILE"));
}

enum outcome desk_status_key(
    const struct job *job, const struct desk_deed *deed, struct status_key **out)
{
	char path[STATEMENT_PATH_MAX];
	struct buf pem;
	enum ecert_rc rc;

	*out = NULL;
	if (!key_path(deed, path))
		return no_path(job);
	buf_init_locked(&pem, STATUS_KEY_MAX);
	rc = infile_read(path, &pem);
	if (rc == ECERT_OK)
		rc = status_key_read(buf_view(&pem), out);
	buf_free(&pem);
	if (rc == ECERT_OK)
		return OUT_OK;
	return ui_fail(job->ui, OUT_INPUT, "status-key-missing",
	    MSG("Cannot use the status key {file}: {why}", P_FILE("file", path), P_RC("why", rc)),
	    MSG("`ecert registry keys --make` makes one; --status-key says where it is."));
}

/* ---- making ---- */

static enum ecert_rc put_on_record(struct desk *d, struct rd pem)
{
	struct status_key *key = NULL;
	enum ecert_rc rc = status_key_read(pem, &key);

	if (rc == ECERT_OK)
		rc = registry_key(d->r, KEY_STATUS, status_key_kid(key), status_key_cert(key));
	if (rc == ECERT_OK)
		rc = registry_keys_end(d->r, KEY_STATUS, status_key_kid(key));
	status_key_free(&key);
	return rc;
}

static enum outcome write_key(
    const struct job *job, const struct desk_deed *deed, const char *path, struct rd pem)
{
	const enum ecert_rc rc = deed->rollover ? outfile_replace_secret(path, pem)
						: outfile_write_secret(path, pem);

	if (rc == ECERT_E_EXISTS)
		return ui_fail(job->ui, OUT_REFUSED, "status-key-known",
		    MSG("There is a status key already: {file}", P_FILE("file", path)),
		    MSG("Nothing was changed. `ecert registry keys --rollover` makes the next "
			"one."));
	return outfile_failed(job, rc, path);
}

/* In its file and on record, or neither. */
static enum outcome make(const struct desk_deed *deed, struct desk *d)
{
	const struct job *job = d->job;
	char path[STATEMENT_PATH_MAX];
	struct buf pem;
	enum outcome code = OUT_OK;
	enum ecert_rc rc;

	if (!key_path(deed, path))
		return no_path(job);
	buf_init_locked(&pem, STATUS_KEY_MAX);
	rc = status_key_make(d->issuer, job_now(job), &pem);
	if (rc == ECERT_OK)
		rc = registry_begin(d->r, d->who, job_now(job));
	if (rc == ECERT_OK) {
		rc = put_on_record(d, buf_view(&pem));
		if (rc == ECERT_OK)
			code = write_key(job, deed, path, buf_view(&pem));
		rc = registry_end(d->r, code ? ECERT_E_CANCELLED : rc);
	}
	buf_free(&pem);
	return code ? code : desk_failed(d, rc);
}

/* ---- listing ---- */

struct listing {
	json_t *all;
	time_t now;
};

static enum ecert_rc list_key(void *ctx, const struct registry_key *k)
{
	struct listing *l = ctx;
	json_t *o = json_pack("{s:s, s:s, s:b, s:o, s:o, s:o}", "kid", k->kid, "use",
	    k->use == KEY_STATUS ? "status" : "grant", "published", registry_key_live(k, l->now),
	    "since", json_time(k->since), "ended", json_time(k->ended), "authorized_until",
	    json_time(k->use == KEY_STATUS ? k->authorized : 0));

	return json_array_append_new(l->all, o) ? ECERT_E_MEMORY : ECERT_OK;
}

enum outcome desk_keys(const struct job *job, const struct desk_deed *deed, json_t **out)
{
	struct desk d = {.job = job};
	struct listing l = {json_array(), job_now(job)};
	enum outcome code = desk_open(job, deed, &d);

	*out = NULL;
	if (!code && (deed->make || deed->rollover))
		code = make(deed, &d);
	if (!code)
		code = desk_failed(&d, registry_keys(d.r, list_key, &l));
	if (!code)
		*out = json_incref(l.all);
	json_decref(l.all);
	desk_close(&d);
	return code;
}

/* ---- the token's word ---- */

struct authorizing {
	struct desk d;
	struct signing s;
	struct status_key *key;
	struct entity e;
};

static enum ecert_rc keep(struct authorizing *a, const char *name,
    enum ecert_rc (*make_it)(
	const struct doc_signer *token, const struct entity *e, struct buf *out))
{
	struct buf b = BUF_INIT(JWS_MAX_SIZE);
	enum ecert_rc rc = make_it(&a->s.doc, &a->e, &b);

	buf_u8(&b, 0);
	if (rc == ECERT_OK)
		rc = buf_rc(&b);
	if (rc == ECERT_OK)
		rc = registry_set(a->d.r, name, (const char *)buf_view(&b).p);
	buf_free(&b);
	return rc;
}

/* The keys first, which the configuration lists. */
static enum ecert_rc sign_all(struct authorizing *a)
{
	struct buf b = BUF_INIT(JWS_MAX_SIZE);
	const struct rd cert = buf_view(&a->s.chosen->der);
	char kid[44];
	enum ecert_rc rc = trust_kid(cert, kid);

	if (rc == ECERT_OK)
		rc = registry_key(a->d.r, KEY_GRANT, kid, cert);
	if (rc == ECERT_OK)
		rc = registry_key(
		    a->d.r, KEY_STATUS, status_key_kid(a->key), status_key_cert(a->key));
	if (rc == ECERT_OK)
		rc = entity_allow(&a->s.doc, &a->e, a->key, &b);
	if (rc == ECERT_OK)
		rc = registry_authorize(
		    a->d.r, status_key_kid(a->key), buf_view(&b), a->e.now, a->e.exp);
	buf_free(&b);
	if (rc == ECERT_OK)
		rc = keep(a, "configuration", entity_configuration);
	if (rc == ECERT_OK)
		rc = keep(a, "historical", entity_historical);
	return rc;
}

static enum outcome authorize(struct authorizing *a)
{
	const struct job *job = a->d.job;
	enum outcome code = signing_login(&a->s, MSG("to let the status key speak"));
	enum ecert_rc rc, last;

	if (code)
		return code;
	rc = registry_begin(a->d.r, a->d.who, a->e.now);
	if (rc != ECERT_OK)
		return desk_failed(&a->d, rc);
	rc = sign_all(a);
	last = registry_end(a->d.r, rc);
	if (rc == ECERT_OK || registry_why(a->d.r)->n)
		return desk_failed(&a->d, last);
	return ui_fail_rc(job->ui, rc, MSG("Cannot sign the authorisation: {why}"));
}

enum outcome desk_authorize(
    const struct job *job, const struct desk_deed *deed, char kid[44], time_t *until)
{
	struct authorizing a = {.d = {.job = job}};
	struct signing_choice by = deed->key;
	enum outcome code = OUT_OK;

	by.bare = true;
	if (deed->days > AUTHORIZE_LONGEST)
		return ui_fail(job->ui, OUT_USAGE, "days-too-many",
		    MSG("--days is at most {max}", P_NUMBER("max", AUTHORIZE_LONGEST)),
		    MSG("Who has the status key speaks for you all that time: a week is usual."));
	code = desk_open(job, deed, &a.d);
	if (!code)
		code = desk_status_key(job, deed, &a.key);
	if (!code) {
		a.e = (struct entity){a.d.r, a.d.issuer, job_now(job),
		    job_now(job) + (deed->days ? deed->days : AUTHORIZE_DAYS) * DAY};
		code = signing_begin(job, &by, &a.s);
		if (!code)
			code = authorize(&a);
		signing_end(&a.s);
	}
	if (!code) {
		text_copy(kid, 44, status_key_kid(a.key));
		*until = a.e.exp;
	}
	status_key_free(&a.key);
	desk_close(&a.d);
	return code;
}
