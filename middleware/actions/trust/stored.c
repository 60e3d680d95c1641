/* SPDX-License-Identifier: BSD-2-Clause */
/* Whom is trusted already: listed, shown and removed. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "actions/trust/content.h"
#include "actions/trust/place.h"
#include "util/hex.h"
#include "util/text.h"

void trust_rows_free(struct trust_rows *r)
{
	free(r->v);
	*r = (struct trust_rows){NULL, 0};
}

static json_t *named_json(const struct trust_row *r)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < LIST_PURPOSES; i++)
		if (r->named[i])
			(void)json_array_append_new(
			    list, json_pack("{s:s, s:I}", "purpose", list_purpose_name(i),
				      "entries", (json_int_t)r->named[i]));
	return list;
}

json_t *trust_row_json(const struct trust_row *r)
{
	json_t *o = json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:s, s:s?, s:s?}", "kind",
	    store_kind_name(r->kind), "store", r->machine ? "machine" : "user", "name", r->name,
	    "subject", r->subject, "sha256", r->sha256, "not_before", (json_int_t)r->from,
	    "not_after", (json_int_t)r->until, "url", r->url, "added",
	    r->added[0] ? r->added : NULL, "by", r->by[0] ? r->by : NULL);

	if (o && r->kind == STORE_LIST)
		(void)json_object_set_new(o, "names", named_json(r));
	return o;
}

json_t *trust_rows_json(const struct trust_rows *r)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < r->n; i++)
		(void)json_array_append_new(list, trust_row_json(&r->v[i]));
	return list;
}

const char *record_state_name(enum record_state s)
{
	return s == RECORD_WHOLE ? "whole" : s == RECORD_CUT ? "cut" : "none";
}

struct collecting {
	struct trust_rows *rows;
	bool machine;
};

static enum ecert_rc collect(void *ctx, const struct stored *e)
{
	struct collecting *c = ctx;
	struct trust_row *grown = realloc(c->rows->v, (c->rows->n + 1) * sizeof *grown), *r;
	enum ecert_rc rc;

	if (!grown)
		return ECERT_E_MEMORY;
	c->rows->v = grown;
	r = &grown[c->rows->n];
	*r = (struct trust_row){
	    .kind = e->kind, .machine = c->machine, .unrecorded = e->unrecorded};
	rc = content_describe(e->cert, r);
	if (e->kind == STORE_LIST)
		content_describe_list(e->list, r);
	text_copy(r->name, sizeof r->name, e->name);
	text_copy(r->url, sizeof r->url, e->url);
	text_copy(r->added, sizeof r->added, e->added);
	text_copy(r->by, sizeof r->by, e->by);
	if (rc == ECERT_OK)
		c->rows->n++;
	return rc == ECERT_E_MALFORMED ? ECERT_E_DATA : rc;
}

static enum outcome collect_from(
    const struct job *job, const struct trust_place *at, struct trust_rows *rows)
{
	struct collecting c = {rows, at->machine};
	char bad[256] = "";
	enum ecert_rc rc = at->store ? trust_store_each(at->store, collect, &c, bad) : ECERT_OK;

	return rc == ECERT_OK ? OUT_OK : trust_place_told(job, at, rc, bad);
}

static enum outcome list_one(const struct job *job, bool machine, struct trust_listed *out)
{
	struct trust_place at;
	size_t lines = 0, had = out->rows.n;
	enum outcome code = trust_place_open(job, machine, false, &at);

	if (code)
		return code;
	code = collect_from(job, &at, &out->rows);
	for (size_t i = had; !code && i < out->rows.n; i++)
		if (out->rows.v[i].unrecorded)
			trust_place_warn(job, &at, out->rows.v[i].name, out->rows.v[i].sha256);
	if (!code && at.store) {
		enum ecert_rc rc = trust_store_record(at.store, &out->record[machine], &lines);

		text_copy(out->folder[machine], sizeof out->folder[0], at.folder);
		if (rc != ECERT_OK)
			code = trust_place_told(job, &at, rc, RECORD_FILE);
		else if (out->record[machine] == RECORD_CUT)
			ui_note(job->ui,
			    MSG("Warning: the record of changes {folder}/{file} was cut or "
				"altered: what is trusted may not be what was confirmed.",
				P_FILE("folder", at.folder), P_FILE("file", RECORD_FILE)));
	}
	trust_place_close(&at);
	return code;
}

enum outcome trust_listing(const struct job *job, struct trust_listed *out)
{
	enum outcome code;

	memset(out, 0, sizeof *out);
	code = list_one(job, false, out);
	if (!code)
		code = list_one(job, true, out);
	if (code)
		trust_rows_free(&out->rows);
	return code;
}

/* The beginning of a SHA-256, with colons or without, as programs show it. */
static bool begins(const char *sha256, const char *digits)
{
	size_t n = 0;

	for (; *digits; digits++) {
		if (*digits == ':' && n)
			continue;
		if (n == 64 || tolower((unsigned char)*digits) != sha256[n])
			return false;
		n++;
	}
	return n >= 8;
}

static bool meant(const struct trust_row *r, const char *name)
{
	return !strcmp(r->name, name) || begins(r->sha256, name);
}

/* A part of whose name that is; NULL: of nobody's, or of several. */
static const char *alike(const struct trust_rows *rows, const char *name)
{
	const char *found = NULL;

	for (size_t i = 0; i < rows->n; i++) {
		if (!*name || !strcasestr(rows->v[i].name, name))
			continue;
		if (found && strcmp(found, rows->v[i].name) != 0)
			return NULL;
		found = rows->v[i].name;
	}
	return found;
}

/* Keeps those that are meant; at least one. */
static enum outcome keep_meant(const struct job *job, const char *name, struct trust_rows *rows)
{
	const char *other = alike(rows, name);
	struct message_kept next;
	size_t n = 0;

	message_keep(&next,
	    other
		? MSG("Did you mean '{name}'?", P_TEXT("name", other))
		: MSG("`ecert trust list` shows the names; eight digits of the SHA-256 do, too."));
	for (size_t i = 0; i < rows->n; i++)
		if (meant(&rows->v[i], name))
			rows->v[n++] = rows->v[i];
	rows->n = n;
	return n ? OUT_OK
		 : ui_fail(job->ui, OUT_INPUT, "trust-not-found",
		       MSG("Nobody called {name} is trusted here", P_TEXT("name", name)),
		       MSG_KEPT(&next));
}

/* In the other store, where remove does not look. */
static bool is_elsewhere(const struct job *job, const char *name, bool machine)
{
	struct trust_listed all;
	bool found = false;

	if (trust_listing(job, &all))
		return false;
	for (size_t i = 0; i < all.rows.n; i++)
		found = found || (all.rows.v[i].machine != machine && meant(&all.rows.v[i], name));
	trust_rows_free(&all.rows);
	return found;
}

enum outcome trust_show(const struct job *job, const char *name, struct trust_rows *out)
{
	struct trust_listed all;
	enum outcome code = trust_listing(job, &all);

	*out = all.rows;
	if (!code)
		code = keep_meant(job, name, out);
	if (code)
		trust_rows_free(out);
	return code;
}

static enum outcome sure(const struct job *job, bool yes, const struct trust_row *r)
{
	if (yes ||
	    ui_confirm(job->ui, MSG("Trust {name} no longer? SHA-256 {fingerprint}",
				    P_TEXT("name", r->name), P_TEXT("fingerprint", r->sha256))))
		return OUT_OK;
	return ui_fail(job->ui, OUT_REFUSED, "not-confirmed", MSG("Nothing was removed"),
	    MSG("Answer yes, or say --yes."));
}

static enum outcome drop(
    const struct job *job, const struct trust_place *at, const struct trust_row *r)
{
	struct stored e = {.kind = r->kind};
	struct buf digest = BUF_INIT(32);
	enum ecert_rc rc = hex_get(rd_of(r->sha256, 64), &digest);

	text_copy(e.name, sizeof e.name, r->name);
	text_copy(e.url, sizeof e.url, r->url);
	if (rc == ECERT_OK) {
		memcpy(e.sha256, buf_view(&digest).p, sizeof e.sha256);
		rc = trust_store_drop(at->store, &e, job_now(job));
	}
	buf_free(&digest);
	return rc == ECERT_OK ? OUT_OK : trust_place_told(job, at, rc, "");
}

/* Trusted for several things: whoever is removed is removed for all of them. */
static bool is_one(const struct trust_rows *rows)
{
	for (size_t i = 1; i < rows->n; i++)
		if (strcmp(rows->v[i].sha256, rows->v[0].sha256) != 0)
			return false;
	return true;
}

static enum outcome remove_one(const struct job *job, const struct trust_place *at, bool yes,
    const char *name, struct trust_rows *out)
{
	enum outcome code = collect_from(job, at, out);
	bool here = false;

	for (size_t i = 0; !code && i < out->n; i++)
		here = here || meant(&out->v[i], name);
	if (!code && !here && is_elsewhere(job, name, at->machine))
		code = ui_fail(job->ui, OUT_INPUT, "trust-not-found",
		    at->machine ? MSG("{name} is trusted by you, and not by this computer",
				      P_TEXT("name", name))
				: MSG("{name} is trusted by this computer, for everybody on it",
				      P_TEXT("name", name)),
		    at->machine ? MSG("Leave --machine out to remove it.")
				: MSG("As root, --machine removes it; --no-trust-store leaves it "
				      "out of one verification."));
	if (!code)
		code = keep_meant(job, name, out);
	if (!code && !is_one(out))
		code = ui_fail(job->ui, OUT_USAGE, "trust-ambiguous",
		    MSG("{n} are called {name}", P_NUMBER("n", out->n), P_TEXT("name", name)),
		    MSG("Name it by the first eight digits of its SHA-256, or more of them."));
	if (!code)
		code = sure(job, yes, &out->v[0]);
	for (size_t i = 0; !code && i < out->n; i++)
		code = drop(job, at, &out->v[i]);
	return code;
}

enum outcome trust_remove(
    const struct job *job, bool machine, bool yes, const char *name, struct trust_rows *out)
{
	struct trust_place at;
	enum outcome code = trust_place_open(job, machine, true, &at);

	*out = (struct trust_rows){NULL, 0};
	if (code)
		return code;
	code = remove_one(job, &at, yes, name, out);
	trust_place_close(&at);
	if (code)
		trust_rows_free(out);
	return code;
}
