/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert token init, reset. */
#include "cli/token/cmd_init.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "provision/init/init.h"

static json_t *told(const struct init *in)
{
	bool pin = in->escrow->pin[0] != 0, puk = in->escrow->puk[0] != 0;

	return json_pack("{s:s, s:s, s:o, s:s?, s:b, s:b, s:b, s:b, s:I}", "label",
	    in->token.info.label, "serial", in->token.info.serial_full, "escrow",
	    cli_json_text(in->o->escrow), "management_key", in->mgm_name, "pin_generated", (int)pin,
	    "puk_generated", (int)puk, "management_key_protected", (int)in->kept, "already",
	    (int)in->already, "keys_before", (json_int_t)in->keys);
}

static void say_already(const struct init *in)
{
	cli_tell(cli_of(in->job),
	    MSG("{token} was set up before; its secrets are those of {escrow}.",
		P_TEXT("token", in->token.info.label), P_TEXT("escrow", in->o->escrow)));
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

static void say_done(const struct init *in)
{
	bool pin = in->escrow->pin[0] != 0, puk = in->escrow->puk[0] != 0;

	cli_tell(cli_of(in->job),
	    MSG("{token} is set up: PIN, PUK and management key ({kind}) are new.",
		P_TEXT("token", in->token.info.label), P_TEXT("kind", in->mgm_name)));
	cli_tell(cli_of(in->job), MSG(escrow_holds[puk][pin], P_TEXT("escrow", in->o->escrow)));
	if (in->mgm_len < in->escrow->mgm.n)
		cli_tell(cli_of(in->job),
		    MSG("The token takes {kind}: the first {digits} digits of the management key "
			"are "
			"the key; the file has them as management_key_in_use, too.",
			P_TEXT("kind", in->mgm_name), P_NUMBER("digits", 2 * in->mgm_len)));
	if (in->keys)
		cli_tell(cli_of(in->job),
		    MSG_N(
			"{n} key from before is still on it (`ecert key list`): setting a token up "
			"deletes none; only `ecert token reset` does.",
			"{n} keys from before are still on it (`ecert key list`): setting a token "
			"up "
			"deletes none; only `ecert token reset` does.",
			in->keys));
	if (in->o->protect) {
		cli_tell(cli_of(in->job),
		    MSG("The token keeps the management key behind the PIN, too."));
		cli_tell(cli_of(in->job),
		    MSG("Next: `ecert key generate --slot 9c`, or `ecert key import FILE.p12`."));
	} else {
		cli_tell(
		    cli_of(in->job), MSG("Next: `ecert key generate --slot 9c "
					 "--management-key-source file:{escrow}`, "
					 "or with the same option `ecert key import FILE.p12`.",
					 P_TEXT("escrow", in->o->escrow)));
	}
}

json_t *init_told(const struct init *in)
{
	(in->already ? say_already : say_done)(in);
	return told(in);
}

static enum outcome may_start(const struct cli *c, const struct init_params *o)
{
	if (o->many && !o->escrow_dir)
		return ui_fail(c->job.ui, OUT_USAGE, "escrow-folder-missing",
		    MSG("Many tokens need a folder for their escrows: --escrow-dir DIR"),
		    MSG("For instance --escrow-dir escrows."));
	if (o->escrow && o->escrow_dir)
		return ui_fail(c->job.ui, OUT_USAGE, "options-exclude",
		    MSG("--escrow and --escrow-dir cannot go together"),
		    MSG("With a folder each file is called after its token."));
	if (o->escrow_dir && access(o->escrow_dir, W_OK | X_OK))
		return ui_fail(c->job.ui, OUT_IO, "folder-unwritable",
		    MSG("Cannot write in the folder {folder}: {why}",
			P_TEXT("folder", o->escrow_dir), P_ERRNO("why", errno)),
		    MSG("Make it, on a disk that only administrators reach."));
	if (!o->escrow && !o->escrow_dir)
		return ui_fail(c->job.ui, OUT_USAGE, "escrow-missing",
		    MSG("Say where the new management key is to be kept: --escrow FILE"),
		    MSG("For instance --escrow token-1.json, on a disk that only administrators "
			"reach."));
	if (o->escrow && !o->resume && !access(o->escrow, F_OK))
		return ui_fail(c->job.ui, OUT_REFUSED, "exists",
		    MSG("The escrow {escrow} exists already", P_TEXT("escrow", o->escrow)),
		    MSG("It may be another token's only key. Choose another name; to go on after "
			"an "
			"interruption say --resume."));
	return OUT_OK;
}

enum outcome token_init(struct cli *c, void *params, const struct strlist *args)
{
	const struct init_params *o = params;
	struct init in = {.job = &c->job, .o = o, .token = {.job = &c->job}};
	enum outcome code = may_start(c, o);

	(void)args;
	if (!code && o->many)
		return init_many(c, o);
	if (!code)
		code = prov_open(&c->job, &in.token);
	if (code)
		return code;
	code = init_run(&in);
	if (!code)
		code = cli_json(c, init_told(&in));
	init_free(&in);
	return code;
}

/* ---- reset ---- */
static enum outcome sure(const struct cli *c, const struct reset_params *o, const char *label)
{
	if (o->yes ||
	    ui_confirm(c->job.ui,
		MSG("Reset {token}? All its keys and certificates are destroyed for good.",
		    P_TEXT("token", label))))
		return OUT_OK;
	return ui_fail(c->job.ui, OUT_REFUSED, "not-confirmed", MSG("Nothing was reset"),
	    MSG("Answer yes, or say --yes."));
}

enum outcome token_reset(struct cli *c, void *params, const struct strlist *args)
{
	struct prov p;
	struct cardio io = {NULL, NULL};
	char reader[READER_NAME_MAX], label[64];
	enum ecert_rc rc;
	enum outcome code = prov_open(&c->job, &p);

	(void)args;
	if (code)
		return code;
	text_copy(reader, sizeof reader, p.slot.reader);
	text_copy(label, sizeof label, p.info.label);
	if (p.info.pin_tries > 0)
		code = ui_fail(c->job.ui, OUT_REFUSED, "not-blocked",
		    MSG("Only a token whose PIN and PUK are both blocked can be reset, and this "
			"PIN has {tries} tries left",
			P_NUMBER("tries", p.info.pin_tries)),
		    MSG("To change the PIN use `ecert pin change`; to set the token up anew, "
			"`ecert "
			"token "
			"init`."));
	prov_close(&p);
	if (!code)
		code = sure(c, params, label);
	if (code)
		return code;
	rc = cardio_open(&c->job, reader, &io);
	if (!rc)
		rc = card_factory_reset(io.card);
	cardio_close(&io);
	if (rc == ECERT_E_DENIED)
		return ui_fail(c->job.ui, OUT_REFUSED, "not-blocked",
		    MSG("Only a token whose PIN and PUK are both blocked can be reset"),
		    MSG("With the PUK set a new PIN: `ecert pin unblock`."));
	code = ui_fail_rc(c->job.ui, rc, MSG("Cannot reset the token: {why}"));
	if (!code) {
		cli_tell(
		    c, MSG("{token} is as it left the factory. Set it up with `ecert token init`.",
			   P_TEXT("token", label)));
		code = cli_json(c, json_pack("{s:o}", "reset", cli_json_text(label)));
	}
	return code;
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
    {"yes", 'y', OPT_FLAG, NULL, offsetof(struct reset_params, yes), MSG_ID("do not ask")}, {0}};
