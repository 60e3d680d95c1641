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

/*
 * How well the card behind a connection is known. It moves by these events only:
 *
 *	               OPENED          IDENTIFIED  DROPPED       FORGOTTEN
 *	CONN_EMPTY     CONN_FRESH      -           CONN_EMPTY    CONN_EMPTY
 *	CONN_FRESH     -               CONN_PROVED CONN_EMPTY    CONN_EMPTY
 *	CONN_PROVED    -               CONN_PROVED CONN_CLOSED   CONN_EMPTY
 *	CONN_CLOSED    CONN_REOPENED   -           CONN_CLOSED   CONN_EMPTY
 *	CONN_REOPENED  -               CONN_PROVED CONN_CLOSED   CONN_EMPTY
 */
enum conn_stage {
	CONN_EMPTY, /* There is no connection, and nothing is known. */
	CONN_FRESH, /* A card is there whose serial number was not asked for yet. */
	/* From here on `identity` is known. */
	CONN_PROVED,   /* It is the token that `identity` names. */
	CONN_CLOSED,   /* There is no connection; `identity` stays, to be compared. */
	CONN_REOPENED, /* A card is there that has to prove that it is still that token. */
	CONN_STAGES
};
enum conn_event { CONN_EV_OPENED, CONN_EV_IDENTIFIED, CONN_EV_DROPPED, CONN_EV_FORGOTTEN };

/* What the card has told of the PIN. */
struct conn_tries {
	int left;      /* as it told last; -1: unknown */
	int most;      /* ever told: a right PIN brings back at least so many; -1: unknown */
	int64_t read;  /* when it told; 0: the next look is due at once */
	bool verified; /* at the last look: by this client or by another one */
	bool silent;   /* The card does not say whether the PIN is verified. */
	bool judged;   /* whether it was left verified when this client came has been looked at */
};

/* What the login, or who holds the card, lets come next. A dropped connection ends all of it. */
struct conn_permit {
	bool unspent;		   /* The login has paid for no operation yet. */
	bool write;		   /* token_write_as_user: the next write is the user's, */
	const struct mgm_key *key; /* with this key; NULL: with the one behind the PIN */
};

/* VERIFY was done for one operation on a key with PIN always. */
struct once {
	bool paid; /* That operation may still come. */
	bool held; /* The transaction is still held for it. */
	uint8_t ref;
	int64_t deadline;
	pthread_t owner; /* Other threads wait until it has had its turn. */
};

/* The lock guards everything that stands below it, but for the atomics. */
struct conn {
	unsigned id;	     /* of the slot */
	int trust_ms;	     /* as in struct tokens_config */
	pthread_cond_t turn; /* once.held went away */
	pthread_mutex_t lock;

	struct card *card; /* NULL: there is no connection */
	enum conn_stage stage;
	_Atomic uint32_t generation; /* that the card belongs to; 0: none */
	uint32_t refused;	     /* the generation whose card is not ours to drive, so that a
					foreign card is asked once only */
	unsigned held;		     /* token_hold, nested */
	int64_t proof;		     /* when PIV last answered as PIV does */

	struct card_identity identity;
	struct conn_tries tries;
	struct pinstate pin;
	struct conn_permit permit;
	struct once once;
	struct cache view;
	struct made *made;
};

void conn_init(struct conn *c, unsigned id);
/* In a forked child the lock may be held by a thread that is not there: it is left alone. */
void conn_fini(struct conn *c, bool forked);
/* The identity was learned in this generation. */
bool conn_is_known(const struct conn *c);

/* Locks and connects (SELECT, 1 APDU the first time); at->generation is checked. On ECERT_OK the
 * caller calls conn_leave. Waits while another thread's login_once holds the card, unless it is for
 * the key ref. Errors: the common ones of token.h. */
enum ecert_rc conn_enter(
    struct conn *c, struct slots *s, const struct token_at *at, uint8_t ref) MUST_CHECK;
void conn_leave(struct conn *c);

/* Drops the connection to the card; the view and the identity stay, to be compared. */
void conn_drop(struct conn *c);
/* Connects again after conn_drop, and proves that it is the same token. Errors: ECERT_E_REMOVED. */
enum ecert_rc conn_reopen(struct conn *c, struct slots *s) MUST_CHECK;
/* Forgets everything of a card that is gone, or is another one now, and moves the slot's
 * generation on. */
void conn_lost(struct conn *c, struct slots *s);
/* Draws the consequences of an operation's failure for the connection and the login. */
void conn_failed(struct conn *c, struct slots *s, enum ecert_rc rc);

/* Asks for serial number and model (1 APDU, once). Errors: ECERT_E_REMOVED (another token). */
enum ecert_rc conn_identify(struct conn *c, struct slots *s) MUST_CHECK;
/* Asks for the tries, and whether the card still holds our login, by an empty VERIFY (1 APDU). */
enum ecert_rc conn_ask_tries(struct conn *c) MUST_CHECK;
/* Tells how many tries a right PIN brings back; -1: unknown. */
int conn_full_tries(const struct conn *c);
/* Does card_begin, and after a reset connects again: the login is gone then, as pinstate says.
 * card_end ends it. */
enum ecert_rc conn_begin(struct conn *c, struct slots *s) MUST_CHECK;

typedef enum ecert_rc (*conn_fn)(struct conn *c, struct slots *s, void *arg);
/*
 * Runs fn, and once more after a reset (not when keep_reset: the caller wants to know), or when
 * another program had selected another application. fn must be able to start anew.
 */
enum ecert_rc conn_run(
    struct conn *c, struct slots *s, bool keep_reset, conn_fn fn, void *arg) MUST_CHECK;

#endif
