/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert attest. */
#include "actions/attest/attest.h"

#include <string.h>

#include "cli/commands.h"
#include "cli/sign/signrows.h"

/* One run of it. */
struct attesting {
	const struct cli *c;
	struct attested result;
};

static enum outcome answer(const struct attesting *a, json_t *o)
{
	json_object_set_new(o, "key_attested", json_boolean(a->result.key_attested));
	json_object_set_new(o, "co_resident", json_boolean(a->result.co_resident));
	return cli_json(a->c, o);
}

static enum outcome take(void *ctx, const char *jws)
{
	return answer(ctx, json_pack("{s:s}", "token", jws));
}

static enum outcome run_attest(struct cli *c, void *params, const struct strlist *args)
{
	struct attest_deed *deed = params;
	struct attesting a = {.c = c};
	enum outcome code;

	(void)args;
	if (c->json)
		deed->to.take = take;
	deed->to.ctx = &a;
	code = attest(&c->job, deed, &a.result);
	if (code || !strcmp(a.result.file, "-"))
		return code;
	cli_say(c, "%s", a.result.file);
	return answer(&a, json_pack("{s:o}", "file", cli_json_file(a.result.file)));
}

#define AT(field) offsetof(struct attest_deed, field)

static const struct opt opts[] = {
    {"audience", 0, OPT_STR, "NAME", AT(audience), MSG_ID("for whom: the counterparty's URL")},
    {"nonce", 0, OPT_STR, "TEXT", AT(nonce), MSG_ID("the nonce that the counterparty gave you")},
    {"merchant", 0, OPT_STR, "URL", AT(merchant),
	MSG_ID("who you are on the web (default: the holder of the trust mark)")},
    {"mark", 0, OPT_STR, "FILE", AT(mark), MSG_ID("put your trust mark in")},
    {"status", 0, OPT_STR, "FILE", AT(status), MSG_ID("put the status of your trust mark in")},
    {"ocsp", 0, OPT_STR, "FILE", AT(ocsp), MSG_ID("put the OCSP response for your certificate in")},
    {"no-evidence", 0, OPT_FLAG, NULL, AT(no_evidence),
	MSG_ID("leave the token's attestation out")},
    SIGNING_OPTS(struct attest_deed, key),
    {"output", 'o', OPT_OUT, "FILE", AT(to.path),
	MSG_ID("where it goes (default: standard output)")},
    {"force", 'f', OPT_FLAG, NULL, AT(to.force), MSG_ID("replace a file that is there")}, {0}};

const struct command attest_commands[] = {
    {"attest", NULL, "", 0, 0,
	MSG_ID("prove to a counterparty who you are and where your key lives"),
	MSG_ID("The counterparty gives you its name and a fresh nonce; the answer is good for five "
	       "minutes "
	       "and for this counterparty only. It holds what the token itself attests of the key; "
	       "whoever "
	       "verifies it calls the evidence attested, co-resident, declared or none.\n\n"
	       "Example:\n"
	       "  ecert attest --audience https://buyer.example --nonce 8fK2mX01pQ \\\n"
	       "      --merchant https://wong.example -o token.jwt"),
	opts, sizeof(struct attest_deed), run_attest},
    {0}};
