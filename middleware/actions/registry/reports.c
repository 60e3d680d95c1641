/* SPDX-License-Identifier: BSD-2-Clause */
/* Reports of misuse at the desk: read, and closed. */
#include "actions/registry/opened.h"
#include "document/json.h"

json_t *desk_report_json(const struct registry_report *p)
{
	return json_pack("{s:I, s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "id", (json_int_t)p->id,
	    "merchant", p->merchant, "seen", p->seen, "said", p->said, "received", json_time(p->at),
	    "closed", json_time(p->closed), "by", p->closed ? json_string(p->who) : json_null(),
	    "reason", p->closed ? json_string(p->why) : json_null());
}

enum outcome desk_reports(
    const struct job *job, const struct desk_deed *deed, registry_report_fn *done, void *ctx)
{
	struct desk d = {.job = job};
	enum outcome code = desk_open(job, deed, &d);

	if (!code)
		code = desk_failed(&d, registry_each_report(d.r, deed->all, done, ctx));
	desk_close(&d);
	return code;
}

enum outcome desk_close_report(const struct job *job, const struct desk_deed *deed,
    const char *number, struct registry_report *out)
{
	struct desk d = {.job = job};
	int64_t id;
	enum ecert_rc rc;
	enum outcome code = desk_begin(job, deed, desk_report_number, number, &d, &id);

	if (!code) {
		rc = registry_end(d.r, registry_close_report(d.r, id, deed->reason));
		if (rc == ECERT_OK)
			rc = registry_report_of(d.r, id, out);
		code = desk_failed(&d, rc);
	}
	desk_close(&d);
	return code;
}
