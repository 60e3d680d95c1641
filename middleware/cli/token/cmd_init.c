/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert token init, reset. */
#include "actions/token/init.h"

#include "actions/token/reset.h"
#include "cli/terminal.h"
#include "cli/token/token.h"

static json_t *set_up_json(const struct token_set_up *t)
{
	return json_pack("{s:s, s:s, s:o, s:s?, s:b, s:b, s:b, s:b, s:I}", "label", t->label,
	    "serial", t->serial, "escrow", cli_json_file(t->escrow), "management_key", t->mgm_name,
	    "pin_generated", (int)t->pin_made, "puk_generated", (int)t->puk_made,
	    "management_key_protected", (int)t->kept, "already", (int)t->already, "keys_before",
	    (json_int_t)t->keys);
}

/* With the PUK in it or not, and with the PIN or not. */
static const char *const escrow_holds[2][2] = {
    {MSG_ID("{escrow} holds the management key. Keep it where only administrators reach it."),
	MSG_ID(
	    "{escrow} holds the management key, the PIN. Keep it where only administrators reach "
	    "it.")},
    {MSG_ID("{escrow} holds the management key, the PUK. Keep it where only administrators reach "
	    "it."),
	MSG_ID("{escrow} holds the management key, the PUK, the PIN. Keep it where only "
	       "administrators reach it.")}};

static void say_done(const struct cli *c, const struct init_params *o, const struct token_set_up *t)
{
	cli_tell(c, MSG("{token} is set up: PIN, PUK and management key ({kind}) are new.",
			P_TEXT("token", t->label), P_TEXT("kind", t->mgm_name)));
	cli_tell(c, MSG(escrow_holds[t->puk_made][t->pin_made], P_FILE("escrow", t->escrow)));
	if (t->digits)
		cli_tell(c,
		    MSG("The token takes {kind}: the first {digits} digits of the management key "
			"are "
			"the key; the file has them as management_key_in_use, too.",
			P_TEXT("kind", t->mgm_name), P_NUMBER("digits", t->digits)));
	if (t->keys)
		cli_tell(c,
		    MSG_N(
			"{n} key from before is still on it (`ecert key list`): setting a token up "
			"deletes none; only `ecert token reset` does.",
			"{n} keys from before are still on it (`ecert key list`): setting a token "
			"up "
			"deletes none; only `ecert token reset` does.",
			t->keys));
	if (o->protect) {
		cli_tell(c, MSG("The token keeps the management key behind the PIN, too."));
		cli_tell(c,
		    MSG("Next: `ecert key generate --slot 9c`, or `ecert key import FILE.p12`."));
	} else {
		cli_tell(c, MSG("Next: `ecert key generate --slot 9c "
				"--management-key-source file:{escrow}`, "
				"or with the same option `ecert key import FILE.p12`.",
				P_FILE("escrow", t->escrow)));
	}
}

static void say_set_up(
    const struct cli *c, const struct init_params *o, const struct token_set_up *t)
{
	if (t->already)
		cli_tell(c, MSG("{token} was set up before; its secrets are those of {escrow}.",
				P_TEXT("token", t->label), P_FILE("escrow", t->escrow)));
	else
		say_done(c, o, t);
}

/* ---- many ---- */
/* One run of it. */
struct batch {
	const struct cli *c;
	const struct init_params *o;
	json_t *tokens;
};

static void one_told(void *ctx, const struct token_set_up *t)
{
	struct batch *b = ctx;

	if (!t->code)
		say_set_up(b->c, b->o, t);
	json_array_append_new(
	    b->tokens, t->code ? json_pack("{s:s, s:s, s:s}", "label", t->label, "serial",
				     t->serial, "error", exit_row(t->code)->name)
			       : set_up_json(t));
}

/* What fails meanwhile is told to people only: the document for programs comes at the end. */
static enum outcome init_many(const struct cli *c, const struct init_params *o)
{
	struct batch b = {.c = c, .o = o, .tokens = json_array()};
	const struct many_deed deed = {.each = o, .told = one_told, .told_ctx = &b};
	struct many_result sum;
	struct cli people;
	struct ui ui;
	enum outcome first, code;

	cli_for_people(c, &people, &ui);
	stop_watch_endless();
	first = token_init_many(&people.job, &deed, &sum);
	cli_tell(c, MSG("{done} tokens were set up, {already} had been before, {failed} failed.",
			P_NUMBER("done", sum.done), P_NUMBER("already", sum.already),
			P_NUMBER("failed", sum.failed)));
	code = cli_json(
	    c, json_pack("{s:I, s:I, s:I, s:O}", "set_up", (json_int_t)sum.done, "already",
		   (json_int_t)sum.already, "failed", (json_int_t)sum.failed, "tokens", b.tokens));
	json_decref(b.tokens);
	return first ? first : code;
}

enum outcome init_token(struct cli *c, void *params, const struct strlist *args)
{
	const struct init_params *o = params;
	struct token_set_up done;
	enum outcome code;

	(void)args;
	if (o->many)
		return init_many(c, o);
	code = token_init(&c->job, o, &done);
	if (code)
		return code;
	say_set_up(c, o, &done);
	return cli_json(c, set_up_json(&done));
}

/* ---- reset ---- */
enum outcome reset_token(struct cli *c, void *params, const struct strlist *args)
{
	struct token_reset_result done;
	enum outcome code = token_reset(&c->job, params, &done);

	(void)args;
	if (code)
		return code;
	cli_tell(c, MSG("{token} is as it left the factory. Set it up with `ecert token init`.",
			P_TEXT("token", done.label)));
	return cli_json(c, json_pack("{s:o}", "reset", cli_json_text(done.label)));
}

const struct opt token_init_opts[] = {
    {"escrow", 'e', OPT_OUT, "FILE", offsetof(struct init_params, escrow),
	MSG_ID("a new file (mode 0600) that keeps the management key")},
    {"escrow-dir", 0, OPT_STR, "DIR", offsetof(struct init_params, escrow_dir),
	MSG_ID("a folder that keeps the management key of each token, as SERIAL.json; a token "
	       "found there "
	       "is gone on with, or done")},
    {"many", 0, OPT_FLAG, NULL, offsetof(struct init_params, many),
	MSG_ID("one token after the other as they are put in, until Ctrl-C")},
    {"generate", 'g', OPT_FLAG, NULL, offsetof(struct init_params, generate),
	MSG_ID("make PIN and PUK by chance and keep them in the escrow too")},
    {"protect", 0, OPT_FLAG, NULL, offsetof(struct init_params, protect),
	MSG_ID("keep the management key on the token as well, behind the PIN: keys and "
	       "certificates are "
	       "then renewed with the PIN alone")},
    {"new-pin-source", 0, OPT_STR, "SOURCE", offsetof(struct init_params, new_pin),
	MSG_ID("where the new PIN comes from (default: you are asked)")},
    {"new-puk-source", 0, OPT_STR, "SOURCE", offsetof(struct init_params, new_puk),
	MSG_ID("where the new PUK comes from (default: you are asked)")},
    {"puk-source", 0, OPT_STR, "SOURCE", offsetof(struct init_params, puk),
	MSG_ID("where the present PUK comes from (default: the factory's)")},
    {"management-key-source", 0, OPT_STR, "SOURCE", offsetof(struct init_params, mgm),
	MSG_ID("where the present management key comes from (default: the factory's)")},
    {"resume", 0, OPT_FLAG, NULL, offsetof(struct init_params, resume),
	MSG_ID("go on with the escrow of an interrupted run")},
    {0}};
const struct opt token_reset_opts[] = {
    {"yes", 'y', OPT_FLAG, NULL, offsetof(struct token_reset_deed, yes), MSG_ID("do not ask")},
    {0}};
