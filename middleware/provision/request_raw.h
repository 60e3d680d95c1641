/* SPDX-License-Identifier: BSD-2-Clause */
/* Certificate requests of keys that libp11 does not know: Ed25519 and SM2. */
#ifndef ECERT_PROVISION_REQUEST_RAW_H
#define ECERT_PROVISION_REQUEST_RAW_H

#include <openssl/x509.h>

#include "client/p11.h"
#include "crypto/key/alg.h"

/* A private key of the module, in a session of its own. */
struct raw_key {
	struct p11 *p;
	CK_SESSION_HANDLE session;
	CK_OBJECT_HANDLE object;
	EVP_PKEY *pub;
	enum key_alg alg;
};

/* The private key with this CKA_ID (hexadecimal); log in first. Errors: ECERT_E_NOT_FOUND,
 * ECERT_E_MALFORMED (its public key), rc_of_ckr's. */
enum ecert_rc raw_key_open(struct p11 *p, const char *id, struct raw_key *out) MUST_CHECK;
void raw_key_close(struct raw_key *k);
/* Signs what is in req. Errors: ECERT_E_KEY_TYPE (neither Ed25519 nor SM2), ECERT_E_BAD_SIGNATURE,
 * ECERT_E_CRYPTO, ECERT_E_MEMORY, rc_of_ckr's. */
enum ecert_rc raw_key_sign_request(struct raw_key *k, X509_REQ *req) MUST_CHECK;

#endif
