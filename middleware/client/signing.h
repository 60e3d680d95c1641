/* SPDX-License-Identifier: BSD-2-Clause */
/* From "sign this" to a signer for the document room: certificate, policy, PIN, key. */
#ifndef ECERT_CLIENT_SIGNING_H
#define ECERT_CLIENT_SIGNING_H

#include "client/p11.h"
#include "document/signer.h"

#define SIGNING_CHAIN 8

/* A private key of the module, as the signing callback's context. */
struct p11_key {
	EVP_PKEY *pkey; /* libp11's */
	enum key_alg alg;
	const struct p11 *p; /* logged in */
	CK_OBJECT_HANDLE object;
	bool always; /* it wants the PIN before each signature */
};
enum ecert_rc p11_key_open(struct p11 *p, PKCS11_KEY *from, struct p11_key *out) MUST_CHECK;
void p11_key_close(struct p11_key *k);
/* The doc_sign_fn over it. */
enum ecert_rc p11_key_sign(
    void *key, enum doc_sig_alg alg, struct rd in, struct buf *raw) MUST_CHECK;
/* The private key with this CKA_ID (hexadecimal); log in first. NULL: none. */
PKCS11_KEY *p11_find_key(struct p11 *p, const char *id);

/* Which certificate, and how. */
struct signing_choice {
	const char *id, *cert_serial, *alg;
	struct strlist chain;
	bool bare; /* what is signed names its key (kid) and carries no certificates */
};

struct signing {
	struct p11 p11;
	struct p11_cert *certs;
	size_t certs_n;
	const struct p11_cert *chosen;
	struct p11_key key;
	enum doc_sig_alg alg;
	struct buf chain_der[SIGNING_CHAIN];
	struct rd chain[SIGNING_CHAIN];
	struct doc_signer doc; /* ready after signing_login */
};

/*
 * Token and certificate, before any PIN: an expired, not yet valid, encipherment-only, CA or server
 * certificate is refused with the reason (OUT_REFUSED). Reports its errors; signing_end in any
 * case.
 */
enum outcome signing_begin(
    const struct job *job, const struct signing_choice *choice, struct signing *out) MUST_CHECK;
/* The certificate that was named, NULL when there is none; else 9C's, whatever its state (another
 * key would be the wrong signer), else of those that may sign the one that ends last, else the
 * first of an end user at all, so that its reason is told. */
const struct p11_cert *signing_choose(const struct signing *s, const struct signing_choice *choice);
/* Whether a certificate beside the chosen one may sign. */
bool signing_others(const struct signing *s);
/* Says, before any PIN: which others may sign, that the CA's certificate is missing, that the end
 * is near. */
void signing_tell(const struct signing *s, const struct signing_choice *choice);
/* Says who signs, asks the PIN (reason: "to sign invoice.pdf") and finds the key. */
enum outcome signing_login(struct signing *s, const struct message *reason) MUST_CHECK;
void signing_end(struct signing *s);

#endif
