/* SPDX-License-Identifier: BSD-2-Clause */
/* Setting one token up. */
#include "actions/token/init.h"

#include <errno.h>
#include <unistd.h>

#include "util/text.h"

void token_set_up_of(const struct init *in, enum outcome code, struct token_set_up *out)
{
	*out = (struct token_set_up){.code = code, .mgm_name = in->mgm_name, .keys = in->keys};
	text_copy(out->label, sizeof out->label, in->token.info.label);
	text_copy(out->serial, sizeof out->serial, in->token.info.serial_full);
	if (code)
		return;
	text_copy(out->escrow, sizeof out->escrow, in->o->escrow);
	out->digits = in->mgm_len < in->escrow->mgm.n ? 2 * in->mgm_len : 0;
	out->already = in->already;
	out->pin_made = in->escrow->pin[0] != 0;
	out->puk_made = in->escrow->puk[0] != 0;
	out->kept = in->kept;
}

enum outcome token_init_may_start(const struct job *job, const struct init_params *o)
{
	if (o->many && !o->escrow_dir)
		return ui_fail(job->ui, OUT_USAGE, "escrow-folder-missing",
		    MSG("Many tokens need a folder for their escrows: --escrow-dir DIR"),
		    MSG("For instance --escrow-dir escrows."));
	if (o->escrow && o->escrow_dir)
		return ui_fail(job->ui, OUT_USAGE, "options-exclude",
		    MSG("--escrow and --escrow-dir cannot go together"),
		    MSG("With a folder each file is called after its token."));
	if (o->escrow_dir && access(o->escrow_dir, W_OK | X_OK))
		return ui_fail(job->ui, OUT_IO, "folder-unwritable",
		    MSG("Cannot write in the folder {folder}: {why}",
			P_FILE("folder", o->escrow_dir), P_ERRNO("why", errno)),
		    MSG("Make it, on a disk that only administrators reach."));
	if (!o->escrow && !o->escrow_dir)
		return ui_fail(job->ui, OUT_USAGE, "escrow-missing",
		    MSG("Say where the new management key is to be kept: --escrow FILE"),
		    MSG("For instance --escrow token-1.json, on a disk that only administrators "
			"reach."));
	if (o->escrow && !o->resume && !access(o->escrow, F_OK))
		return ui_fail(job->ui, OUT_REFUSED, "exists",
		    MSG("The escrow {escrow} exists already", P_FILE("escrow", o->escrow)),
		    MSG("It may be another token's only key. Choose another name; to go on after "
			"an "
			"interruption say --resume."));
	return OUT_OK;
}

enum outcome token_init(
    const struct job *job, const struct init_params *deed, struct token_set_up *out)
{
	struct init in = {.job = job, .o = deed, .token = {.job = job}};
	enum outcome code = token_init_may_start(job, deed);

	*out = (struct token_set_up){.code = code};
	if (!code)
		code = prov_open(job, &in.token);
	if (code)
		return code;
	code = init_run(&in);
	token_set_up_of(&in, code, out);
	init_free(&in);
	return code;
}
