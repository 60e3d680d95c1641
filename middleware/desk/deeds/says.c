/* SPDX-License-Identifier: BSD-2-Clause */
/* The seam to a person at the page: what is said goes out as lines, a PIN is asked for by pinentry,
 * which is no part of the page. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "desk/deeds/deeds.h"
#include "speak/catalogue.h"
#include "speak/pinentry.h"
#include "util/clock.h"
#include "util/text.h"

#define PROGRESS_MS 150 /* it is told so often, and of each file */
#define PATIENCE_S  120 /* for a PIN */

static void send_all(struct page_ui *p, const char *text, size_t n)
{
	while (n && !p->stopped) {
		ssize_t did = send(p->channel, text, n, MSG_NOSIGNAL);

		if (did < 0 && errno != EINTR)
			p->stopped = true; /* nobody is there any more */
		n -= did > 0 ? (size_t)did : 0;
		text += did > 0 ? did : 0;
	}
}

void say(struct page_ui *p, json_t *o)
{
	char *line = o ? json_dumps(o, JSON_COMPACT | JSON_PRESERVE_ORDER) : NULL;

	if (line) {
		send_all(p, line, strlen(line));
		send_all(p, "\n", 1);
	}
	free(line);
	json_decref(o);
}

static void failed(void *ctx, const struct failure *f)
{
	struct page_ui *p = ctx;

	p->failed = true;
	say(p,
	    json_pack("{s:s, s:i, s:s, s:o, s:o}", "kind", "failed", "outcome", (int)f->code,
		"reason", f->reason, "what", message_json(f->what), "next", message_json(f->next)));
}

static void note(void *ctx, const struct message *m)
{
	say(ctx, json_pack("{s:s, s:o}", "kind", "note", "what", message_json(m)));
}

static void progress(void *ctx, const struct ui_progress *at)
{
	struct page_ui *p = ctx;
	const int64_t now = clock_ms();

	if (!at || (at->name == p->file && now - p->shown < PROGRESS_MS))
		return;
	p->file = at->name;
	p->shown = now;
	say(p, json_pack("{s:s, s:o, s:I, s:I, s:I, s:I}", "kind", "progress", "file",
		   shown_json(at->name), "done", (json_int_t)at->done, "total",
		   (json_int_t)at->total, "i", (json_int_t)at->i, "n", (json_int_t)at->n));
}

/* The page only hears that it is asked for, and where. */
static enum ecert_rc ask_secret(void *ctx, const struct pin_ask *ask, struct pin *out)
{
	static const struct message_words words = {
	    .sentence = language_of, .counted = language_counted};
	struct page_ui *p = ctx;
	const struct pinentry_manner manner = {
	    .words = &words, .ctype = "C.UTF-8", .messages = p->locale, .timeout = PATIENCE_S};
	enum ecert_rc rc;

	say(p,
	    json_pack("{s:s, s:o, s:o, s:o}", "kind", "asking", "title", message_json(ask->title),
		"reason", message_json(ask->reason), "error", message_json(ask->error)));
	rc = pinentry_ask(&manner, ask, out);
	say(p, json_pack("{s:s}", "kind", "asked"));
	return rc;
}

static bool attended(void *ctx)
{
	(void)ctx;
	return true;
}

/* The only thing that comes after the request is "stop", or an end. */
static bool cancelled(void *ctx)
{
	struct page_ui *p = ctx;
	char room[64];
	const ssize_t n = recv(p->channel, room, sizeof room, MSG_DONTWAIT);

	if (n >= 0 || (errno != EAGAIN && errno != EINTR))
		p->stopped = true;
	return p->stopped;
}

const struct ui_calls page_calls = {.failed = failed,
    .note = note,
    .progress = progress,
    .ask_secret = ask_secret,
    .attended = attended,
    .cancelled = cancelled};
