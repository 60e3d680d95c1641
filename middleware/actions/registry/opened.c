/* SPDX-License-Identifier: BSD-2-Clause */
/* The register of a deed. */
#include "actions/registry/opened.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions/statedir.h"
#include "trust/names.h"
#include "trust/store/record.h"
#include "util/text.h"

const char *desk_store(const struct desk_deed *deed, char *out, size_t cap)
{
	char path[STATEMENT_PATH_MAX];

	if (deed->store)
		text_copy(out, cap, deed->store);
	else if (state_folder("register.sqlite", path, sizeof path))
		(void)snprintf(out, cap, "sqlite:%s", path);
	else
		out[0] = '\0';
	return out;
}

static bool take_number(const char *text, int64_t *out)
{
	char *end;

	*out = strtoll(text, &end, 10);
	return *text >= '0' && *text <= '9' && *end == '\0' && *out > 0;
}

enum outcome desk_report_number(const struct job *job, const char *text, int64_t *out)
{
	if (take_number(text, out))
		return OUT_OK;
	return ui_fail(job->ui, OUT_USAGE, "number-malformed",
	    MSG("'{text}' is no number of a report", P_TEXT("text", text)),
	    MSG("`ecert registry list --reports` shows them."));
}

enum outcome desk_number(const struct job *job, const char *text, int64_t *out)
{
	if (take_number(text, out))
		return OUT_OK;
	return ui_fail(job->ui, OUT_USAGE, "number-malformed",
	    MSG("'{text}' is no number of an application", P_TEXT("text", text)),
	    MSG("`ecert registry list` shows them."));
}

/* A password may stand in it, and is not told. */
static enum outcome cannot(
    const struct job *job, const char *where, const struct message_kept *why, enum ecert_rc rc)
{
	const bool server = !strncmp(where, "postgresql:", 11);

	return ui_fail(job->ui, OUT_IO, "register-unusable",
	    MSG("Cannot use the register {where}: {why}",
		P_FILE("where", server ? "postgresql:" : where), P_MSG("why", MSG_KEPT(why))),
	    rc == ECERT_E_NOT_FOUND
		? MSG("`ecert registry init` makes one; --store says where it is.")
		: MSG("Look at what is said there, then run the command again."));
}

static enum outcome open_at(
    const struct job *job, const struct desk_deed *deed, bool make, struct desk *out)
{
	char where[STATEMENT_PATH_MAX + 16];
	struct message_kept why;
	enum ecert_rc rc;

	*out = (struct desk){.job = job};
	record_user(out->who, sizeof out->who);
	if (!*desk_store(deed, where, sizeof where))
		return ui_fail(job->ui, OUT_USAGE, "register-unnamed",
		    MSG("There is no home folder to keep the register in"),
		    MSG("Say where it is: --store FILE"));
	rc = registry_open(where, make, &out->r, &why);
	return rc == ECERT_OK ? OUT_OK : cannot(job, where, &why, rc);
}

enum outcome desk_open(const struct job *job, const struct desk_deed *deed, struct desk *out)
{
	enum outcome code = open_at(job, deed, false, out);
	enum ecert_rc rc;

	if (code)
		return code;
	rc = registry_setting(out->r, "issuer", out->issuer, sizeof out->issuer);
	if (rc == ECERT_E_NOT_FOUND)
		return ui_fail(job->ui, OUT_INPUT, "register-unnamed",
		    MSG("This register is nobody's so far"),
		    MSG("`ecert registry init --issuer URL` says whose it is."));
	return desk_failed(out, rc);
}

enum outcome desk_open_new(const struct job *job, const struct desk_deed *deed, struct desk *out)
{
	return open_at(job, deed, true, out);
}

void desk_close(struct desk *d)
{
	registry_close(&d->r);
}

enum outcome desk_failed(struct desk *d, enum ecert_rc rc)
{
	const struct message *what = MSG(
	    "The register refuses this: {why}", P_MSG("why", MSG_KEPT(registry_why(d->r))));

	switch (rc) {
	case ECERT_OK:
		return OUT_OK;
	case ECERT_E_NOT_FOUND:
	case ECERT_E_DATA:
		return ui_fail(d->job->ui, OUT_INPUT, "register-not-there", what,
		    MSG("`ecert registry list` shows what is there."));
	case ECERT_E_DENIED:
		return ui_fail(d->job->ui, OUT_REFUSED, "register-not-possible", what,
		    MSG("`ecert registry list` shows where each stands. Nothing was changed."));
	case ECERT_E_EXISTS:
		return ui_fail(
		    d->job->ui, OUT_REFUSED, "register-known", what, MSG("Nothing was changed."));
	default:
		return ui_fail(d->job->ui, OUT_IO, "register-unusable",
		    MSG("Cannot use the register: {why}",
			P_MSG("why", MSG_KEPT(registry_why(d->r)))),
		    MSG("Nothing was changed. Look at what is said there, then run the command "
			"again."));
	}
}

enum outcome desk_init(const struct job *job, const struct desk_deed *deed)
{
	struct desk d = {.job = job};
	enum outcome code;
	enum ecert_rc rc;

	if (!deed->issuer || !name_is_url(deed->issuer))
		return ui_fail(job->ui, OUT_USAGE, "issuer-url-missing",
		    MSG("Say who issues: --issuer URL"),
		    MSG("For instance --issuer https://alliance.example."));
	code = open_at(job, deed, true, &d);
	if (!code) {
		rc = registry_begin(d.r, d.who, job_now(job));
		if (rc == ECERT_OK) {
			rc = registry_setting(d.r, "issuer", d.issuer, sizeof d.issuer);
			if (rc == ECERT_OK)
				code = ui_fail(job->ui, OUT_REFUSED, "register-known",
				    MSG("This register is there already, that of {issuer}",
					P_TEXT("issuer", d.issuer)),
				    MSG("Nothing was changed."));
			rc = rc == ECERT_E_NOT_FOUND ? registry_set(d.r, "issuer", deed->issuer)
						     : rc;
			rc = registry_end(d.r, rc);
		}
		if (!code)
			code = desk_failed(&d, rc);
	}
	desk_close(&d);
	return code;
}
