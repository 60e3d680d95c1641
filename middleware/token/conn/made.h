/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys that this client made or imported on a card that will not tell them again. */
#ifndef ECERT_TOKEN_MADE_H
#define ECERT_TOKEN_MADE_H

#include "token/token.h"

/* A list of the card's connection; empty on cards that tell their keys. */
struct made {
	struct token_key key;
	struct made *next;
};

/* Remembers, in place of an earlier one of the same reference. Out of memory: it is forgotten. */
void made_keep(struct made **list, const struct token_newkey *spec, enum key_origin origin,
    const struct pubkey *pub);
/* Something else is in that place now. */
void made_drop(struct made **list, uint8_t ref);
void made_clear(struct made **list);
/* NULL when there is none. */
const struct token_key *made_find(const struct made *list, uint8_t ref);

#endif
