/* SPDX-License-Identifier: BSD-2-Clause */
/* How the command line speaks: errors in one sentence with the next step, notes, JSON. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions/answer.h"
#include "cli/cli.h"
#include "cli/language.h"
#include "cli/terminal.h"
#include "util/hex.h"
#include "util/text.h"

const char *cli_clean(const char *s, char out[CLI_CLEAN])
{
	text_copy(out, CLI_CLEAN, s ? s : "");
	text_mask(out);
	return out;
}

const char *cli_time(time_t t, char out[CLI_TIME])
{
	char zone[16];
	struct tm tm;

	tzset(); /* localtime_r need not (POSIX) */
	if (!localtime_r(&t, &tm) || !strftime(zone, sizeof zone, "%Z", &tm))
		return "?";
	(void)strftime(out, CLI_TIME,
	    !strcmp(zone, "UTC") ? "%Y-%m-%d %H:%M:%S %Z" : "%Y-%m-%d %H:%M:%S %Z (%z)", &tm);
	return out;
}

json_t *cli_error_object(
    enum outcome code, const char *reason, const char *message, const char *hint)
{
	const struct exit_row *row = exit_row(code);
	json_t *o = json_pack("{s:{s:s, s:i, s:o, s:o}}", "error", "code", row->name, "exit",
	    (int)row->code, "message", cli_json_text(message), "hint",
	    cli_json_text(hint ? hint : ""));

	if (o && reason)
		(void)json_object_set_new(
		    json_object_get(o, "error"), "reason", json_string(reason));
	return o;
}

void cli_json_error(const struct cli *c, enum outcome code, const char *reason, const char *message,
    const char *hint)
{
	json_t *o, *done;

	if (!c || !c->json)
		return;
	o = cli_error_object(code, reason, message, hint);
	done = c->done ? c->done(c->done_ctx) : NULL;
	if (o && done)
		(void)json_object_update_missing(o, done);
	json_decref(done);
	if (o)
		(void)cli_json_write(o, c->json_lines ? JSON_COMPACT : JSON_INDENT(2));
	(void)fflush(stdout);
	json_decref(o);
}

/* Takes no memory that could be short: it may be just that which is told. */
void cli_told(const char *message, const char *next)
{
	char shown[CLI_CLEAN];

	(void)fflush(stdout);
	fprintf(stderr, "ecert: %s%s\n", cli_clean(message, shown), language_of(MSG_ID(".")));
	if (next && *next)
		fprintf(stderr, "       %s\n", cli_clean(next, shown));
}

/* One line, whatever text from outside is in it. */
static void put_line(FILE *f, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
static void put_line(FILE *f, const char *fmt, va_list ap)
{
	char *line = NULL;

	if (vasprintf(&line, fmt, ap) < 0)
		return;
	text_mask(line);
	fprintf(f, "%s\n", line);
	free(line);
}

void cli_say(const struct cli *c, const char *fmt, ...)
{
	va_list ap;

	if (c->quiet || c->json)
		return;
	va_start(ap, fmt);
	put_line(stdout, fmt, ap);
	va_end(ap);
}

void cli_row(const struct cli *c, int columns, const char *label, const struct message *value)
{
	const char *shown = language_of(label);
	int rest = columns - language_columns(shown);
	char *words;

	if (c->quiet || c->json)
		return;
	words = cli_words(value);
	printf("%s%*s%s\n", shown, rest > 0 ? rest + 1 : 1, "", words ? words : value->id);
	message_free(words);
}

void cli_tell(const struct cli *c, const struct message *m)
{
	char *words = c->quiet || c->json ? NULL : cli_words(m);

	if (words)
		puts(words);
	message_free(words);
}

/* Beyond ASCII jansson writes characters as they are, which it does inside strings only. */
static int put_json(const char *text, FILE *f)
{
	struct rd t = rd_of(text, strlen(text));

	while (t.n) {
		uint32_t cp = 0;
		size_t n = text_char(t, &cp);

		n = n ? n : 1;
		if (text_shown(cp) || cp < 0x20)
			fwrite(t.p, 1, n, f);
		else if (cp < 0x10000)
			fprintf(f, "\\u%04x", (unsigned)cp);
		else
			fprintf(f, "\\u%04x\\u%04x", (unsigned)(0xD7C0 + (cp >> 10)),
			    (unsigned)(0xDC00 | (cp & 0x3FF)));
		t = rd_of(t.p + n, t.n - n);
	}
	return ferror(f);
}

int cli_json_print(FILE *f, const json_t *o, size_t flags)
{
	char *text = o ? answer_text(o, flags | JSON_ENCODE_ANY) : NULL;
	int bad = !text || put_json(text, f);

	free(text);
	fputc('\n', f);
	return bad;
}

int cli_json_write(const json_t *o, size_t flags)
{
	int bad;

	language_bytes(true);
	bad = cli_json_print(stdout, o, flags);
	bad |= fflush(stdout);
	language_bytes(false);
	return bad;
}

json_t *cli_json_text(const char *s)
{
	struct buf out = BUF_INIT(65536);
	struct rd t = rd_of(s, strlen(s));
	json_t *text;

	while (t.n) {
		uint32_t cp = 0;
		size_t n = text_char(t, &cp);

		if (n) {
			buf_put(&out, t.p, n);
		} else {
			n = 1;
			buf_str(&out, "\\x");
			hex_put(&out, rd_of(t.p, 1));
		}
		t = rd_of(t.p + n, t.n - n);
	}
	buf_u8(&out, 0);
	text = buf_rc(&out) != ECERT_OK ? NULL : json_string((const char *)buf_view(&out).p);
	buf_free(&out);
	return text;
}

json_t *cli_json_file(const char *path)
{
	char *name = message_string(MSG(TEXT, P_FILE("text", path)), NULL);
	json_t *text = name ? cli_json_text(name) : NULL;

	message_free(name);
	return text;
}

enum outcome cli_json(const struct cli *c, json_t *o)
{
	int bad = c->json && cli_json_write(o, JSON_INDENT(2) | JSON_PRESERVE_ORDER);

	json_decref(o);
	return bad ? cli_fail_people(c, OUT_IO, "output-unwritable",
			 MSG("Cannot write the answer to standard output"),
			 MSG("Check where the output goes."))
		   : OUT_OK;
}

enum outcome cli_not_both(const struct cli *c, const char *path)
{
	if (!c->json || strcmp(path, "-"))
		return OUT_OK;
	return ui_fail(c->job.ui, OUT_USAGE, "standard-output-twice",
	    MSG("The answer in JSON and the result cannot both go to standard output"),
	    MSG("Name a file with --output, or leave --json out."));
}
