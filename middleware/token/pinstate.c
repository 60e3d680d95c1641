/* SPDX-License-Identifier: BSD-2-Clause */
/* The PIN state table. */
#include "token/pinstate.h"

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

static void drop_kept(struct pinstate *p)
{
	secret_free(p->kept, PINSTATE_SECRET_MAX);
	p->kept = NULL;
	p->kept_len = 0;
}

void pinstate_event(struct pinstate *p, enum pin_event ev)
{
	int user = next[ev][atomic_load(&p->user)];

	if (user != TOKEN_USER)
		drop_kept(p);
	atomic_store(&p->user, user);
}

enum token_user pinstate_user(const struct pinstate *p)
{
	return (enum token_user)atomic_load(&p->user);
}

enum ecert_rc pinstate_keep(struct pinstate *p, struct rd pin)
{
	void *mem;
	enum ecert_rc rc;

	if (pin.n == 0 || pin.n > PINSTATE_SECRET_MAX)
		return ECERT_E_PIN_FORMAT;
	rc = secret_alloc(PINSTATE_SECRET_MAX, &mem);
	if (rc != ECERT_OK)
		return rc;
	memcpy(mem, pin.p, pin.n);
	drop_kept(p);
	p->kept = mem;
	p->kept_len = pin.n;
	return ECERT_OK;
}

struct rd pinstate_kept(const struct pinstate *p)
{
	return rd_of(p->kept, p->kept_len);
}
