/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes down what a deed says, and answers it. */
#include "recorder.h"

#include <stdio.h>
#include <string.h>

static void words(const struct message *m, char *out, size_t cap)
{
	char *s = m ? message_string(m, NULL) : NULL;

	snprintf(out, cap, "%s", s ? s : "");
	message_free(s);
}

static struct recorded *line(struct recorder *r, const struct message *m)
{
	/* A deed that says more than a test can hold has said too much. */
	struct recorded *at = &r->said[r->n < RECORDED ? r->n++ : RECORDED - 1];

	*at = (struct recorded){.code = OUT_OK};
	snprintf(at->id, sizeof at->id, "%s", m ? m->id : "");
	words(m, at->text, sizeof at->text);
	return at;
}

static void failed(void *ctx, const struct failure *f)
{
	struct recorded *at = line(ctx, f->what);

	at->what = SAID_FAILED;
	at->code = f->code;
	snprintf(at->reason, sizeof at->reason, "%s", f->reason ? f->reason : "");
	words(f->next, at->next, sizeof at->next);
}

static void note(void *ctx, const struct message *m)
{
	line(ctx, m)->what = SAID_NOTE;
}

static void progress(void *ctx, const struct ui_progress *at)
{
	struct recorder *r = ctx;

	if (!at) {
		r->progress_ends++;
		return;
	}
	r->progress++;
	r->progress_done = at->done;
}

static enum ecert_rc ask_secret(void *ctx, const struct pin_ask *ask, struct pin *out)
{
	struct recorder *r = ctx;
	struct recorded *at = line(r, ask->title);
	const char *typed = r->secrets_n < sizeof r->secrets / sizeof r->secrets[0]
				? r->secrets[r->secrets_n++]
				: NULL;

	at->what = ASKED_SECRET;
	at->wanted = ask->want;
	words(ask->reason, at->next, sizeof at->next);
	snprintf(at->error_id, sizeof at->error_id, "%s", ask->error ? ask->error->id : "");
	words(ask->error, at->error, sizeof at->error);
	return typed ? pin_set(out, rd_of(typed, strlen(typed))) : ECERT_E_CANCELLED;
}

static bool confirm(void *ctx, const struct message *question)
{
	struct recorder *r = ctx;

	line(r, question)->what = ASKED_CONFIRM;
	return r->yes;
}

static bool attended(void *ctx)
{
	const struct recorder *r = ctx;

	return r->attended;
}

static bool cancelled(void *ctx)
{
	struct recorder *r = ctx;

	r->cancel_asked++;
	return r->cancel_after && r->cancel_asked > r->cancel_after;
}

static const struct ui_calls calls = {.failed = failed,
    .note = note,
    .progress = progress,
    .ask_secret = ask_secret,
    .confirm = confirm,
    .attended = attended,
    .cancelled = cancelled};

void recorder_init(struct recorder *r)
{
	memset(r, 0, sizeof *r);
	r->ui = (struct ui){&calls, r};
}

const struct recorded *recorder_failure(const struct recorder *r)
{
	for (size_t i = r->n; i > 0; i--)
		if (r->said[i - 1].what == SAID_FAILED)
			return &r->said[i - 1];
	return NULL;
}

bool recorder_noted(const struct recorder *r, const char *text)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->said[i].what == SAID_NOTE && !strcmp(r->said[i].text, text))
			return true;
	return false;
}
