/* SPDX-License-Identifier: BSD-2-Clause */
/* The e-Cert reference applet: what a card's operating system calls. applet.md is its contract. */
#ifndef AP_APPLET_H
#define AP_APPLET_H

#include "applet-spec/core/hal.h"
#include "applet-spec/core/store.h"
#include "ecert/piv_const.h"

/* Longest answer of ap_process: data and status word. */
#define AP_RESPONSE_MAX (ECERT_ANSWER_MAX + 2)
/* p q dp dq qinv of RSA-4096 */
#define AP_PRIVATE_MAX 1280

/* The one state of a card. All of it is the caller's memory; the fields are the core's. */
struct ap {
	const struct ap_hal *hal;
	struct ap_store st;

	/* Security status: gone at a reset. */
	bool pin_ok;	/* verified, for keys with PIN once */
	bool pin_fresh; /* verified and not used yet, for keys with PIN always */
	bool mgm_ok;
	uint8_t mgm_step;	  /* what GENERAL AUTHENTICATE with 9B expects */
	uint8_t mgm_expected[16]; /* the other side's right answer */
	bool touched;
	uint32_t touched_at;

	/* A command in parts, and an answer in parts. */
	bool chaining;
	uint8_t chain_head[3];
	size_t in_len;
	size_t out_len;
	size_t out_pos;
	uint8_t in[ECERT_COMMAND_MAX];
	uint8_t out[ECERT_ANSWER_MAX];
	uint8_t priv[AP_PRIVATE_MAX];
};

/* Power on: reads the state. AP_ST_BLANK when there is none: ap_personalise makes one. */
enum ap_st ap_init(struct ap *ap, const struct ap_hal *hal);

/* Power on again or reset: forgets PIN, management key, chains; finishes what a cut left. */
void ap_reset(struct ap *ap);

struct ap_profile {
	uint32_t serial;
	uint8_t mgm_alg; /* ECERT_ALG_3DES or ECERT_ALG_AESxxx */
};

/*
 * Makes a new card state with default PIN, PUK and management key, a CHUID, a CCC and an
 * attestation key in F9, all at once; an old state is wiped.
 */
enum ap_st ap_personalise(struct ap *ap, const struct ap_profile *profile);

/*
 * Answers one command APDU. resp takes AP_RESPONSE_MAX bytes; returns the length of the answer,
 * at least the two bytes of the status word.
 */
size_t ap_process(struct ap *ap, const uint8_t *apdu, size_t len, uint8_t *resp);

/* For the maker: the public key in a slot (RSA n, EC 04 X Y); *len is 0 when there is none. */
enum ap_st ap_public_key(struct ap *ap, uint8_t ref, uint8_t *alg, uint8_t out[512], size_t *len);

/* Objects from this number on belong to the maker: GET DATA and RESET do not reach them. */
#define AP_OBJECT_HIDDEN 0xFF0000u

/*
 * For the maker: writes and reads an object past the rules of GET DATA and PUT DATA. The value is
 * what follows tag 53 and its length. *len is 0 when there is no such object.
 */
enum ap_st ap_object_put(struct ap *ap, uint32_t tag, const uint8_t *value, size_t len);
enum ap_st ap_object_get(struct ap *ap, uint32_t tag, uint8_t *out, size_t cap, size_t *len);

#endif
