/* SPDX-License-Identifier: BSD-2-Clause */
/* The one table of key algorithms: every name that a standard gives them, and their sizes. */
#ifndef ECERT_CRYPTO_ALG_H
#define ECERT_CRYPTO_ALG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ecert/rc.h"
#include "util/rd.h"

enum key_alg {
	KEY_NONE = 0,
	KEY_RSA1024, /* read and used on old cards, never made */
	KEY_RSA2048,
	KEY_RSA3072,
	KEY_RSA4096,
	KEY_P256,
	KEY_P384,
	KEY_ED25519,
	KEY_X25519,
	KEY_SM2,
	KEY_ALG_COUNT
};

enum key_family {
	FAMILY_NONE,
	FAMILY_RSA,
	FAMILY_EC,
	FAMILY_EDWARDS,
	FAMILY_MONTGOMERY,
	FAMILY_SM2
};

struct alg {
	enum key_alg id;
	enum key_family family;
	const char *name; /* "RSA-2048", "P-256": what people read and type, any case */
	uint8_t piv;	  /* SP 800-78-5 table 10, Yubico and CanoKey numbers (the default ones) */
	unsigned bits;	  /* modulus or curve order */
	size_t block; /* bytes the private operation takes: modulus, or the largest digest; a peer's
		       * point for X25519; 0 for Ed25519, which takes the message */
	size_t point; /* bytes of a public point as cards give it; 0 for RSA */
	size_t signature; /* bytes of a raw signature (r||s, modulus); 0 when it cannot sign */
	struct rd params; /* DER of CKA_EC_PARAMS / AlgorithmIdentifier parameters; empty for RSA */
	struct rd
	    algid; /* DER AlgorithmIdentifier in a SubjectPublicKeyInfo (RFC 3279, 5480, 8410) */
	const char *jws;   /* RFC 7518 / 8037 "alg" that goes with it by default; NULL when none */
	const char *group; /* OpenSSL's group or key type name */
	const char
	    *digest; /* OpenSSL name of the digest that fits: SHA256, SHA384, SM3; NULL for EdDSA */
	bool can_sign, can_decrypt, can_derive;
};

/* NULL for KEY_NONE and unknown numbers. */
const struct alg *alg_row(enum key_alg id);
const struct alg *alg_by_piv(uint8_t piv);
/* Any case, hyphens ignored: "rsa2048" is RSA-2048. NULL when there is none. */
const struct alg *alg_by_name(const char *name);
/* 1024, 2048, 3072, 4096; NULL for other sizes. */
const struct alg *alg_by_rsa_bits(unsigned bits);
/* The row whose AlgorithmIdentifier this is, byte for byte; any RSA row for RSA; NULL. */
const struct alg *alg_by_algid(struct rd der);

#endif
