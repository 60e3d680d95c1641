/* SPDX-License-Identifier: BSD-2-Clause */
/* The management key that the token keeps behind the PIN: the PIN alone is enough then. */
#include <stdio.h>

#include "card/card.h"
#include "client/escrow.h"
#include "provision/prov.h"
#include "provision/secret.h"
#include "ecert/piv_const.h"

/* Said to everybody by the admin data. A token that cannot be asked is one that keeps none. */
static bool is_protected(struct prov *p)
{
	struct buf admin = BUF_INIT(CARD_OBJECT_MAX);
	enum ecert_rc rc = token_data_get(&p->at, ECERT_OBJ_ADMIN, &admin);
	bool kept = rc == ECERT_OK && card_says_protected(buf_view(&admin));

	buf_free(&admin);
	return kept;
}

static enum ecert_rc read_key(struct prov *p, struct mgm_key *out)
{
	struct buf printed = BUF_INIT(CARD_OBJECT_MAX);
	struct rd key;
	enum ecert_rc rc = token_data_get(&p->at, ECERT_OBJ_PRINTED, &printed);

	if (rc == ECERT_OK)
		rc = card_protected_mgm(buf_view(&printed), &key);
	if (rc == ECERT_OK)
		rc = mgm_key_set(key, out);
	buf_free(&printed);
	return rc;
}

static enum outcome use_key(struct prov *p, enum ecert_rc rc, const struct mgm_key *key)
{
	bool there = rc == ECERT_OK;

	if (there)
		rc = mgm_login(&p->at, key);
	if ((there && rc == ECERT_E_PIN_WRONG) || rc == ECERT_E_NOT_FOUND ||
	    rc == ECERT_E_MALFORMED)
		return ui_fail(p->job->ui, OUT_PIN, "management-key-wrong",
		    MSG("The management key that the token keeps behind the PIN is not its own"),
		    MSG("Name its escrow file with --management-key-source file:PATH."));
	return ui_fail_rc(p->job->ui, rc, MSG("Cannot log in with the management key: {why}"));
}

enum outcome prov_login_protected(struct prov *p, bool *done)
{
	struct mgm_key key = {0};
	enum ecert_rc rc;
	enum outcome code;

	*done = is_protected(p);
	if (!*done)
		return OUT_OK;
	ui_note(p->job->ui,
	    MSG("The token keeps its management key behind the PIN: the PIN is enough."));
	code = prov_login_user(p, false);
	if (code)
		return code;
	rc = read_key(p, &key);
	/* One login at a time (PKCS#11 3.2, 5.6.8): the administrator's takes this one's place. */
	if (token_logout(&p->at) != ECERT_OK && rc == ECERT_OK)
		rc = ECERT_E_CARD;
	code = use_key(p, rc, &key);
	mgm_key_wipe(&key);
	return code;
}
