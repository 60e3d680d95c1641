/* SPDX-License-Identifier: BSD-2-Clause */
/* The management key of a token (9B): its bytes, how it is written, and what it shrinks to. */
#ifndef ECERT_CRYPTO_KEY_MGM_KEY_H
#define ECERT_CRYPTO_KEY_MGM_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ecert/rc.h"
#include "util/rd.h"

#define MGM_KEY_MAX 32

/* A secret: it belongs into locked memory, and whoever has one wipes it. */
struct mgm_key {
	uint8_t v[MGM_KEY_MAX];
	size_t n; /* 16, 24 or 32; 0: there is none */
	bool
	    shrink; /* It is from an escrow: a card that takes fewer bytes has the first of them. */
};

/* Makes an empty one in locked memory. Errors: ECERT_E_MEMORY. */
enum ecert_rc mgm_key_new(struct mgm_key **out) MUST_CHECK;
/* Wipes and frees it. NULL inside is allowed. */
void mgm_key_free(struct mgm_key **k);
/* For one that lies in memory of the caller's. */
void mgm_key_wipe(struct mgm_key *k);

/* Takes 16, 24 or 32 bytes, whatever they look like. Errors: ECERT_E_DATA_LEN. */
enum ecert_rc mgm_key_set(struct rd bytes, struct mgm_key *out) MUST_CHECK;
/* Takes the same as hexadecimal digits. Errors: ECERT_E_MALFORMED, ECERT_E_DATA_LEN. */
enum ecert_rc mgm_key_parse(struct rd text, struct mgm_key *out) MUST_CHECK;

struct rd mgm_key_view(const struct mgm_key *k);
/*
 * The length to try after the card has refused the first n bytes with that code; 0: none is left.
 *	for (n = k->n; n > 0; n = mgm_key_shorter(k, n, rc))
 *		rc = ... the first n bytes of k->v ...
 */
size_t mgm_key_shorter(const struct mgm_key *k, size_t n, enum ecert_rc refusal);

#endif
