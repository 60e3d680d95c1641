/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert trustlist sign: a list of whom to trust, signed by the token of whoever answers for it. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/commands.h"
#include "client/outfile.h"
#include "cli/sign/signrows.h"
#include "client/signing.h"
#include "cli/trust/trustmark.h"
#include "document/jose/jws.h"
#include "trust/list/list.h"

#define DAY	     86400L
#define DAYS_DEFAULT 30L
#define DAYS_MAX     366L

struct list_params {
	struct signing_choice key;
	const char *output;
	long days;
	bool force;
};

static enum outcome check_list(const struct cli *c, struct rd json)
{
	struct message_kept why;
	enum ecert_rc rc = trust_list_check(json, &why);

	if (rc == ECERT_E_MALFORMED)
		return ui_fail(c->job.ui, OUT_INPUT, "list-malformed",
		    MSG("The list is not right: {why}", P_MSG("why", MSG_KEPT(&why))),
		    MSG("`ecert trustlist sign --help` shows what is in it."));
	return ui_fail_rc(c->job.ui, rc, MSG("Cannot read the list: {why}"));
}

static enum outcome sign_list(const struct cli *c, const struct list_params *o, struct rd json)
{
	struct signing s = {.certs = NULL};
	struct buf jws = BUF_INIT(JWS_MAX_SIZE);
	struct message_kept why;
	struct signing_choice by = o->key;
	enum outcome code;

	by.bare = true;
	code = signing_begin(&c->job, &by, &s);

	if (!code)
		code = signing_login(&s, MSG("to sign a trust list"));
	if (!code)
		code = ui_fail_rc(c->job.ui,
		    trust_list_sign(&s.doc, json, time(NULL),
			(o->days ? o->days : DAYS_DEFAULT) * DAY, &jws, &why),
		    MSG("Cannot sign the list: {why}"));
	if (!code)
		code = trustmark_save(c, o->output ? o->output : "-", o->force, "trust-list", &jws);
	signing_end(&s);
	buf_free(&jws);
	return code;
}

static enum outcome run(struct cli *c, void *params, const struct strlist *args)
{
	const struct list_params *o = params;
	struct buf json = BUF_INIT(JWS_MAX_SIZE);
	enum outcome code = OUT_OK;

	if (o->days > DAYS_MAX)
		return ui_fail(c->job.ui, OUT_USAGE, "days-too-many",
		    MSG("--days is at most {max}", P_NUMBER("max", DAYS_MAX)), NULL);
	if (o->output)
		code = outfile_vacant(&c->job, o->output, o->force);
	if (!code)
		code = infile_load(&c->job, args->v[0], &json);
	if (!code)
		code = check_list(c, buf_view(&json));
	if (!code)
		code = sign_list(c, o, buf_view(&json));
	buf_free(&json);
	return code;
}

#define AT(field) offsetof(struct list_params, field)

static const struct opt opts[] = {
    {"days", 0, OPT_INT, "N", AT(days), MSG_ID("how long the list counts (default: 30)")},
    SIGNING_OPTS(struct list_params, key),
    {"output", 'o', OPT_OUT, "FILE", AT(output),
	MSG_ID("where it goes (default: standard output)")},
    {"force", 'f', OPT_FLAG, NULL, AT(force), MSG_ID("replace a file that is there")}, {0}};

const struct command trustlist_commands[] = {
    {"trustlist", "sign", "JSON", 1, 1,
	MSG_ID("sign a list of whom to trust, for `verify --trust-list`"),
	MSG_ID(
	    "The list is {\"iss\": URL, \"seq\": number that grows, \"entries\": [{\"name\", "
	    "\"purposes\": "
	    "[\"ecert-signing\", \"trustmark-issuer\", \"trustmark-owner\", \"attestation-root\"], "
	    "\"x5c\": "
	    "base64 DER or \"sha256\": hexadecimal, \"policies\": [OID, or 1.2.* for all below "
	    "1.2], ...}]}.\n\n"
	    "Example:\n"
	    "  ecert trustlist sign list.json -o list.jwt\n"
	    "  ecert verify --trust-list list.jwt --trust-list-signer us.pem invoice.pdf"),
	opts, sizeof(struct list_params), run},
    {0}};
