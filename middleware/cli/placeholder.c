/* SPDX-License-Identifier: BSD-2-Clause */
/* A certificate that only holds a public key, on tokens that tell a key by its certificate alone.
 */
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <string.h>

#include "cli/key.h"
#include "crypto/cert.h"

/* Two kilobytes in all, less what a placeholder has beside the key. */
#define ROOM (2048 - 260)

static bool fill(X509 *x, EVP_PKEY *key)
{
	X509_NAME *name = X509_get_subject_name(x);
	static const unsigned char text[] = CERT_PLACEHOLDER_NAME;

	/* Over as soon as it is made, so that nobody signs with it. */
	return X509_set_version(x, X509_VERSION_3) == 1 &&
	       ASN1_INTEGER_set(X509_get_serialNumber(x), 1) == 1 &&
	       X509_gmtime_adj(X509_getm_notBefore(x), -2) &&
	       X509_gmtime_adj(X509_getm_notAfter(x), -1) &&
	       X509_NAME_add_entry_by_NID(
		   name, NID_commonName, MBSTRING_UTF8, text, (int)sizeof text - 1, -1, 0) == 1 &&
	       X509_set_issuer_name(x, name) == 1 && X509_set_pubkey(x, key) == 1;
}

/* A comment of so many characters. */
static bool comment(X509 *x, size_t n)
{
	ASN1_IA5STRING *text = ASN1_IA5STRING_new();
	char dots[ROOM];
	bool good;

	memset(dots, '.', sizeof dots);
	good = text && n <= sizeof dots && ASN1_STRING_set(text, dots, (int)n) == 1 &&
	       X509_add1_ext_i2d(x, NID_netscape_comment, text, 0, 0) == 1;
	ASN1_IA5STRING_free(text);
	return good;
}

/* Signed by a key that is thrown away: the token's own would want the PIN. */
static bool sign(X509 *x)
{
	EVP_PKEY *once = EVP_EC_gen("P-256");
	bool good = once && X509_sign(x, once, EVP_sha256()) > 0;

	EVP_PKEY_free(once);
	return good;
}

/* Some cards give an object no more room than it had first (OpenFIPS201 without deletion): that of
 * the real certificate is taken with this one. */
static enum ecert_rc put(struct prov *p, uint8_t ref, EVP_PKEY *key, size_t padding)
{
	X509 *x = X509_new();
	unsigned char *der = NULL;
	bool good = x && fill(x, key) && (!padding || comment(x, padding)) && sign(x);
	int n = good ? i2d_X509(x, &der) : -1;
	enum ecert_rc rc = n > 0 ? token_cert_put(&p->at, ref, rd_of(der, (size_t)n))
				 : ECERT_E_CRYPTO;

	OPENSSL_free(der);
	X509_free(x);
	ERR_clear_error();
	return rc;
}

enum ecert_rc key_placeholder(struct prov *p, uint8_t ref, EVP_PKEY *key)
{
	int bare = i2d_PUBKEY(key, NULL);
	enum ecert_rc rc;

	if (bare <= 0)
		return ECERT_E_CRYPTO;
	rc = bare < ROOM ? put(p, ref, key, (size_t)(ROOM - bare)) : ECERT_E_CARD_FULL;
	return rc == ECERT_E_CARD_FULL ? put(p, ref, key, 0) : rc;
}
