/* SPDX-License-Identifier: BSD-2-Clause */
/* Signatures of certificates that do not verify, so that none is tried twice; those that do are
 * kept with the certificate itself (trust/path/made.h). */
#include "trust/path/pairs.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "trust/path/made.h"

#define SLOTS	     1024
#define KEY_BITS_MAX 8192
#define E_BITS_MAX   33 /* 2^32 + 1 */

/* SHA-1 is at hand in each X509, and enough to tell those of one document apart: X509_cmp goes by
 * it, too. Who makes two of one SHA-1 misleads the choice of his own path. */
struct pair {
	uint8_t ca[20], x[20];
	bool strange;
};

struct path_pairs {
	unsigned left;
	struct pair v[SLOTS];
};

struct path_pairs *path_pairs_new(void)
{
	return calloc(1, sizeof(struct path_pairs));
}

void path_pairs_free(struct path_pairs **p)
{
	free(*p);
	*p = NULL;
}

void path_pairs_begin(struct path_pairs *p)
{
	if (p)
		p->left = PATH_PAIRS_MAX;
}

bool path_pairs_usual(const EVP_PKEY *key)
{
	BIGNUM *e = NULL;
	bool ok = key && EVP_PKEY_get_bits(key) <= KEY_BITS_MAX;

	if (ok && EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) == 1)
		ok = BN_num_bits(e) <= E_BITS_MAX;
	BN_free(e);
	return ok;
}

static bool verifies(X509 *ca, X509 *x)
{
	EVP_PKEY *key = X509_get0_pubkey(ca);
	bool ok = path_pairs_usual(key) && path_signed(ca, x);

	ERR_clear_error();
	return ok;
}

bool path_made(struct path_pairs *p, X509 *ca, X509 *x)
{
	struct pair now = {.strange = true};
	struct pair *at;

	if (!p || path_known_signed(ca, x))
		return verifies(ca, x);
	if (X509_digest(ca, EVP_sha1(), now.ca, NULL) != 1 ||
	    X509_digest(x, EVP_sha1(), now.x, NULL) != 1)
		return false;
	at = &p->v[((unsigned)(now.ca[0] ^ now.x[1]) << 8 | (now.ca[2] ^ now.x[3])) % SLOTS];
	if (at->strange && !memcmp(at->ca, now.ca, sizeof now.ca) &&
	    !memcmp(at->x, now.x, sizeof now.x))
		return false;
	if (!p->left)
		return false;
	p->left--;
	if (verifies(ca, x))
		return true;
	*at = now;
	return false;
}
