/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert trustmark renew, show; what issuers do is in trustmark_issue.c. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "cli/commands.h"
#include "client/outfile.h"
#include "cli/sign/signrows.h"
#include "client/signing.h"
#include "cli/trust/trustmark.h"
#include "cli/verify/verify.h"
#include "document/jose/jws.h"
#include "trust/mark/mark.h"
#include "trust/renewal/renewal.h"

#define DAY 86400L

enum outcome trustmark_save(
    const struct cli *c, const char *path, bool force, const char *kind, struct buf *jws)
{
	enum outcome code;

	if (c->json && !strcmp(path, "-")) {
		buf_u8(jws, 0);
		return cli_json(
		    c, json_pack("{s:s, s:s}", "kind", kind, "jws", (const char *)buf_view(jws).p));
	}
	buf_u8(jws, '\n');
	code = outfile_save(&c->job, path, buf_view(jws), force);
	if (code || !strcmp(path, "-"))
		return code;
	cli_say(c, "%s", path);
	return cli_json(c, json_pack("{s:s, s:o}", "kind", kind, "file", cli_json_text(path)));
}

/* ---- renew ---- */
struct renew_params {
	struct signing_choice key;
	const char *request, *mark, *output;
	long days;
	bool force;
};

static enum outcome check_request(const struct cli *c, const char *path, struct rd json)
{
	struct report rep;

	report_init(&rep);
	if (renewal_check_file(json, &rep))
		return OUT_OK;
	for (size_t i = 0; i < rep.n; i++)
		if (rep.checks[i].state == CHECK_FAILED)
			ui_note(c->job.ui,
			    MSG("  {check}: {detail}", P_TEXT("check", rep.checks[i].name),
				P_MSG("detail", MSG_KEPT(&rep.checks[i].what))));
	return ui_fail(c->job.ui, OUT_INPUT, "request-incomplete",
	    MSG("{file} is not a complete request", P_TEXT("file", path)),
	    MSG("Correct what is listed above, then run the command again."));
}

/* "renewal.json" becomes "renewal.jwt". */
static const char *renew_target(const struct renew_params *o, char *path, size_t cap)
{
	size_t n = strlen(o->request);

	if (o->output || !strcmp(o->request, "-"))
		return o->output ? o->output : "-";
	if (n > 5 && !strcmp(o->request + n - 5, ".json"))
		n -= 5;
	return snprintf(path, cap, "%.*s.jwt", (int)n, o->request) < (int)cap ? path : "-";
}

static enum outcome renew_sign(
    const struct cli *c, const struct renew_params *o, struct rd json, struct rd prev)
{
	struct renewal_options opts = {.prev = prev, .lifetime = o->days * DAY};
	struct signing s = {.certs = NULL};
	struct buf jws = BUF_INIT(JWS_MAX_SIZE);
	struct report rep;
	char path[PATH_MAX];
	const char *out = renew_target(o, path, sizeof path);
	enum outcome code = signing_begin(&c->job, &o->key, &s);

	report_init(&rep);
	if (!code && !renewal_check_signer(json, buf_view(&s.chosen->der), prev, &rep))
		code = trustmark_unfit(c, &rep,
		    MSG_ID("Nothing was signed: the issuer would refuse it. Correct the request, "
			   "or choose another certificate with --id or another mark with --mark."),
		    MSG("The request does not fit who signs it"));
	if (!code)
		code = signing_login(&s, MSG("to sign the renewal of your trust mark"));
	opts.now = time(NULL);
	opts.alg = s.alg;
	if (!code)
		code = ui_fail_rc(c->job.ui, renewal_create(&s.doc, json, &opts, &jws, &rep),
		    MSG("Cannot sign the renewal request: {why}"));
	if (!code)
		code = trustmark_save(c, out, o->force, "renewal-request", &jws);
	signing_end(&s);
	buf_free(&jws);
	return code;
}

static enum outcome renew(struct cli *c, void *params, const struct strlist *args)
{
	const struct renew_params *o = params;
	struct buf json = BUF_INIT(JWS_MAX_SIZE), prev = BUF_INIT(JWS_MAX_SIZE);
	char path[PATH_MAX];
	enum outcome code;

	(void)args;
	if (!o->request)
		return ui_fail(c->job.ui, OUT_USAGE, "request-missing",
		    MSG("Name the request: --request FILE.json"),
		    MSG("`ecert trustmark renew --help` shows what is in it."));
	if (o->days > RENEWAL_MAX_LIFE / DAY || o->days < 0)
		return ui_fail(c->job.ui, OUT_USAGE, "days-too-many",
		    MSG("--days is at most {max}", P_NUMBER("max", RENEWAL_MAX_LIFE / DAY)), NULL);
	code = infile_load(&c->job, o->request, &json);
	if (!code)
		code = check_request(c, o->request, buf_view(&json));
	if (!code)
		code = verify_load(c, o->mark, &prev);
	if (!code)
		code = outfile_vacant(&c->job, renew_target(o, path, sizeof path), o->force);
	if (!code)
		code = renew_sign(c, o, buf_view(&json), buf_view(&prev));
	buf_free(&json);
	buf_free(&prev);
	return code;
}

/* ---- show ---- */
static enum outcome show(struct cli *c, void *params, const struct strlist *args)
{
	static const char *const typs[] = {
	    TRUST_MARK_TYP, RENEWAL_TYP, TRUST_MARK_STATUS_TYP, TRUST_MARK_DELEGATION_TYP};
	struct buf text = BUF_INIT(JWS_MAX_SIZE);
	struct jws *j = NULL;
	struct message_kept why;
	char typ[64] = "";
	enum outcome code = infile_load(&c->job, args->v[0], &text);
	bool known = false;

	(void)params;
	if (!code && jws_peek_typ(buf_view(&text), typ, sizeof typ))
		typ[0] = 0;
	for (size_t i = 0; i < sizeof typs / sizeof typs[0]; i++)
		known = known || !strcasecmp(typ, typs[i]);
	if (!code && !known)
		code = ui_fail(c->job.ui, OUT_INPUT, "not-of-a-trust-mark",
		    MSG("{file} is no trust mark, request or status", P_TEXT("file", args->v[0])),
		    MSG(next_of_rc(ECERT_E_MALFORMED)));
	if (!code && jws_parse(buf_view(&text), &(struct jws_rules){.typ = typ}, &j, &why))
		code = ui_fail(c->job.ui, OUT_INPUT, "file-damaged",
		    MSG("{file} is damaged: {why}", P_TEXT("file", args->v[0]),
			P_MSG("why", MSG_KEPT(&why))),
		    MSG(next_of_rc(ECERT_E_MALFORMED)));
	if (!code && c->json)
		code = cli_json(c, json_pack("{s:s, s:O, s:O}", "typ", typ, "header", j->header,
				       "claims", j->claims));
	else if (!code) {
		cli_tell(c,
		    MSG("{type}, not verified (`ecert verify` does that):", P_TEXT("type", typ)));
		if (cli_json_write(j->claims, JSON_INDENT(2) | JSON_PRESERVE_ORDER))
			code = ui_fail_rc(
			    c->job.ui, ECERT_E_IO, MSG("Cannot write to standard output: {why}"));
	}
	jws_free(&j);
	buf_free(&text);
	return code;
}

#define AT(field) offsetof(struct renew_params, field)

static const struct opt renew_opts[] = {
    {"request", 'r', OPT_STR, "JSON", AT(request), MSG_ID("what you tell the issuer (see below)")},
    {"mark", 0, OPT_STR, "FILE", AT(mark),
	MSG_ID("the mark being renewed (none: a first application)")},
    {"days", 0, OPT_INT, "N", AT(days),
	MSG_ID("how long the request counts (default: 7, at most 30)")},
    SIGNING_OPTS(struct renew_params, key),
    {"output", 'o', OPT_OUT, "FILE", AT(output),
	MSG_ID("where it goes (default: the request as .jwt)")},
    {"force", 'f', OPT_FLAG, NULL, AT(force), MSG_ID("replace a file that is there")}, {0}};

const struct command trustmark_commands[] = {
    {"trustmark", "renew", "", 0, 0, MSG_ID("sign the request to renew your trust mark"),
	MSG_ID("The request is a JSON file. It has to have \"merchant\", \"issuer\" and "
	       "\"trust_mark_type\" (URLs), \"code_of_practice\" {\"name\", \"version\"}, \"cop\" "
	       "[{\"item\", "
	       "\"statement\"}], \"terms_url\", \"privacy_url\", \"complaint_contact\", "
	       "\"domains\" [...] "
	       "and "
	       "\"br_no\"; it may have \"evidence\", \"after_sales_url\", \"returns_url\" and "
	       "\"odr\". "
	       "ecert(1) "
	       "explains each. It is checked, and what is missing is listed, before the PIN is "
	       "asked.\n\n"
	       "Example:\n  ecert trustmark renew --request renewal.json --mark mark.jwt"),
	renew_opts, sizeof(struct renew_params), renew},
    {"trustmark", "show", "FILE", 1, 1, MSG_ID("what a trust mark, request or status says"),
	MSG_ID(
	    "Shows the words without verifying them.\n\nExample:\n  ecert trustmark show mark.jwt"),
	NULL, 0, show},
    {"trustmark", "grant", "REQUEST", 1, 1,
	MSG_ID("for issuers: verify a renewal request, sign the mark"),
	MSG_ID(
	    "The request is verified first, as by `ecert verify`; a mark is signed only when every "
	    "check "
	    "passed.\n\n"
	    "Example:\n"
	    "  ecert trustmark grant --anchor ecert-ca.pem \\\n"
	    "      --issuer https://alliance.example -o mark.jwt request.jwt"),
	trustmark_grant_opts, sizeof(struct grant_params), trustmark_grant},
    {"trustmark", "status", "MARK", 1, 1, MSG_ID("for issuers: sign the status of a mark"),
	MSG_ID("The mark is looked at first: nothing is said of somebody else's, and a forged or "
	       "expired "
	       "one is not called active.\n\n"
	       "Example:\n"
	       "  ecert trustmark status --issuer https://alliance.example \\\n"
	       "      --status active -o status.jwt mark.jwt"),
	trustmark_status_opts, sizeof(struct status_params), trustmark_status},
    {0}};
