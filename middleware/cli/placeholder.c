/* SPDX-License-Identifier: BSD-2-Clause */
/* A certificate that only holds a public key, on tokens that tell a key by its certificate alone.
 */
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "cli/key.h"

static bool fill(X509 *x, EVP_PKEY *key)
{
	X509_NAME *name = X509_get_subject_name(x);
	static const unsigned char text[] = "Placeholder, no certificate yet";

	/* Over as soon as it is made, so that nobody signs with it. */
	return X509_set_version(x, X509_VERSION_3) == 1 &&
	       ASN1_INTEGER_set(X509_get_serialNumber(x), 1) == 1 &&
	       X509_gmtime_adj(X509_getm_notBefore(x), -2) &&
	       X509_gmtime_adj(X509_getm_notAfter(x), -1) &&
	       X509_NAME_add_entry_by_NID(
		   name, NID_commonName, MBSTRING_UTF8, text, (int)sizeof text - 1, -1, 0) == 1 &&
	       X509_set_issuer_name(x, name) == 1 && X509_set_pubkey(x, key) == 1;
}

/* Signed by a key that is thrown away: the token's own would want the PIN. */
static bool sign(X509 *x)
{
	EVP_PKEY *once = EVP_EC_gen("P-256");
	bool good = once && X509_sign(x, once, EVP_sha256()) > 0;

	EVP_PKEY_free(once);
	return good;
}

enum ecert_rc key_placeholder(struct prov *p, uint8_t ref, EVP_PKEY *key)
{
	X509 *x = X509_new();
	unsigned char *der = NULL;
	int n = x && fill(x, key) && sign(x) ? i2d_X509(x, &der) : -1;
	enum ecert_rc rc = n > 0 ? token_cert_put(&p->at, ref, rd_of(der, (size_t)n))
				 : ECERT_E_CRYPTO;

	OPENSSL_free(der);
	X509_free(x);
	ERR_clear_error();
	return rc;
}
