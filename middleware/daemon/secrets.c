/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests that carry PINs. */
#include "daemon/daemon.h"
#include "ecert/piv_const.h"
#include "util/clock.h"
#include "token/hold.h"

/* "Whatever is in" means the token that was looked at (its delays, its record): a PIN or PUK goes
 * to no other. */
static struct token_at looked_at(const struct worker *w, const struct job *j)
{
	struct token_at at = job_at(w, j);

	at.generation = w->noted;
	return at;
}

enum limit_kind limit_of(const struct job *j)
{
	switch (j->q.type) {
	case IPC_LOGIN:
		return j->q.arg.login.user == TOKEN_SO ? LIMIT_KEY : LIMIT_PIN;
	case IPC_UNBLOCK:
		return LIMIT_PUK;
	case IPC_CHANGE_SECRET:
		return j->q.arg.change_secret.which == SECRET_PUK ? LIMIT_PUK : LIMIT_PIN;
	default:
		return LIMIT_PIN;
	}
}

/* What a wrong or right secret means for the next attempt. */
static void count(struct worker *w, const struct job *j, enum ecert_rc rc)
{
	if (rc == ECERT_OK)
		limits_passed(&w->daemon->limits, limit_of(j), w->serial, j->peer.client);
	else if (rc == ECERT_E_PIN_WRONG || rc == ECERT_E_PIN_BLOCKED)
		limits_failed(&w->daemon->limits, limit_of(j), w->serial, j->peer.client);
}

/* ---- what no card needs to be asked for ---- */

/* SP 800-73-5 part 2, 3.2.1: a PIN or PUK of another length is none. */
static enum ecert_rc form(struct rd secret)
{
	return secret.n >= ECERT_PIN_MIN && secret.n <= ECERT_PIN_LEN ? ECERT_OK
								      : ECERT_E_PIN_FORMAT;
}

/* 16, 24 or 32 bytes, or their digits. */
static enum ecert_rc form_of_key(struct rd key)
{
	switch (key.n) {
	case 16:
	case 24:
	case 32:
	case 48:
	case 64:
		return ECERT_OK;
	default:
		return ECERT_E_PIN_FORMAT;
	}
}

/* A login outlives its transaction here, so the PIN has to be kept, which a PIN pad's cannot be. */
enum ecert_rc admit_login(struct worker *w, const struct job *j)
{
	const struct wire_login *arg = &j->q.arg.login;

	if (pins_user(&w->pins, j->peer.client, window_generation(w)) != TOKEN_NOBODY)
		return ECERT_E_EXISTS;
	if (arg->pinpad != 0)
		return ECERT_E_UNSUPPORTED;
	return arg->user == TOKEN_USER ? form(arg->secret) : form_of_key(arg->secret);
}

enum ecert_rc admit_login_once(struct worker *w, const struct job *j)
{
	(void)w;
	return j->q.arg.login_once.pinpad != 0 ? ECERT_OK : form(j->q.arg.login_once.pin);
}

enum ecert_rc admit_change_secret(struct worker *w, const struct job *j)
{
	enum ecert_rc rc = form(j->q.arg.change_secret.old);

	(void)w;
	return rc == ECERT_OK ? form(j->q.arg.change_secret.fresh) : rc;
}

enum ecert_rc admit_unblock(struct worker *w, const struct job *j)
{
	enum ecert_rc rc = form(j->q.arg.unblock.puk);

	(void)w;
	return rc == ECERT_OK ? form(j->q.arg.unblock.fresh) : rc;
}

/* ---- what the card is asked for ---- */

static uint32_t put_tries(int tries)
{
	return tries < 0 ? UINT32_MAX : (uint32_t)tries;
}

enum ecert_rc do_login(struct worker *w, const struct job *j, struct answer *to)
{
	const struct wire_login *arg = &j->q.arg.login;
	enum token_user user = (enum token_user)arg->user;
	uint64_t client = j->peer.client;
	int tries = -1;
	enum ecert_rc rc;

	rc = window_login(w, client, user, arg->secret, arg->flags & TOKEN_ALLOW_LAST_TRY, &tries);
	to->a = put_tries(tries);
	count(w, j, rc);
	/* Of the token that took it: one that came this moment is another one. */
	if (rc == ECERT_OK)
		rc = pins_set(&w->pins, client, w->noted, user, arg->secret);
	return rc;
}

enum ecert_rc do_logout(struct worker *w, const struct job *j, struct answer *to)
{
	(void)to;
	if (w->window.client == j->peer.client)
		window_close(w);
	pins_drop(&w->pins, j->peer.client);
	return ECERT_OK;
}

/* The PIN that this window was just verified with, and nothing was done with it yet. */
static bool pays_already(struct worker *w, const struct job *j)
{
	const struct wire_login_once *arg = &j->q.arg.login_once;

	return w->window.held && w->window.client == j->peer.client && w->window.unspent &&
	       arg->pinpad == 0 && rd_equal(pins_secret(&w->pins, j->peer.client), arg->pin);
}

enum ecert_rc do_login_once(struct worker *w, const struct job *j, struct answer *to)
{
	struct token_at at = looked_at(w, j);
	const struct wire_login_once *arg = &j->q.arg.login_once;
	uint8_t ref = (uint8_t)arg->ref;
	struct rd pin = arg->pinpad != 0 ? rd_of(NULL, 0) : arg->pin;
	int tries = -1;
	enum ecert_rc rc;

	if (pays_already(w, j)) {
		rc = token_pay_once(&at, ref);
	} else {
		rc = window_login_once(
		    w, j->peer.client, ref, pin, arg->flags & TOKEN_ALLOW_LAST_TRY, &tries);
		count(w, j, rc);
	}
	if (rc == ECERT_OK) {
		w->window.once = ref;
		w->window.always = true;
		w->window.last = clock_ms();
	}
	to->a = put_tries(tries);
	return rc;
}

enum ecert_rc do_change_secret(struct worker *w, const struct job *j, struct answer *to)
{
	struct token_at at = looked_at(w, j);
	const struct wire_change_secret *arg = &j->q.arg.change_secret;
	enum token_secret which = arg->which == SECRET_PUK ? SECRET_PUK : SECRET_PIN;
	bool changed;
	int tries = -1;
	enum ecert_rc rc;

	window_close(w);
	rc = token_change_secret(
	    &at, which, arg->old, arg->fresh, arg->flags & TOKEN_ALLOW_LAST_TRY, &tries);
	to->a = put_tries(tries);
	count(w, j, rc);
	changed = rc == ECERT_OK && which == SECRET_PIN;
	/* This client knows the new PIN: its login goes on with it. The others' is over. */
	if (changed && pins_user(&w->pins, j->peer.client, window_generation(w)) == TOKEN_USER)
		rc = pins_set(&w->pins, j->peer.client, w->noted, TOKEN_USER, arg->fresh);
	if (changed)
		pins_changed(&w->pins, arg->fresh);
	return rc;
}

enum ecert_rc do_unblock(struct worker *w, const struct job *j, struct answer *to)
{
	const struct wire_unblock *arg = &j->q.arg.unblock;
	struct token_at at = looked_at(w, j);
	int tries = -1;
	enum ecert_rc rc;

	window_close(w);
	rc = token_unblock(&at, arg->puk, arg->fresh, arg->flags & TOKEN_ALLOW_LAST_TRY, &tries);
	to->a = put_tries(tries);
	count(w, j, rc);
	if (rc == ECERT_OK)
		pins_changed(&w->pins, arg->fresh);
	return rc;
}
