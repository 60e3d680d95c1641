/* SPDX-License-Identifier: BSD-2-Clause */
/* What a PIV card asks for before a key is used, and where the key is from. */
#ifndef ECERT_CRYPTO_KEY_POLICY_H
#define ECERT_CRYPTO_KEY_POLICY_H

#include <stdint.h>

#include "ecert/piv_const.h"

/* The values are those on the card, in metadata and in commands. */
enum pin_policy {
	PIN_DEFAULT = ECERT_PIN_POLICY_DEFAULT, /* the slot's own rule */
	PIN_NEVER = ECERT_PIN_POLICY_NEVER,
	PIN_ONCE = ECERT_PIN_POLICY_ONCE,
	PIN_ALWAYS = ECERT_PIN_POLICY_ALWAYS
};
enum touch_policy {
	TOUCH_DEFAULT = ECERT_TOUCH_POLICY_DEFAULT,
	TOUCH_NEVER = ECERT_TOUCH_POLICY_NEVER,
	TOUCH_ALWAYS = ECERT_TOUCH_POLICY_ALWAYS,
	TOUCH_CACHED = ECERT_TOUCH_POLICY_CACHED
};
enum key_origin {
	ORIGIN_UNKNOWN = 0,
	ORIGIN_GENERATED = ECERT_ORIGIN_GENERATED,
	ORIGIN_IMPORTED = ECERT_ORIGIN_IMPORTED
};

/* The policy itself, or for PIN_DEFAULT the rule of the key reference, which holds where a card
 * says nothing (SP 800-73-5 part 1, table 4b). */
enum pin_policy pin_policy_of(uint8_t key_ref, enum pin_policy told);

#endif
