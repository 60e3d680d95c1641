/* SPDX-License-Identifier: BSD-2-Clause */
/* Provisioning many tokens: a folder of escrows named by serial number, and one token after the
 * other as they are put in. */
#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/token/cmd_init.h"
#include "provision/init.h"
#include "client/pick.h"
#include "ecert/piv_const.h"

#define LOOK_EVERY_MS 500

enum ecert_rc init_path(const struct init_params *o, const char *serial, char path[INIT_PATH_MAX])
{
	/* It names a file: a card's text must not choose another folder. */
	for (const char *p = serial; *p; p++)
		if (!isalnum((unsigned char)*p))
			return ECERT_E_NOT_FOUND;
	if (!*serial)
		return ECERT_E_NOT_FOUND;
	return snprintf(path, INIT_PATH_MAX, "%s/%s.json", o->escrow_dir, serial) < INIT_PATH_MAX
		   ? ECERT_OK
		   : ECERT_E_TOO_LARGE;
}

static bool is_protected(struct card *card)
{
	struct buf admin = BUF_INIT(CARD_OBJECT_MAX);
	bool kept = !card_object_get(card, ECERT_OBJ_ADMIN, &admin) &&
		    card_says_protected(buf_view(&admin));

	buf_free(&admin);
	return kept;
}

/* All secrets are set. What --protect keeps on the token is written after them, and may be missing;
 * it needs no PIN, which is its owner's by now. */
static enum outcome finish(struct init *in, size_t len)
{
	enum ecert_rc rc = ECERT_OK;

	in->kept = is_protected(in->io.card);
	if (in->o->protect && !in->kept) {
		rc = card_protect_mgm(in->io.card, rd_of(in->escrow->mgm.v, len));
		in->kept = !rc;
	}
	in->already = !rc;
	return ui_fail_rc(
	    in->job->ui, rc, MSG("Cannot keep the management key behind the PIN: {why}"));
}

static enum outcome unclear(struct init *in, enum ecert_rc rc)
{
	if (rc && rc != ECERT_E_PIN_WRONG && rc != ECERT_E_DATA_LEN)
		return ui_fail_rc(
		    in->job->ui, rc, MSG("Cannot log in with the management key: {why}"));
	return ui_fail(in->job->ui, OUT_REFUSED, "exists",
	    MSG(rc ? MSG_ID("The escrow {escrow} is there already, and not its management key is "
			    "on the token")
		   : MSG_ID("The escrow {escrow} is there already, and the token does not tell how "
			    "far it came"),
		P_TEXT("escrow", in->o->escrow)),
	    MSG(rc ? MSG_ID("Move the file away if it is of no use any more; nothing was changed.")
		   : MSG_ID("To go on with it say --resume; nothing was changed.")));
}

enum outcome init_look_again(struct init *in, bool *resume)
{
	struct card_defaults now;
	enum outcome code = init_escrow(in);
	bool asked = *resume;
	enum ecert_rc rc;
	size_t len;

	if (code)
		return code;
	cardio_defaults(in->io.card, &now);
	*resume = now.pin.is_default || now.puk.is_default || now.mgm_default;
	if (*resume)
		return OUT_OK;
	rc = init_auth(in->io.card, &in->escrow->mgm, &len);
	if (!rc && now.pin.default_known && now.puk.default_known)
		return finish(in, len);
	/* Without metadata nobody knows how far it came, and trying would use up tries. */
	*resume = asked;
	return asked ? OUT_OK : unclear(in, rc);
}

/* ---- one after the other ---- */
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
		json_array_append(t->tokens, in->report);
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
