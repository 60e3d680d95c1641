/* SPDX-License-Identifier: BSD-2-Clause */
/* The connection to the card in one slot, what it told, and this client's login on it. */
#ifndef ECERT_TOKEN_CONN_H
#define ECERT_TOKEN_CONN_H

#include <pthread.h>

#include "card/card.h"
#include "token/conn/cache.h"
#include "token/conn/made.h"
#include "token/mgmkey.h"
#include "token/conn/pinstate.h"
#include "token/conn/slots.h"

/* VERIFY was done for one operation on a key with PIN always. */
struct once {
	bool paid; /* that operation may still come */
	bool held; /* the transaction is still held for it */
	uint8_t ref;
	int64_t deadline;
	pthread_t owner; /* other threads wait until it has had its turn */
};

struct conn {
	pthread_mutex_t lock; /* everything below, but for atomics */
	pthread_cond_t turn;  /* once.held went away */
	unsigned id;
	struct card *card;
	_Atomic uint32_t generation; /* that the card belongs to; 0 none */
	uint32_t refused; /* the generation whose card is not ours to drive, so that a foreign card
			     is probed once */
	struct card_identity identity;
	bool identified; /* since the connection was made */
	bool known;	 /* identity is of this generation, for comparing after a reset */
	int tries;	 /* as last told, -1 unknown */
	bool verified;	 /* at the last look at the tries: by this client or another */
	bool looked;	 /* whether it was so when this client came has been judged */
	bool silent;	 /* the card does not say whether the PIN is verified */
	int most_tries;	 /* ever told: what a right PIN brings back at least */
	int64_t tries_read;
	int64_t proof; /* when PIV last answered as PIV does */
	unsigned held; /* token_hold, nested */
	bool unspent;  /* the login has paid for no operation yet */
	int trust_ms;  /* as in struct tokens_config */
	struct pinstate pin;
	struct cache view;
	struct made *made;
	struct once once;
	bool granted;		     /* token_write_as_user: the next write is the user's */
	const struct mgm_key *grant; /* with this key; NULL: the one behind the PIN */
};

void conn_init(struct conn *c, unsigned id);
void conn_fini(struct conn *c, bool forked);

/* Lock and connect (SELECT, 1 APDU the first time). at->generation is checked. On ECERT_OK the
 * caller calls conn_leave. Waits while another thread's login_once holds the card, unless it is for
 * the key ref. Errors: the common ones of
 * token.h. */
enum ecert_rc conn_enter(
    struct conn *c, struct slots *s, const struct token_at *at, uint8_t ref) MUST_CHECK;
void conn_leave(struct conn *c);

/* Drops the card connection; the view and the identity stay for comparison. */
void conn_drop(struct conn *c);
/* Connects again after conn_drop and proves that it is the same token. Errors: ECERT_E_REMOVED. */
enum ecert_rc conn_reopen(struct conn *c, struct slots *s) MUST_CHECK;
/* The card is gone or another one: forgets all of it, and the slot's generation moves on. */
void conn_lost(struct conn *c, struct slots *s);
/* What an operation's failure means for the connection and the login. */
void conn_failed(struct conn *c, struct slots *s, enum ecert_rc rc);

/* Serial number and model known (1 APDU once). Errors: ECERT_E_REMOVED (another token). */
enum ecert_rc conn_identify(struct conn *c, struct slots *s) MUST_CHECK;
/* Empty VERIFY: tries and whether the card still holds our login (1 APDU). */
enum ecert_rc conn_ask_tries(struct conn *c) MUST_CHECK;
/* How many tries a right PIN has brought back; -1 unknown. */
int conn_full_tries(const struct conn *c);
/* card_begin where a reset is survived by reconnecting: the login is gone then, as pinstate says.
 * Ended by card_end. */
enum ecert_rc conn_begin(struct conn *c, struct slots *s) MUST_CHECK;

typedef enum ecert_rc (*conn_fn)(struct conn *c, struct slots *s, void *arg);
/*
 * Runs fn, and once more after a reset (not when keep_reset: the caller wants to know), or when
 * another program had selected another application. fn must be able to start anew.
 */
enum ecert_rc conn_run(
    struct conn *c, struct slots *s, bool keep_reset, conn_fn fn, void *arg) MUST_CHECK;

#endif
