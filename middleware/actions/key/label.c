/* SPDX-License-Identifier: BSD-2-Clause */
/* Labelling what is in a slot. */
#include "actions/key/label.h"

#include "client/slot.h"
#include "util/text.h"

static enum outcome there(struct prov *p, uint8_t ref, enum slot_thing what)
{
	struct token_key k = {0};
	struct buf der = BUF_INIT(65536);
	enum ecert_rc rc = what == SLOT_KEY ? token_key_get(&p->at, ref, &k)
					    : token_cert_get(&p->at, ref, &der);

	token_key_clear(&k);
	buf_free(&der);
	if (rc == ECERT_E_NOT_FOUND)
		return ui_fail(p->job->ui, OUT_REFUSED, "slot-empty",
		    MSG(what == SLOT_KEY ? MSG_ID("There is no key in slot {slot}")
					 : MSG_ID("There is no certificate in slot {slot}"),
			P_TEXT("slot", slot_name(ref))),
		    MSG(what == SLOT_KEY ? MSG_ID("`ecert key list` shows what there is.")
					 : MSG_ID("`ecert cert list` shows what there is.")));
	return ui_fail_rc(p->job->ui, rc,
	    MSG("Cannot look at slot {slot}: {why}", P_TEXT("slot", slot_name(ref))));
}

enum outcome slot_label(
    const struct job *job, const struct slot_label_deed *deed, struct slot_label_result *out)
{
	struct prov p = {0};
	uint8_t ref;
	enum outcome code = slot_chosen(job, deed->slot, deed->id, 0x9C, &ref);

	*out = (struct slot_label_result){""};
	if (!code)
		code = slot_label_acceptable(job, deed->label);
	if (!code)
		code = prov_open(job, &p);
	if (code)
		return code;
	text_copy(out->slot, sizeof out->slot, slot_name(ref));
	code = slot_label_possible(&p, deed->label);
	if (!code)
		code = there(&p, ref, deed->what);
	if (!code)
		code = prov_login_mgm(&p, deed->mgm);
	if (!code)
		code = slot_label_put(&p, ref, deed->what, deed->label);
	prov_close(&p);
	return code;
}
