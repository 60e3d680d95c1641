/* SPDX-License-Identifier: BSD-2-Clause */
/* What deeds say and ask, on a terminal or as JSON. */
#include "cli/terminal.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/help/meant.h"
#include "cli/language.h"
#include "cli/progress.h"
#include "speak/pinentry.h"
#include "util/text.h"

static void moment(time_t t, char *out, size_t cap)
{
	char told[CLI_TIME];

	text_copy(out, cap, cli_time(t, told));
}

static const struct message_words words = {
    .sentence = language_of, .counted = language_counted, .moment = moment};

char *cli_words(const struct message *m)
{
	char *s = message_string(m, &words);

	if (s)
		text_mask(s);
	return s;
}

void cli_kept(const struct message_kept *m, struct buf *out)
{
	message_kept_write(m, &words, out);
}

static void failed(void *ctx, const struct failure *f)
{
	struct cli *c = ctx;
	struct message asks;
	char *english = message_string(f->what, NULL);
	const struct message *next = f->code == OUT_USAGE && english
					 ? meant_next(c, english, f->next, &asks)
					 : f->next;
	/* Programs read English, whoever runs them. Not masked: JSON loses nothing, and the
	 * terminal's line is masked where it is written. */
	char *what = message_string(f->what, &words);
	char *then = next ? message_string(next, &words) : NULL;
	char *english_then = next ? message_string(next, NULL) : NULL;

	progress_show(c, NULL);
	cli_told(what ? what : f->what->id, then);
	cli_json_error(c, f->code, f->reason, english ? english : f->what->id, english_then);
	message_free(what);
	message_free(then);
	message_free(english);
	message_free(english_then);
}

static void note(void *ctx, const struct message *m)
{
	struct cli *c = ctx;
	char *line = c->quiet ? NULL : cli_words(m);

	progress_show(c, NULL);
	if (line)
		fprintf(stderr, "%s\n", line);
	message_free(line);
}

static void progress(void *ctx, const struct ui_progress *at)
{
	struct cli *c = ctx;

	progress_show(c, at);
}

static enum ecert_rc ask_secret(void *ctx, const struct pin_ask *ask, struct pin *out)
{
	const struct pinentry_manner manner = {.words = &words,
	    .ctype = language_locale(LC_CTYPE),
	    .messages = language_locale(LC_MESSAGES)};

	progress_show(ctx, NULL);
	return ask->window ? pinentry_ask(&manner, ask, out) : tty_ask(ask, out);
}

static enum ecert_rc ask(void *ctx, const struct ui_question *q, struct buf *out)
{
	progress_show(ctx, NULL);
	return line_ask(q, out);
}

static bool confirm(void *ctx, const struct message *question)
{
	progress_show(ctx, NULL);
	return tty_confirm(question);
}

/* ---- stopping a batch ---- */

static volatile sig_atomic_t stopped;

static void on_stop(int sig)
{
	stopped = sig;
}

static void watch(bool even_ignored)
{
	static const int ends[] = {SIGINT, SIGTERM};
	struct sigaction sa = {.sa_handler = on_stop, .sa_flags = (int)(SA_RESETHAND | SA_RESTART)};
	struct sigaction was;

	sigemptyset(&sa.sa_mask);
	stopped = 0;
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		if (!sigaction(ends[i], NULL, &was) && (even_ignored || was.sa_handler != SIG_IGN))
			(void)sigaction(ends[i], &sa, NULL);
}

void stop_watch(void)
{
	watch(false);
}

void stop_watch_endless(void)
{
	watch(true);
}

static bool attended(void *ctx)
{
	(void)ctx;
	return isatty(STDIN_FILENO);
}

static bool cancelled(void *ctx)
{
	(void)ctx;
	return stopped != 0;
}

void cli_for_people(const struct cli *c, struct cli *out, struct ui *ui)
{
	*out = *c;
	out->json = false;
	out->job.ui = ui;
	*ui = (struct ui){&terminal_calls, out};
}

enum outcome cli_fail_people(const struct cli *c, enum outcome code, const char *reason,
    const struct message *what, const struct message *next)
{
	struct cli people;
	struct ui ui;

	cli_for_people(c, &people, &ui);
	return ui_fail(&ui, code, reason, what, next);
}

enum outcome cli_fail_rc_people(const struct cli *c, enum ecert_rc rc, const struct message *what)
{
	struct cli people;
	struct ui ui;

	cli_for_people(c, &people, &ui);
	return ui_fail_rc(&ui, rc, what);
}

const struct ui_calls terminal_calls = {.failed = failed,
    .note = note,
    .progress = progress,
    .ask_secret = ask_secret,
    .ask = ask,
    .confirm = confirm,
    .attended = attended,
    .cancelled = cancelled};
