/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signature schemes: one table, and the work between a caller's bytes and the block that a card's
 * private operation takes. The same operation verifies, without a card.
 */
#ifndef ECERT_CRYPTO_SCHEME_H
#define ECERT_CRYPTO_SCHEME_H

#include "crypto/digest.h"
#include "crypto/key/pubkey.h"

enum scheme_kind {
	SCHEME_PKCS1,	/* RFC 8017, 8.2; without a digest: any T, padded */
	SCHEME_RSA_RAW, /* PKCS#11 CKM_RSA_X_509: the number itself */
	SCHEME_PSS,	/* RFC 8017, 8.1 */
	SCHEME_ECDSA,	/* FIPS 186-5, 6 */
	SCHEME_EDDSA,	/* RFC 8032, 5.1: the whole message goes to the card */
	SCHEME_SM2	/* without a digest: e; with SM3: the message, Z is made here */
};

struct scheme {
	const char *name; /* "RSA-PKCS1-SHA256", "ECDSA": what people read and type */
	enum scheme_kind kind;
	enum key_family family;
	enum md md; /* made here over the message; MD_NONE: the caller gives what is signed */
	unsigned long
	    ckm;	 /* PKCS#11 3.0 mechanism; 0: none in the standard (SM2: vendor-defined) */
	const char *jws; /* RFC 7518 / 8037 "alg"; NULL when none */
	struct rd oid;	 /* DER OBJECT IDENTIFIER of the signature algorithm; empty when none */
};

/* What a mechanism parameter says. Zero means the default in brackets. */
struct scheme_params {
	enum md md;	 /* PSS: the digest [the scheme's own; needed when it has none] */
	enum md mgf;	 /* PSS: the mask's digest [md] */
	bool has_salt;	 /* PSS: salt_len counts [digest size] */
	size_t salt_len; /* PSS, bytes */
	struct rd
	    sm2_id; /* SM2 with SM3 [NULL pointer: SM2_DEFAULT_ID]; read by scheme_begin only */
};

/* Rows from 0 on; NULL after the last. */
const struct scheme *scheme_row(size_t i);
const struct scheme *scheme_by_ckm(unsigned long ckm);
const struct scheme *scheme_by_name(const char *name);
/* ES256 wants P-256 and ES384 P-384 (RFC 7518, 3.4), which the caller checks: alg_row()->jws. */
const struct scheme *scheme_by_jws(const char *jws);
/* The scheme of this kind and digest; NULL when there is none. */
const struct scheme *scheme_find(enum scheme_kind kind, enum md md);
/* What this key signs with when nobody says: RSA-PKCS1-SHA256, ECDSA-SHA256, ECDSA-SHA384, EdDSA,
 * SM2-SM3. NULL when the key cannot sign. */
const struct scheme *scheme_default(enum key_alg alg);
/* Keys of this algorithm can be used with the scheme. */
bool scheme_fits(const struct scheme *s, enum key_alg alg);

/* The most that a scheme without a digest, or EdDSA, takes in. */
#define SCHEME_MESSAGE_MAX 65536

/* One signature or verification under way. Not for two threads at once. */
struct scheme_op;

/*
 * key may be freed afterwards. params may be NULL.
 * Errors: ECERT_E_KEY_TYPE (scheme_fits says no), ECERT_E_ARG (parameters that cannot be: no PSS
 * digest, a salt too long for the key), ECERT_E_DATA_LEN (SM2 ID), ECERT_E_MEMORY, ECERT_E_CRYPTO.
 */
enum ecert_rc scheme_begin(const struct scheme *s, const struct scheme_params *params,
    const struct pubkey *key, struct scheme_op **out) MUST_CHECK;
/* Errors: ECERT_E_DATA_LEN when it is more than the scheme takes; ECERT_E_MEMORY, ECERT_E_CRYPTO.
 */
enum ecert_rc scheme_update(struct scheme_op *op, struct rd bytes) MUST_CHECK;
/*
 * Appends what the card's private operation takes, and what pubkey_check checks the answer against:
 * RSA the padded block of modulus size, ECDSA the digest in exactly the size of the curve's order
 * (cut on the right, or filled with zeros on the left), SM2 e, Ed25519 the message. The operation
 * is over. Errors: ECERT_E_DATA_LEN (wrong length for the scheme), ECERT_E_DATA (a raw RSA number
 * not below the modulus), ECERT_E_MEMORY, ECERT_E_CRYPTO.
 */
enum ecert_rc scheme_block(struct scheme_op *op, struct buf *block) MUST_CHECK;
/* The same, and appends the digest of what is signed, for the record; nothing where there is none
 * to be seen (Ed25519, raw RSA, a T that is no DigestInfo). digest may be NULL. */
enum ecert_rc scheme_block_digest(
    struct scheme_op *op, struct buf *block, struct buf *digest) MUST_CHECK;
/* Instead of scheme_block: checks a raw signature. The operation is over. Errors: as scheme_block,
 * ECERT_E_BAD_SIGNATURE. */
enum ecert_rc scheme_verify(struct scheme_op *op, struct rd sig) MUST_CHECK;
/* Bytes of the raw signature: the modulus, r||s, or 64. */
size_t scheme_signature_size(const struct scheme_op *op);
/* A copy of the state: PKCS#11's C_GetOperationState and message-based functions. */
enum ecert_rc scheme_dup(const struct scheme_op *op, struct scheme_op **out) MUST_CHECK;
/* Wipes; sets *op to NULL. */
void scheme_free(struct scheme_op **op);

#endif
