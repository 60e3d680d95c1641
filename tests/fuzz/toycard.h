/* SPDX-License-Identifier: BSD-2-Clause */
/* A card as a customer has it: keys with real arithmetic, certificates. */
#ifndef ECERT_FUZZ_TOYCARD_H
#define ECERT_FUZZ_TOYCARD_H

#include "toychip.h"
#include "util/rd.h"

/*
 * A card made once per process; every call copies it. P-256 in 9A, and in 9C with PIN always;
 * RSA-2048 in 9D, the only RSA key that it ever makes; Ed25519 in 9E without PIN; X25519 in 82; SM2
 * in 83. Certificates in 9A, 9C, 9D.
 */
void toycard(struct toychip *c);

/* Does this raw ECDSA signature verify under a key that is on the card? */
bool toycard_signed(struct toychip *c, struct rd digest, struct rd signature);

#endif
