/* SPDX-License-Identifier: BSD-2-Clause */
/* What ecertd needs beyond token.h: several operations of one client in one card transaction. */
#ifndef ECERT_TOKEN_HOLD_H
#define ECERT_TOKEN_HOLD_H

#include "token/token.h"

struct mgm_key;

/*
 * Keeps every other process off the card until token_release; pairs nest. When the card was reset
 * before, the login is lost (token_user says TOKEN_NOBODY), which is no error here. It works only
 * where this process talks to the card itself. Errors: ECERT_E_UNSUPPORTED, and the common ones.
 */
enum ecert_rc token_hold(const struct token_at *at) MUST_CHECK;
/* Ends it. It may be called when nothing is held any more (the card was removed in between). */
void token_release(const struct token_at *at);
/* Inside of token_hold: lets the token_login that has just succeeded, and has paid for no
 * operation yet, pay for one on a key with PIN always, without a second VERIFY. Errors:
 * ECERT_E_AUTH. */
enum ecert_rc token_pay_once(const struct token_at *at, uint8_t ref) MUST_CHECK;
/*
 * Inside of token_hold: lets TOKEN_USER, who is logged in, make the write that follows, as
 * user_writes of tokens_config says. key: the management key, which the caller keeps until after
 * that write; NULL: the one that the card keeps behind the PIN. Errors: ECERT_E_AUTH.
 */
enum ecert_rc token_write_as_user(const struct token_at *at, const struct mgm_key *key) MUST_CHECK;

#endif
