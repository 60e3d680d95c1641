/* SPDX-License-Identifier: BSD-2-Clause */
/* The PIN state table. */
#include "token/conn/pinstate.h"

#include <string.h>

#include "util/mem.h"

/* [event][state] -> state. A login while somebody is logged in never reaches the table:
 * token_login answers ECERT_E_EXISTS before it asks the card. */
static const uint8_t next[PIN_EV_COUNT][3] = {
    [PIN_EV_LOGIN_USER] = {TOKEN_USER, TOKEN_USER, TOKEN_USER},
    [PIN_EV_LOGIN_SO] = {TOKEN_SO, TOKEN_SO, TOKEN_SO},
    [PIN_EV_LOGOUT] = {TOKEN_NOBODY, TOKEN_NOBODY, TOKEN_NOBODY},
    /* A wrong PIN says nothing about the management key. */
    [PIN_EV_REJECTED] = {TOKEN_NOBODY, TOKEN_NOBODY, [TOKEN_SO] = TOKEN_SO},
    [PIN_EV_LOST] = {TOKEN_NOBODY, TOKEN_NOBODY, TOKEN_NOBODY},
    [PIN_EV_RESET] = {TOKEN_NOBODY, TOKEN_NOBODY, TOKEN_NOBODY},
    [PIN_EV_REMOVED] = {TOKEN_NOBODY, TOKEN_NOBODY, TOKEN_NOBODY},
};

static void drop(uint8_t **secret, size_t *len)
{
	secret_free(*secret, PINSTATE_SECRET_MAX);
	*secret = NULL;
	*len = 0;
}

bool pinstate_renewable(const struct pinstate *p)
{
	return pinstate_user(p) == TOKEN_USER && p->again && p->spare && !p->kept;
}

void pinstate_event(struct pinstate *p, enum pin_event ev)
{
	int user = next[ev][atomic_load(&p->user)];
	bool taken = ev == PIN_EV_LOST || ev == PIN_EV_RESET;

	atomic_store(&p->lapsed, taken && pinstate_renewable(p));
	if (atomic_load(&p->lapsed))
		return;
	if (user != TOKEN_USER) {
		drop(&p->kept, &p->kept_len);
		drop(&p->spare, &p->spare_len);
	}
	atomic_store(&p->user, user);
}

enum token_user pinstate_user(const struct pinstate *p)
{
	return (enum token_user)atomic_load(&p->user);
}

static enum ecert_rc keep(uint8_t **secret, size_t *len, struct rd pin)
{
	void *mem;
	enum ecert_rc rc;

	if (pin.n == 0 || pin.n > PINSTATE_SECRET_MAX)
		return ECERT_E_PIN_FORMAT;
	rc = secret_alloc(PINSTATE_SECRET_MAX, &mem);
	if (rc != ECERT_OK)
		return rc;
	memcpy(mem, pin.p, pin.n);
	drop(secret, len);
	*secret = mem;
	*len = pin.n;
	return ECERT_OK;
}

enum ecert_rc pinstate_keep(struct pinstate *p, struct rd pin)
{
	return keep(&p->kept, &p->kept_len, pin);
}

enum ecert_rc pinstate_spare(struct pinstate *p, struct rd pin)
{
	return keep(&p->spare, &p->spare_len, pin);
}

struct rd pinstate_spare_view(const struct pinstate *p)
{
	return rd_of(p->spare, p->spare_len);
}

bool pinstate_has_spare(const struct pinstate *p)
{
	return p->spare;
}

void pinstate_turn_strict(struct pinstate *p)
{
	if (p->kept)
		return;
	if (!p->spare) {
		pinstate_event(p, PIN_EV_LOST);
		return;
	}
	atomic_store(&p->lapsed, false);
	p->kept = p->spare;
	p->kept_len = p->spare_len;
	p->spare = NULL;
	p->spare_len = 0;
}

struct rd pinstate_kept(const struct pinstate *p)
{
	return rd_of(p->kept, p->kept_len);
}
