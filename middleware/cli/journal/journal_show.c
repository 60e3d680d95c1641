/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert journal show, export: what is on record, for people and for programs. */
#include <stdio.h>
#include <string.h>

#include "cli/journal/journal.h"

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

struct shower {
	const struct cli *c;
	size_t n;
};

static const char *text(const json_t *o, const char *name)
{
	const char *s = json_string_value(json_object_get(o, name));

	return s ? cli_clean(s) : "";
}

/* "ok", "unknown" for an operation whose outcome nobody wrote down, else why it failed. */
static const char *outcome(const json_t *row)
{
	const char *rc = text(row, "rc");

	if (!*rc)
		return json_object_get(row, "pid") ? "unknown" : "";
	for (int i = 0; i < ECERT_RC_COUNT; i++)
		if (!strcmp(rc, ecert_rc_name((enum ecert_rc)i)))
			return i ? ecert_strerror((enum ecert_rc)i) : "ok";
	return rc;
}

/* The program, or why it cannot be named and what was seen. */
static void show_who(const json_t *row)
{
	printf("%s (pid %lld, uid %lld", *text(row, "exe") ? text(row, "exe") : "?",
	    (long long)json_integer_value(json_object_get(row, "pid")),
	    (long long)json_integer_value(json_object_get(row, "uid")));
	if (*text(row, "unsure")) {
		printf(", %s", text(row, "unsure"));
		printf(": %s was seen", text(row, "seen"));
	}
	putchar(')');
}

/* The record has UTC and milliseconds: people read it like all other times. */
static const char *moment(const char *at)
{
	char seconds[24];
	time_t t;

	snprintf(seconds, sizeof seconds, "%.19sZ", at);
	return time_parse(seconds, &t) ? at : cli_time(t);
}

/* In front of the first row, so that a journal that cannot be read is an error and nothing else. */
static void show_head(const struct shower *s)
{
	if (!s->n)
		fputs("{\"hash_of\": \"" HASH_OF "\",\n\"operations\": [", stdout);
}

static void show_row(void *arg, const json_t *row)
{
	struct shower *s = arg;
	const char *hash = text(row, "hash"), *result = outcome(row);
	bool good = !strcmp(result, "ok");

	if (s->c->json) {
		show_head(s);
		fputs(s->n++ ? ",\n" : "\n", stdout);
		(void)cli_json_write(row, JSON_COMPACT | JSON_PRESERVE_ORDER);
		return;
	}
	if (!s->n++)
		cli_say(s->c, "%-23s  %-13s %-3s %-14s %-7s %-16s %s", "TIME", "WHAT", "KEY",
		    "TOKEN", "OUTCOME", "SIGNED HASH", "WHO");
	if (!*hash)
		hash = text(row, "input");
	printf("%-23s  %-13s %-3s %-14s %-7s %-16.16s ", moment(text(row, "at")), text(row, "what"),
	    text(row, "key"), text(row, "serial"),
	    good || !strcmp(result, "unknown") || !*result ? result : "failed", hash);
	if (json_object_get(row, "pid"))
		show_who(row);
	if (json_object_get(row, "count"))
		printf(": %lld requests, the last one %s",
		    (long long)json_integer_value(json_object_get(row, "count")),
		    text(row, "asked"));
	if (*result && !good && strcmp(result, "unknown"))
		printf(": %s", result);
	putchar('\n');
}

/* As the records have it: text compares as time does. */
static enum outcome since(const struct cli *c, const char *asked, char out[32])
{
	time_t t;
	struct tm tm;

	out[0] = 0;
	if (!asked)
		return OUT_OK;
	if (time_parse(asked, &t) || !gmtime_r(&t, &tm))
		return ui_fail(c->job.ui, OUT_USAGE, "time-malformed",
		    MSG("'{asked}' is no time", P_TEXT("asked", asked)),
		    MSG("It is like 2026-11-21T12:00:00Z, or seconds since 1970."));
	strftime(out, 32, "%Y-%m-%dT%H:%M:%S", &tm);
	return OUT_OK;
}

enum outcome journal_show(struct cli *c, void *params, const struct strlist *args)
{
	const struct journal_show_params *o = params;
	struct shower s = {.c = c};
	char dir[4096], from[32];
	enum ecert_rc rc;
	enum outcome code = since(c, o->since, from);

	(void)args;
	if (!code)
		code = journal_where(c, o->state, dir, sizeof dir);
	if (code)
		return code;
	rc = journal_rows(dir, from, c->job.token, show_row, &s);
	if (c->json && (!rc || s.n)) {
		show_head(&s);
		fputs("\n]}\n", stdout);
	}
	if (!rc && !s.n && !c->json)
		ui_note(c->job.ui, MSG("Nothing is on record there."));
	/* One document: behind the rows an error is told on standard error alone. */
	code = s.n ? cli_fail_rc_people(
			 c, rc, MSG("Cannot read the journal in {dir}: {why}", P_TEXT("dir", dir)))
		   : ui_fail_rc(c->job.ui, rc,
			 MSG("Cannot read the journal in {dir}: {why}", P_TEXT("dir", dir)));
	return code ? code : written(c);
}

/* ---- export ---- */

static bool export_line(void *arg, struct rd line)
{
	struct shower *s = arg;
	json_t *o;

	if (!s->c->json) {
		fwrite(line.p, 1, line.n, stdout);
		return putchar('\n') != EOF;
	}
	fputs(s->n++ ? ",\n" : "\n", stdout);
	o = json_loadb((const char *)line.p, line.n, 0, NULL);
	if (!json_is_object(o)) {
		json_decref(o);
		o = json_pack("{s:b}", "unreadable", 1);
	}
	(void)cli_json_write(o, JSON_COMPACT | JSON_PRESERVE_ORDER);
	json_decref(o);
	return !ferror(stdout);
}

enum outcome journal_export(struct cli *c, void *params, const struct strlist *args)
{
	const struct journal_show_params *o = params;
	struct shower s = {.c = c};
	struct journal_report r;
	json_t *report;
	char dir[4096];
	enum ecert_rc rc;
	enum outcome code = journal_where(c, o->state, dir, sizeof dir);

	(void)args;
	if (code)
		return code;
	rc = journal_judge(dir, rd_of(NULL, 0), &r);
	if (rc && rc != ECERT_E_BAD_SIGNATURE)
		return journal_tell(c, dir, rc, &r);
	if (c->json) {
		report = journal_report_json(dir, &r);
		fputs("{\"verified\": ", stdout);
		(void)cli_json_write(report, JSON_COMPACT | JSON_PRESERVE_ORDER);
		fputs(",\n\"records\": [", stdout);
		json_decref(report);
	}
	code = cli_fail_rc_people(
	    c, journal_each(dir, export_line, &s), MSG("Cannot read the journal: {why}"));
	if (c->json)
		fputs("\n]}\n", stdout);
	if (!code)
		code = written(c);
	/* Its readers have to know, but they get it all. */
	return code ? code : journal_tell_people(c, dir, rc, &r);
}
