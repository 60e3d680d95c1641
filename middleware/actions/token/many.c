/* SPDX-License-Identifier: BSD-2-Clause */
/* Setting many tokens up: one after the other as they are put in. */
#include <string.h>
#include <time.h>

#include "actions/token/init.h"
#include "client/pick.h"
#include "util/text.h"

#define LOOK_EVERY_MS 500

struct tally {
	const struct job *job;
	const struct many_deed *deed;
	struct many_result *sum;
	enum outcome first; /* failure */
	char handled[PICK_MAX][40];
	size_t handled_n;
};

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
	struct token_set_up one;

	if (code) {
		t->sum->failed++;
		t->first = t->first ? t->first : code;
	} else {
		t->sum->done += !in->already;
		t->sum->already += in->already;
	}
	token_set_up_of(in, code, &one);
	if (t->deed->told)
		t->deed->told(t->deed->told_ctx, &one);
}

/* True when there was one. */
static bool next_one(struct tally *t)
{
	struct init in = {.job = t->job, .o = t->deed->each, .token = {.job = t->job}};
	bool found = find(t, &in);

	if (found) {
		count(t, &in, init_run(&in));
		ui_note(t->job->ui,
		    MSG("{done} set up, {already} before, {failed} failed. Put the next token in; "
			"Ctrl-C ends.",
			P_NUMBER("done", t->sum->done), P_NUMBER("already", t->sum->already),
			P_NUMBER("failed", t->sum->failed)));
	}
	init_free(&in);
	return found;
}

enum outcome token_init_many(
    const struct job *job, const struct many_deed *deed, struct many_result *out)
{
	const struct timespec pause = {0, LOOK_EVERY_MS * 1000000L};
	struct tally t = {.job = job, .deed = deed, .sum = out};
	enum outcome code = token_init_may_start(job, deed->each);

	*out = (struct many_result){.done = 0};
	if (code)
		return code;
	ui_note(job->ui, MSG("Put the first token in; Ctrl-C ends."));
	while (!ui_cancelled(job->ui)) /* a token under way is finished first */
		if (!next_one(&t))
			(void)nanosleep(&pause, NULL);
	return t.first;
}
