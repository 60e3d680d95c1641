/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert key list, generate, and the table of the group. */
#include <string.h>

#include "actions/key/generate.h"
#include "actions/key/list.h"
#include "actions/who.h"
#include "cli/commands.h"
#include "cli/key/key.h"
#include "cli/language.h"

/* ---- list ---- */
static json_t *key_json(const struct key_list *list, const struct key_row *k)
{
	if (list->by_module)
		return json_pack("{s:s, s:o}", "id", k->id, "label", cli_json_text(k->label));
	return json_pack("{s:s, s:s, s:s?, s:s, s:s, s:s, s:s, s:s, s:o}", "slot", k->slot, "id",
	    k->id, "label", k->label, "use", k->use, "algorithm", k->algorithm, "pin_policy",
	    k->pin_policy, "touch_policy", k->touch_policy, "origin", k->origin, "certificate",
	    who_json(k->who));
}

/* In the person's language, with blanks behind it up to so many columns. */
static const char *column(const char *id, int columns, char *out, size_t cap)
{
	const char *word = language_of(id);
	int blanks = columns - language_columns(word);

	snprintf(out, cap, "%s%*s", word, blanks > 0 ? blanks : 0, "");
	return out;
}

static void say_key(const struct cli *c, const struct key_list *list, const struct key_row *k)
{
	char algorithm[32], use[128];

	if (list->by_module) {
		cli_say(c, "id %s  %s", k->id, k->label);
		return;
	}
	cli_tell(
	    c, MSG(k->who ? MSG_ID("slot {slot} (id {id})  {alg} {use} PIN {pin}, {origin}")
			  : MSG_ID("slot {slot} (id {id})  {alg} {use} PIN {pin}, {origin}, no "
				   "certificate"),
		   P_TEXT("slot", k->slot), P_TEXT("id", k->id),
		   P_TEXT("alg", column(k->algorithm, 9, algorithm, sizeof algorithm)),
		   P_TEXT("use", column(k->use, 20, use, sizeof use)), P_WORD("pin", k->pin_policy),
		   P_WORD("origin", k->origin)));
	if (k->who)
		cli_say(c, "    %s", k->who->subject);
	if (k->ends_soon)
		cli_row(c, 3, "", MSG("its certificate {ends}", P_MSG("ends", &k->ends.m)));
	if (k->label)
		cli_row(c, 3, "", MSG("label {label}", P_TEXT("label", k->label)));
}

static enum outcome list(struct cli *c, void *params, const struct strlist *args)
{
	struct key_list keys;
	json_t *all = json_array();
	enum outcome code = key_list(&c->job, &keys);

	(void)params;
	(void)args;
	for (size_t i = 0; !code && i < keys.n; i++)
		if (c->json)
			json_array_append_new(all, key_json(&keys, &keys.row[i]));
		else
			say_key(c, &keys, &keys.row[i]);
	if (!code && !keys.by_module && !keys.n)
		cli_tell(c, MSG("The token holds no key. Make one with `ecert key generate --slot "
				"9c`, or put "
				"that of your e-Cert on it: `ecert key import FILE.p12`."));
	if (!code)
		code = cli_json(c, json_pack("{s:O}", "keys", all));
	json_decref(all);
	key_list_free(&keys);
	return code;
}

/* ---- generate ---- */
static enum outcome generate(struct cli *c, void *params, const struct strlist *args)
{
	struct generate_result made;
	enum outcome code = key_generate(&c->job, params, &made);

	(void)args;
	if (code)
		return code;
	cli_tell(c,
	    MSG(made.signs ? MSG_ID("A new {kind} key is in slot {slot}. Next: `ecert cert request "
				    "--slot {slot}`.")
			   : MSG_ID("A new {kind} key is in slot {slot}. It agrees on keys and "
				    "signs nothing."),
		P_TEXT("kind", made.algorithm), P_TEXT("slot", made.slot)));
	return cli_json(c, json_pack("{s:s, s:s, s:s}", "slot", made.slot, "algorithm",
			       made.algorithm, "origin", "generated"));
}

static const struct opt generate_opts[] = {KEY_PLACE_OPTS(struct generate_deed, place),
    {"alg", 'a', OPT_STR, "NAME", offsetof(struct generate_deed, alg),
	MSG_ID(
	    "p256 (default), p384, rsa2048, rsa3072, rsa4096, and where the token has it ed25519, "
	    "x25519, "
	    "sm2")},
    {"output", 'o', OPT_OUT, "FILE", offsetof(struct generate_deed, output),
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
	generate_opts, sizeof(struct generate_deed), generate},
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
	key_import_opts, sizeof(struct key_import_deed), import_key},
    {"key", "label", "LABEL", 1, 1, MSG_ID("what people and programs call a key"),
	MSG_ID(
	    "An e-Cert token keeps it, and every program that lists the token's keys shows it. An "
	    "empty one takes it away.\n\n"
	    "Example:\n"
	    "  ecert key label 'Tax returns' --slot 9c \\\n"
	    "      --management-key-source file:escrow.json"),
	slot_label_opts, sizeof(struct slot_label_deed), label_key},
    {0}};
