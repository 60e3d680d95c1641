/* SPDX-License-Identifier: BSD-2-Clause */
/* Decisions of a person: on an application, and on what a member has. */
#include "actions/registry/opened.h"

enum outcome desk_reason(const struct job *job, const struct desk_deed *deed, bool needed)
{
	if (needed && (!deed->reason || !deed->reason[0]))
		return ui_fail(job->ui, OUT_USAGE, "reason-missing", MSG("Say why: --reason TEXT"),
		    MSG("It is on record, and the merchant will ask for it."));
	if (deed->reason && !statement_is_text(deed->reason))
		return ui_fail(job->ui, OUT_USAGE, "not-text",
		    MSG("--reason '{reason}' is no text that people can read",
			P_TEXT("reason", deed->reason)),
		    MSG("Write it in UTF-8, in one line."));
	return OUT_OK;
}

enum outcome desk_begin(const struct job *job, const struct desk_deed *deed, desk_number_fn *take,
    const char *number, struct desk *out, int64_t *id)
{
	enum outcome code = desk_reason(job, deed, true);

	if (!code)
		code = take(job, number, id);
	if (!code)
		code = desk_open(job, deed, out);
	return code ? code : desk_failed(out, registry_begin(out->r, out->who, job_now(job)));
}

enum outcome desk_decide(const struct job *job, const struct desk_deed *deed, const char *number,
    enum app_event event, struct registry_application *out)
{
	struct desk d = {.job = job};
	int64_t id;
	enum ecert_rc rc;
	enum outcome code = desk_begin(job, deed, desk_number, number, &d, &id);

	if (!code) {
		rc = registry_end(d.r, registry_decide(d.r, id, event, deed->reason));
		if (rc == ECERT_OK)
			rc = registry_application(d.r, id, out, NULL, NULL);
		code = desk_failed(&d, rc);
	}
	desk_close(&d);
	return code;
}

enum outcome desk_member(const struct job *job, const struct desk_deed *deed, const char *member,
    enum app_event event, char url[256], size_t *n)
{
	struct desk d = {.job = job};
	int64_t id;
	enum outcome code = desk_reason(job, deed, event != EVENT_RESUME);
	enum ecert_rc rc;

	*n = 0;
	url[0] = '\0';
	if (!code)
		code = desk_open(job, deed, &d);
	if (!code) {
		rc = registry_begin(d.r, d.who, job_now(job));
		if (rc == ECERT_OK) {
			rc = registry_member(d.r, member, &id, url);
			if (rc == ECERT_OK)
				rc = registry_decide_member(d.r, id, event, deed->reason, n);
			rc = registry_end(d.r, rc);
		}
		code = desk_failed(&d, rc);
	}
	desk_close(&d);
	return code;
}
