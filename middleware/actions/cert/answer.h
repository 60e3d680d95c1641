/* SPDX-License-Identifier: BSD-2-Clause */
/* What a CA answered, beside the keys of the token: which certificate is meant, and where it goes.
 */
#ifndef ECERT_ACTIONS_CERT_ANSWER_H
#define ECERT_ACTIONS_CERT_ANSWER_H

#include <openssl/x509.h>

#include "actions/cert/import.h"
#include "provision/prov.h"

/* The token's keys, read once. */
struct keys {
	struct token_key key[TOKEN_KEYS_MAX];
	size_t n;
	bool told; /* at least one is known otherwise than by its certificate */
};

/* The certificates of the answer, and the one that is meant. */
struct answer {
	STACK_OF(X509) * certs, *chain; /* chain: everything else in the end */
	X509 *leaf;
	struct identity who;
	struct buf der;
	uint8_t ref;
};

/* Reports its errors; keys_clear in any case. */
enum outcome keys_read(struct prov *p, struct keys *k) MUST_CHECK;
void keys_clear(struct keys *k);
/* The key on the token that is this certificate's; only: the place that was named, 0 for any. */
const struct token_key *key_of(const struct keys *k, const X509 *x, uint8_t only);

/* The files of the deed. Reports its errors; answer_free in any case. */
enum outcome answer_load(
    const struct job *job, const struct cert_import_deed *o, struct answer *a) MUST_CHECK;
void answer_free(struct answer *a);
/* Whether it completes what is on the token: only CAs' certificates, none of a key here, and one of
 * them issued a certificate that is. */
bool answer_completes(struct prov *p, const struct keys *k, const struct answer *a);
/* Chooses the leaf and its place. Reports its errors (OUT_REFUSED). */
enum outcome answer_pick(struct prov *p, const struct cert_import_deed *o, const struct keys *k,
    struct answer *a) MUST_CHECK;

#endif
