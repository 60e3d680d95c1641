/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert pin status, change, unblock. */
#include <openssl/err.h>
#include <string.h>

#include "client/asking.h"
#include "provision/cardio.h"
#include "cli/commands.h"
#include "client/p11.h"
#include "provision/prov.h"
#include "provision/secret.h"

struct pin_params {
	const char *new_pin, *puk, *new_puk;
	bool change_puk;
};

/* ---- status ---- */
static json_t *known_json(bool known, bool value)
{
	return known ? json_boolean(value) : json_null();
}

static enum outcome status(struct cli *c, void *params, const struct strlist *args)
{
	struct prov p;
	enum outcome code = prov_open(&c->job, &p);
	const struct token_info *i = &p.info;
	struct card_defaults more;
	int tries;

	(void)params;
	(void)args;
	if (code)
		return code;
	cardio_defaults_at(&c->job, p.slot.reader, &more);
	tries = i->pin_tries >= 0 ? i->pin_tries : more.pin.tries;
	if (tries < 0 && more.pin.verified)
		cli_tell(c, MSG("{token}: a program has verified the PIN, and the token tells the "
				"tries only "
				"after that: close it, or take the token out and put it back.",
				P_TEXT("token", i->label)));
	else if (tries < 0)
		cli_tell(c, MSG("{token}: the token does not tell the tries of its PIN.",
				P_TEXT("token", i->label)));
	else if (!tries && !more.puk.tries)
		cli_tell(c, MSG("{token}: the PIN is blocked, and the PUK, too: only `ecert token "
				"reset` is "
				"left, which deletes the keys.",
				P_TEXT("token", i->label)));
	else if (!tries)
		cli_tell(
		    c, MSG("{token}: the PIN is blocked. Set a new one with `ecert pin unblock`.",
			   P_TEXT("token", i->label)));
	else
		cli_tell(c, MSG_N("{token}: {n} try of the PIN is left.",
				"{token}: {n} tries of the PIN are left.", tries,
				P_TEXT("token", i->label)));
	if (more.puk.tries >= 0)
		cli_row(c, 3, "", MSG("PUK: {tries}", P_NUMBER("tries", more.puk.tries)));
	if (more.pin.is_default || more.puk.is_default || more.mgm_default)
		cli_tell(c, MSG("A PIN or key is still the factory's, which everybody knows: run "
				"`ecert token "
				"init`."));
	code = cli_json(
	    c, json_pack("{s:s, s:s, s:o, s:o, s:b, s:o, s:o, s:o}", "label", i->label, "serial",
		   i->serial_full, "pin_tries", cardio_tries_json(tries), "puk_tries",
		   cardio_tries_json(more.puk.tries), "pin_blocked", tries == 0, "pin_default",
		   known_json(more.pin.default_known, more.pin.is_default), "puk_default",
		   known_json(more.puk.default_known, more.puk.is_default),
		   "management_key_default", known_json(more.mgm_known, more.mgm_default)));
	prov_close(&p);
	return code;
}

/* ---- change ---- */
static enum outcome changed(const struct cli *c, const char *label, const char *what)
{
	cli_tell(c,
	    MSG("The {what} of {token} is changed.", P_WORD("what", what), P_TEXT("token", label)));
	return cli_json(c, json_pack("{s:o, s:s}", "label", cli_json_text(label), "changed", what));
}

/* One try left and no consent: told before the person is asked anything. */
static enum outcome refuse_last(const struct cli *c, bool puk, const struct prov *p)
{
	int tries = puk ? p->info.puk_tries : p->info.pin_tries;
	enum ecert_rc rc = !tries				  ? ECERT_E_PIN_BLOCKED
			   : tries == 1 && !c->job.allow_last_try ? ECERT_E_PIN_LAST_TRY
								  : ECERT_OK;

	return puk ? pin_told(&c->job, rc, MSG_ID("PUK"), tries) : secret_pin_told(p, rc, tries);
}

static enum outcome change_card(const struct cli *c, const struct pin_params *o)
{
	const char *what = o->change_puk ? MSG_ID("PUK") : MSG_ID("PIN");
	struct pin old = {0}, fresh = {0};
	struct prov p;
	int tries = -1;
	enum ecert_rc rc;
	enum outcome code = prov_open(&c->job, &p);

	if (!code)
		code = refuse_last(c, o->change_puk, &p);
	if (!code)
		code = o->change_puk
			   ? secret_old(&p, what, o->puk, "--puk-source", &old)
			   : secret_old(&p, what, c->job.pin_source, "--pin-source", &old);
	if (!code)
		code = o->change_puk
			   ? secret_new(&p, what, o->new_puk, "--new-puk-source", NULL, &fresh)
			   : secret_new(&p, what, o->new_pin, "--new-pin-source", NULL, &fresh);
	if (!code) {
		rc = token_change_secret(&p.at, o->change_puk ? SECRET_PUK : SECRET_PIN,
		    pin_view(&old), pin_view(&fresh),
		    c->job.allow_last_try ? TOKEN_ALLOW_LAST_TRY : 0, &tries);
		code = o->change_puk ? pin_told(&c->job, rc, what, tries)
				     : secret_pin_told(&p, rc, tries);
	}
	if (!code)
		code = changed(c, p.info.label, what);
	pin_free(&old);
	pin_free(&fresh);
	prov_close(&p);
	return code;
}

/* A token of another maker, through its module: C_SetPIN. */
static enum outcome change_module(const struct cli *c, const struct pin_params *o)
{
	struct pin_ask ask = {.title = MSG("New PIN"),
	    .prompt = MSG_ID("new PIN"),
	    .twice = true,
	    .want = PIN_WANT_PIN};
	struct pin fresh = {0};
	struct p11 p;
	enum outcome code = p11_open(&c->job, &p);

	if (!code)
		code = p11_pick(&p);
	ERR_clear_error();
	if (!code && PKCS11_open_session(p.slot, 1)) /* C_SetPIN wants to write */
		code = ui_fail_rc(
		    c->job.ui, p11_error(), MSG("Cannot open the token for writing: {why}"));
	if (!code)
		code = p11_login(&p, MSG("to change its PIN"));
	if (!code)
		code = secret_get(&c->job, o->new_pin, "--new-pin-source", &ask, &fresh);
	ERR_clear_error();
	if (!code && PKCS11_change_pin(p.slot, p.pin.text, fresh.text))
		code = pin_told(&c->job, p11_error(), MSG_ID("new PIN"), -1);
	if (!code)
		code = changed(c, p.slot->token->label, "PIN");
	pin_free(&fresh);
	p11_close(&p);
	return code;
}

static enum outcome change(struct cli *c, void *params, const struct strlist *args)
{
	const struct pin_params *o = params;

	(void)args;
	if (p11_foreign(&c->job) && !o->change_puk)
		return change_module(c, o);
	return change_card(c, o);
}

/* ---- unblock ---- */
static enum outcome unblocked(const struct cli *c, const char *label)
{
	cli_tell(c, MSG("A new PIN of {token} is set.", P_TEXT("token", label)));
	return cli_json(c, json_pack("{s:o, s:s, s:b}", "label", cli_json_text(label), "changed",
			       "PIN", "unblocked", 1));
}

static enum outcome unblock(struct cli *c, void *params, const struct strlist *args)
{
	const struct pin_params *o = params;
	struct pin puk = {0}, fresh = {0};
	struct prov p;
	int tries = -1;
	enum outcome code = prov_open(&c->job, &p);

	(void)args;
	if (!code)
		code = refuse_last(c, true, &p);
	if (!code)
		code = secret_old(&p, MSG_ID("PUK"), o->puk, "--puk-source", &puk);
	if (!code)
		code = secret_new(&p, MSG_ID("PIN"), o->new_pin, "--new-pin-source", &puk, &fresh);
	if (!code)
		code = pin_failed(&c->job,
		    token_unblock(&p.at, pin_view(&puk), pin_view(&fresh),
			c->job.allow_last_try ? TOKEN_ALLOW_LAST_TRY : 0, &tries),
		    "PUK", &tries);
	if (!code)
		code = unblocked(c, p.info.label);
	pin_free(&puk);
	pin_free(&fresh);
	prov_close(&p);
	return code;
}

#define NEW_PIN                                                                                    \
	{                                                                                          \
		"new-pin-source", 0, OPT_STR, "SOURCE", offsetof(struct pin_params, new_pin),      \
		    MSG_ID("where the new PIN comes from, as --pin-source")                        \
	}
#define PUK_NOW                                                                                    \
	{                                                                                          \
		"puk-source", 0, OPT_STR, "SOURCE", offsetof(struct pin_params, puk),              \
		    MSG_ID("where the PUK comes from, as --pin-source")                            \
	}

static const struct opt change_opts[] = {NEW_PIN,
    {"puk", 0, OPT_FLAG, NULL, offsetof(struct pin_params, change_puk),
	MSG_ID("change the PUK instead of the PIN")},
    PUK_NOW,
    {"new-puk-source", 0, OPT_STR, "SOURCE", offsetof(struct pin_params, new_puk),
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
	change_opts, sizeof(struct pin_params), change},
    {"pin", "unblock", "", 0, 0, MSG_ID("set a new PIN with the PUK, after too many wrong tries"),
	MSG_ID("The PUK (the code that unblocks a PIN) came with the token, or is in the escrow "
	       "file that "
	       "`ecert token init --generate` "
	       "wrote.\n\n"
	       "Examples:\n  ecert pin unblock\n  ecert pin unblock --puk-source file:escrow.json"),
	unblock_opts, sizeof(struct pin_params), unblock},
    {0}};
