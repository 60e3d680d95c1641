/* SPDX-License-Identifier: BSD-2-Clause */
/* What the card in a slot can do, and a key on it: by its model, and by what it has answered. */
#ifndef ECERT_PKCS11_ABLE_H
#define ECERT_PKCS11_ABLE_H

#include "pkcs11/op/mech.h"
#include "token/token.h"

/* What token_info has just said, so that nothing below has to ask for it. */
void able_learn(const struct token_at *at, const struct token_info *info);
/* The mechanism is offered on this card. Asks nothing of a card that token_info has seen; one that
 * does not answer offers what a base PIV card does. */
bool able_mech(const struct token_at *at, const struct mech *m);
/* ulMinKeySize of a mechanism that is offered: ECDH begins with P-256 where the card has no
 * Curve25519. */
CK_ULONG able_min(const struct token_at *at, const struct mech *m);
/* Keys can be deleted from it. */
bool able_delete(const struct token_at *at);

/* Whether the key is for this use: as the card has answered, else by PIV's rule for its place. */
bool able_use(
    const struct token_at *at, const struct token_key *key, uint8_t deny, enum token_op op);
/* The uses of a place that its owner has excluded, as they were when the card was first asked. */
uint8_t able_denied(const struct token_at *at, uint8_t ref);
/* Whether a key is known not to do this: the card has refused it before, or the owner has excluded
 * it. Anything else is tried. */
bool able_refused(const struct token_at *at, uint8_t ref, enum token_op op);
/* token_use, and its answer remembered. Errors: token_use's. */
enum ecert_rc able_token_use(
    const struct token_at *at, const struct token_request *req, struct buf *out) MUST_CHECK;
/* token_key_delete, the same way. */
enum ecert_rc able_key_delete(const struct token_at *at, uint8_t ref) MUST_CHECK;
/* Forgets what was learnt of this key: another one is in its place. */
void able_forget(const struct token_at *at, uint8_t ref);
/* C_Finalize, and a forked child. */
void able_forget_all(void);

#endif
