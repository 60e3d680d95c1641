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
		return j->q.a == TOKEN_SO ? LIMIT_KEY : LIMIT_PIN;
	case IPC_UNBLOCK:
		return LIMIT_PUK;
	case IPC_CHANGE:
		return j->q.a == SECRET_PUK ? LIMIT_PUK : LIMIT_PIN;
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
	if (pins_user(&w->pins, j->peer.client, window_generation(w)) != TOKEN_NOBODY)
		return ECERT_E_EXISTS;
	if (j->q.c != 0)
		return ECERT_E_UNSUPPORTED;
	if (j->q.a == TOKEN_USER)
		return form(j->q.field[0]);
	return j->q.a == TOKEN_SO ? form_of_key(j->q.field[0]) : ECERT_E_ARG;
}

enum ecert_rc admit_login_once(struct worker *w, const struct job *j)
{
	(void)w;
	if (j->q.a == 0 || j->q.a > 0xFF)
		return ECERT_E_NOT_FOUND;
	return j->q.c != 0 ? ECERT_OK : form(j->q.field[0]);
}

enum ecert_rc admit_change(struct worker *w, const struct job *j)
{
	enum ecert_rc rc = j->q.a <= SECRET_PUK ? form(j->q.field[0]) : ECERT_E_ARG;

	(void)w;
	return rc == ECERT_OK ? form(j->q.field[1]) : rc;
}

enum ecert_rc admit_unblock(struct worker *w, const struct job *j)
{
	enum ecert_rc rc = form(j->q.field[0]);

	(void)w;
	return rc == ECERT_OK ? form(j->q.field[1]) : rc;
}

/* ---- what the card is asked for ---- */

static uint32_t put_tries(int tries)
{
	return tries < 0 ? UINT32_MAX : (uint32_t)tries;
}

enum ecert_rc do_login(struct worker *w, const struct job *j, struct buf *out, uint32_t *a)
{
	uint64_t client = j->peer.client;
	int tries = -1;
	enum ecert_rc rc;

	(void)out;
	rc = window_login(w, client, (enum token_user)j->q.a, j->q.field[0],
	    j->q.b & TOKEN_ALLOW_LAST_TRY, &tries);
	*a = put_tries(tries);
	count(w, j, rc);
	/* Of the token that took it: one that came this moment is another one. */
	if (rc == ECERT_OK)
		rc = pins_set(&w->pins, client, w->noted, (enum token_user)j->q.a, j->q.field[0]);
	return rc;
}

enum ecert_rc do_logout(struct worker *w, const struct job *j, struct buf *out, uint32_t *a)
{
	(void)out;
	(void)a;
	if (w->window.client == j->peer.client)
		window_close(w);
	pins_drop(&w->pins, j->peer.client);
	return ECERT_OK;
}

/* The PIN that this window was just verified with, and nothing was done with it yet. */
static bool pays_already(struct worker *w, const struct job *j)
{
	return w->window.held && w->window.client == j->peer.client && w->window.unspent &&
	       j->q.c == 0 && rd_equal(pins_secret(&w->pins, j->peer.client), j->q.field[0]);
}

enum ecert_rc do_login_once(struct worker *w, const struct job *j, struct buf *out, uint32_t *a)
{
	struct token_at at = looked_at(w, j);
	uint8_t ref = (uint8_t)j->q.a;
	struct rd pin = j->q.c != 0 ? rd_of(NULL, 0) : j->q.field[0];
	int tries = -1;
	enum ecert_rc rc;

	(void)out;
	if (pays_already(w, j)) {
		rc = token_pay_once(&at, ref);
	} else {
		rc = window_login_once(
		    w, j->peer.client, ref, pin, j->q.b & TOKEN_ALLOW_LAST_TRY, &tries);
		count(w, j, rc);
	}
	if (rc == ECERT_OK) {
		w->window.once = ref;
		w->window.always = true;
		w->window.last = clock_ms();
	}
	*a = put_tries(tries);
	return rc;
}

enum ecert_rc do_change(struct worker *w, const struct job *j, struct buf *out, uint32_t *a)
{
	struct token_at at = looked_at(w, j);
	enum token_secret which = j->q.a == SECRET_PUK ? SECRET_PUK : SECRET_PIN;
	bool changed;
	int tries = -1;
	enum ecert_rc rc;

	(void)out;
	window_close(w);
	rc = token_change_secret(
	    &at, which, j->q.field[0], j->q.field[1], j->q.b & TOKEN_ALLOW_LAST_TRY, &tries);
	*a = put_tries(tries);
	count(w, j, rc);
	changed = rc == ECERT_OK && which == SECRET_PIN;
	/* This client knows the new PIN: its login goes on with it. The others' is over. */
	if (changed && pins_user(&w->pins, j->peer.client, window_generation(w)) == TOKEN_USER)
		rc = pins_set(&w->pins, j->peer.client, w->noted, TOKEN_USER, j->q.field[1]);
	if (changed)
		pins_changed(&w->pins, j->q.field[1]);
	return rc;
}

enum ecert_rc do_unblock(struct worker *w, const struct job *j, struct buf *out, uint32_t *a)
{
	struct token_at at = looked_at(w, j);
	int tries = -1;
	enum ecert_rc rc;

	(void)out;
	window_close(w);
	rc = token_unblock(
	    &at, j->q.field[0], j->q.field[1], j->q.b & TOKEN_ALLOW_LAST_TRY, &tries);
	*a = put_tries(tries);
	count(w, j, rc);
	if (rc == ECERT_OK)
		pins_changed(&w->pins, j->q.field[1]);
	return rc;
}
