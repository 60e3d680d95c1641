/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys that this client made or imported on a card that will not tell them again. */
#ifndef ECERT_TOKEN_MADE_H
#define ECERT_TOKEN_MADE_H

#include "token/token.h"

/* Each connection has a list of them, which stays empty on cards that tell their keys. */
struct made {
	struct token_key key;
	struct made *next;
};

/* Remembers the key, and forgets an earlier one of the same reference. When memory is short, it is
 * not remembered. */
void made_keep(struct made **list, const struct token_newkey *spec, enum key_origin origin,
    const struct pubkey *pub);
/* Forgets the key of this reference, for something else is there now. */
void made_drop(struct made **list, uint8_t ref);
void made_clear(struct made **list);
/* Finds the key of a reference; NULL: there is none. */
const struct token_key *made_find(const struct made *list, uint8_t ref);

#endif
