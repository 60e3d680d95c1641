/* SPDX-License-Identifier: BSD-2-Clause */
/* The steps that change the card. Each may be repeated: after an interruption the same escrow leads
 * to the same end. */
#include <string.h>

#include "client/asking.h"
#include "provision/init/init.h"
#include "ecert/piv_const.h"
#include "token/mgmkey.h"

/* AES first, the longest first; a card from before SP 800-78-4 may take 3DES only. */
static const struct {
	enum card_mgm alg;
	size_t n;
	const char *name;
} mgm_types[] = {
    {MGM_AES256, 32, "AES-256"},
    {MGM_AES192, 24, "AES-192"},
    {MGM_AES128, 16, "AES-128"},
    {MGM_3DES, 24, "3DES"},
};
#define MGM_TYPES (sizeof mgm_types / sizeof mgm_types[0])

static bool not_taken(enum ecert_rc rc)
{
	return rc == ECERT_E_UNSUPPORTED || rc == ECERT_E_DATA || rc == ECERT_E_DATA_LEN ||
	       rc == ECERT_E_KEY_TYPE || rc == ECERT_E_NOT_FOUND || rc == ECERT_E_CARD;
}

/* The key that the token keeps behind the PIN, which has just been verified. */
static enum ecert_rc auth_protected(struct card *card)
{
	struct buf printed = BUF_INIT(CARD_OBJECT_MAX);
	struct rd key;
	enum ecert_rc rc = card_object_get(card, ECERT_OBJ_PRINTED, &printed);

	if (rc == ECERT_OK)
		rc = card_protected_mgm(buf_view(&printed), &key);
	rc = rc != ECERT_OK ? ECERT_E_PIN_WRONG : card_auth_mgm(card, key);
	buf_free(&printed);
	return rc;
}

static enum outcome check_mgm(struct init *in)
{
	size_t len;
	enum ecert_rc rc = in->o->resume ? mgmkey_auth(in->io.card, &in->escrow->mgm, &len)
					 : ECERT_E_PIN_WRONG;

	if (rc == ECERT_E_PIN_WRONG || rc == ECERT_E_DATA_LEN)
		rc = mgmkey_auth(in->io.card, &in->old_mgm, &len);
	if (rc == ECERT_E_PIN_WRONG && !in->o->mgm)
		rc = auth_protected(in->io.card);
	if (rc == ECERT_E_PIN_WRONG || rc == ECERT_E_DATA_LEN)
		return ui_fail(in->job->ui, OUT_PIN, "management-key-wrong",
		    MSG(in->o->mgm
			    ? MSG_ID("The present management key is wrong; nothing was changed")
			    : MSG_ID("The token has been set up before; nothing was changed")),
		    MSG(in->o->mgm
			    ? MSG_ID("Use the escrow file of the last `ecert token init`.")
			    : MSG_ID(
				  "Name its escrow file with --management-key-source file:PATH.")));
	return ui_fail_rc(in->job->ui, rc, MSG("Cannot log in with the management key: {why}"));
}

/* After an interruption either the old or the new one is right: the steps below find out. */
static enum outcome check_pin(struct init *in)
{
	int tries = -1;
	enum ecert_rc rc;

	if (!in->before.pin.tries)
		return pin_told_puk(in->job, ECERT_E_PIN_BLOCKED, 0, in->before.puk.tries);
	if (in->before.puk.tries == 0)
		return pin_told(in->job, ECERT_E_PIN_BLOCKED, MSG_ID("PUK"), 0);
	if ((in->before.pin.tries == 1 || in->before.puk.tries == 1) && !in->job->allow_last_try)
		return pin_told(in->job, ECERT_E_PIN_LAST_TRY, "PIN or PUK", 1);
	if (in->o->resume)
		return OUT_OK;
	if (!in->o->puk && in->before.puk.default_known && !in->before.puk.is_default)
		return ui_fail(in->job->ui, OUT_PIN, "puk-not-default",
		    MSG("The PUK is no longer the factory's; nothing was changed"),
		    MSG("Give it with --puk-source."));
	if (!in->job->pin_source && in->before.pin.default_known && !in->before.pin.is_default)
		rc = ECERT_E_PIN_WRONG;
	else
		rc = card_verify(in->io.card, pin_view(&in->old_pin), &tries);
	if (rc == ECERT_E_PIN_WRONG && !in->job->pin_source)
		return ui_fail(in->job->ui, OUT_PIN, "pin-not-default",
		    MSG("The PIN is no longer the factory's; nothing was changed"),
		    MSG("Give it with --pin-source."));
	return pin_told(in->job, rc, MSG_ID("PIN"), tries);
}

static enum outcome check_changeable(struct init *in)
{
	enum ecert_rc rc = card_mgm_changeable(in->io.card);

	if (rc == ECERT_E_UNSUPPORTED)
		return ui_fail(in->job->ui, OUT_CARD, "management-key-fixed",
		    MSG("The management key of this token cannot be changed by PIV commands; "
			"nothing was changed"),
		    MSG("Only its maker's program can do that. PIN and PUK change with `ecert pin "
			"change`."));
	return ui_fail_rc(in->job->ui, rc, MSG("Cannot look at the token: {why}"));
}

static enum outcome cannot_protect(const struct job *job, const char *done)
{
	return ui_fail(job->ui, OUT_CARD, "protect-not-supported",
	    MSG("This token has no place to keep its management key behind the PIN (--protect); "
		"{done}",
		P_WORD("done", done)),
	    MSG("Run it without --protect; keys and certificates are then renewed with the "
		"escrow."));
}

/* Before the first change: a token that is set up but for this could never be finished. */
static enum outcome check_protect(struct init *in)
{
	enum ecert_rc rc = in->o->protect ? card_can_protect(in->io.card) : ECERT_OK;

	if (rc == ECERT_E_UNSUPPORTED || rc == ECERT_E_CARD_FULL || rc == ECERT_E_CARD)
		return cannot_protect(in->job, MSG_ID("nothing was changed"));
	return ui_fail_rc(in->job->ui, rc, MSG("Cannot look at the token: {why}"));
}

enum outcome init_check(struct init *in)
{
	enum outcome code;

	cardio_defaults(in->io.card, &in->before);
	code = check_pin(in);
	if (!code)
		code = check_mgm(in);
	if (!code)
		code = check_changeable(in);
	return code ? code : check_protect(in);
}

/* For programs and people that want the digits that count. Not needed by us: a file that cannot be
 * written again stays good as it is. */
static void note_type(struct init *in)
{
	in->escrow->type = in->mgm_name;
	in->escrow->used = in->mgm_len;
	if (in->mgm_len < in->escrow->mgm.n &&
	    escrow_rewrite(in->o->escrow, in->escrow) != ECERT_OK)
		ui_note(in->job->ui,
		    MSG("The token took the first {mgm_len} digits of the management key only "
			"({mgm_name}); {escrow} could not be written again to say so.",
			P_NUMBER("mgm_len", 2 * in->mgm_len), P_TEXT("mgm_name", in->mgm_name),
			P_FILE("escrow", in->o->escrow)));
}

static enum ecert_rc set_mgm(struct init *in)
{
	const uint8_t *key = in->escrow->mgm.v;
	enum ecert_rc rc = ECERT_E_UNSUPPORTED;

	for (size_t i = 0; i < MGM_TYPES; i++) {
		struct rd k = {key, mgm_types[i].n};

		if (k.n > in->escrow->mgm.n)
			continue; /* an escrow of a shorter key */
		rc = card_set_mgm(in->io.card, mgm_types[i].alg, k);
		if (rc == ECERT_OK) {
			in->mgm_name = mgm_types[i].name;
			in->mgm_len = mgm_types[i].n;
			note_type(in);
			return card_auth_mgm(in->io.card, k); /* proved before we go on */
		}
		if (!not_taken(rc))
			return rc;
	}
	return rc;
}

/* From the present to the new one; in a resumed run it may be the new one already. */
static enum ecert_rc set_secret(struct init *in, enum card_pin which, const struct pin *old,
    const struct pin *fresh, int *tries)
{
	enum ecert_rc rc = card_change_pin(
	    in->io.card, which, pin_view(old), pin_view(fresh), tries);

	if (rc == ECERT_E_PIN_WRONG && in->o->resume && *tries > 1)
		rc = card_change_pin(in->io.card, which, pin_view(fresh), pin_view(fresh), tries);
	return rc;
}

static enum outcome stopped(struct init *in, enum outcome code)
{
	if (code)
		ui_note(
		    in->job->ui, MSG("       The token is set up in part. Keep {escrow} and run "
				     "the same command with --resume.",
				     P_FILE("escrow", in->o->escrow)));
	return code;
}

static enum outcome no_default_left(struct init *in)
{
	struct card_defaults now;

	cardio_defaults(in->io.card, &now);
	if ((now.pin.default_known && now.pin.is_default) ||
	    (now.puk.default_known && now.puk.is_default) || (now.mgm_known && now.mgm_default))
		return ui_fail_rc(in->job->ui, ECERT_E_PIN_DEFAULT, MSG("Cannot finish: {why}"));
	return OUT_OK;
}

/* After the new PIN, which guards it. The one that an earlier set-up left is of no more use. */
static enum outcome protect(struct init *in)
{
	int tries;
	/* Shows what is there to be put back or taken away; all tries have just come back. */
	enum ecert_rc rc = card_verify(in->io.card, pin_view(&in->pin), &tries);

	if (rc != ECERT_OK)
		return pin_told(in->job, rc, MSG_ID("PIN"), tries);
	if (in->o->protect) {
		rc = card_protect_mgm(in->io.card, rd_of(in->escrow->mgm.v, in->mgm_len));
		in->kept = rc == ECERT_OK;
		if (rc == ECERT_E_UNSUPPORTED || rc == ECERT_E_CARD_FULL)
			return cannot_protect(in->job, MSG_ID("it is set up in all else"));
		return ui_fail_rc(
		    in->job->ui, rc, MSG("Cannot keep the management key behind the PIN: {why}"));
	}
	return ui_fail_rc(in->job->ui, card_unprotect_mgm(in->io.card),
	    MSG("Cannot remove the management key that was kept behind the PIN: {why}"));
}

enum outcome init_card(struct init *in)
{
	int tries = -1;
	/* First what some tokens refuse. */
	enum outcome code = ui_fail_rc(
	    in->job->ui, set_mgm(in), MSG("Cannot set the management key: {why}"));

	if (!code)
		code = ui_fail_rc(in->job->ui, init_objects(in->io.card),
		    MSG("Cannot write the token's identity: {why}"));
	if (!code)
		code = pin_failed(in->job, set_secret(in, CARD_PUK, &in->old_puk, &in->puk, &tries),
		    "PUK", &tries);
	if (!code)
		code = pin_failed(in->job,
		    set_secret(in, CARD_PIN_APPLICATION, &in->old_pin, &in->pin, &tries),
		    MSG_ID("PIN"), &tries);
	if (!code)
		code = protect(in);
	if (!code)
		code = no_default_left(in);
	return stopped(in, code);
}
