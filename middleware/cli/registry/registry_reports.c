/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert registry list --reports, close: what people report of members' seals. */
#include <stdlib.h>

#include "cli/registry/registry.h"

static void tell(const struct cli *c, const struct registry_report *p)
{
	cli_tell(c,
	    MSG("{id}: {merchant}, reported {time}: seen at {seen}", P_NUMBER("id", p->id),
		P_TEXT("merchant", p->merchant), P_TIME("time", p->at), P_TEXT("seen", p->seen)));
	if (p->said[0])
		cli_tell(c, MSG("    {text}", P_TEXT("text", p->said)));
	if (p->closed)
		cli_tell(c, MSG("    closed {time} by {by}: {reason}", P_TIME("time", p->closed),
				P_TEXT("by", p->who), P_TEXT("reason", p->why)));
}

struct told {
	const struct cli *c;
	json_t *all;
};

static enum ecert_rc one(void *ctx, const struct registry_report *p)
{
	struct told *t = ctx;

	tell(t->c, p);
	return json_array_append_new(t->all, desk_report_json(p)) ? ECERT_E_MEMORY : ECERT_OK;
}

enum outcome registry_reports(struct cli *c, const struct desk_deed *deed)
{
	struct told t = {c, json_array()};
	enum outcome code = desk_reports(&c->job, deed, one, &t);

	if (!code && json_array_size(t.all) == 0)
		cli_tell(c, MSG("There are no reports."));
	if (!code)
		code = cli_json(c, json_pack("{s:O}", "reports", t.all));
	json_decref(t.all);
	return code;
}

enum outcome cmd_registry_close(struct cli *c, void *params, const struct strlist *args)
{
	struct registry_report *p = malloc(sizeof *p);
	enum outcome code = p ? desk_close_report(&c->job, params, args->v[0], p)
			      : ui_fail_rc(c->job.ui, ECERT_E_MEMORY,
				    MSG("Cannot close the report: {why}"));

	if (!code) {
		tell(c, p);
		code = cli_json(c, json_pack("{s:o}", "report", desk_report_json(p)));
	}
	free(p);
	return code;
}
