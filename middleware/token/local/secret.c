/* SPDX-License-Identifier: BSD-2-Clause */
/* Changing PIN and PUK. */
#include "util/clock.h"
#include "token/local/local.h"

struct change {
	bool unblock;
	enum card_pin which; /* whose tries are at stake */
	struct rd old, fresh;
	unsigned flags;
	int *tries;
};

static enum ecert_rc tries_left(struct conn *c, const struct change *ch)
{
	struct card_pin_status st;
	enum ecert_rc rc = card_pin_status(c->card, ch->which, &st);

	*ch->tries = st.tries;
	if (rc != ECERT_OK)
		return rc;
	if (st.tries == 0)
		return ECERT_E_PIN_BLOCKED;
	if (st.tries == 1 && (ch->flags & TOKEN_ALLOW_LAST_TRY) == 0)
		return ECERT_E_PIN_LAST_TRY;
	return ECERT_OK;
}

static bool fits(struct rd v)
{
	return v.p && v.n >= CARD_PIN_MIN && v.n <= CARD_PIN_MAX;
}

static enum ecert_rc remember(struct conn *c, const struct change *ch)
{
	enum ecert_rc rc = ECERT_OK;

	if (c->pin.kept)
		rc = pinstate_keep(&c->pin, ch->fresh);
	else if (pinstate_has_spare(&c->pin))
		rc = pinstate_spare(&c->pin, ch->fresh);
	/* The old one must not be tried again. */
	if (rc != ECERT_OK)
		pinstate_event(&c->pin, PIN_EV_REJECTED);
	return rc;
}

/*
 * Some cards hold the new PIN for verified now (SP 800-73-5 part 2, 3.2.2), and some the old one,
 * though they refused the new (PivApplet, 6A80): not for a client that never logged in, and the
 * card of a strict one stays logged out.
 */
static enum ecert_rc settle(struct conn *c, const struct change *ch, enum ecert_rc done)
{
	enum ecert_rc rc = done;

	c->tries.read = 0;
	if (ch->which == CARD_PUK && !ch->unblock)
		return done;
	if (done == ECERT_OK)
		rc = remember(c, ch);
	if (pinstate_user(&c->pin) != TOKEN_USER || c->pin.kept || atomic_load(&c->pin.lapsed))
		(void)login_forget(c);
	else if (rc == ECERT_OK)
		rc = conn_ask_tries(c); /* whether our login has survived */
	return rc;
}

static enum ecert_rc change(struct conn *c, struct slots *s, const struct change *ch)
{
	bool sent;
	enum ecert_rc rc = fits(ch->old) && fits(ch->fresh) ? ECERT_OK : ECERT_E_PIN_FORMAT;

	if (rc == ECERT_OK)
		rc = conn_begin(c, s);
	if (rc != ECERT_OK)
		return rc;
	rc = conn_identify(c, s);
	if (rc == ECERT_OK)
		rc = tries_left(c, ch);
	sent = rc == ECERT_OK;
	if (sent) {
		rc = ch->unblock
			 ? card_unblock(c->card, ch->old, ch->fresh, ch->tries)
			 : card_change_pin(c->card, ch->which, ch->old, ch->fresh, ch->tries);
	}
	if ((rc == ECERT_E_PIN_WRONG || rc == ECERT_E_PIN_BLOCKED) && ch->which != CARD_PUK &&
	    *ch->tries >= 0)
		pinstate_event(&c->pin, PIN_EV_REJECTED);
	if (sent && c->card)
		rc = settle(c, ch, rc);
	if (c->card)
		card_end(c->card);
	return rc;
}

static enum ecert_rc change_secret(void *impl, const struct token_at *at, const struct change *ch)
{
	struct local *l = impl;
	struct conn *c = local_conn(l, at);
	enum ecert_rc rc = c ? conn_enter(c, &l->slots, at, 0) : ECERT_E_NO_READER;

	if (rc != ECERT_OK)
		return rc;
	rc = change(c, &l->slots, ch);
	if (c->card)
		conn_failed(c, &l->slots, rc);
	conn_leave(c);
	return rc;
}

enum ecert_rc local_change_secret(void *impl, const struct token_at *at, enum token_secret which,
    struct rd old, struct rd fresh, unsigned flags, int *tries)
{
	const struct change ch = {.which = which == SECRET_PUK ? CARD_PUK : CARD_PIN_APPLICATION,
	    .old = old,
	    .fresh = fresh,
	    .flags = flags,
	    .tries = tries};

	return change_secret(impl, at, &ch);
}

enum ecert_rc local_unblock(void *impl, const struct token_at *at, struct rd puk, struct rd fresh,
    unsigned flags, int *tries)
{
	const struct change ch = {.unblock = true,
	    .which = CARD_PUK,
	    .old = puk,
	    .fresh = fresh,
	    .flags = flags,
	    .tries = tries};

	return change_secret(impl, at, &ch);
}
