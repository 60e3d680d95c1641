/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert key import. */
#include "actions/who.h"
#include "cli/key/key.h"

static void say_stored(void *ctx, const struct key_import_result *r)
{
	const struct cli *c = ctx;

	cli_tell(c, MSG("The key of {name} is in slot {slot}.", P_TEXT("name", r->who.name),
			P_TEXT("slot", r->slot)));
}

enum outcome import_key(struct cli *c, void *params, const struct strlist *args)
{
	struct key_import_deed *deed = params;
	struct key_import_result done;
	enum outcome code;

	deed->file = args->v[0];
	deed->stored = say_stored;
	deed->stored_ctx = c;
	code = key_import(&c->job, deed, &done);
	if (code)
		return code;
	return cli_json(
	    c, json_pack("{s:s, s:s, s:o, s:b, s:I}", "slot", done.slot, "origin", "imported",
		   "certificate", who_json(&done.who), "chain_complete", (int)done.chain_complete,
		   "keys_left_out", (json_int_t)done.left_out));
}

#define AT(field) offsetof(struct key_import_deed, field)

const struct opt key_import_opts[] = {KEY_PLACE_OPTS(struct key_import_deed, place),
    {"password-source", 0, OPT_STR, "SOURCE", AT(password),
	MSG_ID(
	    "where the file's password comes from: prompt, env:NAME, file:PATH, pinentry (default: "
	    "prompt, unless the file has none)")},
    {"friendly-name", 0, OPT_STR, "NAME", AT(friendly_name),
	MSG_ID("of several keys in the file the one of this name")},
    {"cert-serial", 0, OPT_STR, "SERIAL", AT(serial),
	MSG_ID("of several keys in the file the one whose certificate has this serial number")},
    {"chain", 0, OPT_LIST, "FILE", AT(chain),
	MSG_ID(
	    "certificates of the CA that are not in the file (PEM, DER, PKCS#7; may be repeated)")},
    {0}};
