/* SPDX-License-Identifier: BSD-2-Clause */
/* A certificate that only holds a public key, on tokens that tell a key by its certificate alone.
 */
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <string.h>

#include "crypto/ossl.h"
#include "crypto/cert/x509.h"

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
	EVP_PKEY *once = EVP_PKEY_Q_keygen(ossl_ctx(), NULL, "EC", "P-256");
	bool good = once && X509_sign(x, once, EVP_sha256()) > 0;

	EVP_PKEY_free(once);
	return good;
}

static enum ecert_rc make(EVP_PKEY *key, bool roomy, struct buf *der)
{
	int bare = i2d_PUBKEY(key, NULL);
	X509 *x = X509_new_ex(ossl_ctx(), NULL);
	bool good = x && bare > 0 && fill(x, key);
	enum ecert_rc rc;

	if (good && roomy && bare < ROOM)
		good = comment(x, (size_t)(ROOM - bare));
	rc = good && sign(x) ? x509_put_der(x, der) : ECERT_E_CRYPTO;
	X509_free(x);
	return rc;
}

enum ecert_rc cert_placeholder(const struct pubkey *k, bool roomy, struct buf *der)
{
	EVP_PKEY *key = pubkey_evp(k);
	enum ecert_rc rc;

	if (!key || !ossl_ctx())
		return ECERT_E_MEMORY;
	ossl_enter();
	rc = make(key, roomy, der);
	ossl_leave();
	return rc;
}
