/* SPDX-License-Identifier: BSD-2-Clause */
/* The tokens that are plugged in. */
#include "actions/token/list.h"

#include "client/p11.h"
#include "util/text.h"

enum outcome token_list(
    const struct job *job, const struct token_list_deed *deed, struct token_list *out)
{
	struct p11 p;
	enum outcome code = p11_open(job, &p);

	out->n = 0;
	out->module[0] = '\0';
	if (code)
		return code;
	text_copy(out->module, sizeof out->module, p.path);
	out->n = token_rows(&p, out->row, PICK_MAX, NULL);
	if (!out->n && !deed->none_is_fine)
		code = pick_explain_none(job, p.ours ? "ecert" : p.path);
	p11_close(&p);
	return code;
}
