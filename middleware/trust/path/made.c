/* SPDX-License-Identifier: BSD-2-Clause */
/* What is kept with a certificate: which key it has, and which key signed it. */
#include "trust/path/made.h"

#include <openssl/err.h>
#include <pthread.h>
#include <string.h>

#include "document/cert.h"

struct kept {
	struct made_by own; /* its own key */
	struct made_by by;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int place = -1;

static void take_place(void)
{
	place = cert_place();
}

/* NULL when memory is out. */
static struct kept *kept_with(const X509 *x)
{
	(void)pthread_once(&once, take_place);
	return cert_room(x, place, sizeof(struct kept));
}

/* NULL: it cannot be told from others. */
static const struct made_by *key_of(X509 *ca)
{
	struct kept *k = kept_with(ca);
	unsigned char *der = NULL;
	int n;

	if (!k || k->own.known)
		return k ? &k->own : NULL;
	n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(ca), &der);
	k->own.known = n > 0 && bytes_sha256(rd_of(der, (size_t)n), k->own.key) == ECERT_OK;
	OPENSSL_free(der);
	return k->own.known ? &k->own : NULL;
}

bool path_signed_once(
    X509 *ca, struct made_by *by, bool (*verify)(void *ctx, EVP_PKEY *key), void *ctx)
{
	EVP_PKEY *key = X509_get0_pubkey(ca);
	const struct made_by *of = key && by ? key_of(ca) : NULL;

	if (of && by->known && !memcmp(by->key, of->key, sizeof by->key))
		return true;
	if (!key || !verify(ctx, key))
		return false;
	if (of)
		*by = *of;
	return true;
}

bool path_known_signed(X509 *ca, X509 *x)
{
	const struct kept *k = kept_with(x);
	const struct made_by *of = k && k->by.known ? key_of(ca) : NULL;

	return of && !memcmp(k->by.key, of->key, sizeof of->key);
}

static bool verify_cert(void *x, EVP_PKEY *key)
{
	return X509_verify(x, key) == 1;
}

bool path_signed(X509 *ca, X509 *x)
{
	struct kept *k = kept_with(x);

	return path_signed_once(ca, k ? &k->by : NULL, verify_cert, x);
}
