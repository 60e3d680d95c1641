/* SPDX-License-Identifier: BSD-2-Clause */
/* PIV's rules for the PIN. */
#include "crypto/key/policy.h"

enum pin_policy pin_policy_of(uint8_t key_ref, enum pin_policy told)
{
	if (told != PIN_DEFAULT)
		return told;
	switch (key_ref) {
	case ECERT_KEY_9C:
		return PIN_ALWAYS;
	case ECERT_KEY_9E:
		return PIN_NEVER;
	default:
		return PIN_ONCE;
	}
}
