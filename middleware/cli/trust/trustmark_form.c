/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert trustmark form: the request, question by question. */
#include "actions/mark/form.h"
#include "cli/trust/trustmark.h"

enum outcome cmd_form(struct cli *c, void *params, const struct strlist *args)
{
	struct form_deed *deed = params;
	struct form_result r;
	enum outcome code;

	deed->file = args->v[0];
	code = trustmark_form(&c->job, deed, &r);
	if (code)
		return code;
	cli_tell(c, MSG("{file} is complete; `ecert trustmark apply --request {file}` signs it.",
			P_FILE("file", deed->file)));
	if (!r.confirmed)
		cli_tell(c, MSG("No certificate was at hand that the business number could be "
				"compared with; that is done when it is signed."));
	return cli_json(c, json_pack("{s:o, s:I, s:b}", "file", cli_json_file(deed->file),
			       "answers", (json_int_t)r.asked, "br_no_compared", r.confirmed));
}

const struct opt trustmark_form_opts[] = {
    {"certificate", 0, OPT_STR, "FILE", offsetof(struct form_deed, certificate),
	MSG_ID("who will sign it (default: the token's, when one is there)")},
    {0}};

_Static_assert(sizeof(struct form_deed) <= TRUSTMARK_PARAMS, "room for the parameters");
