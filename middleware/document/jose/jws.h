/* SPDX-License-Identifier: BSD-2-Clause */
/* JWS compact serialisation (RFC 7515, 7519): made by a signer, and read with suspicion. */
#ifndef ECERT_DOCUMENT_JWS_H
#define ECERT_DOCUMENT_JWS_H

#include <jansson.h>

#include "document/signer.h"
#include "util/message.h"

#define JWS_MAX_SIZE 262144u
#define JWS_MAX_X5C  8

struct jws_options {
	const char *typ;      /* required */
	const char *kid;      /* NULL: none */
	bool x5c;	      /* certificate and chain in the header */
	enum doc_sig_alg alg; /* DOC_SIG_NONE: by the key */
	const json_t *extra;  /* further header members; NULL: none */
};

/* Appends header.payload.signature as text without a line end. Errors: ECERT_E_ARG (extra names a
 * member that is set here), doc_sign_message's. */
enum ecert_rc jws_create(const struct doc_signer *s, const struct jws_options *o,
    const json_t *claims, struct buf *out) MUST_CHECK;

struct jws_rules {
	const char *typ; /* required; compared without case and without "application/" */
	size_t max;	 /* bytes; 0: JWS_MAX_SIZE */
	bool need_x5c, need_kid;
};

/* A parsed one, not yet verified. */
struct jws {
	enum doc_sig_alg alg;
	json_t *header, *claims; /* objects; owned */
	const char *kid;	 /* inside header; NULL when absent */
	size_t x5c_n;
	struct buf x5c[JWS_MAX_X5C]; /* DER, leaf first */
	struct buf signing_input;    /* header.payload as it came */
	struct buf signature;
};

/*
 * Strict: three parts of base64url without padding, JSON objects without duplicate keys, typ as the
 * rules say, alg on the allow-list (RS256 PS256 ES256 ES384 EdDSA), no jku, x5u or jwk, no crit at
 * all (we know no extension), no b64. why (may be NULL) gets the reason. A byte order mark and
 * white space around it are passed over. Errors: ECERT_E_MALFORMED, ECERT_E_TOO_LARGE,
 * ECERT_E_DENIED (well-formed but forbidden), ECERT_E_MEMORY.
 */
enum ecert_rc jws_parse(struct rd text, const struct jws_rules *rules, struct jws **out,
    struct message_kept *why) MUST_CHECK;
/* Errors: ECERT_E_BAD_SIGNATURE; ECERT_E_KEY_TYPE when alg does not fit the key. */
enum ecert_rc jws_check_cert(const struct jws *j, struct rd cert) MUST_CHECK;
enum ecert_rc jws_check_spki(const struct jws *j, struct rd spki) MUST_CHECK;
void jws_free(struct jws **j);

/* The typ of something that looks like a compact JWS, to tell documents apart. Errors:
 * ECERT_E_MALFORMED when it does not look like one. */
enum ecert_rc jws_peek_typ(struct rd text, char *typ, size_t size) MUST_CHECK;

/* The claims of one that was verified when it came in; nothing else of it is looked at. Errors:
 * ECERT_E_MALFORMED, ECERT_E_MEMORY. Release with json_decref. */
enum ecert_rc jws_peek_claims(struct rd text, json_t **claims) MUST_CHECK;

/* The typ of a header without "application/", which may be left out (RFC 7515, 4.1.9); NULL: it has
 * none. Media types are compared without case. */
const char *jws_typ(const json_t *header);

#define JWS_HEADER_NOT_UTF8 MSG_ID("the header has a byte that is no UTF-8")
/* What is wrong with the header of what looks like one, where a word is known for it (an id). */
const char *jws_header_defect(struct rd text);

/* Claims. NULL, false when absent or of another type. */
const char *jws_str(const struct jws *j, const char *claim);
/* A NumericDate; fractions are cut. */
bool jws_time(const struct jws *j, const char *claim, time_t *out);
/* Whom it is for: this audience when it is among them, else the first; NULL: nobody. */
const char *jws_aud(const struct jws *j, const char *audience);
/* aud is this text, or an array that holds it. */
bool jws_has_aud(const struct jws *j, const char *audience);
/* base64url(SHA-256(bytes)), 43 characters and a NUL: x5t#S256 and our references. */
enum ecert_rc jws_sha256(struct rd bytes, char out[44]) MUST_CHECK;
/* Appends the public key of a certificate as a JWK of its required members alone (RFC 7638, 3.2).
 * Errors: ECERT_E_KEY_TYPE (no JOSE key), pubkey_from_cert's, buf_rc's. */
enum ecert_rc jws_jwk(struct rd cert, struct buf *out) MUST_CHECK;
/* The other way round: appends the key as DER SubjectPublicKeyInfo. Errors: ECERT_E_UNSUPPORTED (a
 * kind of key that is not verified with), ECERT_E_MALFORMED (not a key), ECERT_E_MEMORY. */
enum ecert_rc jws_jwk_spki(const json_t *jwk, struct buf *out) MUST_CHECK;
/* RFC 7638: the thumbprint of a certificate's public key. Errors: ECERT_E_KEY_TYPE (no JOSE key),
 * pubkey_from_cert's. */
enum ecert_rc jws_thumbprint(struct rd cert, char out[44]) MUST_CHECK;

#endif
