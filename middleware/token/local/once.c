/* SPDX-License-Identifier: BSD-2-Clause */
/* The login for one operation: a PIN that pays for the next use of one key and for nothing else. */
#include <string.h>

#include "util/clock.h"
#include "token/local/local.h"

/* A transaction waits for its operation so long. */
#define ONCE_MS 2000

static enum ecert_rc verify_once(
    struct local *l, struct conn *c, uint8_t ref, struct rd pin, unsigned flags, int *tries)
{
	int64_t deadline = clock_ms() + ONCE_MS;
	enum ecert_rc rc = conn_begin(c, &l->slots);

	if (rc != ECERT_OK)
		return rc;
	rc = conn_identify(c, &l->slots);
	if (rc == ECERT_OK)
		rc = login_verify(c, pin, flags | LOGIN_FOR_ONE, tries);
	/* Without the watchdog the transaction could be held for ever, so it is not kept. In
	 * ecertd's window it is not this one's to hold. */
	if (rc == ECERT_OK) {
		c->once = (struct once){.paid = true,
		    .held = c->held == 0 && watch_at(&l->watch, deadline) == ECERT_OK,
		    .ref = ref,
		    .deadline = deadline,
		    .owner = pthread_self()};
	}
	if (c->card && !c->once.held)
		card_end(c->card);
	return rc;
}

enum ecert_rc local_login_once(
    void *impl, const struct token_at *at, uint8_t ref, struct rd pin, unsigned flags, int *tries)
{
	struct local *l = impl;
	struct conn *c = local_conn(l, at);
	enum ecert_rc rc = c ? conn_enter(c, &l->slots, at, 0) : ECERT_E_NO_READER;
	bool paid;

	if (rc != ECERT_OK)
		return rc;
	/* A second PIN before the operation: the first one's transaction ends here. */
	if (c->once.held)
		card_end(c->card);
	paid = c->once.paid && !(pinstate_user(&c->pin) == TOKEN_USER && !c->pin.kept);
	memset(&c->once, 0, sizeof c->once);
	rc = verify_once(l, c, ref, pin, flags, tries);
	/* The first one was right, and has nothing to pay for now. */
	if (rc != ECERT_OK && paid && c->card)
		(void)login_forget(c);
	if (c->card)
		conn_failed(c, &l->slots, rc);
	conn_leave(c);
	return rc;
}

void login_once_late(struct conn *c)
{
	bool keep = pinstate_user(&c->pin) == TOKEN_USER && !c->pin.kept;

	if (!keep) {
		(void)login_forget(c);
		c->once.paid = false;
	}
	card_end(c->card);
	c->once.held = false;
	(void)pthread_cond_broadcast(&c->turn);
}

enum ecert_rc local_pay_once(void *impl, const struct token_at *at, uint8_t ref)
{
	struct local *l = impl;
	struct conn *c = local_conn(l, at);
	enum ecert_rc rc = c ? conn_enter(c, &l->slots, at, ref) : ECERT_E_NO_READER;

	if (rc != ECERT_OK)
		return rc;
	if (c->held == 0 || !c->permit.unspent || pinstate_user(&c->pin) != TOKEN_USER)
		rc = ECERT_E_AUTH;
	else
		c->once = (struct once){.paid = true, .ref = ref, .owner = pthread_self()};
	conn_leave(c);
	return rc;
}
