/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert token list, info: what is plugged in. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/token/cmd_init.h"
#include "cli/commands.h"
#include "client/expiry.h"
#include "client/p11.h"
#include "client/pick.h"
#include "provision/prov.h"

/* PKCS#11 has room for 16 characters of a serial number. Where that may have cut it, the card layer
 * tells the whole, so that it is one and the same everywhere. */
static void whole_serials(const struct cli *c, struct candidate *list, size_t n)
{
	struct token_slot slots[PICK_MAX];
	struct token_info infos[PICK_MAX];
	struct prov p = {.job = &c->job};
	size_t there, cut = 0;

	for (size_t i = 0; i < n; i++)
		cut += strlen(list[i].serial) == 16;
	if (!cut || p11_foreign(&c->job))
		return;
	there = prov_present(&p, slots, infos, PICK_MAX);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < there; k++)
			if (!strcmp(list[i].serial, infos[k].serial) &&
			    !strncmp(list[i].where, slots[k].reader, 64))
				text_copy(
				    list[i].serial, sizeof list[i].serial, infos[k].serial_full);
	prov_close(&p);
}

/* ---- list ---- */
static json_t *token_json(const struct p11 *p, const struct candidate *t, const PKCS11_SLOT *s)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:b, s:b}", "label",
	    cli_json_text(t->label), "serial", cli_json_text(t->serial), "model",
	    cli_json_text(s->token->model), "manufacturer", cli_json_text(s->token->manufacturer),
	    "reader", cli_json_text(t->where), "slot_id", (json_int_t)t->slot_id, "module",
	    cli_json_text(p->path), "pin_blocked", (int)s->token->userPinLocked, "pin_last_try",
	    (int)s->token->userPinFinalTry);
}

/* With a serial number or not, and with a blocked PIN or not. */
static const char *const lines[2][2] = {
    {MSG_ID("no serial number, {model}, in {reader} (slot {slot})"),
	MSG_ID("no serial number, {model}, in {reader} (slot {slot}), PIN blocked")},
    {MSG_ID("serial {serial}, {model}, in {reader} (slot {slot})"),
	MSG_ID("serial {serial}, {model}, in {reader} (slot {slot}), PIN blocked")}};

static enum outcome list(struct cli *c, void *params, const struct strlist *args)
{
	struct candidate found[PICK_MAX];
	PKCS11_SLOT *slots[PICK_MAX];
	struct p11 p;
	json_t *all = json_array();
	enum outcome code = p11_open(&c->job, &p);
	size_t n = code ? 0 : p11_candidates(&p, found, slots, PICK_MAX);

	(void)params;
	(void)args;
	whole_serials(c, found, n);
	for (size_t i = 0; i < n; i++) {
		bool numbered = found[i].serial[0] != 0;

		cli_say(c, "%s", found[i].label);
		cli_row(c, 3, "",
		    MSG(lines[numbered][slots[i]->token->userPinLocked != 0],
			P_TEXT("serial", found[i].serial), P_TEXT("model", slots[i]->token->model),
			P_TEXT("reader", found[i].where), P_NUMBER("slot", found[i].slot_id)));
		json_array_append_new(all, token_json(&p, &found[i], slots[i]));
	}
	if (!code && !n && !c->json)
		code = pick_explain_none(&c->job, p.ours ? "ecert" : p.path);
	if (!code)
		code = cli_json(c, json_pack("{s:O}", "tokens", all));
	json_decref(all);
	p11_close(&p);
	return code;
}

/* ---- info ---- */
static void say_cert(const struct cli *c, const struct p11_cert *cert)
{
	const char *ca = *cert->who.issuer_cn ? cert->who.issuer_cn : cert->who.issuer;
	char until[32];
	struct expiry ends;
	struct tm tm;

	gmtime_r(&cert->who.not_after, &tm);
	strftime(until, sizeof until, "%Y-%m-%d", &tm);
	cli_row(c, 1, "",
	    MSG("id {id}  {name}, by {ca}, until {until}", P_TEXT("id", cert->id),
		P_TEXT("name", cert->who.name), P_TEXT("ca", ca), P_TEXT("until", until)));
	if (!cert->who.is_ca && expiry_near(cert->who.not_after, time(NULL), &ends))
		cli_row(
		    c, 8, "", MSG("it {ends}: ask your CA for a new one", P_MSG("ends", &ends.m)));
}

static json_t *card_json(const struct token_info *i, const struct card_defaults *more)
{
	bool known = more->pin.default_known || more->puk.default_known || more->mgm_known;

	return json_pack("{s:o, s:o, s:o, s:b, s:b, s:b, s:b, s:s}", "pin_tries",
	    cardio_tries_json(i->pin_tries), "puk_tries", cardio_tries_json(more->puk.tries),
	    "factory_secrets",
	    known ? json_boolean(more->pin.is_default || more->puk.is_default || more->mgm_default)
		  : json_null(),
	    "virtual", (int)i->is_virtual, "attestation", (int)i->has_attestation, "metadata",
	    (int)i->has_metadata, "pinpad", (int)i->pinpad, "serial", i->serial_full);
}

static void say_card(
    const struct cli *c, const struct token_info *i, const struct card_defaults *more)
{
	if (i->pin_tries >= 0)
		cli_row(
		    c, 13, MSG_ID("PIN:"), MSG_N("{n} try left", "{n} tries left", i->pin_tries));
	if (more->pin.is_default || more->puk.is_default || more->mgm_default)
		cli_row(c, 13, "",
		    MSG("still the factory's, which everybody knows: run `ecert token init`"));
	cli_row(
	    c, 13, MSG_ID("Attestation:"), MSG(i->has_attestation ? MSG_ID("yes") : MSG_ID("no")));
	if (i->is_virtual)
		cli_tell(c, MSG("This is a virtual token, for trying and testing only."));
}

static void say_token(const struct cli *c, const struct candidate *t, const PKCS11_SLOT *slot)
{
	cli_row(c, 13, MSG_ID("Token:"), MSG(TEXT, P_TEXT("text", t->label)));
	cli_row(c, 13, MSG_ID("Serial:"),
	    t->serial[0] ? MSG(TEXT, P_TEXT("text", t->serial)) : MSG("none"));
	cli_row(c, 13, MSG_ID("Model:"),
	    MSG("{model} ({maker})", P_TEXT("model", slot->token->model),
		P_TEXT("maker", slot->token->manufacturer)));
	cli_row(c, 13, MSG_ID("Reader:"), MSG(TEXT, P_TEXT("text", t->where)));
}

static enum outcome info(struct cli *c, void *params, const struct strlist *args)
{
	struct p11 p;
	struct p11_cert *certs = NULL;
	struct candidate t[PICK_MAX];
	PKCS11_SLOT *slots[PICK_MAX];
	struct prov prov;
	struct card_defaults more;
	size_t certs_n = 0, i, n;
	json_t *o = NULL, *list = json_array();
	enum outcome code = p11_open(&c->job, &p);

	(void)params;
	(void)args;
	if (!code)
		code = p11_pick(&p);
	if (!code)
		code = p11_certs(&p, &certs, &certs_n);
	if (code)
		goto out;
	n = p11_candidates(&p, t, slots, PICK_MAX);
	for (i = 0; i + 1 < n && slots[i] != p.slot;)
		i++;
	whole_serials(c, &t[i], 1);
	o = token_json(&p, &t[i], p.slot);
	say_token(c, &t[i], p.slot);
	if (!prov_open_reader(&c->job, p.slot->description, &prov)) {
		struct token_info proved;

		if (!token_prove(&prov.at, &proved))
			prov.info = proved;
		cardio_defaults_at(&c->job, prov.slot.reader, &more);
		say_card(c, &prov.info, &more);
		json_object_set_new(o, "card", card_json(&prov.info, &more));
		prov_close(&prov);
	} else if (!p11_foreign(&c->job)) {
		/* Another maker's token need not be a card that we know; ours was one just now. */
		json_decref(o);
		code = ui_fail_rc(c->job.ui, ECERT_E_REMOVED, MSG("Cannot read the token: {why}"));
		goto out;
	}
	if (certs_n)
		cli_row(c, 13, MSG_ID("Certificates:"), MSG(TEXT, P_NUMBER("text", certs_n)));
	else
		cli_row(c, 13, MSG_ID("Certificates:"),
		    MSG("none. {next}", P_WORD("next", P11_NO_CERT_HINT)));
	for (i = 0; i < certs_n; i++) {
		say_cert(c, &certs[i]);
		json_array_append_new(list, json_pack("{s:s, s:o}", "id", certs[i].id,
						"certificate", identity_json(&certs[i].who)));
	}
	json_object_set(o, "certificates", list);
	code = cli_json(c, o);
out:
	json_decref(list);
	p11_certs_free(&certs, certs_n);
	p11_close(&p);
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
	token_init_opts, sizeof(struct init_params), token_init},
    {"token", "label", "NAME", 1, 1, MSG_ID("give a token a name"),
	MSG_ID("People and programs see it in lists and prompts, and --token finds it by it. At "
	       "most 32 "
	       "bytes; the empty name '' goes back to model and serial number. e-Cert tokens keep "
	       "a name, "
	       "most other PIV cards do not.\n\n"
	       "Example:\n"
	       "  ecert token label 'Accounts' --management-key-source file:token-1.json"),
	token_label_opts, sizeof(struct label_params), token_label},
    {"token", "reset", "", 0, 0,
	MSG_ID("destroy everything on a token whose PIN and PUK are blocked"),
	MSG_ID("Only when both are blocked, that is when nobody can use the token any more.\n\n"
	       "Example:\n  ecert token reset"),
	token_reset_opts, sizeof(struct reset_params), token_reset},
    {0}};
