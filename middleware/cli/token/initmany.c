/* SPDX-License-Identifier: BSD-2-Clause */
/* Provisioning many tokens: one after the other as they are put in. */
#include <signal.h>
#include <string.h>
#include <time.h>

#include "cli/token/cmd_init.h"
#include "provision/init/init.h"
#include "client/pick.h"

#define LOOK_EVERY_MS 500

struct tally {
	const struct cli *c;
	const struct init_params *o;
	struct cli inner; /* tells people only: the document for --json comes at the end */
	struct ui ui;
	json_t *tokens;
	size_t done, already, failed;
	enum outcome first; /* failure */
	char handled[PICK_MAX][40];
	size_t handled_n;
};

static volatile sig_atomic_t stop;

static void on_stop(int sig)
{
	(void)sig;
	stop = 1;
}

static bool contains(const char list[][40], size_t n, const char *serial)
{
	for (size_t i = 0; i < n; i++)
		if (!strncmp(list[i], serial, sizeof list[0] - 1))
			return true;
	return false;
}

/* A token that was pulled out and put back is looked at again. */
static void forget_absent(struct tally *t, const struct token_info *infos, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < t->handled_n; i++) {
		bool there = false;

		for (size_t k = 0; k < n; k++)
			there = there || !strcmp(t->handled[i], infos[k].serial_full);
		if (there)
			memmove(t->handled[kept++], t->handled[i], sizeof t->handled[0]);
	}
	t->handled_n = kept;
}

/* The next token that was not handled yet, in in->token. */
static bool find(struct tally *t, struct init *in)
{
	struct token_slot slots[PICK_MAX];
	struct token_info infos[PICK_MAX];
	size_t n = prov_present(&in->token, slots, infos, PICK_MAX);

	forget_absent(t, infos, n);
	for (size_t i = 0; i < n; i++) {
		if (t->handled_n == PICK_MAX ||
		    contains((const char(*)[40])t->handled, t->handled_n, infos[i].serial_full))
			continue;
		text_copy(t->handled[t->handled_n++], sizeof t->handled[0], infos[i].serial_full);
		prov_take(&in->token, &slots[i], &infos[i]);
		return true;
	}
	return false;
}

static void count(struct tally *t, const struct init *in, enum outcome code)
{
	if (!code) {
		t->done += !in->already;
		t->already += in->already;
		json_array_append_new(t->tokens, init_told(in));
		return;
	}
	t->failed++;
	t->first = t->first ? t->first : code;
	json_array_append_new(
	    t->tokens, json_pack("{s:s, s:s, s:s}", "label", in->token.info.label, "serial",
			   in->token.info.serial_full, "error", exit_row(code)->name));
}

/* True when there was one. */
static bool next_one(struct tally *t)
{
	struct init in = {.job = &t->inner.job, .o = t->o, .token = {.job = &t->inner.job}};
	bool found = find(t, &in);

	if (found) {
		enum outcome code = init_run(&in);

		count(t, &in, code);
		ui_note(
		    t->c->job.ui, MSG("{done} set up, {already} before, {failed} failed. Put the "
				      "next token in; Ctrl-C ends.",
				      P_NUMBER("done", t->done), P_NUMBER("already", t->already),
				      P_NUMBER("failed", t->failed)));
	}
	init_free(&in);
	return found;
}

static enum outcome summary(struct tally *t)
{
	enum outcome code;

	cli_tell(t->c, MSG("{done} tokens were set up, {already} had been before, {failed} failed.",
			   P_NUMBER("done", t->done), P_NUMBER("already", t->already),
			   P_NUMBER("failed", t->failed)));
	code = cli_json(t->c,
	    json_pack("{s:I, s:I, s:I, s:O}", "set_up", (json_int_t)t->done, "already",
		(json_int_t)t->already, "failed", (json_int_t)t->failed, "tokens", t->tokens));
	return t->first ? t->first : code;
}

enum outcome init_many(const struct cli *c, const struct init_params *o)
{
	struct tally t = {.c = c, .o = o, .tokens = json_array()};
	const struct timespec pause = {0, LOOK_EVERY_MS * 1000000L};
	struct sigaction act = {.sa_handler = on_stop};
	enum outcome code;

	cli_for_people(c, &t.inner, &t.ui);
	t.inner.quiet = c->quiet || c->json;
	sigemptyset(&act.sa_mask);
	(void)sigaction(SIGINT, &act, NULL);
	(void)sigaction(SIGTERM, &act, NULL);
	ui_note(c->job.ui, MSG("Put the first token in; Ctrl-C ends."));
	while (!stop) /* a token under way is finished first */
		if (!next_one(&t))
			(void)nanosleep(&pause, NULL);
	code = summary(&t);
	json_decref(t.tokens);
	return code;
}
