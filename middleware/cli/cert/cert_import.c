/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert cert import. */
#include "actions/who.h"
#include "cli/cert/cert.h"

static void say_stored(void *ctx, const struct cert_import_result *r)
{
	const struct cli *c = ctx;

	cli_tell(c, MSG("The certificate of {name} is in slot {slot}.", P_TEXT("name", r->who.name),
			P_TEXT("slot", r->slot)));
}

enum outcome import_cert(struct cli *c, void *params, const struct strlist *args)
{
	struct cert_import_deed *deed = params;
	struct cert_import_result done;
	enum outcome code;

	deed->file = args->v[0];
	deed->stored = say_stored;
	deed->stored_ctx = c;
	code = cert_import(&c->job, deed, &done);
	if (code)
		return code;
	if (!done.authorities)
		return cli_json(
		    c, json_pack("{s:s, s:o, s:b}", "slot", done.slot, "certificate",
			   who_json(&done.who), "chain_complete", (int)done.chain_complete));
	cli_tell(
	    c, MSG("The CA's certificates are on the token; signatures carry them from now on."));
	return cli_json(c, json_pack("{s:I}", "authorities", (json_int_t)done.authorities));
}

#define AT(field) offsetof(struct cert_import_deed, field)

const struct opt cert_import_opts[] = {
    {"slot", 's', OPT_STR, "SLOT", AT(slot),
	MSG_ID("the place: 9c (signature), 9a, 9d, 9e, 82 to 95")},
    {"id", 0, OPT_STR, "HEX", AT(id), MSG_ID("the place by its PKCS#11 id: 02 is slot 9c")},
    {"label", 0, OPT_STR, "TEXT", AT(label),
	MSG_ID("what the certificate is called (an e-Cert token keeps it)")},
    {"chain", 0, OPT_LIST, "FILE", AT(chain),
	MSG_ID("the CA's own certificates, when they are not in FILE (PEM, DER, PKCS#7): an e-Cert "
	       "token "
	       "keeps them, and signatures then carry them")},
    {"management-key-source", 0, OPT_STR, "SOURCE", AT(mgm),
	MSG_ID("where the management key comes from: file:ESCROW, env:NAME, prompt")},
    {"force", 'f', OPT_FLAG, NULL, AT(force), MSG_ID("even when the slot's key is another one")},
    {0}};
