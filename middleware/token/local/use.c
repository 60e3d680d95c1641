/* SPDX-License-Identifier: BSD-2-Clause */
/* Operations with a private key, each signature checked before it is given away. */
#include <string.h>

#include "util/clock.h"
#include "token/local/local.h"
#include "util/log.h"

#define RESULT_MAX 8192

struct use {
	const struct token_request *req;
	struct buf *out;
	struct token_key key; /* a copy: a reconnection may drop the view */
	struct buf result;
};

static const enum card_op card_op_of[] = {
    [TOKEN_SIGN] = CARD_SIGN, [TOKEN_DECRYPT] = CARD_DECRYPT, [TOKEN_DERIVE] = CARD_DERIVE};

/* A PIN always pays for one operation: login_once for this key, or the login itself while nothing
 * was done with it (ssh and Java log in once and sign; the card's own rule is the same). */
static bool pays(const struct conn *c, uint8_t ref)
{
	if (c->once.paid)
		return c->once.ref == ref;
	return c->permit.unspent && pinstate_user(&c->pin) == TOKEN_USER && !c->pin.kept;
}

/* This client's own login, whatever the card itself would let pass. */
static enum ecert_rc permitted(const struct conn *c, const struct token_key *k)
{
	switch (k->pin) {
	case PIN_NEVER:
		return ECERT_OK;
	case PIN_ALWAYS:
		return pays(c, k->ref) ? ECERT_OK : ECERT_E_AUTH;
	default:
		return pinstate_user(&c->pin) == TOKEN_USER ? ECERT_OK : ECERT_E_AUTH;
	}
}

static enum ecert_rc find_key(struct conn *c, struct slots *s, void *arg)
{
	struct use *u = arg;
	struct cache_entry *e = cache_entry(&c->view, u->req->ref);
	enum ecert_rc rc = ECERT_OK;

	(void)s;
	/* A key that was read once serves until its signature proves it wrong. */
	if (!e || e->key_state != ENTRY_PRESENT)
		rc = read_key(c, u->req->ref, &e);
	if (rc != ECERT_OK)
		return rc;
	u->key = e->key;
	u->key.pub = pubkey_ref(e->key.pub);
	return ECERT_OK;
}

static enum ecert_rc ask_card(struct conn *c, struct slots *s, void *arg)
{
	struct use *u = arg;
	const struct token_key *k = &u->key;
	enum ecert_rc rc;

	(void)s;
	/* After a reconnection the login may be gone: look again before the card is asked. */
	if (permitted(c, k) != ECERT_OK)
		return ECERT_E_AUTH;
	buf_reset(&u->result);
	c->permit.unspent = false;
	rc = card_key_use(c->card, k->ref, k->alg, card_op_of[u->req->op], u->req->in, &u->result);
	/* The key is there, as the card said: doubt an answer that it is not. */
	if (rc == ECERT_E_NOT_FOUND)
		c->proof = 0;
	return rc;
}

/* VERIFY, the operation, logout, in one transaction. */
static enum ecert_rc ask_strictly(struct conn *c, struct slots *s, struct use *u)
{
	int tries;
	enum ecert_rc rc = conn_begin(c, s);

	if (rc != ECERT_OK)
		return rc;
	/* A reset has dropped the kept PIN. */
	rc = c->pin.kept ? login_verify(c, pinstate_kept(&c->pin), 0, &tries) : ECERT_E_RESET;
	if (rc == ECERT_OK) {
		rc = ask_card(c, s, u);
		(void)login_forget(c);
	}
	card_end(c->card);
	/* The kept PIN is wrong now: somebody changed it. That is a lost login, not a wrong PIN. */
	return rc == ECERT_E_PIN_WRONG || rc == ECERT_E_PIN_BLOCKED || rc == ECERT_E_PIN_LAST_TRY
		   ? ECERT_E_AUTH
		   : rc;
}

/* The operation that login_once paid for: its transaction is still held, or was given back. */
static enum ecert_rc ask_paid(struct conn *c, struct slots *s, struct use *u)
{
	bool held = c->once.held;
	bool keep = pinstate_user(&c->pin) == TOKEN_USER && !c->pin.kept;
	enum ecert_rc rc = held ? ECERT_OK : card_begin(c->card);

	if (rc == ECERT_E_RESET)
		card_end(c->card);
	if (rc == ECERT_OK) {
		rc = ask_card(c, s, u);
		if (!keep)
			(void)login_forget(c);
		card_end(c->card);
	}
	memset(&c->once, 0, sizeof c->once);
	(void)pthread_cond_broadcast(&c->turn);
	if (rc == ECERT_E_RESET)
		conn_failed(c, s, rc);
	return rc;
}

/* The login and the operation in one transaction, so that nobody ends the one before the other. */
static enum ecert_rc ask_renewed(struct conn *c, struct slots *s, struct use *u)
{
	enum ecert_rc rc = c->card ? ECERT_OK : conn_reopen(c, s);

	if (rc == ECERT_OK)
		rc = conn_begin(c, s);
	if (rc != ECERT_OK)
		return rc;
	rc = login_again(c);
	if (rc == ECERT_OK)
		rc = ask_card(c, s, u);
	if (c->card)
		card_end(c->card);
	return rc;
}

/* A key that asks for the PIN once: by the login, or by what is kept of it when another program has
 * ended it. */
static enum ecert_rc ask_logged_in(struct conn *c, struct slots *s, struct use *u)
{
	enum ecert_rc rc = ECERT_E_AUTH;

	if (!atomic_load(&c->pin.lapsed))
		rc = conn_run(c, s, true, ask_card, u);
	if ((rc != ECERT_E_AUTH && rc != ECERT_E_RESET) || !pinstate_renewable(&c->pin))
		return rc;
	rc = ask_renewed(c, s, u);
	/* Once: whoever is told to log in must find that nobody is. */
	if (rc == ECERT_E_RESET || rc == ECERT_E_AUTH)
		pinstate_event(&c->pin, PIN_EV_REJECTED);
	return rc;
}

static enum ecert_rc dispatch(struct conn *c, struct slots *s, struct use *u)
{
	const struct token_key *k = &u->key;
	enum ecert_rc rc = permitted(c, k);

	if (rc != ECERT_OK)
		return rc;
	if (k->pin == PIN_ALWAYS && c->once.paid)
		return ask_paid(c, s, u);
	if (k->pin == PIN_ONCE && c->pin.kept)
		return ask_strictly(c, s, u);
	if (k->pin == PIN_ONCE)
		return ask_logged_in(c, s, u);
	/* With PIN never nothing is lost by a reset. */
	return conn_run(c, s, k->pin != PIN_NEVER, ask_card, u);
}

/* The card's word is not taken for it (adversarial cards, faults, a key that somebody replaced). */
static enum ecert_rc check_result(struct conn *c, struct use *u)
{
	struct cache_entry *e = cache_entry(&c->view, u->key.ref);
	enum ecert_rc rc = ECERT_OK;

	if (u->req->op == TOKEN_SIGN)
		rc = pubkey_check(u->key.pub, u->req->in, buf_view(&u->result));
	if (rc == ECERT_E_BAD_SIGNATURE) {
		log_error("key %02x: the card's signature does not verify", u->key.ref);
		cache_drop_entry(e);
	} else if (rc != ECERT_OK) {
		log_error("key %02x: the card's signature could not be checked: %s", u->key.ref,
		    ecert_rc_name(rc));
	}
	if (rc != ECERT_OK)
		return rc;
	e->used = clock_ms();
	buf_rd(u->out, buf_view(&u->result));
	return buf_rc(u->out);
}

static enum ecert_rc find_key_now(struct conn *c, struct slots *s, void *arg)
{
	struct use *u = arg;
	enum ecert_rc rc = read_revalidate(c, 0);

	if (rc != ECERT_OK)
		return rc;
	cache_drop_entry(cache_entry(&c->view, u->req->ref));
	return find_key(c, s, arg);
}

/* "No such key" to a key that is there: this card does not use it for that (a strict PIV card's
 * 6A86: SP 800-73-5 part 1, table 4b). */
static enum ecert_rc gone_or_unfit(struct conn *c, struct slots *s, const struct use *u)
{
	struct use now = {.req = u->req};
	enum ecert_rc rc = conn_run(c, s, false, find_key_now, &now);

	if (rc == ECERT_OK)
		rc = pubkey_equal(now.key.pub, u->key.pub) ? ECERT_E_KEY_FUNCTION
							   : ECERT_E_NOT_FOUND;
	token_key_clear(&now.key);
	return rc;
}

static enum ecert_rc use_locked(struct conn *c, struct slots *s, struct use *u)
{
	enum ecert_rc rc = conn_run(c, s, false, find_key, u);

	if (rc == ECERT_OK)
		rc = dispatch(c, s, u);
	if (rc == ECERT_E_NOT_FOUND && u->key.pub && c->card)
		rc = gone_or_unfit(c, s, u);
	if (rc == ECERT_OK)
		rc = check_result(c, u);
	else if (c->card)
		conn_failed(c, s, rc);
	token_key_clear(&u->key);
	return rc;
}

enum ecert_rc local_use(
    void *impl, const struct token_at *at, const struct token_request *req, struct buf *out)
{
	struct local *l = impl;
	struct conn *c = local_conn(l, at);
	struct use u = {.req = req, .out = out, .result = BUF_INIT(RESULT_MAX)};
	enum ecert_rc rc = ECERT_E_NO_READER;

	if ((unsigned)req->op > TOKEN_DERIVE)
		return ECERT_E_ARG;
	if (c)
		rc = conn_enter(c, &l->slots, at, req->ref);
	if (rc != ECERT_OK)
		return rc;
	rc = use_locked(c, &l->slots, &u);
	conn_leave(c);
	buf_free(&u.result);
	return rc;
}
