/* SPDX-License-Identifier: BSD-2-Clause */
/* Asking for a trust mark, or for its renewal. */
#include "actions/mark/renew.h"

#include <stdio.h>
#include <string.h>

#include "client/outfile.h"
#include "document/jose/jws.h"
#include "trust/renewal/renewal.h"
#include "util/text.h"

#define DAY 86400L

enum outcome request_complete(const struct job *job, const char *path, struct rd json)
{
	struct report rep;

	report_init(&rep);
	if (renewal_check_file(json, &rep))
		return OUT_OK;
	for (size_t i = 0; i < rep.n; i++)
		if (rep.checks[i].state == CHECK_FAILED)
			ui_note(
			    job->ui, MSG("  {check}: {detail}", P_WORD("check", rep.checks[i].name),
					 P_MSG("detail", MSG_KEPT(&rep.checks[i].what))));
	return ui_fail(job->ui, OUT_INPUT, "request-incomplete",
	    MSG("{file} is not a complete request", P_FILE("file", path)),
	    MSG("Correct what is listed above, or let `ecert trustmark form {file}` ask for it.",
		P_FILE("file", path)));
}

/* "renewal.json" becomes "renewal.jwt". */
static void target(const struct renew_deed *o, char path[STATEMENT_PATH_MAX])
{
	size_t n = strlen(o->request);

	if (o->to.path || !strcmp(o->request, "-")) {
		text_copy(path, STATEMENT_PATH_MAX, o->to.path ? o->to.path : "-");
		return;
	}
	if (n > 5 && !strcmp(o->request + n - 5, ".json"))
		n -= 5;
	if (snprintf(path, STATEMENT_PATH_MAX, "%.*s.jwt", (int)n, o->request) >=
	    STATEMENT_PATH_MAX)
		text_copy(path, STATEMENT_PATH_MAX, "-");
}

static enum outcome renew_sign(const struct job *job, const struct renew_deed *o, struct rd json,
    struct rd prev, const char *path)
{
	struct renewal_options opts = {.prev = prev, .lifetime = o->days * DAY};
	struct signing s = {.certs = NULL};
	struct buf jws = BUF_INIT(JWS_MAX_SIZE);
	struct report rep;
	enum outcome code = signing_begin(job, &o->key, &s);

	report_init(&rep);
	if (!code && !renewal_check_signer(json, buf_view(&s.chosen->der), prev, &rep))
		code = statement_unfit(job, &rep, MSG("The request does not fit who signs it"),
		    MSG_ID("Nothing was signed: the issuer would refuse it. Correct the request, "
			   "or choose another certificate with --id or another mark with --mark."));
	if (!code)
		code = signing_login(&s, o->first ? MSG("to sign your application for a trust mark")
						  : MSG("to sign the renewal of your trust mark"));
	opts.now = statement_now(job, o->now);
	opts.alg = s.alg;
	if (!code)
		code = ui_fail_rc(job->ui, renewal_create(&s.doc, json, &opts, &jws, &rep),
		    MSG("Cannot sign the renewal request: {why}"));
	if (!code)
		code = statement_deliver(job, &o->to, path, &jws);
	signing_end(&s);
	buf_free(&jws);
	return code;
}

enum outcome trustmark_renew(
    const struct job *job, const struct renew_deed *deed, char file[STATEMENT_PATH_MAX])
{
	struct buf json = BUF_INIT(JWS_MAX_SIZE), prev = BUF_INIT(JWS_MAX_SIZE);
	enum outcome code;

	if (!deed->request)
		return ui_fail(job->ui, OUT_USAGE, "request-missing",
		    MSG("Name the request: --request FILE.json"),
		    MSG("`ecert trustmark renew --help` shows what is in it."));
	if (deed->days > RENEWAL_MAX_LIFE / DAY || deed->days < 0)
		return ui_fail(job->ui, OUT_USAGE, "days-too-many",
		    MSG("--days is at most {max}", P_NUMBER("max", RENEWAL_MAX_LIFE / DAY)), NULL);
	target(deed, file);
	code = infile_load(job, deed->request, &json);
	if (!code)
		code = request_complete(job, deed->request, buf_view(&json));
	if (!code)
		code = statement_load(job, deed->mark, &prev);
	if (!code)
		code = outfile_vacant(job, file, deed->to.force);
	if (!code)
		code = renew_sign(job, deed, buf_view(&json), buf_view(&prev), file);
	buf_free(&json);
	buf_free(&prev);
	return code;
}
