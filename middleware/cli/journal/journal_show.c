/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert journal show, export: what is on record, for people and for programs. */
#include <stdio.h>
#include <string.h>

#include "actions/journal/rows.h"
#include "actions/journal/show.h"
#include "actions/trustopts.h"
#include "cli/journal/journal.h"
#include "cli/language.h"
#include "cli/terminal.h"

static enum outcome written(const struct cli *c)
{
	if (!fflush(stdout) && !ferror(stdout))
		return OUT_OK;
	return ui_fail(c->job.ui, OUT_IO, "output-unwritable",
	    MSG("Cannot write to standard output"), MSG("Check where the output goes."));
}

/* ---- show ---- */

#define HASH_OF                                                                                    \
	"what the key was given to sign; for a .p7s those are its signed attributes, which hold "  \
	"the file's hash"

/* One run. It is one document: once it is begun, an error is told on standard error alone. */
struct shower {
	struct cli told; /* how errors are told */
	struct ui ui;
	bool json;
	size_t n;
};

static void begin(struct shower *s, const struct cli *c)
{
	s->n = 0;
	s->json = c->json;
	cli_for_people(c, &s->told, &s->ui);
	s->told.json = c->json;
}

static long long number(const json_t *o, const char *name)
{
	return (long long)json_integer_value(json_object_get(o, name));
}

/* The outcome of an operation, how it came to that, and in which words. */
struct how {
	const char *word; /* an id; "" for what has no outcome */
	bool failed;
	enum ecert_rc rc;
	const char *unknown; /* a code that is none of ours */
};

static struct how how_it_ended(const json_t *row)
{
	struct how h = {.word = "", .unknown = journal_row_text(row, "rc")};

	/* An operation whose outcome nobody wrote down. */
	if (!*h.unknown)
		h.word = json_object_get(row, "pid") ? MSG_ID("unknown") : "";
	if (!*h.unknown)
		return h;
	for (int i = 0; i < ECERT_RC_COUNT; i++)
		if (!strcmp(h.unknown, ecert_rc_name((enum ecert_rc)i))) {
			h.rc = (enum ecert_rc)i;
			h.unknown = NULL;
			break;
		}
	h.failed = h.unknown || h.rc != ECERT_OK;
	h.word = h.failed ? MSG_ID("failed") : MSG_ID("ok");
	return h;
}

/* So many columns wide, and a blank; at most cap bytes of it. */
static void cell(const char *s, int columns, size_t cap)
{
	char shown[256];
	int rest;

	snprintf(shown, sizeof shown, "%.*s", (int)cap, s);
	text_mask(shown);
	rest = columns - language_columns(shown);
	printf("%s%*s ", shown, rest > 0 ? rest : 0, "");
}

static void put(const struct message *m)
{
	char *words = cli_words(m);

	fputs(words ? words : m->id, stdout);
	message_free(words);
}

/* The program, or why it cannot be named and what was seen. */
static void show_who(const json_t *row)
{
	const char *exe = journal_row_text(row, "exe"), *unsure = journal_row_text(row, "unsure");

	put(MSG(*unsure ? MSG_ID("{program} (pid {pid}, uid {uid}, {why}: {seen} was seen)")
			: MSG_ID("{program} (pid {pid}, uid {uid})"),
	    P_TEXT("program", *exe ? exe : "?"), P_NUMBER("pid", number(row, "pid")),
	    P_NUMBER("uid", number(row, "uid")), P_TEXT("why", unsure),
	    P_TEXT("seen", journal_row_text(row, "seen"))));
}

/* The record has UTC and milliseconds: people read it like all other times. */
static void show_moment(const char *at)
{
	char seconds[24], *words;
	time_t t;

	snprintf(seconds, sizeof seconds, "%.19sZ", at);
	words = time_parse(seconds, &t) != ECERT_OK ? NULL
						    : cli_words(MSG(TEXT, P_TIME("text", t)));
	cell(words ? words : at, 23, 64);
	message_free(words);
	putchar(' ');
}

/* In front of the first row, so that a journal that cannot be read is an error and nothing else. */
static void show_head(struct shower *s)
{
	static const struct {
		const char *word;
		int columns;
	} head[] = {{MSG_ID("TIME"), 24}, {MSG_ID("WHAT"), 13}, {MSG_ID("KEY"), 4},
	    {MSG_ID("TOKEN"), 14}, {MSG_ID("OUTCOME"), 7}, {MSG_ID("SIGNED HASH"), 16}};

	s->told.json = false;
	if (s->json) {
		fputs("{\"hash_of\": \"" HASH_OF "\",\n\"operations\": [", stdout);
		return;
	}
	if (s->told.quiet)
		return;
	for (size_t i = 0; i < sizeof head / sizeof head[0]; i++)
		cell(language_of(head[i].word), head[i].columns, 64);
	puts(language_of(MSG_ID("WHO")));
}

static void show_row(void *arg, const json_t *row)
{
	struct shower *s = arg;
	const char *hash = journal_row_text(row, "hash");
	struct how how = how_it_ended(row);

	if (!s->n)
		show_head(s);
	if (s->json) {
		fputs(s->n++ ? ",\n" : "\n", stdout);
		(void)cli_json_write(row, JSON_COMPACT | JSON_PRESERVE_ORDER);
		return;
	}
	s->n++;
	show_moment(journal_row_text(row, "at"));
	cell(journal_row_text(row, "what"), 13, 64);
	cell(journal_row_text(row, "key"), 4, 64);
	cell(journal_row_text(row, "serial"), 14, 64);
	cell(*how.word ? language_of(how.word) : "", 7, 64);
	cell(*hash ? hash : journal_row_text(row, "input"), 16, 16);
	if (json_object_get(row, "pid"))
		show_who(row);
	if (json_object_get(row, "count")) {
		put(MSG(": {n} requests, the last one {what}", P_NUMBER("n", number(row, "count")),
		    P_TEXT("what", journal_row_text(row, "asked"))));
	}
	if (how.failed)
		put(MSG(": {why}", P_MSG("why", how.unknown ? MSG_TEXT(how.unknown)
							    : MSG(TEXT, P_RC("text", how.rc)))));
	putchar('\n');
}

enum outcome cmd_journal_show(struct cli *c, void *params, const struct strlist *args)
{
	struct shower s;
	enum outcome code;

	(void)args;
	begin(&s, c);
	code = journal_show(&s.told.job, params, show_row, &s);
	if (!code && !s.n && !s.json)
		ui_note(c->job.ui, MSG("Nothing is on record there."));
	if (s.json && (!code || s.n)) {
		if (!s.n)
			show_head(&s);
		fputs("\n]}\n", stdout);
	}
	return code ? code : written(c);
}

/* ---- export ---- */

static bool export_line(void *arg, struct rd line)
{
	struct shower *s = arg;
	json_t *o;

	if (!s->json) {
		fwrite(line.p, 1, line.n, stdout);
		return putchar('\n') != EOF;
	}
	fputs(s->n++ ? ",\n" : "\n", stdout);
	o = journal_row_read(line);
	if (!o)
		o = json_pack("{s:b}", "unreadable", 1);
	(void)cli_json_write(o, JSON_COMPACT | JSON_PRESERVE_ORDER);
	json_decref(o);
	return !ferror(stdout);
}

enum outcome cmd_journal_export(struct cli *c, void *params, const struct strlist *args)
{
	const struct journal_show_deed *o = params;
	struct shower s;
	struct journal_judged j;
	json_t *report;
	enum outcome code = journal_judge(&c->job, o->state, rd_of(NULL, 0), &j);

	(void)args;
	if (code)
		return code;
	begin(&s, c);
	s.told.json = false;
	if (s.json) {
		report = journal_report_json(&j);
		fputs("{\"verified\": ", stdout);
		(void)cli_json_write(report, JSON_COMPACT | JSON_PRESERVE_ORDER);
		fputs(",\n\"records\": [", stdout);
		json_decref(report);
	}
	code = journal_lines(&s.told.job, &j, export_line, &s);
	if (s.json)
		fputs("\n]}\n", stdout);
	if (!code)
		code = written(c);
	/* Its readers have to know, but they get it all. */
	return code ? code : journal_tell(&s.told.job, &j);
}
