/* SPDX-License-Identifier: BSD-2-Clause */
/* A blocked token back to what its maker shipped. */
#include "actions/token/reset.h"

#include "provision/cardio.h"
#include "util/text.h"

static enum outcome not_blocked(const struct job *job, int tries)
{
	return ui_fail(job->ui, OUT_REFUSED, "not-blocked",
	    MSG("Only a token whose PIN and PUK are both blocked can be reset, and this PIN has "
		"{tries} tries left",
		P_NUMBER("tries", tries)),
	    MSG("To change the PIN use `ecert pin change`; to set the token up anew, `ecert token "
		"init`."));
}

static enum outcome sure(const struct job *job, const struct token_reset_deed *o, const char *label)
{
	if (o->yes ||
	    ui_confirm(
		job->ui, MSG("Reset {token}? All its keys and certificates are destroyed for good.",
			     P_TEXT("token", label))))
		return OUT_OK;
	return ui_fail(job->ui, OUT_REFUSED, "not-confirmed", MSG("Nothing was reset"),
	    MSG("Answer yes, or say --yes."));
}

static enum outcome wipe(const struct job *job, const char *reader)
{
	struct cardio io = {NULL, NULL};
	enum ecert_rc rc = cardio_open(job, reader, &io);

	if (rc == ECERT_OK)
		rc = card_factory_reset(io.card);
	cardio_close(&io);
	if (rc == ECERT_E_DENIED)
		return ui_fail(job->ui, OUT_REFUSED, "not-blocked",
		    MSG("Only a token whose PIN and PUK are both blocked can be reset"),
		    MSG("With the PUK set a new PIN: `ecert pin unblock`."));
	return ui_fail_rc(job->ui, rc, MSG("Cannot reset the token: {why}"));
}

enum outcome token_reset(
    const struct job *job, const struct token_reset_deed *deed, struct token_reset_result *out)
{
	struct prov p;
	char reader[READER_NAME_MAX];
	enum outcome code = prov_open(job, &p);

	*out = (struct token_reset_result){.label = ""};
	if (code)
		return code;
	text_copy(reader, sizeof reader, p.slot.reader);
	text_copy(out->label, sizeof out->label, p.info.label);
	if (p.info.pin_tries > 0)
		code = not_blocked(job, p.info.pin_tries);
	prov_close(&p);
	if (!code)
		code = sure(job, deed, out->label);
	return code ? code : wipe(job, reader);
}
