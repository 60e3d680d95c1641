/* SPDX-License-Identifier: BSD-2-Clause */
/* The place of a new key: by its options, and empty. */
#include "provision/key/place.h"

#include "client/slot.h"

enum outcome key_place(const struct job *job, const struct key_place *o, struct token_newkey *spec)
{
	enum outcome code = slot_chosen(job, o->slot, o->id, 0x9C, &spec->ref);

	if (!code)
		code = slot_pin_policy(job, o->pin_policy, &spec->pin);
	if (!code)
		code = slot_touch_policy(job, o->touch_policy, &spec->touch);
	return code;
}

enum outcome key_vacant(struct prov *p, uint8_t ref, bool force)
{
	struct token_key k = {0};
	enum ecert_rc rc = force ? ECERT_E_NOT_FOUND : token_key_get(&p->at, ref, &k);

	token_key_clear(&k);
	if (rc == ECERT_E_NOT_FOUND || rc == ECERT_E_UNSUPPORTED)
		return OUT_OK;
	if (rc != ECERT_OK)
		return ui_fail_rc(p->job->ui, rc,
		    MSG("Cannot look at slot {slot}: {why}", P_TEXT("slot", slot_name(ref))));
	return ui_fail(p->job->ui, OUT_REFUSED, "slot-taken",
	    MSG("Slot {slot} holds a key already; a new one would destroy it",
		P_TEXT("slot", slot_name(ref))),
	    MSG("Choose another slot, or replace it for good with --force."));
}
