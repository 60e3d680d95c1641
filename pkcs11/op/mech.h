/* SPDX-License-Identifier: BSD-2-Clause */
/* The one table of mechanisms, and their parameters checked and read. */
#ifndef ECERT_PKCS11_MECH_H
#define ECERT_PKCS11_MECH_H

#include "crypto/key/alg.h"
#include "crypto/scheme.h"
#include "ecert/cryptoki.h"
#include "ecert/vendor.h"
#include "util/buf.h"

enum mech_use {
	USE_DIGEST,
	USE_SIGN, /* crypto/scheme.h has the row; some decrypt as well */
	USE_OAEP,
	USE_ECDH,
	USE_KEYGEN
};

struct mech {
	CK_MECHANISM_TYPE type;
	enum mech_use use;
	enum key_family family; /* FAMILY_NONE for digests; ECDH takes two (mech_fits) */
	enum md md;		/* USE_DIGEST, and what a signature hashes itself */
	CK_ULONG min, max;	/* bits (5.5.8, CK_MECHANISM_INFO) */
	CK_FLAGS flags;
};

/* NULL when there is none, or when an option leaves it out. */
const struct mech *mech_find(CK_MECHANISM_TYPE type);
/* Row by row; NULL after the last. */
const struct mech *mech_at(size_t i);
/* The number that programs know it by: those of our own mechanisms move with the option
 * sm2-mechanism-base. */
CK_MECHANISM_TYPE mech_type(const struct mech *m);
CK_FLAGS mech_flags(const struct mech *m);
/* Whether a key of this algorithm can be used with it. */
bool mech_fits(const struct mech *m, enum key_alg alg);

/* How to sign; NULL when it does not. */
const struct scheme *mech_scheme(const struct mech *m);

struct mech_params {
	struct scheme_params scheme; /* PSS */
	enum md hash, mgf1;	     /* OAEP */
	struct buf label;
};
void mech_params_clear(struct mech_params *p);
/* For digests, signatures and decryption. Errors: CKR_MECHANISM_PARAM_INVALID. */
CK_RV mech_params_get(
    const struct mech *m, const CK_MECHANISM *given, struct mech_params *out) MUST_CHECK;

#endif
