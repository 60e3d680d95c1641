/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert verify of many: a line for each, then how many of which. */
#include "cli/verify/many.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions/verify/many.h"
#include "actions/beside.h"
#include "cli/language.h"
#include "cli/terminal.h"
#include "cli/verify/report.h"
#include "cli/verify/verify.h"

/* The parts of a document. */
enum { LINE, ROW, DETAILS };

struct showing {
	const struct cli *c;
	struct report_page *page; /* NULL: none is wanted */
	bool unwritable;
};

bool many_wanted(const struct many_options *o, const struct strlist *files)
{
	return o->recursive || o->json_lines || o->report || files->n > 2 ||
	       (files->n == 2 && !beside_is_pair(files->v[0], files->v[1]));
}

static void put_words(struct buf *out, const char *before, const struct message *m)
{
	char *words = cli_words(m);

	buf_str(out, before);
	buf_str(out, words ? words : m->id);
	buf_str(out, "\n");
	message_free(words);
}

/* Who signed it, where one did. */
static const char *signer(const struct verified *r)
{
	const struct identity *who = NULL;

	if (r->kind == VERIFY_SIGNATURE && r->signature && r->signature->n == 1)
		who = &r->signature->signer[0].who;
	if (r->kind == VERIFY_RENEWAL && r->renewal)
		who = &r->renewal->who;
	if (r->kind == VERIFY_COUNTERPARTY && r->counterparty)
		who = &r->counterparty->who;
	return who && who->name[0] ? who->name : NULL;
}

static void line_for_people(const struct cli *c, const struct verify_item *item, struct buf *out)
{
	const char *name = item->code ? NULL : signer(item->done), *but;

	if (item->code) {
		put_words(out, "", MSG_KEPT(&item->what));
		if (item->next.n)
			put_words(out, "    ", MSG_KEPT(&item->next));
	} else if (!c->quiet) {
		put_words(out, "",
		    MSG(name ? MSG_ID("{file}: valid, signed by {name}") : MSG_ID("{file}: valid"),
			P_FILE("file", item->file), P_TEXT("name", name)));
		for (size_t i = 0; (but = verified_but(item->done, i)); i++)
			put_words(out, "    ", MSG("But: {what}", P_WORD("what", but)));
	}
}

static json_t *object_of(const struct verify_item *item)
{
	char *what, *next;
	json_t *o;

	if (item->done)
		return verify_json(item->done);
	/* Programs read English. */
	what = message_string(MSG_KEPT(&item->what), NULL);
	next = item->next.n ? message_string(MSG_KEPT(&item->next), NULL) : NULL;
	o = cli_error_object(item->code, item->reason, what ? what : "", next);
	if (o)
		(void)json_object_set_new(o, "file", cli_json_file(item->file));
	message_free(what);
	message_free(next);
	return o;
}

static void line_for_programs(const struct verify_item *item, struct buf *out)
{
	json_t *o = object_of(item);
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);
	bool bad = !f || cli_json_print(f, o, JSON_COMPACT | JSON_PRESERVE_ORDER);

	if (f)
		bad = fclose(f) || bad;
	if (bad)
		buf_fail(out, ECERT_E_MEMORY);
	else
		buf_put(out, text, n);
	free(text);
	json_decref(o);
}

static void word(void *ctx, const struct verify_item *item, struct buf part[VERIFY_PARTS])
{
	const struct showing *s = ctx;

	if (s->c->json)
		line_for_programs(item, &part[LINE]);
	else
		line_for_people(s->c, item, &part[LINE]);
	if (s->page)
		report_word(item, &part[ROW], &part[DETAILS]);
}

static bool take(void *ctx, const struct rd part[VERIFY_PARTS])
{
	struct showing *s = ctx;

	language_bytes(s->c->json);
	if (part[LINE].n && fwrite(part[LINE].p, 1, part[LINE].n, stdout) != part[LINE].n)
		s->unwritable = true;
	language_bytes(false);
	if (s->page)
		report_take(s->page, part[ROW], part[DETAILS]);
	return !s->unwritable;
}

static void rest(void *ctx)
{
	struct showing *s = ctx;

	language_bytes(s->c->json);
	s->unwritable = fflush(stdout) || s->unwritable;
	language_bytes(false);
}

static void anchor(void *ctx, const struct verify_anchor *a)
{
	struct showing *s = ctx;

	report_anchor(s->page, a);
}

static json_t *sum_object(const struct verify_sum *sum)
{
	return json_pack("{s:{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:s, s:i}}", "summary", "files",
	    (json_int_t)sum->files, "passed", (json_int_t)sum->passed, "indeterminate",
	    (json_int_t)sum->indeterminate, "failed", (json_int_t)sum->failed, "not_verified",
	    (json_int_t)sum->unjudged, "left_out", (json_int_t)sum->left_out, "not_asked",
	    (json_int_t)sum->not_asked, "code", exit_row(sum->worst)->name, "exit",
	    (int)sum->worst);
}

static enum outcome sum_up(const struct cli *c, const struct verify_sum *sum)
{
	json_t *o = c->json ? sum_object(sum) : NULL;
	bool bad = c->json && cli_json_write(o, JSON_COMPACT | JSON_PRESERVE_ORDER);

	json_decref(o);
	if (sum->left_out)
		ui_note(c->job.ui,
		    MSG_N("Note: {n} link or special file in the folders was left out.",
			"Note: {n} links and special files in the folders were left out.",
			sum->left_out));
	if (sum->not_asked)
		ui_note(c->job.ui,
		    MSG_N("Note: {n} request was not made, since the limit of this run is used up: "
			  "--online-limit raises it.",
			"Note: {n} requests were not made, since the limit of this run is used up: "
			"--online-limit raises it.",
			sum->not_asked));
	cli_tell(c,
	    MSG_N("{n} document: {passed} valid, {unsure} cannot be called valid, {failed} not "
		  "valid, {rest} not verified",
		"{n} documents: {passed} valid, {unsure} cannot be called valid, {failed} not "
		"valid, {rest} not verified",
		sum->files, P_NUMBER("passed", sum->passed), P_NUMBER("unsure", sum->indeterminate),
		P_NUMBER("failed", sum->failed), P_NUMBER("rest", sum->unjudged)));
	return bad ? cli_fail_people(c, OUT_IO, "output-unwritable",
			 MSG("Cannot write the answer to standard output"),
			 MSG("Check where the output goes."))
		   : OUT_OK;
}

enum outcome many_jobs(const struct cli *c, const char *text, long *jobs)
{
	char *end;

	*jobs = 0;
	if (!text)
		return OUT_OK;
	errno = 0;
	*jobs = strtol(text, &end, 10);
	if (!errno && end != text && !*end && *jobs >= 1 && *jobs <= 64)
		return OUT_OK;
	return ui_fail(c->job.ui, OUT_USAGE, "jobs-malformed",
	    MSG("--jobs takes a number from 1 to {max}, not '{value}'", P_NUMBER("max", 64),
		P_TEXT("value", text)),
	    NULL);
}

static enum outcome check(const struct cli *c, const struct many_options *o)
{
	if (c->json && !c->json_lines)
		return ui_fail(c->job.ui, OUT_USAGE, "json-of-many",
		    MSG("--json answers with one document, and there may be several here"),
		    MSG("Say --json-lines: a document a line."));
	if (o->force && !o->report)
		return ui_fail(c->job.ui, OUT_USAGE, "report-missing",
		    MSG("--force is about the report, and none is named"),
		    MSG("Name it: --report FILE."));
	return OUT_OK;
}

/* Nothing that was looked at is nothing to rely on. */
static enum outcome nothing(const struct cli *c)
{
	return ui_fail(c->job.ui, OUT_INPUT, "no-files", MSG("There is no file in the folders"),
	    MSG("Check that it is the right folder."));
}

enum outcome many_run(struct cli *c, const struct verify_deed *deed, const struct many_options *o,
    const struct strlist *files)
{
	struct showing s = {.c = c};
	struct verify_sum sum;
	struct verify_batch b = {.names = files,
	    .recursive = o->recursive,
	    .jobs = o->jobs,
	    .word = word,
	    .take = take,
	    .rest = rest,
	    .ctx = &s};
	enum outcome code, told;

	if (o->json_lines)
		c->json = c->json_lines = true;
	code = check(c, o);
	if (!code && o->report) {
		code = report_begin(c, o->report, o->force, &s.page);
		b.anchor = anchor;
		b.bytes = true;
		b.report = o->report;
	}
	if (!code)
		code = verify_many(&c->job, deed, &b, &sum);
	if (!code && !sum.files)
		code = nothing(c);
	else if (!code && !s.unwritable) {
		told = sum_up(c, &sum);
		code = s.page ? report_end(c, s.page, &sum) : OUT_OK;
		code = code ? code : told ? told : sum.worst;
	} else if (!code)
		code = sum.worst;
	report_free(&s.page);
	return code;
}
