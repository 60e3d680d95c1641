/* SPDX-License-Identifier: BSD-2-Clause */
/* What reading one PKCS#12 file needs of OpenSSL, and nothing of it stays. */
#ifndef ECERT_CRYPTO_PKCS12_PRIV_H
#define ECERT_CRYPTO_PKCS12_PRIV_H

#include <openssl/pkcs12.h>

#include "crypto/cert/pkcs12.h"
#include "crypto/cert/pkcs12_words.h"

#define PKCS12_NAME_MAX 128

struct pkcs12_found {
	EVP_PKEY *key;
	char name[PKCS12_NAME_MAX];
};

struct pkcs12_reading {
	OSSL_LIB_CTX *ctx;
	OSSL_PROVIDER *base, *legacy;
	PKCS12 *p12;
	struct pkcs12_found found[PKCS12_KEYS_MAX];
	size_t found_n, left_out;
	STACK_OF(X509) * certs; /* a friendlyName as their alias */
	struct pkcs12_words words;
	size_t fits;		   /* the form that fitted last */
	bool mac;		   /* verified with the password */
	int64_t rounds;		   /* of key derivation that may still be spent */
	unsigned parts;		   /* encrypted parts opened so far */
	struct pkcs12_reason *why; /* never NULL */
};

/* Tries the password forms that are worth it in one scheme: charge pays for one, open tells whether
 * it fits. Errors: ECERT_E_PASSWORD (none fits), charge's. */
struct pkcs12_lock {
	bool bmp; /* the scheme takes a BMPString */
	enum ecert_rc (*charge)(struct pkcs12_reading *r, const void *arg);
	bool (*open)(struct pkcs12_reading *r, const struct pkcs12_word *w, const void *arg);
	const void *arg;
};
enum ecert_rc pkcs12_unlock(struct pkcs12_reading *r, const struct pkcs12_lock *l) MUST_CHECK;

/* The integrity check, where there is one: r->mac. Errors: ECERT_E_PASSWORD, ECERT_E_TOO_LARGE,
 * ECERT_E_MALFORMED. */
enum ecert_rc pkcs12_mac(struct pkcs12_reading *r) MUST_CHECK;
/* All keys and certificates. Errors: pkcs12_load's. */
enum ecert_rc pkcs12_open(struct pkcs12_reading *r) MUST_CHECK;

#endif
