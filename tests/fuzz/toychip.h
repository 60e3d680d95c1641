/* SPDX-License-Identifier: BSD-2-Clause */
/* A chip for the applet that is fast and repeatable: toy arithmetic, flash in memory, power cuts.
 */
#ifndef ECERT_FUZZ_TOYCHIP_H
#define ECERT_FUZZ_TOYCHIP_H

#include "applet-spec/core/applet.h"
#include "applet-spec/core/card.h"
#include "applet-spec/host/host.h"

#define TOY_AREA     6144u  /* small: full and rewritten often */
#define TOY_AREA_MAX 16384u /* of a card with certificates */

struct toychip {
	struct host host; /* first: the HAL's ctx is both; toys in the place of its arithmetic */
	struct ap ap;
	uint32_t area;
	uint8_t flash[2 * TOY_AREA_MAX];
	uint32_t seed, now;
	bool touching;
	unsigned long ops,
	    cut_at; /* flash operations; the power goes at number cut_at (0: never) */
	bool dead;
	/* What the core had the chip do since these were zeroed. */
	unsigned private_uses, touches;
	uint8_t used_alg;
	uint8_t used[16]; /* the beginning of the private key */
};

/*
 * A card with factory PIN and keys, made once; every call copies it. 9A P-256; 9C P-384; 9D X25519;
 * 9E Ed25519; 82 P-256 with PIN and touch always; 83 RSA-2048 with touch cached; 84 SM2.
 */
void toychip_card(struct toychip *c);
/*
 * A new card with OpenSSL's arithmetic, but for keygen, and a certified attestation key; and a key
 * for it.
 */
void toychip_real(struct toychip *c, uint32_t area,
    enum ap_hal_rc (*keygen)(void *ctx, uint8_t alg, uint8_t *priv, uint8_t *pub));
void toychip_generate(struct toychip *c, uint8_t ref, uint8_t alg, uint8_t pin, uint8_t touch);
/* c becomes as `from` is. OpenSSL's keys stay with each. */
void toychip_copy(struct toychip *c, const struct toychip *from);
/* The power comes back. */
enum ap_st toychip_power(struct toychip *c);

#endif
