/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert pin status, change, unblock. */
#include "actions/token/pin.h"

#include "cli/commands.h"
#include "cli/token/token.h"

/* ---- status ---- */
static json_t *factory_json(enum factory what)
{
	return what == FACTORY_UNKNOWN ? json_null() : json_boolean(what == FACTORY_YES);
}

static void say_status(const struct cli *c, const struct pin_status *s)
{
	if (s->pin_tries < 0 && s->verified)
		cli_tell(c, MSG("{token}: a program has verified the PIN, and the token tells the "
				"tries only "
				"after that: close it, or take the token out and put it back.",
				P_TEXT("token", s->label)));
	else if (s->pin_tries < 0)
		cli_tell(c, MSG("{token}: the token does not tell the tries of its PIN.",
				P_TEXT("token", s->label)));
	else if (!s->pin_tries && !s->puk_tries)
		cli_tell(c, MSG("{token}: the PIN is blocked, and the PUK, too: only `ecert token "
				"reset` is "
				"left, which deletes the keys.",
				P_TEXT("token", s->label)));
	else if (!s->pin_tries)
		cli_tell(
		    c, MSG("{token}: the PIN is blocked. Set a new one with `ecert pin unblock`.",
			   P_TEXT("token", s->label)));
	else
		cli_tell(c, MSG_N("{token}: {n} try of the PIN is left.",
				"{token}: {n} tries of the PIN are left.", s->pin_tries,
				P_TEXT("token", s->label)));
	if (s->puk_tries >= 0)
		cli_row(c, 3, "", MSG("PUK: {tries}", P_NUMBER("tries", s->puk_tries)));
	if (s->pin == FACTORY_YES || s->puk == FACTORY_YES || s->mgm == FACTORY_YES)
		cli_tell(c, MSG("A PIN or key is still the factory's, which everybody knows: run "
				"`ecert token "
				"init`."));
}

static enum outcome status(struct cli *c, void *params, const struct strlist *args)
{
	struct pin_status s;
	enum outcome code = pin_look(&c->job, &s);

	(void)params;
	(void)args;
	if (code)
		return code;
	say_status(c, &s);
	return cli_json(c, json_pack("{s:s, s:s, s:o, s:o, s:b, s:o, s:o, s:o}", "label", s.label,
			       "serial", s.serial, "pin_tries", tries_json(s.pin_tries),
			       "puk_tries", tries_json(s.puk_tries), "pin_blocked",
			       s.pin_tries == 0, "pin_default", factory_json(s.pin), "puk_default",
			       factory_json(s.puk), "management_key_default", factory_json(s.mgm)));
}

/* ---- change ---- */
static enum outcome change(struct cli *c, void *params, const struct strlist *args)
{
	struct pin_result done;
	enum outcome code = pin_change(&c->job, params, &done);
	const char *what;

	(void)args;
	if (code)
		return code;
	what = done.puk ? MSG_ID("PUK") : MSG_ID("PIN");
	cli_tell(c, MSG("The {what} of {token} is changed.", P_WORD("what", what),
			P_TEXT("token", done.label)));
	return cli_json(
	    c, json_pack("{s:o, s:s}", "label", cli_json_text(done.label), "changed", what));
}

/* ---- unblock ---- */
static enum outcome unblock(struct cli *c, void *params, const struct strlist *args)
{
	struct pin_result done;
	enum outcome code = pin_unblock(&c->job, params, &done);

	(void)args;
	if (code)
		return code;
	cli_tell(c, MSG("A new PIN of {token} is set.", P_TEXT("token", done.label)));
	return cli_json(c, json_pack("{s:o, s:s, s:b}", "label", cli_json_text(done.label),
			       "changed", "PIN", "unblocked", 1));
}

#define NEW_PIN                                                                                    \
	{                                                                                          \
		"new-pin-source", 0, OPT_STR, "SOURCE", offsetof(struct pin_deed, new_pin),        \
		    MSG_ID("where the new PIN comes from, as --pin-source")                        \
	}
#define PUK_NOW                                                                                    \
	{                                                                                          \
		"puk-source", 0, OPT_STR, "SOURCE", offsetof(struct pin_deed, puk),                \
		    MSG_ID("where the PUK comes from, as --pin-source")                            \
	}

static const struct opt change_opts[] = {NEW_PIN,
    {"puk", 0, OPT_FLAG, NULL, offsetof(struct pin_deed, change_puk),
	MSG_ID("change the PUK instead of the PIN")},
    PUK_NOW,
    {"new-puk-source", 0, OPT_STR, "SOURCE", offsetof(struct pin_deed, new_puk),
	MSG_ID("where the new PUK comes from")},
    {0}};
static const struct opt unblock_opts[] = {PUK_NOW, NEW_PIN, {0}};

const struct command pin_commands[] = {
    {"pin", "status", "", 0, 0, MSG_ID("how many tries of the PIN are left"),
	MSG_ID("This uses no try.\n\nExamples:\n  ecert pin status\n  ecert pin status --json"),
	NULL, 0, status},
    {"pin", "change", "", 0, 0, MSG_ID("set a new PIN (you know the present one)"),
	MSG_ID("Examples:\n  ecert pin change\n"
	       "  ecert pin change --pin-source env:OLD --new-pin-source env:NEW\n"
	       "  ecert pin change --puk                   # the PUK instead"),
	change_opts, sizeof(struct pin_deed), change},
    {"pin", "unblock", "", 0, 0, MSG_ID("set a new PIN with the PUK, after too many wrong tries"),
	MSG_ID("The PUK (the code that unblocks a PIN) came with the token, or is in the escrow "
	       "file that "
	       "`ecert token init --generate` "
	       "wrote.\n\n"
	       "Examples:\n  ecert pin unblock\n  ecert pin unblock --puk-source file:escrow.json"),
	unblock_opts, sizeof(struct pin_deed), unblock},
    {0}};
