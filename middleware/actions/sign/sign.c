/* SPDX-License-Identifier: BSD-2-Clause */
/* Signing files: many with one PIN, each signature beside its file or inside of it. */
#include "actions/sign/sign.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "actions/beside.h"
#include "actions/sign/ahead.h"
#include "actions/sign/inside.h"
#include "actions/sign/sign_priv.h"
#include "actions/sign/stamping.h"

/* ---- the rows ---- */
enum outcome sign_keep(const struct job *job, const struct sign_deed *d, struct sign_result *r,
    size_t i, const char *path)
{
	struct signed_file *at = &r->files[i];

	at->signature = strdup(path);
	if (!at->signature)
		return ui_fail_rc(
		    job->ui, ECERT_E_MEMORY, MSG("Cannot remember the signature: {why}"));
	at->fate = SIGNED_NOW;
	r->done++;
	/* Of several in a container the last one tells of it. */
	if (d->each && (!d->container || r->done + r->passed == r->n))
		d->each(d->each_ctx, at);
	return OUT_OK;
}

static void keep_failure(void *ctx, const struct failure *f)
{
	struct sign_aside *at = ctx;

	at->why = (struct signed_why){.code = f->code, .reason = f->reason};
	message_keep(&at->why.what, f->what);
	if (f->next)
		message_keep(&at->why.next, f->next);
}

static void pass_note(void *ctx, const struct message *m)
{
	struct sign_aside *at = ctx;

	ui_note(at->real, m);
}

struct job sign_aside(const struct job *job, struct sign_aside *at)
{
	static const struct ui_calls calls = {.failed = keep_failure, .note = pass_note};
	struct job aside = *job;

	at->ui = (struct ui){&calls, at};
	at->real = job->ui;
	aside.ui = &at->ui;
	return aside;
}

enum outcome sign_lost(const struct job *job, const struct sign_deed *d, struct sign_result *r,
    size_t i, const struct signed_why *why, bool of_all)
{
	struct signed_file *at = &r->files[i];
	bool told = r->failed > 0 && !d->keep_going;

	at->fate = SIGNED_FAILED;
	at->why = malloc(sizeof *at->why);
	if (at->why)
		*at->why = *why;
	r->failed++;
	if (!told && (of_all || !d->keep_going))
		return ui_fail(job->ui, why->code, why->reason, MSG_KEPT(&why->what),
		    why->next.n ? MSG_KEPT(&why->next) : NULL);
	ui_note(job->ui, MSG("Not signed: {why}", P_MSG("why", MSG_KEPT(&why->what))));
	return OUT_OK;
}

/* ---- each of them ---- */
static size_t left(const struct sign_result *r)
{
	return r->n - r->done - r->passed - r->failed;
}

struct deed {
	const struct job *job;
	const struct sign_deed *o;
	struct signing *s;
	struct sign_item *items;
	struct sign_result *r;
};
typedef enum outcome step_fn(const struct deed *d, const struct job *job, size_t i);

/* Takes a step with each file that is still to be signed. */
static enum outcome each(const struct deed *d, step_fn *step)
{
	enum outcome code = OUT_OK;

	for (size_t i = 0; !code && i < d->r->n; i++) {
		struct sign_aside at = {.real = NULL};
		struct job aside = sign_aside(d->job, &at);

		if (d->r->files[i].fate != SIGNED_NOT)
			continue;
		code = step(d, d->o->keep_going ? &aside : d->job, i);
		if (code && d->o->keep_going)
			code = sign_lost(d->job, d->o, d->r, i, &at.why, false);
	}
	return code;
}

/* In a folder the signature of something else is left alone, and so is what has one inside of a
 * file that is there as well. */
static bool is_signature(const struct deed *d, size_t i)
{
	const char *file = d->r->files[i].file;
	char content[PATH_MAX];

	return d->r->names.v[i].folder &&
	       (beside_content_of(file, content) ||
		   (sign_file_of(file, content, sizeof content) && sign_is_version(file, content)));
}

static enum outcome check(const struct deed *d, const struct job *job, size_t i)
{
	struct signed_file *f = &d->r->files[i];

	if (!is_signature(d, i))
		return sign_check_file(job, d->o, f->file, &d->items[i]);
	ui_note(job->ui,
	    MSG("{file} is a signature, or another file that was signed, and is left alone",
		P_FILE("file", f->file)));
	f->fate = SIGNED_BEFORE;
	d->r->passed++;
	return OUT_OK;
}

static enum outcome look(const struct deed *d, const struct job *job, size_t i)
{
	if (ui_cancelled(d->job->ui))
		return OUT_OK;
	return sign_look(job, d->s, d->o, &d->items[i], d->r, i);
}

static enum outcome prepare(const struct deed *d, const struct job *job, size_t i)
{
	return sign_prepare(job, d->s, d->o, d->r->files[i].file, &d->items[i]);
}

/* What reads the files starts while the token is read. */
static void get_ready(const struct deed *d)
{
	for (size_t i = 0; i < d->r->n; i++)
		if (d->r->files[i].fate == SIGNED_NOT && d->items[i].inside &&
		    d->items[i].format->ready)
			d->items[i].format->ready(AHEAD_NICE);
}

/* ---- the whole ---- */
/* The signatures are there, and good; what was asked for is not complete. */
static enum outcome unstamped(const struct job *job, size_t missing, size_t n)
{
	return ui_fail(job->ui, OUT_IO, "time-stamp-missing",
	    MSG_N("{n} of {all} signatures has no time stamp: no TSA gave one",
		"{n} of {all} signatures have no time stamp: no TSA gave one", missing,
		P_NUMBER("all", n)),
	    MSG("They are written, and valid without; ecert extend --level T adds one when a TSA "
		"answers."));
}

/* The person is told what the PIN is for. */
static enum outcome log_in(struct signing *s, const struct sign_result *r)
{
	size_t n = left(r), i = 0;
	const char *base;

	while (r->files[i].fate != SIGNED_NOT)
		i++;
	base = strrchr(r->files[i].file, '/');
	base = base ? base + 1 : r->files[i].file;
	if (n == 1)
		return signing_login(s, MSG("to sign {file}", P_FILE("file", base)));
	return signing_login(
	    s, MSG_N("to sign {file} and {n} other file", "to sign {file} and {n} other files",
		   n - 1, P_FILE("file", base)));
}

/* A key that wants the PIN for each signature has it from what was typed once; on the reader's pad
 * it is typed each time. */
static void tell_entries(const struct signing *s, size_t n)
{
	if (s->key.always && !s->p11.pin.text)
		ui_note(s->p11.job->ui,
		    MSG_N("This key wants the PIN for each signature: enter it on the keypad of "
			  "the reader once more.",
			"This key wants the PIN for each signature: enter it on the keypad of the "
			"reader {n} times more.",
			n));
}

/* Before the PIN, with the token's certificate. */
static enum outcome look_at_all(const struct deed *d)
{
	enum outcome code = d->o->skip_signed ? each(d, look) : OUT_OK;

	if (!code && left(d->r) <= SIGN_LOOKED_AT)
		code = each(d, prepare);
	return code;
}

/* How far it came, in words. */
static enum outcome ended(const struct deed *d, enum outcome code, bool stopped)
{
	const struct sign_result *r = d->r;

	if (!code && stopped)
		return ui_fail(d->job->ui, OUT_INTERRUPTED, "interrupted",
		    MSG_N("Stopped when {n} of {all} files was signed",
			"Stopped when {n} of {all} files were signed", r->done,
			P_NUMBER("all", r->n - r->passed)),
		    MSG("The same command with --resume goes on with those that are not."));
	if (r->n - r->passed > 1)
		ui_note(d->job->ui, MSG_N("       {n} of {all} files was signed before that.",
					"       {n} of {all} files were signed before that.",
					r->done, P_NUMBER("all", r->n - r->passed)));
	if (r->done)
		ui_note(d->job->ui,
		    MSG("       The same command with --resume goes on with those that are not."));
	return code;
}

/* With others that went on: how many are what, and as what the first of them failed. */
static enum outcome sum_up(const struct deed *d)
{
	const struct sign_result *r = d->r;
	size_t i = 0;

	if (d->o->recursive || d->o->skip_signed || d->o->keep_going)
		ui_note(d->job->ui,
		    MSG_N("{n} file signed, {passed} passed over, {failed} failed",
			"{n} files signed, {passed} passed over, {failed} failed", r->done,
			P_NUMBER("passed", r->passed), P_NUMBER("failed", r->failed)));
	if (r->left_out)
		ui_note(d->job->ui,
		    MSG_N("Note: {n} link or special file in the folders was left out.",
			"Note: {n} links and special files in the folders were left out.",
			r->left_out));
	if (!r->failed)
		return OUT_OK;
	while (r->files[i].fate != SIGNED_FAILED)
		i++;
	return ui_fail(d->job->ui, r->files[i].why ? r->files[i].why->code : OUT_INTERNAL,
	    "batch-incomplete",
	    MSG_N("{n} of {all} files is not signed", "{n} of {all} files are not signed",
		r->failed, P_NUMBER("all", r->n)),
	    MSG("Put right what is said of each, and run the same command with --resume."));
}

static enum outcome sign_them(const struct deed *d)
{
	size_t missing = 0;
	bool stopped = false;
	enum outcome code;

	if (d->o->container) {
		code = sign_container(d->job, d->s, d->o, d->r, &missing);
		return !code && missing ? unstamped(d->job, missing, 1) : code;
	}
	code = sign_run(d->job, d->s, d->o, d->items, d->r, &missing, &stopped);
	if (code || stopped)
		return ended(d, code, stopped);
	code = sum_up(d);
	return !code && missing ? unstamped(d->job, missing, d->r->n) : code;
}

static enum outcome with_token(const struct deed *d)
{
	enum outcome code;

	get_ready(d);
	code = signing_begin(d->job, &d->o->key, d->s);
	if (!code)
		code = look_at_all(d);
	if (code)
		return code;
	if (d->o->skip_signed && ui_cancelled(d->job->ui))
		return ended(d, code, true);
	d->r->signer = d->s->chosen->who;
	d->r->algorithm = doc_sig_name(d->s->alg);
	if (left(d->r))
		code = log_in(d->s, d->r);
	d->r->began = !code;
	if (!code && left(d->r))
		tell_entries(d->s, left(d->r));
	return code ? code : sign_them(d);
}

/* Fills the rows. */
static enum outcome list(const struct job *job, const struct sign_deed *o,
    const struct strlist *files, struct sign_result *r)
{
	bool together = o->recursive || o->skip_signed;
	enum outcome code = together ? named_files_list(job, files, o->recursive, &r->names)
				     : named_files_each(job, files, &r->names);

	if (code)
		return code;
	if (together)
		named_files_settle(&r->names);
	r->left_out = r->names.left_out;
	r->files = calloc(r->names.n + 1, sizeof *r->files);
	if (!r->files)
		return ui_fail_rc(job->ui, ECERT_E_MEMORY, MSG("Cannot sign: {why}"));
	for (; r->n < r->names.n; r->n++)
		r->files[r->n].file = r->names.v[r->n].path;
	return OUT_OK;
}

static void forget(struct sign_item *items, size_t n)
{
	for (size_t i = 0; items && i < n; i++)
		if (items[i].ready)
			items[i].format->forget(&items[i].ready);
	free(items);
}

enum outcome sign_files(const struct job *job, const struct sign_deed *o,
    const struct strlist *files, struct sign_result *out)
{
	struct signing s = {.certs = NULL};
	struct deed d = {.job = job, .o = o, .s = &s, .r = out};
	enum outcome code;

	*out = (struct sign_result){.files = NULL};
	code = list(job, o, files, out);
	if (!code)
		code = sign_check_options(job, o, out->n);
	if (!code)
		code = stamping_check(job, o);
	d.items = code ? NULL : calloc(out->n + 1, sizeof *d.items);
	if (!code && !d.items)
		code = ui_fail_rc(job->ui, ECERT_E_MEMORY, MSG("Cannot sign: {why}"));
	if (!code)
		code = each(&d, check);
	if (!code)
		code = o->container ? sign_container_check(job, o, out)
				    : sign_check_twice(job, out);
	if (!code && !left(out) && !out->failed)
		code = ui_fail(job->ui, OUT_INPUT, "no-files",
		    MSG("There is no file in the folders"),
		    MSG("Check that it is the right folder."));
	else if (!code && !left(out))
		code = sum_up(&d);
	else if (!code)
		code = with_token(&d);
	signing_end(&s);
	forget(d.items, out->n);
	return code;
}

void sign_result_free(struct sign_result *r)
{
	for (size_t i = 0; i < r->n; i++) {
		free(r->files[i].signature);
		free(r->files[i].why);
	}
	free(r->files);
	named_files_free(&r->names);
	*r = (struct sign_result){.files = NULL};
}
