/* SPDX-License-Identifier: BSD-2-Clause */
/* Each client's own login on one token. */
#ifndef ECERT_DAEMON_PINS_H
#define ECERT_DAEMON_PINS_H

#include <pthread.h>

#include "token/token.h"

#define PIN_SECRET_MAX 64

/* A login lives until logout, the client's end, removal of the card, or the first time the card
 * refuses what was kept. The secret is in locked memory that no core dump has. */
struct pin_entry {
	struct pin_entry *next;
	uint64_t client;
	enum token_user user;
	uint32_t generation;
	uint8_t *secret;
	size_t len;
	bool writes;  /* the user may write as well */
	uint8_t *key; /* with this management key; NULL: with the one behind the PIN */
	size_t key_len;
	bool shrinks; /* as in struct mgm_key */
};

struct pins {
	pthread_mutex_t lock; /* the listener asks pins_user; the rest is the worker's alone */
	struct pin_entry *first;
};

void pins_init(struct pins *p);
/* Replaces the client's login. Errors: ECERT_E_MEMORY, ECERT_E_PIN_FORMAT. */
enum ecert_rc pins_set(struct pins *p, uint64_t client, uint32_t generation, enum token_user user,
    struct rd secret) MUST_CHECK;
/* TOKEN_NOBODY when there is no login, or it was on a card that is gone. */
enum token_user pins_user(struct pins *p, uint64_t client, uint32_t generation);
/* Whether there is a login, even on a card that is gone. */
bool pins_has(struct pins *p, uint64_t client);
/* The secret: a view that is good until the next call for this client, and only on the worker's
 * thread. Empty when there is none. */
struct rd pins_secret(struct pins *p, uint64_t client);
/* The user who is logged in may write, with this management key (16, 24 or 32 bytes; empty: the one
 * that the card keeps), until the login ends. Errors: ECERT_E_AUTH, ECERT_E_PIN_FORMAT,
 * ECERT_E_MEMORY. */
enum ecert_rc pins_let_write(
    struct pins *p, uint64_t client, struct rd key, bool shrinks) MUST_CHECK;
/* Whether that was said, and with which key; for the thread that works on the card. */
bool pins_may_write(struct pins *p, uint64_t client, struct rd *key, bool *shrinks);
void pins_drop(struct pins *p, uint64_t client);
/* The card has refused this client's secret: logins of others with the same secret end with it,
 * before they cost a try each. */
void pins_refused(struct pins *p, uint64_t client);
/* The user's PIN was changed to this one: logins with another end, before they cost a try each. */
void pins_changed(struct pins *p, struct rd fresh);
void pins_clear(struct pins *p);

#endif
