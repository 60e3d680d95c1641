/* SPDX-License-Identifier: BSD-2-Clause */
/* Login and logout. */
#include "util/clock.h"
#include "token/local/local.h"
#include "token/mgmkey.h"
#include "util/log.h"

/* Tries that were read so recently count as read before the PIN is sent. */
#define LOGIN_TRIES_MS 3000

/* ---- the user's PIN ---- */

static int trust(const struct conn *c)
{
	return c->trust_ms > LOGIN_TRIES_MS ? c->trust_ms : LOGIN_TRIES_MS;
}

/* Tries first: with one left nothing is sent without consent. -1 (verified, or a card that does not
 * say) is no obstacle: a card holds a PIN for verified only while no wrong one was tried. */
static enum ecert_rc check_tries(struct conn *c, unsigned flags, int *tries)
{
	enum ecert_rc rc = ECERT_OK;

	if (c->tries.read == 0 || clock_ms() - c->tries.read >= trust(c))
		rc = conn_ask_tries(c);
	*tries = c->tries.left;
	if (rc != ECERT_OK)
		return rc;
	if (c->tries.left == 0)
		return ECERT_E_PIN_BLOCKED;
	if (c->tries.left == 1 && (flags & TOKEN_ALLOW_LAST_TRY) == 0)
		return ECERT_E_PIN_LAST_TRY;
	return ECERT_OK;
}

enum ecert_rc login_verify(struct conn *c, struct rd pin, unsigned flags, int *tries)
{
	enum ecert_rc rc;

	*tries = -1;
	if (pin.p && (pin.n < CARD_PIN_MIN || pin.n > CARD_PIN_MAX))
		return ECERT_E_PIN_FORMAT;
	rc = check_tries(c, flags, tries);
	if (rc != ECERT_OK)
		return rc;
	rc = pin.p ? card_verify(c->card, pin, tries) : card_verify_pinpad(c->card, tries);
	switch (rc) {
	case ECERT_OK: /* all tries are back */
		atomic_store(&c->pin.lapsed, false);
		c->tries.left = conn_full_tries(c);
		c->tries.read = clock_ms();
		break;
	case ECERT_E_PIN_WRONG:
	case ECERT_E_PIN_BLOCKED:
		/* The card has forgotten an earlier VERIFY as well (SP 800-73-5 part 2, 3.2.1). */
		if (!(flags & LOGIN_FOR_ONE) || rc == ECERT_E_PIN_BLOCKED || *tries == 0)
			pinstate_event(&c->pin, PIN_EV_REJECTED);
		c->permit.unspent = false;
		c->tries.left = *tries;
		c->tries.read = *tries >= 0 ? clock_ms() : 0;
		break;
	case ECERT_E_PIN_FORMAT: /* refused for its form, or never given: as it was */
	case ECERT_E_CANCELLED:
	case ECERT_E_UNSUPPORTED:
		c->tries.read = 0;
		break;
	default: /* the answer is lost, and may have been yes */
		c->tries.read = 0;
		(void)login_forget(c);
		break;
	}
	return rc;
}

/* A card that knows or takes no logout and keeps the PIN over SELECT: only a reset ends it. */
static enum ecert_rc forget_by_reset(struct conn *c)
{
	struct card_pin_status st;
	enum ecert_rc rc = card_pin_status(c->card, CARD_PIN_APPLICATION, &st);

	if (rc == ECERT_OK && (st.verified || !st.told)) {
		rc = card_power_reset(c->card);
		if (rc == ECERT_OK)
			rc = card_reselect(c->card);
	}
	return rc;
}

enum ecert_rc login_forget(struct conn *c)
{
	/* ecertd's window, or strict: nobody may ride. Else other programs' logins count more. */
	bool isolated = c->held > 0 || c->pin.kept;
	enum ecert_rc rc = card_logout(c->card);

	c->permit.unspent = false;
	/* Another application may be selected; a card without P1=FF forgets on SELECT, if at all.
	 */
	if (rc != ECERT_OK && card_reselect(c->card) == ECERT_OK)
		rc = card_logout(c->card);
	if ((rc == ECERT_E_UNSUPPORTED || rc == ECERT_E_CARD) && isolated)
		rc = forget_by_reset(c);
	if (rc != ECERT_OK)
		log_info("logout: %s", ecert_rc_name(rc));
	return rc;
}

/* ---- a login that another program ended ---- */

/* Where no card is known to have had more, fewer than these are missing some. */
#define TRIES_USUAL 3

/* What the card says now against what it has at most: by its metadata, else the most that was ever
 * seen. */
static bool all_tries_left(struct conn *c, const struct card_pin_status *now)
{
	struct card_pin_status meta;
	bool told = card_pin_metadata(c->card, CARD_PIN_APPLICATION, &meta) == ECERT_OK &&
		    meta.tries_max > 0;
	int full = told ? meta.tries_max
			: (c->tries.most > TRIES_USUAL ? c->tries.most : TRIES_USUAL);
	int left = now->tries >= 0 ? now->tries : told ? meta.tries : -1;

	return left > 1 && left >= full && left >= c->tries.most;
}

/* What is kept for it is used at most once for each loss: whatever is not a success ends it. */
static enum ecert_rc renew(struct conn *c)
{
	struct card_pin_status now;
	int tries;
	enum ecert_rc rc = card_pin_status(c->card, CARD_PIN_APPLICATION, &now);

	if (rc != ECERT_OK)
		return rc;
	if (now.verified) {
		atomic_store(&c->pin.lapsed, false);
		return ECERT_OK;
	}
	c->tries.left = now.tries;
	c->tries.read = clock_ms();
	if (!all_tries_left(c, &now))
		return ECERT_E_PIN_LAST_TRY;
	return login_verify(c, pinstate_spare_view(&c->pin), 0, &tries);
}

enum ecert_rc login_again(struct conn *c)
{
	enum ecert_rc rc = pinstate_renewable(&c->pin) ? renew(c) : ECERT_E_AUTH;

	/* It pays for no key with PIN always: nobody has typed it for that. */
	c->permit.unspent = false;
	switch (rc) {
	case ECERT_E_PIN_WRONG:
	case ECERT_E_PIN_BLOCKED:
	case ECERT_E_PIN_LAST_TRY:
	case ECERT_E_PIN_FORMAT:
		log_info("the login is over: %s", ecert_rc_name(rc));
		pinstate_event(&c->pin, PIN_EV_REJECTED);
		return ECERT_E_AUTH;
	default:
		return rc;
	}
}

/* ---- the user's login ---- */

/* What a later moment may need the PIN for. */
static enum ecert_rc keep_pin(const struct local *l, struct conn *c, struct rd pin)
{
	enum ecert_rc rc = ECERT_OK;

	if (l->isolation == ISOLATION_STRICT)
		return pin.p ? pinstate_keep(&c->pin, pin) : ECERT_E_UNSUPPORTED;
	c->pin.again = l->reverify;
	if (pin.p && (l->user_writes || l->reverify))
		rc = pinstate_spare(&c->pin, pin);
	/* Writing as the user ends with a reset, and cannot do without; the other can. */
	return l->user_writes ? rc : ECERT_OK;
}

/* Sends VERIFY itself at most once: after it no failure is retried. */
static enum ecert_rc login_user(
    struct local *l, struct conn *c, struct rd pin, unsigned flags, int *tries)
{
	struct slots *s = &l->slots;
	bool strict = l->isolation == ISOLATION_STRICT, verified;
	enum ecert_rc rc = conn_begin(c, s);

	if (rc != ECERT_OK)
		return rc;
	/* The serial number before the PIN: never to another token. */
	rc = conn_identify(c, s);
	if (rc == ECERT_OK)
		rc = login_verify(c, pin, flags, tries);
	verified = rc == ECERT_OK;
	if (rc == ECERT_OK)
		rc = keep_pin(l, c, pin);
	if (rc == ECERT_OK)
		pinstate_event(&c->pin, PIN_EV_LOGIN_USER);
	c->permit.unspent = rc == ECERT_OK;
	/* A login that failed after all leaves nothing behind. */
	if (c->card && (strict || (verified && rc != ECERT_OK)))
		(void)login_forget(c);
	if (c->card)
		card_end(c->card);
	return rc;
}

/* ---- the security officer's management key ---- */

static enum ecert_rc login_so(struct conn *c, struct slots *s, struct rd pin)
{
	struct mgm_key *key;
	size_t len;
	enum ecert_rc rc = mgm_key_new(&key);

	if (rc == ECERT_OK)
		rc = pin.p ? mgmkey_given(pin, key) : ECERT_E_PIN_FORMAT;
	if (rc == ECERT_OK)
		rc = conn_begin(c, s);
	if (rc != ECERT_OK)
		goto out;
	rc = conn_identify(c, s);
	if (rc == ECERT_OK)
		rc = mgmkey_auth(c->card, key, &len);
	if (rc == ECERT_OK)
		pinstate_event(&c->pin, PIN_EV_LOGIN_SO);
	if (c->card)
		card_end(c->card);
out:
	mgm_key_free(&key);
	return rc == ECERT_E_DATA_LEN ? ECERT_E_PIN_FORMAT : rc;
}

enum ecert_rc local_login(void *impl, const struct token_at *at, enum token_user user,
    struct rd pin, unsigned flags, int *tries)
{
	struct local *l = impl;
	struct conn *c = local_conn(l, at);
	enum ecert_rc rc = c ? conn_enter(c, &l->slots, at, 0) : ECERT_E_NO_READER;

	if (rc != ECERT_OK)
		return rc;
	if (pinstate_user(&c->pin) != TOKEN_NOBODY)
		rc = ECERT_E_EXISTS;
	else if (user == TOKEN_USER)
		rc = login_user(l, c, pin, flags, tries);
	else
		rc = user == TOKEN_SO ? login_so(c, &l->slots, pin) : ECERT_E_ARG;
	if (c->card)
		conn_failed(c, &l->slots, rc);
	conn_leave(c);
	return rc;
}

/* ---- logout ---- */

enum ecert_rc login_end(struct conn *c)
{
	enum token_user who = pinstate_user(&c->pin);
	enum ecert_rc rc = ECERT_OK;
	/* Paid for and never called in: verified for nobody. */
	bool unpaid = c->once.paid && !c->once.held;

	if (c->once.held)
		login_once_late(c);
	/* What has lapsed is not ours to end: another program may be verified by now. */
	if ((who == TOKEN_USER && !c->pin.kept && !atomic_load(&c->pin.lapsed)) || unpaid)
		rc = login_forget(c);
	/* PIV has no logout for 9B, and SELECT must leave it as it is (SP 800-73-5 part 2, 3.1.1):
	 * only a reset ends it. */
	if (who == TOKEN_SO)
		rc = card_power_reset(c->card);
	c->once.paid = false;
	pinstate_event(&c->pin, PIN_EV_LOGOUT);
	if (who == TOKEN_SO)
		conn_drop(c);
	return rc;
}

/* A connection that was given up behind another program's transaction leaves the card as it was. */
enum ecert_rc login_end_anyhow(struct conn *c, struct slots *s)
{
	bool verified = pinstate_user(&c->pin) == TOKEN_USER && !c->pin.kept &&
			!atomic_load(&c->pin.lapsed);

	if (!c->card && verified && conn_reopen(c, s) != ECERT_OK && c->card)
		conn_drop(c);
	if (c->card)
		return login_end(c);
	pinstate_event(&c->pin, PIN_EV_LOGOUT);
	return ECERT_OK;
}

/* A card that was reset or is gone has forgotten; one that cannot be told may not have. */
enum ecert_rc local_logout(void *impl, const struct token_at *at)
{
	struct local *l = impl;
	struct conn *c = local_conn(l, at);
	enum ecert_rc rc = ECERT_OK;

	if (!c)
		return ECERT_E_NO_READER;
	(void)pthread_mutex_lock(&c->lock);
	rc = login_end_anyhow(c, &l->slots);
	/* Nobody is logged in here now, whatever became of the card. */
	if (c->card)
		conn_failed(c, &l->slots, rc);
	(void)pthread_mutex_unlock(&c->lock);
	switch (rc) {
	case ECERT_E_CARD:
	case ECERT_E_TIMEOUT:
	case ECERT_E_MEMORY:
	case ECERT_E_NO_SERVICE:
		return rc;
	default:
		return ECERT_OK;
	}
}
