/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert trustmark: the table of its commands; renew, show. What issuers do is in trustmark_issue.c.
 */
#include <stdint.h>
#include <string.h>

#include "actions/mark/grant.h"
#include "actions/mark/renew.h"
#include "actions/mark/show.h"
#include "actions/mark/status.h"
#include "cli/commands.h"
#include "cli/sign/signrows.h"
#include "cli/trust/trustmark.h"

static enum outcome take(void *ctx, const char *jws)
{
	const struct handing *h = ctx;

	return cli_json(h->c, json_pack("{s:s, s:s}", "kind", h->kind, "jws", jws));
}

void trustmark_hand(
    const struct cli *c, const char *kind, struct statement_to *to, struct handing *out)
{
	*out = (struct handing){c, kind};
	to->take = c->json ? take : NULL;
	to->ctx = out;
}

enum outcome trustmark_handed(const struct handing *h, const char *path)
{
	if (!path || !strcmp(path, "-"))
		return OUT_OK;
	cli_say(h->c, "%s", path);
	return cli_json(
	    h->c, json_pack("{s:s, s:o}", "kind", h->kind, "file", cli_json_file(path)));
}

static enum outcome renew(struct cli *c, void *params, const struct strlist *args)
{
	struct renew_deed *deed = params;
	char file[STATEMENT_PATH_MAX];
	struct handing h;
	enum outcome code;

	(void)args;
	trustmark_hand(c, "renewal-request", &deed->to, &h);
	code = trustmark_renew(&c->job, deed, file);
	return code ? code : trustmark_handed(&h, file);
}

static enum outcome apply(struct cli *c, void *params, const struct strlist *args)
{
	((struct renew_deed *)params)->first = true;
	return renew(c, params, args);
}

static enum outcome show(struct cli *c, void *params, const struct strlist *args)
{
	struct mark_shown m;
	enum outcome code = trustmark_show(&c->job, args->v[0], &m);

	(void)params;
	if (!code && c->json)
		code = cli_json(c, json_pack("{s:s, s:O, s:O}", "typ", m.typ, "header", m.header,
				       "claims", m.claims));
	else if (!code) {
		cli_tell(c,
		    MSG("{type}, not verified (`ecert verify` does that):", P_TEXT("type", m.typ)));
		if (cli_json_write(m.claims, JSON_INDENT(2) | JSON_PRESERVE_ORDER))
			code = ui_fail_rc(
			    c->job.ui, ECERT_E_IO, MSG("Cannot write to standard output: {why}"));
	}
	mark_shown_free(&m);
	return code;
}

#define AT(field) offsetof(struct renew_deed, field)

#define REQUEST_OPT                                                                                \
	{                                                                                          \
		"request", 'r', OPT_STR, "JSON", AT(request),                                      \
		    MSG_ID("what you tell the issuer (see below)")                                 \
	}
/* How it is signed, and where it goes. */
#define SIGNED_OPTS                                                                                \
	{"days", 0, OPT_COUNT, "N", AT(days),                                                      \
	    MSG_ID("how long the request counts (default: 7, at most 30)")},                       \
	    SIGNING_OPTS(struct renew_deed, key),                                                  \
	    {"output", 'o', OPT_OUT, "FILE", AT(to.path),                                          \
		MSG_ID("where it goes (default: the request as .jwt)")},                           \
	{                                                                                          \
		"force", 'f', OPT_FLAG, NULL, AT(to.force), MSG_ID("replace a file that is there") \
	}

static const struct opt apply_opts[] = {REQUEST_OPT, SIGNED_OPTS, {0}};
static const struct opt renew_opts[] = {REQUEST_OPT,
    {"mark", 0, OPT_STR, "FILE", AT(mark),
	MSG_ID("the mark being renewed (none: a first application)")},
    SIGNED_OPTS, {0}};

const struct command trustmark_commands[] = {
    {"trustmark", "form", "FILE", 1, 1, MSG_ID("write the request, question by question"),
	MSG_ID("Asks what a request for a trust mark has to have, looks at each answer at once, "
	       "and shows all of it in the end. Each answer is in FILE (JSON) as soon as it is "
	       "given: leave with Ctrl-D, and go on with the same command. An empty line keeps "
	       "what stands in [ ], and - leaves out what may be left out. Answers may come "
	       "through a pipe, one a line.\n\n"
	       "Example:\n  ecert trustmark form renewal.json"),
	trustmark_form_opts, TRUSTMARK_PARAMS, cmd_form},
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
	renew_opts, sizeof(struct renew_deed), renew},
    {"trustmark", "apply", "", 0, 0, MSG_ID("sign your first application for a trust mark"),
	MSG_ID("The request is a JSON file; `ecert trustmark renew --help` says what it has to "
	       "have. It is checked, and what is missing is listed, before the PIN is asked. When "
	       "the issuer wants more, correct it and apply again.\n\n"
	       "Example:\n  ecert trustmark apply --request renewal.json"),
	apply_opts, sizeof(struct renew_deed), apply},
    {"trustmark", "show", "FILE", 1, 1, MSG_ID("what a trust mark, request or status says"),
	MSG_ID(
	    "Shows the words without verifying them.\n\nExample:\n  ecert trustmark show mark.jwt"),
	NULL, 0, show},
    {"trustmark", "due", "[FILE...]", 0, SIZE_MAX,
	MSG_ID("what ends when: marks, their statuses, certificates"),
	MSG_ID("Without a FILE all those in ~/.config/ecert/trustmark are looked at: put your "
	       "mark, its status and your certificate (PEM) there, or links to them. Nothing is "
	       "verified. Exit code 0: nothing is due; 10: something ends soon; 1: something is "
	       "over.\n\n"
	       "With --remind you are told by --command, or on the desktop, once a week and in the "
	       "last week once a day; the timer ecert-trustmark.timer runs that every day:\n"
	       "  systemctl --user enable --now ecert-trustmark.timer\n\n"
	       "Examples:\n"
	       "  ecert trustmark due mark.jwt shop.pem\n"
	       "  ecert trustmark due --remind --command 'mail -s e-Cert me@shop.example'"),
	trustmark_due_opts, TRUSTMARK_PARAMS, cmd_due},
    {"trustmark", "staple", "", 0, 0, MSG_ID("fetch a fresh status of your mark for your site"),
	MSG_ID("Asks the issuer, whom you trust (`ecert trust add`, or --mark-issuer), for its "
	       "configuration and the status of the mark, as `ecert verify --online` does. The "
	       "status takes the place of the one before at once; when what comes does not "
	       "verify, the one before stays.\n\n"
	       "Example:\n"
	       "  ecert trustmark staple --mark mark.jwt -o status.jwt"),
	trustmark_staple_opts, TRUSTMARK_PARAMS, cmd_staple},
    {"trustmark", "snippet", "", 0, 0, MSG_ID("the HTML that shows your mark on your pages"),
	MSG_ID("The logo, which leads to the issuer's page about you: only there shoppers see "
	       "whether the mark is in force today. No script, no style, no cookie.\n\n"
	       "Example:\n"
	       "  ecert trustmark snippet --mark mark.jwt --language zh-Hant \\\n"
	       "      --page https://alliance.example/m/7/ \\\n"
	       "      --logo https://alliance.example/logo.svg"),
	trustmark_snippet_opts, TRUSTMARK_PARAMS, cmd_snippet},
    {"trustmark", "grant", "REQUEST", 1, 1,
	MSG_ID("for issuers: verify a renewal request, sign the mark"),
	MSG_ID(
	    "The request is verified first, as by `ecert verify`; a mark is signed only when every "
	    "check "
	    "passed.\n\n"
	    "Example:\n"
	    "  ecert trustmark grant --anchor ecert-ca.pem \\\n"
	    "      --issuer https://alliance.example -o mark.jwt request.jwt"),
	trustmark_grant_opts, sizeof(struct grant_deed), cmd_grant},
    {"trustmark", "status", "MARK", 1, 1, MSG_ID("for issuers: sign the status of a mark"),
	MSG_ID("The mark is looked at first: nothing is said of somebody else's, and a forged or "
	       "expired "
	       "one is not called active.\n\n"
	       "Example:\n"
	       "  ecert trustmark status --issuer https://alliance.example \\\n"
	       "      --status active -o status.jwt mark.jwt"),
	trustmark_status_opts, sizeof(struct status_deed), cmd_status},
    {0}};
