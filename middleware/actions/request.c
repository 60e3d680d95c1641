/* SPDX-License-Identifier: BSD-2-Clause */
/* What granting and a register ask of a request alike. */
#include "actions/request.h"

#include "trust/names.h"

enum outcome request_terms(const struct job *job, long days, const char *logo, const char *ref)
{
	const char *bad = logo && !name_is_url(logo) ? logo : ref && !name_is_url(ref) ? ref : NULL;

	if (days > MARK_DAYS_MAX || days < 0)
		return ui_fail(job->ui, OUT_USAGE, "days-too-many",
		    MSG("--days is at most {max}", P_NUMBER("max", MARK_DAYS_MAX)),
		    MSG("A mark is renewed every year."));
	if (bad)
		return ui_fail(job->ui, OUT_USAGE, "url-malformed",
		    MSG("{option} '{url}' is no URL that begins with https:// and a domain name in "
			"lower case",
			P_TEXT("option", bad == logo ? "--logo" : "--ref"), P_TEXT("url", bad)),
		    MSG("People are sent there by everybody who shows the mark."));
	return OUT_OK;
}

enum outcome request_verify(const struct job *job, const char *name, struct rd text,
    const struct renewal_expect *e, const struct message *lost, struct renewal_result **out)
{
	enum outcome code = ui_fail_rc(job->ui, renewal_verify(text, e, out),
	    MSG("Cannot verify {name}: {why}", P_FILE("name", name)));

	if (code || report_verdict(&(*out)->report) == VERDICT_PASSED)
		return code;
	for (size_t i = 0; i < (*out)->report.n; i++) {
		const struct check *k = &(*out)->report.checks[i];

		if (k->state == CHECK_FAILED || k->state == CHECK_UNKNOWN)
			ui_note(job->ui, MSG("  {state} {check} {detail}", P_WORD("check", k->name),
					     P_WORD("state", check_state_name(k->state)),
					     P_MSG("detail", MSG_KEPT(&k->what))));
	}
	return ui_fail(job->ui, OUT_INVALID, "request-invalid",
	    MSG("The request {name} does not verify", P_FILE("name", name)), lost);
}
