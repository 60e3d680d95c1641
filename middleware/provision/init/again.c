/* SPDX-License-Identifier: BSD-2-Clause */
/* A folder of escrows named by serial number: a token that has one there is gone on with, or is
 * done. */
#include <ctype.h>
#include <stdio.h>

#include "provision/init/init.h"
#include "ecert/piv_const.h"
#include "token/mgmkey.h"

enum ecert_rc init_path(const struct init_params *o, const char *serial, char path[INIT_PATH_MAX])
{
	/* It names a file: a card's text must not choose another folder. */
	for (const char *p = serial; *p; p++)
		if (!isalnum((unsigned char)*p))
			return ECERT_E_NOT_FOUND;
	if (!*serial)
		return ECERT_E_NOT_FOUND;
	return snprintf(path, INIT_PATH_MAX, "%s/%s.json", o->escrow_dir, serial) < INIT_PATH_MAX
		   ? ECERT_OK
		   : ECERT_E_TOO_LARGE;
}

static bool is_protected(struct card *card)
{
	struct buf admin = BUF_INIT(CARD_OBJECT_MAX);
	bool kept = card_object_get(card, ECERT_OBJ_ADMIN, &admin) == ECERT_OK &&
		    card_says_protected(buf_view(&admin));

	buf_free(&admin);
	return kept;
}

/* All secrets are set. What --protect keeps on the token is written after them, and may be missing;
 * it needs no PIN, which is its owner's by now. */
static enum outcome finish(struct init *in, size_t len)
{
	enum ecert_rc rc = ECERT_OK;

	in->kept = is_protected(in->io.card);
	if (in->o->protect && !in->kept) {
		rc = card_protect_mgm(in->io.card, rd_of(in->escrow->mgm.v, len));
		in->kept = rc == ECERT_OK;
	}
	in->already = rc == ECERT_OK;
	return ui_fail_rc(
	    in->job->ui, rc, MSG("Cannot keep the management key behind the PIN: {why}"));
}

static enum outcome unclear(struct init *in, enum ecert_rc rc)
{
	if (rc != ECERT_OK && rc != ECERT_E_PIN_WRONG && rc != ECERT_E_DATA_LEN)
		return ui_fail_rc(
		    in->job->ui, rc, MSG("Cannot log in with the management key: {why}"));
	return ui_fail(in->job->ui, OUT_REFUSED, "exists",
	    MSG(rc != ECERT_OK
		    ? MSG_ID("The escrow {escrow} is there already, and not its management key is "
			     "on the token")
		    : MSG_ID(
			  "The escrow {escrow} is there already, and the token does not tell how "
			  "far it came"),
		P_FILE("escrow", in->o->escrow)),
	    MSG(rc != ECERT_OK
		    ? MSG_ID("Move the file away if it is of no use any more; nothing was changed.")
		    : MSG_ID("To go on with it say --resume; nothing was changed.")));
}

enum outcome init_look_again(struct init *in, bool *resume)
{
	struct card_defaults now;
	enum outcome code = init_escrow(in);
	bool asked = *resume;
	enum ecert_rc rc;
	size_t len;

	if (code)
		return code;
	cardio_defaults(in->io.card, &now);
	*resume = now.pin.is_default || now.puk.is_default || now.mgm_default;
	if (*resume)
		return OUT_OK;
	rc = mgmkey_auth(in->io.card, &in->escrow->mgm, &len);
	if (rc == ECERT_OK && now.pin.default_known && now.puk.default_known)
		return finish(in, len);
	/* Without metadata nobody knows how far it came, and trying would use up tries. */
	*resume = asked;
	return asked ? OUT_OK : unclear(in, rc);
}
