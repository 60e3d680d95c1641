/* SPDX-License-Identifier: BSD-2-Clause */
/* Signing a list of whom to trust. */
#include "actions/list/list.h"

#include "client/outfile.h"
#include "document/jose/jws.h"
#include "trust/list/list.h"

#define DAY	     86400L
#define DAYS_DEFAULT 30L
#define DAYS_MAX     366L

static enum outcome check_list(const struct job *job, struct rd json)
{
	struct message_kept why;
	enum ecert_rc rc = trust_list_check(json, &why);

	if (rc == ECERT_E_MALFORMED)
		return ui_fail(job->ui, OUT_INPUT, "list-malformed",
		    MSG("The list is not right: {why}", P_MSG("why", MSG_KEPT(&why))),
		    MSG("`ecert trustlist sign --help` shows what is in it."));
	return ui_fail_rc(job->ui, rc, MSG("Cannot read the list: {why}"));
}

static enum outcome sign_list(const struct job *job, const struct list_deed *o, struct rd json)
{
	struct signing s = {.certs = NULL};
	struct buf jws = BUF_INIT(JWS_MAX_SIZE);
	struct message_kept why;
	struct signing_choice by = o->key;
	enum outcome code;

	by.bare = true;
	code = signing_begin(job, &by, &s);
	if (!code)
		code = signing_login(&s, MSG("to sign a trust list"));
	if (!code)
		code = ui_fail_rc(job->ui,
		    trust_list_sign(&s.doc, json, statement_now(job, o->now),
			(o->days ? o->days : DAYS_DEFAULT) * DAY, &jws, &why),
		    MSG("Cannot sign the list: {why}"));
	if (!code)
		code = statement_deliver(job, &o->to, o->to.path ? o->to.path : "-", &jws);
	signing_end(&s);
	buf_free(&jws);
	return code;
}

enum outcome trustlist_sign(const struct job *job, const struct list_deed *deed, const char *file)
{
	struct buf json = BUF_INIT(JWS_MAX_SIZE);
	enum outcome code = OUT_OK;

	if (deed->days > DAYS_MAX)
		return ui_fail(job->ui, OUT_USAGE, "days-too-many",
		    MSG("--days is at most {max}", P_NUMBER("max", DAYS_MAX)), NULL);
	if (deed->to.path)
		code = outfile_vacant(job, deed->to.path, deed->to.force);
	if (!code)
		code = infile_load(job, file, &json);
	if (!code)
		code = check_list(job, buf_view(&json));
	if (!code)
		code = sign_list(job, deed, buf_view(&json));
	buf_free(&json);
	return code;
}
