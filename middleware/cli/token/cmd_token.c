/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert token list, info, and the table of the group. */
#include "actions/token/info.h"
#include "actions/token/init.h"
#include "actions/token/label.h"
#include "actions/token/list.h"
#include "actions/token/reset.h"
#include "actions/who.h"
#include "cli/commands.h"
#include "cli/token/token.h"

json_t *tries_json(int tries)
{
	return tries < 0 ? json_null() : json_integer(tries);
}

/* ---- list ---- */
static json_t *token_json(const char *module, const struct token_row *t)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:b, s:b}", "label",
	    cli_json_text(t->label), "serial", cli_json_text(t->serial), "model",
	    cli_json_text(t->model), "manufacturer", cli_json_text(t->manufacturer), "reader",
	    cli_json_text(t->reader), "slot_id", (json_int_t)t->slot_id, "module",
	    cli_json_file(module), "pin_blocked", (int)t->pin_blocked, "pin_last_try",
	    (int)t->pin_last_try);
}

/* With a serial number or not, and with a blocked PIN or not. */
static const char *const lines[2][2] = {
    {MSG_ID("no serial number, {model}, in {reader} (slot {slot})"),
	MSG_ID("no serial number, {model}, in {reader} (slot {slot}), PIN blocked")},
    {MSG_ID("serial {serial}, {model}, in {reader} (slot {slot})"),
	MSG_ID("serial {serial}, {model}, in {reader} (slot {slot}), PIN blocked")}};

static void say_row(const struct cli *c, const struct token_row *t)
{
	cli_say(c, "%s", t->label);
	cli_row(c, 3, "",
	    MSG(lines[t->serial[0] != 0][t->pin_blocked], P_TEXT("serial", t->serial),
		P_TEXT("model", t->model), P_TEXT("reader", t->reader),
		P_NUMBER("slot", t->slot_id)));
}

static enum outcome list(struct cli *c, void *params, const struct strlist *args)
{
	const struct token_list_deed deed = {.none_is_fine = c->json};
	struct token_list found;
	json_t *all = json_array();
	enum outcome code = token_list(&c->job, &deed, &found);

	(void)params;
	(void)args;
	for (size_t i = 0; i < found.n; i++)
		if (c->json)
			json_array_append_new(all, token_json(found.module, &found.row[i]));
		else
			say_row(c, &found.row[i]);
	if (!code)
		code = cli_json(c, json_pack("{s:O}", "tokens", all));
	json_decref(all);
	return code;
}

/* ---- info ---- */
static void say_cert(const struct cli *c, const struct token_cert *cert)
{
	const struct identity *who = &cert->who;
	char until[TEXT_DAY];

	cli_row(c, 1, "",
	    MSG("id {id}  {name}, by {ca}, until {until}", P_TEXT("id", cert->id),
		P_TEXT("name", who->name),
		P_TEXT("ca", *who->issuer_cn ? who->issuer_cn : who->issuer),
		P_TEXT("until", text_day(who->not_after, until))));
	if (cert->ends_soon)
		cli_row(c, 8, "",
		    MSG("it {ends}: ask your CA for a new one", P_MSG("ends", &cert->ends.m)));
}

static json_t *card_json(const struct token_card *i)
{
	return json_pack("{s:o, s:o, s:o, s:b, s:b, s:b, s:b, s:s}", "pin_tries",
	    tries_json(i->pin_tries), "puk_tries", tries_json(i->puk_tries), "factory_secrets",
	    i->factory_known ? json_boolean(i->factory) : json_null(), "virtual",
	    (int)i->is_virtual, "attestation", (int)i->attestation, "metadata", (int)i->metadata,
	    "pinpad", (int)i->pinpad, "serial", i->serial);
}

static void say_card(const struct cli *c, const struct token_card *i)
{
	if (i->pin_tries >= 0)
		cli_row(
		    c, 13, MSG_ID("PIN:"), MSG_N("{n} try left", "{n} tries left", i->pin_tries));
	if (i->factory)
		cli_row(c, 13, "",
		    MSG("still the factory's, which everybody knows: run `ecert token init`"));
	cli_row(c, 13, MSG_ID("Attestation:"), MSG(i->attestation ? MSG_ID("yes") : MSG_ID("no")));
	if (i->is_virtual)
		cli_tell(c, MSG("This is a virtual token, for trying and testing only."));
}

static void say_token(const struct cli *c, const struct token_row *t)
{
	cli_row(c, 13, MSG_ID("Token:"), MSG(TEXT, P_TEXT("text", t->label)));
	cli_row(c, 13, MSG_ID("Serial:"),
	    t->serial[0] ? MSG(TEXT, P_TEXT("text", t->serial)) : MSG("none"));
	cli_row(c, 13, MSG_ID("Model:"),
	    MSG("{model} ({maker})", P_TEXT("model", t->model), P_TEXT("maker", t->manufacturer)));
	cli_row(c, 13, MSG_ID("Reader:"), MSG(TEXT, P_TEXT("text", t->reader)));
}

static void say_facts(const struct cli *c, const struct token_facts *f)
{
	say_token(c, &f->token);
	if (f->has_card)
		say_card(c, &f->card);
	if (f->n)
		cli_row(c, 13, MSG_ID("Certificates:"), MSG(TEXT, P_NUMBER("text", f->n)));
	else
		cli_row(
		    c, 13, MSG_ID("Certificates:"), MSG("none. {next}", P_WORD("next", f->next)));
	for (size_t i = 0; i < f->n; i++)
		say_cert(c, &f->cert[i]);
}

static json_t *facts_json(const struct token_facts *f)
{
	json_t *o = token_json(f->module, &f->token), *list = json_array();

	if (f->has_card)
		json_object_set_new(o, "card", card_json(&f->card));
	for (size_t i = 0; i < f->n; i++)
		json_array_append_new(list, json_pack("{s:s, s:o}", "id", f->cert[i].id,
						"certificate", who_json(&f->cert[i].who)));
	json_object_set_new(o, "certificates", list);
	return o;
}

static enum outcome info(struct cli *c, void *params, const struct strlist *args)
{
	struct token_facts facts;
	enum outcome code = token_look(&c->job, &facts);

	(void)params;
	(void)args;
	if (!code) {
		say_facts(c, &facts);
		code = cli_json(c, facts_json(&facts));
	}
	token_facts_free(&facts);
	return code;
}

const struct command token_commands[] = {
    {"token", "list", "", 0, 0, MSG_ID("the tokens that are plugged in"),
	MSG_ID("Examples:\n  ecert token list\n  ecert token list --json"), NULL, 0, list},
    {"token", "info", "", 0, 0, MSG_ID("one token: model, tries of the PIN, certificates"),
	MSG_ID("Examples:\n  ecert token info\n  ecert token info --token 12345678"), NULL, 0,
	info},
    {"token", "init", "", 0, 0, MSG_ID("set a new token up: PIN, PUK, management key"),
	MSG_ID("A new token has a PIN and keys that everybody knows. This sets new ones. The "
	       "management "
	       "key (it puts keys on the token, and is no PIN) goes to a file that you name, "
	       "before the "
	       "token is changed: the escrow. If it is interrupted, run the same command with "
	       "--resume.\n\n"
	       "Examples:\n"
	       "  ecert token init --escrow token-1.json             # asks for PIN and PUK\n"
	       "  ecert token init --escrow token-1.json --generate  # makes and keeps them\n"
	       "  ecert token init --escrow token-1.json --protect   # the PIN is enough later\n"
	       "  mkdir -m 700 escrows\n"
	       "  ecert token init --escrow-dir escrows --generate --many  # one by one"),
	token_init_opts, sizeof(struct init_params), init_token},
    {"token", "label", "NAME", 1, 1, MSG_ID("give a token a name"),
	MSG_ID("People and programs see it in lists and prompts, and --token finds it by it. At "
	       "most 32 "
	       "bytes; the empty name '' goes back to model and serial number. e-Cert tokens keep "
	       "a name, "
	       "most other PIV cards do not.\n\n"
	       "Example:\n"
	       "  ecert token label 'Accounts' --management-key-source file:token-1.json"),
	token_label_opts, sizeof(struct token_label_deed), label_token},
    {"token", "reset", "", 0, 0,
	MSG_ID("destroy everything on a token whose PIN and PUK are blocked"),
	MSG_ID("Only when both are blocked, that is when nobody can use the token any more.\n\n"
	       "Example:\n  ecert token reset"),
	token_reset_opts, sizeof(struct token_reset_deed), reset_token},
    {0}};
