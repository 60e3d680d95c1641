/* SPDX-License-Identifier: BSD-2-Clause */
/* The connection to the card in one slot: opening, losing and finding it again. */
#include "token/conn/conn.h"

#include <string.h>

#include "util/clock.h"

/* An answer that PIV gave so recently vouches for the next refusal as well. */
#define PROOF_MS 300

static const uint8_t next_stage[][CONN_STAGES] = {
    [CONN_EV_OPENED] = {[CONN_EMPTY] = CONN_FRESH,
	[CONN_FRESH] = CONN_FRESH,
	[CONN_PROVED] = CONN_PROVED,
	[CONN_CLOSED] = CONN_REOPENED,
	[CONN_REOPENED] = CONN_REOPENED},
    [CONN_EV_IDENTIFIED] = {[CONN_EMPTY] = CONN_EMPTY,
	[CONN_FRESH] = CONN_PROVED,
	[CONN_PROVED] = CONN_PROVED,
	[CONN_CLOSED] = CONN_CLOSED,
	[CONN_REOPENED] = CONN_PROVED},
    [CONN_EV_DROPPED] = {[CONN_EMPTY] = CONN_EMPTY,
	[CONN_FRESH] = CONN_EMPTY,
	[CONN_PROVED] = CONN_CLOSED,
	[CONN_CLOSED] = CONN_CLOSED,
	[CONN_REOPENED] = CONN_CLOSED},
    [CONN_EV_FORGOTTEN] = {[CONN_EMPTY] = CONN_EMPTY,
	[CONN_FRESH] = CONN_EMPTY,
	[CONN_PROVED] = CONN_EMPTY,
	[CONN_CLOSED] = CONN_EMPTY,
	[CONN_REOPENED] = CONN_EMPTY},
};

static void move(struct conn *c, enum conn_event ev)
{
	c->stage = (enum conn_stage)next_stage[ev][c->stage];
}

bool conn_is_known(const struct conn *c)
{
	return c->stage >= CONN_PROVED;
}

void conn_init(struct conn *c, unsigned id)
{
	memset(c, 0, sizeof *c);
	c->id = id;
	c->tries.left = c->tries.most = -1;
	(void)pthread_mutex_init(&c->lock, NULL);
	(void)clock_cond_init(&c->turn);
}

void conn_fini(struct conn *c, bool forked)
{
	card_close(&c->card);
	cache_drop(&c->view);
	made_clear(&c->made);
	pinstate_event(&c->pin, PIN_EV_REMOVED);
	if (forked)
		return;
	(void)pthread_mutex_destroy(&c->lock);
	(void)pthread_cond_destroy(&c->turn);
}

static void end_once(struct conn *c)
{
	memset(&c->once, 0, sizeof c->once);
	(void)pthread_cond_broadcast(&c->turn);
}

void conn_drop(struct conn *c)
{
	end_once(c);
	card_close(&c->card);
	move(c, CONN_EV_DROPPED);
	memset(&c->permit, 0, sizeof c->permit);
	c->tries.left = -1;
	c->tries.read = 0;
	c->proof = 0;
	/* The next look at the change counter is due at once. */
	c->view.counter_read = 0;
}

static void forget(struct conn *c)
{
	conn_drop(c);
	cache_drop(&c->view);
	made_clear(&c->made);
	pinstate_event(&c->pin, PIN_EV_REMOVED);
	move(c, CONN_EV_FORGOTTEN);
	c->tries.judged = false;
	c->tries.most = -1;
	c->held = 0;
	c->refused = 0;
	atomic_store(&c->generation, 0);
	memset(&c->identity, 0, sizeof c->identity);
}

void conn_lost(struct conn *c, struct slots *s)
{
	uint32_t was = atomic_load(&c->generation);

	forget(c);
	/* Whatever the source says now, the generation of the lost card does not come back. */
	if (slots_refresh(s) == ECERT_E_MEMORY)
		return;
	slots_moved(s, c->id, was);
}

void conn_failed(struct conn *c, struct slots *s, enum ecert_rc rc)
{
	switch (rc) {
	case ECERT_E_RESET:
		pinstate_event(&c->pin, PIN_EV_RESET);
		conn_drop(c);
		break;
	case ECERT_E_TIMEOUT:
		/* The channel gave up behind another program and may be of no more use; the card,
		 * and what is verified on it, are as they were. */
		conn_drop(c);
		break;
	case ECERT_E_REMOVED:
	case ECERT_E_NO_CARD:
	case ECERT_E_NO_READER:
	case ECERT_E_NO_SERVICE:
	case ECERT_E_MUTE:
		conn_lost(c, s);
		break;
	default:
		break;
	}
}

/* ---- opening ---- */

static enum ecert_rc may_open(const struct slot *slot)
{
	if (!slot->connected)
		return ECERT_E_NO_READER;
	if (!slot->present)
		return ECERT_E_NO_CARD;
	return slot->mute ? ECERT_E_MUTE : ECERT_OK;
}

static enum ecert_rc open_card(struct conn *c, struct slots *s, const struct slot *slot)
{
	struct channel *ch = NULL;
	enum ecert_rc rc;

	if (c->refused == slot->generation)
		return ECERT_E_UNRECOGNISED;
	rc = channel_open(s->readers, slot->name, &ch);
	if (rc == ECERT_OK)
		rc = card_open(&ch, &c->card);
	if (rc == ECERT_E_UNRECOGNISED)
		c->refused = slot->generation;
	if (rc != ECERT_OK)
		return rc;
	move(c, CONN_EV_OPENED);
	atomic_store(&c->generation, slot->generation);
	c->proof = clock_ms();
	/* What token_hold promised holds for the new connection as well. */
	return c->held > 0 ? card_begin(c->card) : ECERT_OK;
}

enum ecert_rc conn_reopen(struct conn *c, struct slots *s)
{
	struct slot slot;
	uint32_t was = atomic_load(&c->generation);
	enum ecert_rc rc;

	conn_drop(c);
	rc = slots_refresh(s);
	if (rc == ECERT_OK)
		rc = slots_get(s, c->id, &slot);
	if (rc == ECERT_OK && slot.generation != was)
		rc = ECERT_E_REMOVED;
	if (rc == ECERT_OK)
		rc = may_open(&slot);
	if (rc == ECERT_OK)
		rc = open_card(c, s, &slot);
	/* What is remembered of the token is worth nothing before its serial number is. */
	if (rc == ECERT_OK && conn_is_known(c))
		rc = conn_identify(c, s);
	if (rc != ECERT_OK)
		conn_failed(c, s, rc);
	return rc == ECERT_E_RESET ? ECERT_E_CARD : rc;
}

static enum ecert_rc connect_new(struct conn *c, struct slots *s, const struct token_at *at)
{
	struct slot slot;
	enum ecert_rc rc = slots_refresh(s);

	if (rc == ECERT_OK && slots_get(s, c->id, &slot) != ECERT_OK)
		rc = ECERT_E_NO_READER;
	if (rc == ECERT_OK && at->generation != 0 && at->generation != slot.generation)
		rc = ECERT_E_REMOVED;
	if (rc == ECERT_OK)
		rc = may_open(&slot);
	if (rc != ECERT_OK)
		return rc;
	if (conn_is_known(c) && atomic_load(&c->generation) != slot.generation)
		forget(c);
	rc = open_card(c, s, &slot);
	if (rc == ECERT_OK && conn_is_known(c))
		rc = conn_identify(c, s);
	if (rc != ECERT_OK)
		conn_failed(c, s, rc);
	return rc;
}

static void wait_turn(struct conn *c, uint8_t ref)
{
	while (
	    c->once.held && c->once.ref != ref && !pthread_equal(c->once.owner, pthread_self())) {
		struct timespec until = clock_timespec(c->once.deadline + 100);

		if (pthread_cond_timedwait(&c->turn, &c->lock, &until) != 0)
			break;
	}
}

enum ecert_rc conn_enter(struct conn *c, struct slots *s, const struct token_at *at, uint8_t ref)
{
	uint32_t now;
	enum ecert_rc rc = ECERT_OK;

	(void)pthread_mutex_lock(&c->lock);
	wait_turn(c, ref);
	now = slots_generation(s, c->id);
	if (c->card && atomic_load(&c->generation) != now)
		forget(c);
	if (now != 0 && at->generation != 0 && at->generation != now)
		rc = ECERT_E_REMOVED;
	else if (!c->card)
		rc = connect_new(c, s, at);
	if (rc != ECERT_OK)
		(void)pthread_mutex_unlock(&c->lock);
	return rc;
}

void conn_leave(struct conn *c)
{
	(void)pthread_mutex_unlock(&c->lock);
}

/* ---- what the token is, and whether it is still that ---- */

enum ecert_rc conn_identify(struct conn *c, struct slots *s)
{
	struct card_identity id;
	struct card_status status;
	enum ecert_rc rc;

	if (c->stage == CONN_PROVED)
		return ECERT_OK;
	rc = card_identity(c->card, &id);
	if (rc != ECERT_OK)
		return rc;
	c->proof = clock_ms();
	if (conn_is_known(c) && (strcmp(id.serial, c->identity.serial) != 0 ||
				    strcmp(id.model, c->identity.model) != 0)) {
		conn_lost(c, s);
		return ECERT_E_REMOVED;
	}
	c->identity = id;
	move(c, CONN_EV_IDENTIFIED);
	/* An e-Cert card has told its change counter with the serial number. */
	if (card_status(c->card, false, &status) == ECERT_OK && status.changes != 0)
		cache_counted(&c->view, status.changes);
	return ECERT_OK;
}

/* More than were ever seen left cannot be told; one that was seen alone says nothing. */
int conn_full_tries(const struct conn *c)
{
	return c->tries.most > 1 ? c->tries.most : -1;
}

enum ecert_rc conn_ask_tries(struct conn *c)
{
	struct card_pin_status st;
	enum ecert_rc rc = card_pin_status(c->card, CARD_PIN_APPLICATION, &st);

	if (rc != ECERT_OK)
		return rc;
	c->tries.verified = st.verified;
	c->tries.left = st.tries;
	if (st.tries > c->tries.most)
		c->tries.most = st.tries;
	if (st.verified)
		c->tries.left = conn_full_tries(c);
	c->tries.read = c->proof = clock_ms();
	c->tries.silent = !st.told;
	/* Under strict isolation the card is logged out between operations by design. */
	if (!st.verified && st.told && pinstate_user(&c->pin) == TOKEN_USER && !c->pin.kept)
		pinstate_event(&c->pin, PIN_EV_LOST);
	return ECERT_OK;
}

enum ecert_rc conn_begin(struct conn *c, struct slots *s)
{
	enum ecert_rc rc = card_begin(c->card);

	if (rc != ECERT_E_RESET)
		return rc;
	card_end(c->card);
	conn_failed(c, s, rc);
	rc = conn_reopen(c, s);
	return rc == ECERT_OK ? card_begin(c->card) : rc;
}

/* ---- running an operation ---- */

/* Answers that another application's card edge may give to our commands. "No such thing" is a PIV
 * card's everyday answer: it is only doubted when PIV has not been heard of for a while. */
static bool suspicious(const struct conn *c, enum ecert_rc rc)
{
	switch (rc) {
	case ECERT_E_AUTH:
	case ECERT_E_UNSUPPORTED:
	case ECERT_E_CARD:
	case ECERT_E_DATA:
	case ECERT_E_DATA_LEN:
	case ECERT_E_DENIED:
	case ECERT_E_MALFORMED:
		return true;
	case ECERT_E_NOT_FOUND:
	case ECERT_E_ARG:
		return c->proof == 0 || clock_ms() - c->proof >= PROOF_MS;
	default:
		return false;
	}
}

/* Asks PIV something harmless; when it is not PIV that answers, selects it again in a new
 * connection, which also forgets what the other application's answers taught about this card. The
 * login stands or falls with what the card says then. */
static bool find_again(struct conn *c, struct slots *s)
{
	enum ecert_rc rc = conn_ask_tries(c);

	if (rc == ECERT_OK)
		return false;
	conn_failed(c, s, rc);
	if (!c->card && rc != ECERT_E_RESET)
		return false;
	if (conn_reopen(c, s) != ECERT_OK)
		return false;
	cache_drop(&c->view); /* it may hold the other application's answers */
	if (pinstate_user(&c->pin) == TOKEN_SO)
		pinstate_event(&c->pin, PIN_EV_LOST);
	if (pinstate_user(&c->pin) == TOKEN_USER && conn_ask_tries(c) != ECERT_OK)
		pinstate_event(&c->pin, PIN_EV_LOST);
	return true;
}

static bool try_again(struct conn *c, struct slots *s, bool keep_reset, enum ecert_rc rc)
{
	if (rc == ECERT_E_RESET) {
		conn_failed(c, s, rc);
		return !keep_reset && conn_reopen(c, s) == ECERT_OK;
	}
	if (!c->card || !suspicious(c, rc))
		return false;
	if (find_again(c, s))
		return true;
	/* A card that does not say so otherwise says by its refusal that the login is gone. */
	if (rc == ECERT_E_AUTH && c->tries.silent && pinstate_user(&c->pin) == TOKEN_USER &&
	    !c->pin.kept)
		pinstate_event(&c->pin, PIN_EV_LOST);
	return false;
}

enum ecert_rc conn_run(struct conn *c, struct slots *s, bool keep_reset, conn_fn fn, void *arg)
{
	enum ecert_rc rc = fn(c, s, arg);

	if (rc != ECERT_OK && try_again(c, s, keep_reset, rc)) {
		rc = conn_begin(c, s);
		if (rc == ECERT_OK) {
			rc = fn(c, s, arg);
			if (c->card)
				card_end(c->card);
		}
	}
	if (rc == ECERT_OK)
		c->proof = clock_ms();
	else if (c->card)
		conn_failed(c, s, rc);
	return rc;
}
