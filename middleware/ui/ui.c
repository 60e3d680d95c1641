/* SPDX-License-Identifier: BSD-2-Clause */
/* The calls through the seam, and what stands in for one that is not there. */
#include "ui/ui.h"

#include <ctype.h>
#include <string.h>

enum outcome ui_fail(const struct ui *ui, enum outcome code, const char *reason,
    const struct message *what, const struct message *next)
{
	struct failure f = {code, reason, what, next};

	if (ui && ui->calls->failed)
		ui->calls->failed(ui->ctx, &f);
	return code;
}

const char *reason_of_rc(enum ecert_rc rc, char out[REASON_NAME_MAX])
{
	static const char prefix[] = "ECERT_E_";
	const char *name = ecert_rc_name(rc);
	size_t n = 0;

	if (!strncmp(name, prefix, sizeof prefix - 1))
		name += sizeof prefix - 1;
	for (; n < REASON_NAME_MAX - 1 && name[n]; n++)
		out[n] = (char)(name[n] == '_' ? '-' : tolower((unsigned char)name[n]));
	out[n] = 0;
	return out;
}

enum outcome ui_fail_rc(const struct ui *ui, enum ecert_rc rc, const struct message *what)
{
	char reason[REASON_NAME_MAX];
	const char *next = next_of_rc(rc);
	struct message why = *what;
	size_t n = 0;

	if (rc == ECERT_OK)
		return OUT_OK;
	while (n < MESSAGE_PARAMS - 1 && why.param[n].type != MESSAGE_END)
		n++;
	why.param[n] = (struct message_param)P_RC("why", rc);
	return ui_fail(
	    ui, outcome_of_rc(rc), reason_of_rc(rc, reason), &why, *next ? MSG(next) : NULL);
}

void ui_note(const struct ui *ui, const struct message *m)
{
	if (ui && ui->calls->note)
		ui->calls->note(ui->ctx, m);
}

void ui_progress(const struct ui *ui, const struct ui_progress *at)
{
	if (ui && ui->calls->progress)
		ui->calls->progress(ui->ctx, at);
}

enum ecert_rc ui_ask_secret(const struct ui *ui, const struct pin_ask *ask, struct pin *out)
{
	if (!ui || !ui->calls->ask_secret)
		return ECERT_E_UNSUPPORTED;
	return ui->calls->ask_secret(ui->ctx, ask, out);
}

enum ecert_rc ui_ask(const struct ui *ui, const struct ui_question *q, struct buf *out)
{
	if (!ui || !ui->calls->ask)
		return ECERT_E_UNSUPPORTED;
	return ui->calls->ask(ui->ctx, q, out);
}

bool ui_confirm(const struct ui *ui, const struct message *question)
{
	return ui && ui->calls->confirm && ui->calls->confirm(ui->ctx, question);
}

bool ui_attended(const struct ui *ui)
{
	return ui && ui->calls->attended && ui->calls->attended(ui->ctx);
}

bool ui_cancelled(const struct ui *ui)
{
	return ui && ui->calls->cancelled && ui->calls->cancelled(ui->ctx);
}
