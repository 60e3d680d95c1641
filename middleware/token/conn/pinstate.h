/* SPDX-License-Identifier: BSD-2-Clause */
/* Who this client is on one token, and what each event does to that. */
#ifndef ECERT_TOKEN_PINSTATE_H
#define ECERT_TOKEN_PINSTATE_H

#include <stdatomic.h>

#include "token/token.h"

enum pin_event {
	PIN_EV_LOGIN_USER,
	PIN_EV_LOGIN_SO,
	PIN_EV_LOGOUT,
	PIN_EV_REJECTED, /* the card refused a PIN that it had accepted: somebody changed it */
	PIN_EV_LOST,	 /* the card no longer considers it verified */
	PIN_EV_RESET,
	PIN_EV_REMOVED,
	PIN_EV_COUNT
};

#define PINSTATE_SECRET_MAX 8

struct pinstate {
	_Atomic int user; /* enum token_user; read without the slot's lock */
	uint8_t *kept;	  /* With strict isolation: the PIN for as long as the login lasts, from
			     secret_alloc */
	size_t kept_len;
	uint8_t *spare; /* A PIN that is not in use yet. It becomes the kept one with the user's
			   first write, or makes good the login that another program ended */
	size_t spare_len;
	bool again; /* The spare PIN may make good a login. */
	_Atomic bool
	    lapsed; /* The card has forgotten this login, and the spare PIN can make it good. */
};

/* Applies the event. Whatever ends a login drops the kept and the spare PIN. */
void pinstate_event(struct pinstate *p, enum pin_event ev);
enum token_user pinstate_user(const struct pinstate *p);
/* Keeps a PIN in locked memory, replacing one kept before. Errors: ECERT_E_MEMORY. */
enum ecert_rc pinstate_keep(struct pinstate *p, struct rd pin) MUST_CHECK;
struct rd pinstate_kept(const struct pinstate *p);
/* Keeps the spare PIN, in the same way. */
enum ecert_rc pinstate_spare(struct pinstate *p, struct rd pin) MUST_CHECK;
bool pinstate_has_spare(const struct pinstate *p);
struct rd pinstate_spare_view(const struct pinstate *p);
/* Whether this login can be made good when another program ends it. Then PIN_EV_LOST and
 * PIN_EV_RESET make it a lapsed one, and do not end it. */
bool pinstate_renewable(const struct pinstate *p);
/* Makes the login a strict one, by the spare PIN. Without a spare PIN it ends the login. */
void pinstate_turn_strict(struct pinstate *p);

#endif
