/* SPDX-License-Identifier: BSD-2-Clause */
/* Extending files, one after the other. */
#include "actions/extend/extend.h"

#include <stdlib.h>
#include <string.h>

#include "actions/beside.h"
#include "actions/extend/extending.h"

void extend_result_free(struct extend_result *r)
{
	for (size_t i = 0; i < r->n; i++) {
		free(r->files[i].written);
		free(r->files[i].why);
	}
	free(r->files);
	*r = (struct extend_result){.files = NULL};
}

/* One of several: its failure goes into its row. */
struct aside {
	const struct ui *real;
	struct ui ui;
	struct extend_why why;
};

static void keep_failure(void *ctx, const struct failure *f)
{
	struct aside *at = ctx;

	at->why = (struct extend_why){.code = f->code, .reason = f->reason};
	message_keep(&at->why.what, f->what);
	if (f->next)
		message_keep(&at->why.next, f->next);
}

static void pass_note(void *ctx, const struct message *m)
{
	const struct aside *at = ctx;

	ui_note(at->real, m);
}

static void pass_progress(void *ctx, const struct ui_progress *p)
{
	const struct aside *at = ctx;

	ui_progress(at->real, p);
}

static bool ask_cancelled(void *ctx)
{
	const struct aside *at = ctx;

	return ui_cancelled(at->real);
}

static const struct ui_calls calls = {.failed = keep_failure,
    .note = pass_note,
    .progress = pass_progress,
    .cancelled = ask_cancelled};

static enum outcome check(const struct job *job, const struct extend_deed *d,
    const struct strlist *files, enum doc_level *level)
{
	*level = d->level ? doc_level_named(d->level) : DOC_LEVEL_NONE;
	if (*level < DOC_LEVEL_T)
		return ui_fail(job->ui, OUT_USAGE, "level-malformed",
		    MSG(d->level ? MSG_ID("There is no level '{value}' to extend to")
				 : MSG_ID("There is nothing said about how far to extend"),
			P_TEXT("value", d->level)),
		    MSG("--level takes T (a time stamp), LT (and what its verification needs) or "
			"LTA (and a time stamp of all that)."));
	if (d->output && files->n > 1)
		return ui_fail(job->ui, OUT_USAGE, "output-for-many",
		    MSG("--output takes one file only"),
		    MSG("Leave it out: each file is replaced by what was made of it."));
	if (d->as.trust.at)
		return ui_fail(job->ui, OUT_USAGE, "option-means-nothing",
		    MSG("A signature is extended as of now, and --at says another time"),
		    MSG("Leave --at out."));
	if (d->output) {
		enum outcome code = outfile_vacant(job, d->output, d->force);

		if (code)
			return code;
	}
	return stamping_urls(job, &d->tsa);
}

static enum outcome one_of(
    struct extending *e, const struct job *job, size_t n, struct extend_result *r)
{
	struct extended_file *at = &r->files[r->n++];
	struct aside aside = {.real = job->ui, .ui = {&calls, &aside}};
	struct job alone = *job;
	enum outcome code;

	at->file = e->name;
	if (n > 1)
		alone.ui = &aside.ui;
	e->job = &alone;
	code = extend_one(e, at);
	if (!code && at->written && e->o->each)
		e->o->each(e->o->each_ctx, at->written);
	if (!code)
		return code;
	r->failed++;
	if (n == 1)
		return code;
	at->why = malloc(sizeof *at->why);
	if (at->why)
		*at->why = aside.why;
	ui_note(job->ui, MSG("Not extended: {why}", P_MSG("why", MSG_KEPT(&aside.why.what))));
	return OUT_OK;
}

/* It ends as the first one that was left alone did. */
static enum outcome sum_up(const struct job *job, const struct extend_result *r, size_t n)
{
	const struct extend_why *first = NULL;

	if (r->n < n)
		return ui_fail(job->ui, OUT_INTERRUPTED, "interrupted",
		    MSG_N("Stopped behind {n} of {all} files", "Stopped behind {n} of {all} files",
			r->n, P_NUMBER("all", n)),
		    MSG("Run the command again: what is extended stays so."));
	for (size_t i = 0; i < r->n && !first; i++)
		first = r->files[i].why;
	if (!r->failed)
		return OUT_OK;
	return ui_fail(job->ui, first ? first->code : OUT_INTERNAL,
	    first ? first->reason : "memory",
	    MSG_N("{n} of {all} files was left alone", "{n} of {all} files were left alone",
		r->failed, P_NUMBER("all", n)),
	    first && first->next.n ? MSG_KEPT(&first->next) : NULL);
}

/* Two names that are one document, as FILE and SIGNATURE in any order: which is which. */
static bool is_pair(const struct strlist *files, const char **content, const char **signature)
{
	bool second;

	if (files->n != 2 || !strcmp(files->v[0], files->v[1]) ||
	    !beside_is_pair(files->v[0], files->v[1]))
		return false;
	second = doc_extends_to(beside_kind_of(files->v[1])) != DOC_LEVEL_NONE;
	*content = files->v[second ? 0 : 1];
	*signature = files->v[second ? 1 : 0];
	return true;
}

enum outcome extend_files(const struct job *job, const struct extend_deed *deed,
    const struct strlist *named, struct extend_result *out)
{
	struct stamping stamps = {.job = job, .tsa = &deed->tsa};
	struct extending *e = calloc(1, sizeof *e);
	const char *of = NULL, *alone = NULL;
	const struct strlist one = {&alone, 1};
	const struct strlist *files = is_pair(named, &of, &alone) ? &one : named;
	struct reading bar;
	enum doc_level level = DOC_LEVEL_NONE;
	enum outcome code;

	*out = (struct extend_result){.files = calloc(files->n, sizeof *out->files)};
	code = e && out->files ? check(job, deed, files, &level)
			       : ui_fail_rc(job->ui, ECERT_E_MEMORY, MSG("Cannot start: {why}"));
	if (!code)
		code = verify_begin(job, &deed->as, &e->run);
	if (!code) {
		e->o = deed;
		e->level = level;
		e->stamps = &stamps;
		e->bar = &bar;
		e->of = of;
		for (size_t i = 0; !code && i < files->n && !ui_cancelled(job->ui); i++) {
			e->name = files->v[i];
			reading_begin(&bar, job->ui, e->name, i + 1, files->n);
			code = one_of(e, job, files->n, out);
			reading_over(&bar);
		}
		if (!code)
			code = sum_up(job, out, files->n);
		verify_end(&e->run);
	}
	free(e);
	return code;
}
