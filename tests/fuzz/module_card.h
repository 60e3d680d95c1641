/* SPDX-License-Identifier: BSD-2-Clause */
/* Two readers for the module's harness; in the first a real card whose answers may be tampered
 * with. */
#ifndef ECERT_FUZZ_MODULE_CARD_H
#define ECERT_FUZZ_MODULE_CARD_H

#include "token/token.h"
#include "util/rd.h"

/*
 * A new card as made once, and its answers' script: 1 byte that says how many commands the card
 * answers itself, then what comes instead (answers.h), or, with bit 7 of the kind, the true answer
 * with some bytes changed (2 bytes of place in front of them). scripted: every answer is the
 * script's.
 */
void module_card_begin(struct rd script, bool scripted, const struct tokens_config *cfg);
enum ecert_rc module_tokens_open(const struct tokens_config *cfg, struct tokens **out);

/* What happens to the card between two calls: 0 reset, 1 removal, 2 insertion, 3 another program
 * selects another application, 4 the service is gone, 5 it is back. */
void module_event(unsigned what);

/* Does this raw ECDSA signature verify under a key that is on the card? */
bool module_signature_true(struct rd digest, struct rd signature);

#endif
