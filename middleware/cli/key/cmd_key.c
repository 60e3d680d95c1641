/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert key list, generate; import is in key_import.c. */
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/exit.h"
#include "client/expiry.h"
#include "cli/key/key.h"
#include "client/outfile.h"
#include "client/p11.h"
#include "client/slot.h"
#include "cli/key/slot_label.h"
#include "document/identity.h"
#include "util/hex.h"

/* ---- list ---- */
/* What is known of a slot's key besides the key. */
struct row {
	char id[2 * TOKEN_ID_MAX + 1]; /* CKA_ID in hexadecimal */
	const char *label;	       /* NULL: none */
	const struct identity *who;    /* of the certificate; NULL: none */
};

static struct row row_of(const struct token_names *names, uint8_t ref, const struct identity *who)
{
	const struct token_name *n = token_name_of(names, ref);
	struct row row = {.label = n && *n->key ? n->key : NULL, .who = who};

	if (n && n->id_len)
		hex_str(rd_of(n->id, n->id_len), row.id);
	else
		snprintf(row.id, sizeof row.id, "%02x", slot_id(ref));
	return row;
}

static json_t *key_json(const struct token_key *k, const struct row *row)
{
	return json_pack("{s:s, s:s, s:s?, s:s, s:s, s:s, s:s, s:s, s:o}", "slot",
	    slot_name(k->ref), "id", row->id, "label", row->label, "use", slot_use(k->ref),
	    "algorithm", alg_row(k->alg) ? alg_row(k->alg)->name : "unknown", "pin_policy",
	    slot_pin_word(k->pin), "touch_policy", slot_touch_word(k->touch), "origin",
	    slot_origin_word(k->origin), "certificate",
	    row->who ? identity_json(row->who) : json_null());
}

/* Whether the card as a whole is gone: a list that ends there would look complete. */
static bool is_gone(enum ecert_rc rc)
{
	return outcome_of_rc(rc) == OUT_NO_TOKEN || rc == ECERT_E_REMOVED || rc == ECERT_E_MUTE ||
	       rc == ECERT_E_RESET || rc == ECERT_E_TIMEOUT || rc == ECERT_E_EXCLUSIVE ||
	       rc == ECERT_E_MEMORY;
}

static void say_key(
    const struct cli *c, const struct token_key *k, const struct row *row, json_t *all)
{
	const char *subject = row->who ? row->who->subject : NULL;
	struct expiry ends;

	cli_say(c, "slot %s (id %s)  %-9s %-20s PIN %s, %s%s", slot_name(k->ref), row->id,
	    alg_row(k->alg) ? alg_row(k->alg)->name : "unknown", slot_use(k->ref),
	    slot_pin_word(k->pin), slot_origin_word(k->origin), subject ? "" : ", no certificate");
	if (subject)
		cli_say(c, "    %s", subject);
	if (subject && expiry_near(row->who->not_after, time(NULL), &ends))
		cli_row(c, 3, "", MSG("its certificate {ends}", P_MSG("ends", &ends.m)));
	if (row->label)
		cli_row(c, 3, "", MSG("label {label}", P_TEXT("label", row->label)));
	json_array_append_new(all, key_json(k, row));
}

/* A key or certificate that is broken is left out; the others are shown. */
static enum ecert_rc list_one(const struct cli *c, const struct token_at *at,
    const struct token_names *names, uint8_t ref, json_t *all)
{
	struct row row;
	struct token_key k = {0};
	struct buf der = BUF_INIT(65536);
	struct identity who = {.subject = ""};
	enum ecert_rc rc = token_key_get(at, ref, &k);
	bool cert;

	if (rc)
		return is_gone(rc) ? rc : ECERT_OK;
	rc = token_cert_get(at, ref, &der);
	cert = !rc && !identity_read(buf_view(&der), &who);
	if (!is_gone(rc)) {
		row = row_of(names, ref, cert ? &who : NULL);
		say_key(c, &k, &row, all);
		rc = ECERT_OK;
	}
	buf_free(&der);
	token_key_clear(&k);
	return rc;
}

static enum outcome list_card(const struct cli *c)
{
	uint8_t refs[TOKEN_KEYS_MAX];
	struct token_names names;
	struct prov p;
	json_t *all = json_array();
	size_t n = 0;
	enum outcome code = prov_open(&c->job, &p);

	if (!code)
		code = ui_fail_rc(
		    c->job.ui, token_refs(&p.at, refs, &n), MSG("Cannot list the keys: {why}"));
	if (!code)
		code = ui_fail_rc(
		    c->job.ui, token_names(&p.at, &names), MSG("Cannot list the keys: {why}"));
	for (size_t i = 0; !code && i < n; i++)
		if (refs[i] != 0xF9)
			code = ui_fail_rc(c->job.ui, list_one(c, &p.at, &names, refs[i], all),
			    MSG("Cannot list the keys: {why}"));
	if (!code && !json_array_size(all))
		cli_tell(c, MSG("The token holds no key. Make one with `ecert key generate --slot "
				"9c`, or put "
				"that of your e-Cert on it: `ecert key import FILE.p12`."));
	if (!code)
		code = cli_json(c, json_pack("{s:O}", "keys", all));
	json_decref(all);
	prov_close(&p);
	return code;
}

/* What another maker's module shows without a PIN: its public keys. */
static enum outcome list_module(const struct cli *c)
{
	PKCS11_KEY *keys = NULL;
	unsigned n = 0;
	struct p11 p;
	json_t *all = json_array();
	enum outcome code = p11_open(&c->job, &p);

	if (!code)
		code = p11_pick(&p);
	ERR_clear_error();
	if (!code && PKCS11_enumerate_public_keys(p.slot->token, &keys, &n))
		code = ui_fail_rc(c->job.ui, p11_error(), MSG("Cannot list the keys: {why}"));
	for (unsigned i = 0; !code && i < n; i++) {
		char id[131] = "";

		if (keys[i].id_len <= 64)
			hex_str(rd_of(keys[i].id, keys[i].id_len), id);
		cli_say(c, "id %s  %s", id, keys[i].label);
		json_array_append_new(
		    all, json_pack("{s:s, s:o}", "id", id, "label", cli_json_text(keys[i].label)));
	}
	if (!code)
		code = cli_json(c, json_pack("{s:O}", "keys", all));
	json_decref(all);
	p11_close(&p);
	return code;
}

static enum outcome list(struct cli *c, void *params, const struct strlist *args)
{
	(void)params;
	(void)args;
	return p11_foreign(&c->job) ? list_module(c) : list_card(c);
}

/* ---- generate ---- */
struct generate_params {
	struct key_place place;
	const char *alg, *output;
};

enum outcome key_place(const struct cli *c, const struct key_place *o, struct token_newkey *spec)
{
	enum outcome code = slot_chosen(&c->job, o->slot, o->id, 0x9C, &spec->ref);

	if (!code)
		code = slot_pin_policy(&c->job, o->pin_policy, &spec->pin);
	if (!code)
		code = slot_touch_policy(&c->job, o->touch_policy, &spec->touch);
	return code;
}

enum outcome key_vacant(struct prov *p, uint8_t ref, bool force)
{
	struct token_key k = {0};
	enum ecert_rc rc = force ? ECERT_E_NOT_FOUND : token_key_get(&p->at, ref, &k);

	token_key_clear(&k);
	if (rc == ECERT_E_NOT_FOUND || rc == ECERT_E_UNSUPPORTED)
		return OUT_OK;
	if (rc)
		return ui_fail_rc(p->job->ui, rc,
		    MSG("Cannot look at slot {slot}: {why}", P_TEXT("slot", slot_name(ref))));
	return ui_fail(p->job->ui, OUT_REFUSED, "slot-taken",
	    MSG("Slot {slot} holds a key already; a new one would destroy it",
		P_TEXT("slot", slot_name(ref))),
	    MSG("Choose another slot, or replace it for good with --force."));
}

static enum outcome save_public(
    const struct cli *c, const char *path, bool force, const struct pubkey *pub)
{
	BIO *bio = BIO_new(BIO_s_mem());
	enum outcome code = OUT_OK;
	char *text = NULL;
	long n;

	if (!bio || PEM_write_bio_PUBKEY(bio, pubkey_evp(pub)) != 1)
		code = ui_fail_rc(
		    c->job.ui, ECERT_E_CRYPTO, MSG("Cannot write the public key: {why}"));
	n = code ? 0 : BIO_get_mem_data(bio, &text);
	if (!code)
		code = outfile_save(&c->job, path, rd_of(text, (size_t)n), force);
	BIO_free(bio);
	return code;
}

/* Cards refuse what they do not have each in its own way: 6A80, 6A86, 6D00. */
static enum outcome make_failed(
    const struct cli *c, enum ecert_rc rc, const struct alg *alg, uint8_t ref)
{
	if (rc == ECERT_E_KEY_TYPE || rc == ECERT_E_UNSUPPORTED || rc == ECERT_E_DATA ||
	    rc == ECERT_E_DATA_LEN || rc == ECERT_E_NOT_FOUND)
		return ui_fail(c->job.ui, OUT_REFUSED, "key-type-not-supported",
		    MSG("The token does not make a key of this kind ({name}) in slot {slot}",
			P_TEXT("name", alg->name), P_TEXT("slot", slot_name(ref))),
		    MSG("p256 and rsa2048 are made by every token, and 9a, 9c, 9d and 9e are "
			"places on "
			"each."));
	return ui_fail_rc(c->job.ui, rc, MSG("Cannot make the key: {why}"));
}

static enum outcome generate(struct cli *c, void *params, const struct strlist *args)
{
	const struct generate_params *o = params;
	const struct alg *alg = alg_by_name(o->alg ? o->alg : "P-256");
	struct token_newkey spec = {0};
	struct pubkey *pub = NULL;
	struct prov p = {0};
	enum outcome code;

	(void)args;
	if (!alg)
		return ui_fail(c->job.ui, OUT_USAGE, "algorithm-unknown",
		    MSG("There is no key algorithm '{alg}'", P_TEXT("alg", o->alg)),
		    MSG("p256, p384, rsa2048, rsa3072, rsa4096, ed25519, x25519 or sm2."));
	if (alg->id == KEY_RSA1024)
		return ui_fail(c->job.ui, OUT_REFUSED, "key-too-short",
		    MSG("RSA-1024 is too short: nobody accepts its signatures any more"),
		    MSG("Make one with p256 or rsa2048."));
	spec.alg = alg->id;
	code = key_place(c, &o->place, &spec);
	/* Some tokens tell the public key only once: first see that it can be written. */
	if (!code && o->output)
		code = outfile_vacant(&c->job, o->output, o->place.force);
	if (!code)
		code = prov_open(&c->job, &p);
	if (code)
		return code;
	code = key_vacant(&p, spec.ref, o->place.force);
	if (!code)
		code = slot_label_possible(&p, o->place.label);
	if (!code)
		code = prov_login_mgm(&p, o->place.mgm);
	if (!code && alg->family == FAMILY_RSA)
		ui_note(c->job.ui, MSG("Making an RSA key takes the token up to a minute."));
	if (!code)
		code = make_failed(c, token_key_generate(&p.at, &spec, &pub), alg, spec.ref);
	if (!code)
		code = slot_label_put(&p, spec.ref, SLOT_KEY, o->place.label);
	if (!code && o->output)
		code = save_public(c, o->output, o->place.force, pub);
	if (!code)
		code = ui_fail_rc(c->job.ui, token_public_keep(&p.at, spec.ref, pub),
		    MSG("Cannot keep the public key on the token: {why}"));
	if (!code) {
		if (alg->can_sign)
			cli_tell(
			    c, MSG("A new {kind} key is in slot {slot}. Next: `ecert cert request "
				   "--slot {slot}`.",
				   P_TEXT("kind", alg->name), P_TEXT("slot", slot_name(spec.ref))));
		else
			cli_tell(
			    c, MSG("A new {kind} key is in slot {slot}. It agrees on keys and "
				   "signs nothing.",
				   P_TEXT("kind", alg->name), P_TEXT("slot", slot_name(spec.ref))));
		code = cli_json(c, json_pack("{s:s, s:s, s:s}", "slot", slot_name(spec.ref),
				       "algorithm", alg->name, "origin", "generated"));
	}
	pubkey_free(&pub);
	prov_close(&p);
	return code;
}

static const struct opt generate_opts[] = {KEY_PLACE_OPTS(struct generate_params, place),
    {"alg", 'a', OPT_STR, "NAME", offsetof(struct generate_params, alg),
	MSG_ID(
	    "p256 (default), p384, rsa2048, rsa3072, rsa4096, and where the token has it ed25519, "
	    "x25519, "
	    "sm2")},
    {"output", 'o', OPT_OUT, "FILE", offsetof(struct generate_params, output),
	MSG_ID("write the public key there (PEM)")},
    {0}};

const struct command key_commands[] = {
    {"key", "list", "", 0, 0, MSG_ID("the keys on the token"),
	MSG_ID("Examples:\n  ecert key list\n  ecert key list --json"), NULL, 0, list},
    {"key", "generate", "", 0, 0, MSG_ID("make a new key inside the token"),
	MSG_ID(
	    "A key made inside never leaves the token, and the token can attest that. It needs the "
	    "management key: the escrow file of `ecert token init`; a token that keeps the key "
	    "behind "
	    "the PIN (`ecert token init --protect`) needs the PIN alone. A token that tells no "
	    "public "
	    "keys "
	    "gets a placeholder certificate, which the CA's replaces.\n\n"
	    "Example:\n"
	    "  ecert key generate --slot 9c --management-key-source file:escrow.json"),
	generate_opts, sizeof(struct generate_params), generate},
    {"key", "import", "FILE.p12", 1, 1,
	MSG_ID("put the key and certificate of a PKCS#12 file on the token"),
	MSG_ID(
	    "For the .p12 file that an e-Cert comes in. A key that was outside once can be copied: "
	    "delete the file afterwards. The token cannot attest an imported key. Of several keys "
	    "in "
	    "the file the one whose certificate may sign is taken; where that is not clear they "
	    "are "
	    "listed with the option that names one.\n\n"
	    "Examples:\n"
	    "  ecert key import ecert.p12 --management-key-source file:escrow.json\n"
	    "  ecert key import ecert.p12 --chain ca.pem \\\n"
	    "      --management-key-source file:escrow.json"),
	key_import_opts, sizeof(struct key_import_params), key_import},
    {"key", "label", "LABEL", 1, 1, MSG_ID("what people and programs call a key"),
	MSG_ID(
	    "An e-Cert token keeps it, and every program that lists the token's keys shows it. An "
	    "empty one takes it away.\n\n"
	    "Example:\n"
	    "  ecert key label 'Tax returns' --slot 9c \\\n"
	    "      --management-key-source file:escrow.json"),
	slot_label_opts, sizeof(struct slot_label_params), label_key},
    {0}};
