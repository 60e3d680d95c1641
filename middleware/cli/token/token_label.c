/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert token label. */
#include "actions/token/label.h"
#include "cli/token/token.h"

enum outcome label_token(struct cli *c, void *params, const struct strlist *args)
{
	struct token_label_deed *deed = params;
	struct token_label_result now;
	enum outcome code;

	deed->name = args->v[0];
	code = token_call(&c->job, deed, &now);
	if (code)
		return code;
	cli_tell(c, MSG("The token is called {label} now.", P_TEXT("label", now.label)));
	return cli_json(
	    c, json_pack("{s:o, s:s}", "label", cli_json_text(now.label), "serial", now.serial));
}

const struct opt token_label_opts[] = {
    {"management-key-source", 0, OPT_STR, "SOURCE", offsetof(struct token_label_deed, mgm),
	MSG_ID("where the management key comes from: file:ESCROW, env:NAME, prompt")},
    {0}};
