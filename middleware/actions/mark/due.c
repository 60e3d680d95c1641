/* SPDX-License-Identifier: BSD-2-Clause */
/* What ends when, and whether somebody has to be told today. */
#include "actions/mark/due.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "actions/statedir.h"
#include "client/certfile.h"
#include "client/expiry.h"
#include "client/outfile.h"
#include "document/identity.h"
#include "document/jose/jws.h"
#include "trust/claims.h"
#include "trust/mark/mark.h"
#include "util/text.h"

#define DAY	 86400L
#define FILE_MAX 262144u

const char *due_kind_name(enum due_kind k)
{
	static const char *const names[] = {[DUE_MARK] = "trust-mark",
	    [DUE_STATUS] = "trust-mark-status",
	    [DUE_CERTIFICATE] = "certificate"};

	return names[k];
}

const char *due_state_name(enum due_state s)
{
	static const char *const names[] = {
	    [DUE_FINE] = "fine", [DUE_SOON] = "soon", [DUE_OVER] = "over"};

	return names[s];
}

static void judge(struct due_row *row, time_t now, long before)
{
	row->days = expiry_days(row->until, now);
	row->state = !row->until		  ? DUE_FINE
		     : row->until <= now	  ? DUE_OVER
		     : row->until - now <= before ? DUE_SOON
						  : DUE_FINE;
}

/* A mark or a status, by its own word: nothing is verified here. */
static bool take_jws(struct rd text, struct due_row *row, time_t now, long before)
{
	char typ[64];
	struct jws *j = NULL;
	time_t iat = 0;

	if (jws_peek_typ(text, typ, sizeof typ) != ECERT_OK)
		return false;
	row->kind = strcasecmp(typ, TRUST_MARK_TYP) ? DUE_STATUS : DUE_MARK;
	if ((row->kind == DUE_STATUS && strcasecmp(typ, TRUST_MARK_STATUS_TYP) != 0) ||
	    jws_parse(text, &(struct jws_rules){.typ = typ}, &j, NULL) != ECERT_OK)
		return false;
	(void)claim_text(j, row->kind == DUE_MARK ? "sub" : "iss", row->name, sizeof row->name);
	text_scrub(row->name);
	(void)jws_time(j, "exp", &row->until);
	(void)jws_time(j, "iat", &iat);
	if (row->kind == DUE_STATUS && !row->until)
		row->until = iat + TRUST_MARK_STATUS_MAX_AGE;
	judge(row, now, row->kind == DUE_MARK ? before : (row->until - iat) / 4);
	jws_free(&j);
	return true;
}

/* The first that is no CA's, or the first one: files bring the whole chain, in any order. */
static enum ecert_rc holder_of(const STACK_OF(X509) * list, struct identity *who)
{
	enum ecert_rc rc = identity_of(sk_X509_value(list, 0), who);

	for (int i = 1; rc == ECERT_OK && who->is_ca && i < sk_X509_num(list); i++)
		rc = identity_of(sk_X509_value(list, i), who);
	return rc == ECERT_OK && who->is_ca ? identity_of(sk_X509_value(list, 0), who) : rc;
}

static bool take_certificate(struct rd text, struct due_row *row, time_t now, long before)
{
	STACK_OF(X509) *list = sk_X509_new_null();
	struct identity *who = calloc(1, sizeof *who);
	const bool good = who && certfile_read(text, list) == ECERT_OK &&
			  holder_of(list, who) == ECERT_OK;

	if (good) {
		row->kind = DUE_CERTIFICATE;
		row->until = who->not_after;
		text_copy(row->name, sizeof row->name, who->user_name);
		text_scrub(row->name);
		judge(row, now, before);
	}
	free(who);
	sk_X509_pop_free(list, X509_free);
	return good;
}

/* found: in the folder, where other files may lie. */
static enum outcome look(
    const struct job *job, const char *file, bool found, long before, struct due_result *out)
{
	struct buf text = BUF_INIT(FILE_MAX);
	struct due_row row = {.until = 0};
	enum outcome code = OUT_OK;
	bool good = false;

	if (found)
		good = infile_read(file, &text) == ECERT_OK;
	else
		code = infile_load(job, file, &text);
	if (!code && (good || !found))
		good = take_jws(buf_view(&text), &row, job_now(job), before) ||
		       take_certificate(buf_view(&text), &row, job_now(job), before);
	buf_free(&text);
	if (!code && !good && !found)
		return ui_fail(job->ui, OUT_INPUT, "nothing-that-ends",
		    MSG("{file} is no trust mark, status or certificate", P_FILE("file", file)),
		    MSG("Name the mark, its status, or your certificate (PEM)."));
	if (code || !good || out->n == DUE_MAX)
		return code;
	row.file = strdup(file);
	if (!row.file)
		return ui_fail_rc(job->ui, ECERT_E_MEMORY, MSG("Cannot start: {why}"));
	out->v[out->n++] = row;
	return OUT_OK;
}

static enum outcome look_into(const struct job *job, long before, struct due_result *out)
{
	const char *place = config_folder("trustmark", out->folder, sizeof out->folder);
	DIR *d = place ? opendir(place) : NULL;
	enum outcome code = OUT_OK;
	const struct dirent *e;
	char path[PATH_MAX];

	if (!d && (!place || errno != ENOENT))
		return ui_fail(job->ui, OUT_IO, "folder-unreadable",
		    MSG("Cannot look into the folder {dir}: {why}",
			P_FILE("dir", place ? place : "~/.config/ecert/trustmark"),
			P_ERRNO("why", place ? errno : ENOENT)),
		    NULL);
	while (d && !code && (e = readdir(d)))
		if (e->d_name[0] != '.' &&
		    snprintf(path, sizeof path, "%s/%s", place, e->d_name) < (int)sizeof path)
			code = look(job, path, true, before, out);
	if (d)
		closedir(d);
	return code;
}

static int by_end(const void *a, const void *b)
{
	const struct due_row *x = a, *y = b;

	if (!x->until != !y->until)
		return x->until ? -1 : 1;
	return x->until == y->until ? strcmp(x->file, y->file) : x->until < y->until ? -1 : 1;
}

enum outcome trustmark_due(
    const struct job *job, const struct due_deed *deed, struct due_result *out)
{
	long before = (deed->days ? deed->days : DUE_DAYS) * DAY;
	enum outcome code = OUT_OK;

	*out = (struct due_result){.worst = DUE_FINE};
	if (deed->days < 0 || deed->days > 366)
		return ui_fail(job->ui, OUT_USAGE, "days-too-many",
		    MSG("--days is at most {max}", P_NUMBER("max", 366)), NULL);
	out->v = calloc(DUE_MAX, sizeof *out->v);
	if (!out->v)
		return ui_fail_rc(job->ui, ECERT_E_MEMORY, MSG("Cannot start: {why}"));
	for (size_t i = 0; !code && i < deed->files.n; i++)
		code = look(job, deed->files.v[i], false, before, out);
	if (!deed->files.n)
		code = look_into(job, before, out);
	qsort(out->v, out->n, sizeof *out->v, by_end);
	for (size_t i = 0; i < out->n; i++)
		if (out->v[i].state > out->worst)
			out->worst = out->v[i].state;
	return code;
}

void due_free(struct due_result *r)
{
	for (size_t i = 0; r->v && i < r->n; i++)
		free(r->v[i].file);
	free(r->v);
	r->v = NULL;
	r->n = 0;
}

/* ---- reminders ---- */

/* An hour is given, so that a timer that is a little early does not lose a day. */
#define LENIENT 3600L

bool due_wants_reminder(const struct job *job, const struct due_result *r)
{
	struct buf text = BUF_INIT(64);
	char path[PATH_MAX], said[32] = "";
	long least = 0, wait;
	time_t last;

	if (r->worst == DUE_FINE)
		return false;
	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].state != DUE_FINE) {
			least = r->v[i].days;
			break;
		}
	if (state_folder("reminded", path, sizeof path) && infile_read(path, &text) == ECERT_OK)
		(void)snprintf(said, sizeof said, "%.*s", (int)buf_len(&text),
		    (const char *)buf_view(&text).p);
	buf_free(&text);
	last = (time_t)strtoll(said, NULL, 10);
	wait = (least < 7 ? 1 : 7) * DAY - LENIENT;
	/* A clock that was set back does not silence it. */
	return last <= 0 || last > job_now(job) || job_now(job) - last >= wait;
}

enum outcome due_reminded(const struct job *job)
{
	char path[PATH_MAX], now[32];
	int n = snprintf(now, sizeof now, "%lld\n", (long long)job_now(job));

	if (!state_folder("reminded", path, sizeof path))
		return OUT_OK;
	return outfile_save(job, path, rd_of(now, (size_t)n), true);
}
