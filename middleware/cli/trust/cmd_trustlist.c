/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert trustlist sign. */
#include "actions/list/list.h"

#include "cli/commands.h"
#include "cli/sign/signrows.h"
#include "cli/trust/trustmark.h"

static enum outcome run_trustlist(struct cli *c, void *params, const struct strlist *args)
{
	struct list_deed *deed = params;
	struct handing h;
	enum outcome code;

	trustmark_hand(c, "trust-list", &deed->to, &h);
	code = trustlist_sign(&c->job, deed, args->v[0]);
	return code ? code : trustmark_handed(&h, deed->to.path);
}

#define AT(field) offsetof(struct list_deed, field)

static const struct opt opts[] = {
    {"days", 0, OPT_COUNT, "N", AT(days), MSG_ID("how long the list counts (default: 30)")},
    SIGNING_OPTS(struct list_deed, key),
    {"output", 'o', OPT_OUT, "FILE", AT(to.path),
	MSG_ID("where it goes (default: standard output)")},
    {"force", 'f', OPT_FLAG, NULL, AT(to.force), MSG_ID("replace a file that is there")}, {0}};

const struct command trustlist_commands[] = {
    {"trustlist", "sign", "JSON", 1, 1,
	MSG_ID("sign a list of whom to trust, for `verify --trust-list`"),
	MSG_ID("The list is {\"iss\": URL, \"seq\": number that grows, \"entries\": [{\"name\", "
	       "\"purposes\": "
	       "[\"ecert-signing\", \"tsa\", \"trustmark-issuer\", \"trustmark-owner\", "
	       "\"attestation-root\"], "
	       "\"x5c\": "
	       "base64 DER or \"sha256\": hexadecimal, \"policies\": [OID, or 1.2.* for all below "
	       "1.2], ...}]}.\n\n"
	       "Example:\n"
	       "  ecert trustlist sign list.json -o list.jwt\n"
	       "  ecert verify --trust-list list.jwt --trust-list-signer us.pem invoice.pdf"),
	opts, sizeof(struct list_deed), run_trustlist},
    {0}};
