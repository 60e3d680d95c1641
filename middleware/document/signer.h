/* SPDX-License-Identifier: BSD-2-Clause */
/* Who signs: a key behind a callback, so that documents never know tokens. */
#ifndef ECERT_DOCUMENT_SIGNER_H
#define ECERT_DOCUMENT_SIGNER_H

#include "crypto/key/alg.h"
#include "util/buf.h"

enum doc_sig_alg {
	DOC_SIG_NONE = 0, /* in options: the one that fits the key */
	DOC_RS256,	  /* RSASSA-PKCS1-v1_5 with SHA-256 */
	DOC_PS256,	  /* RSASSA-PSS, SHA-256, MGF1 with SHA-256, salt of 32 bytes */
	DOC_ES256,	  /* ECDSA P-256 with SHA-256 */
	DOC_ES384,	  /* ECDSA P-384 with SHA-384 */
	DOC_EDDSA,	  /* Ed25519 */
	DOC_SIG_COUNT
};

/*
 * Signs `in`: the digest (SHA-256 or SHA-384, as the algorithm says), or for DOC_EDDSA the whole
 * message. Appends the raw signature to raw: RSA as long as the modulus, ECDSA r||s, Ed25519 64
 * bytes. Whatever it returns goes back to the caller of the document function unchanged
 * (ECERT_E_PIN_WRONG, ECERT_E_REMOVED, ...).
 */
typedef enum ecert_rc doc_sign_fn(
    void *ctx, enum doc_sig_alg alg, struct rd in, struct buf *raw) MUST_CHECK;

struct doc_signer {
	enum key_alg key;
	struct rd cert;		/* DER, the certificate of the key; not owned */
	const struct rd *chain; /* DER each, issuer first, the root may be left out; not owned */
	size_t chain_n;
	doc_sign_fn *sign;
	void *ctx;
	enum doc_sig_alg alg; /* of a JWS whose options name none; DOC_SIG_NONE: by the key */
	/* The key is in this process, and has shown that it is the certificate's: what it signs is
	 * not checked again. Never of a token. */
	bool proven;
};

/* The algorithm for a key: RSA 2048 and up DOC_RS256, P-256 DOC_ES256, P-384 DOC_ES384, Ed25519
 * DOC_EDDSA; DOC_SIG_NONE for keys that sign no documents. */
enum doc_sig_alg doc_sig_for_key(enum key_alg key);
/* May this key make this kind of signature? */
bool doc_sig_fits(enum doc_sig_alg alg, enum key_alg key);
/* "RS256" as RFC 7518 and 8037 name it; NULL for DOC_SIG_NONE. */
const char *doc_sig_name(enum doc_sig_alg alg);
/* DOC_SIG_NONE for unknown names (and "none"). */
enum doc_sig_alg doc_sig_by_name(const char *name);
/* OpenSSL digest name: "SHA256", "SHA384"; NULL for DOC_EDDSA. */
const char *doc_sig_digest(enum doc_sig_alg alg);

/*
 * Digests `message` where the algorithm wants it, has it signed, and checks the result against the
 * certificate before it is handed out, unless the signer is proven. Errors: ECERT_E_KEY_TYPE (alg
 * does not fit the key), ECERT_E_BAD_SIGNATURE, the callback's.
 */
enum ecert_rc doc_sign_message(const struct doc_signer *s, enum doc_sig_alg alg, struct rd message,
    struct buf *raw) MUST_CHECK;
/* The check alone, with the key of a DER certificate. Errors: ECERT_E_BAD_SIGNATURE,
 * ECERT_E_KEY_TYPE, ECERT_E_MALFORMED. */
enum ecert_rc doc_check_message(
    struct rd cert, enum doc_sig_alg alg, struct rd message, struct rd raw) MUST_CHECK;
/* The same with a DER SubjectPublicKeyInfo. */
enum ecert_rc doc_check_spki(
    struct rd spki, enum doc_sig_alg alg, struct rd message, struct rd raw) MUST_CHECK;

#endif
