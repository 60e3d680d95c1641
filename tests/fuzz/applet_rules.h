/* SPDX-License-Identifier: BSD-2-Clause */
/* The rules that the applet is held to, kept without its code: what it may do now, and did. */
#ifndef ECERT_FUZZ_APPLET_RULES_H
#define ECERT_FUZZ_APPLET_RULES_H

#include "fuzz.h"
#include "toychip.h"
#include "util/rd.h"

/* What a key and the authorisations were before a command. */
struct watch_state {
	struct ap_refs refs;
	struct ap_tries tries;
	bool readable;
	struct ap_mgm mgm;
	uint32_t changes;
	uint32_t count[AP_SLOTS];
	struct ap_key key[AP_SLOTS];
	uint8_t priv[AP_SLOTS][16];
};

struct watch {
	struct toychip chip;
	/* What the host has earned: an upper bound of what the card may allow. */
	bool pin, pin_fresh, mgm;
	/* The command in parts, put together by our own reading of ISO 7816-4. */
	uint8_t head[4], data[ECERT_COMMAND_MAX];
	size_t data_len;
	bool open, whole, get_response;
	size_t le;
	/* Of 9B: what the host must have sent to be let in. */
	uint8_t proof[16];
	size_t proof_len;
	struct watch_state was, is;
	uint8_t answer[AP_RESPONSE_MAX];
	struct rd last;
};

void watch_begin(struct watch *w);
void watch_before(struct watch *w, struct rd apdu);
/* Aborts when a rule is broken. */
void watch_after(struct watch *w, struct rd apdu, struct rd answer);
void watch_reset(struct watch *w);
/* Off and on: whatever was going on, the card is whole again. */
void watch_power(struct watch *w);

#endif
