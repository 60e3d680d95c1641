/* SPDX-License-Identifier: BSD-2-Clause */
/* The status key: made, read, and as a signer. */
#include "registry/status_key.h"

#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/ossl.h"
#include "crypto/random.h"
#include "document/cert.h"
#include "trust/mark/mark.h"
#include "util/mem.h"

#define YEARS_10 (3650 * 86400L)
#define HALF	 32

struct status_key {
	EVP_PKEY *key;
	EVP_PKEY_CTX *signing; /* what OpenSSL prepares once */
	struct buf cert;
	char kid[44];
};

static bool name_it(X509 *cert, const char *issuer)
{
	X509_NAME *name = X509_get_subject_name(cert);
	char cn[65] = "Trust mark status key";

	/* A name takes 64 characters; whose it is, is said where it is published. */
	return X509_NAME_add_entry_by_txt(
		   name, "CN", MBSTRING_UTF8, (const unsigned char *)cn, -1, -1, 0) &&
	       (strlen(issuer) > 64 || X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8,
					   (const unsigned char *)issuer, -1, -1, 0)) &&
	       X509_set_issuer_name(cert, name);
}

static bool usage(X509 *cert)
{
	X509_EXTENSION *e = X509V3_EXT_conf_nid(
	    NULL, NULL, NID_key_usage, "critical,digitalSignature");
	bool good = e && X509_add_ext(cert, e, -1);

	X509_EXTENSION_free(e);
	return good;
}

static X509 *certify(EVP_PKEY *key, const char *issuer, time_t now)
{
	X509 *cert = X509_new();
	uint8_t serial[16];
	BIGNUM *n = NULL;
	bool good = cert && random_bytes(serial, sizeof serial) == ECERT_OK;

	serial[0] = (uint8_t)((serial[0] & 0x7F) | 0x40);
	good = good && (n = BN_bin2bn(serial, sizeof serial, NULL)) &&
	       BN_to_ASN1_INTEGER(n, X509_get_serialNumber(cert)) &&
	       X509_set_version(cert, X509_VERSION_3) && X509_set_pubkey(cert, key) &&
	       X509_time_adj_ex(X509_getm_notBefore(cert), 0, -300, &now) &&
	       X509_time_adj_ex(X509_getm_notAfter(cert), 0, YEARS_10, &now) &&
	       name_it(cert, issuer) && usage(cert) && X509_sign(cert, key, EVP_sha256()) > 0;
	BN_free(n);
	if (!good) {
		X509_free(cert);
		cert = NULL;
	}
	return cert;
}

enum ecert_rc status_key_make(const char *issuer, time_t now, struct buf *pem)
{
	EVP_PKEY *key = NULL;
	X509 *cert = NULL;
	BIO *bio;
	char *text = NULL;
	long n = 0;
	enum ecert_rc rc = ECERT_E_CRYPTO;

	ossl_enter();
	bio = BIO_new(BIO_s_secmem());
	key = EVP_EC_gen("P-256");
	if (key)
		cert = certify(key, issuer, now);
	if (cert && bio && PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) &&
	    PEM_write_bio_X509(bio, cert) && (n = BIO_get_mem_data(bio, &text)) > 0) {
		buf_put(pem, text, (size_t)n);
		rc = buf_rc(pem);
	}
	BIO_free(bio);
	X509_free(cert);
	EVP_PKEY_free(key);
	ossl_leave();
	return rc;
}

/* r || s of what OpenSSL answers as DER. */
static bool put_raw(const uint8_t *der, size_t n, struct buf *raw)
{
	const unsigned char *p = der;
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &p, (long)n);
	uint8_t both[2 * HALF];
	bool good = sig && BN_bn2binpad(ECDSA_SIG_get0_r(sig), both, HALF) == HALF &&
		    BN_bn2binpad(ECDSA_SIG_get0_s(sig), both + HALF, HALF) == HALF;

	if (good)
		buf_put(raw, both, sizeof both);
	ECDSA_SIG_free(sig);
	return good;
}

static enum ecert_rc sign(void *ctx, enum doc_sig_alg alg, struct rd in, struct buf *raw)
{
	const struct status_key *k = ctx;
	uint8_t der[128];
	size_t n = sizeof der;
	bool good;

	if (alg != DOC_ES256)
		return ECERT_E_KEY_TYPE;
	ossl_enter();
	good = EVP_PKEY_sign(k->signing, der, &n, in.p, in.n) > 0 && put_raw(der, n, raw);
	ossl_leave();
	return good ? buf_rc(raw) : ECERT_E_CRYPTO;
}

static struct doc_signer signer_of(const struct status_key *k)
{
	return (struct doc_signer){
	    .key = KEY_P256, .cert = buf_view(&k->cert), .sign = sign, .ctx = (void *)(uintptr_t)k};
}

/* A file may hold the public key of the certificate and another private one. */
static enum ecert_rc prove(const struct status_key *k)
{
	static const char words[] = "status key";
	const struct doc_signer by = signer_of(k);
	struct buf raw = BUF_INIT(256);
	enum ecert_rc rc = doc_sign_message(
	    &by, DOC_ES256, rd_of((const uint8_t *)words, sizeof words - 1), &raw);

	buf_free(&raw);
	return rc == ECERT_E_BAD_SIGNATURE ? ECERT_E_MALFORMED : rc;
}

static enum ecert_rc take(struct status_key *k, BIO *bio)
{
	X509 *cert;
	enum ecert_rc rc;

	k->key = PEM_read_bio_PrivateKey(bio, NULL, NULL, (void *)"");
	cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	if (!k->key || !cert || X509_check_private_key(cert, k->key) != 1)
		rc = ECERT_E_MALFORMED;
	else if (!EVP_PKEY_is_a(k->key, "EC") || EVP_PKEY_get_bits(k->key) != 256)
		rc = ECERT_E_KEY_TYPE;
	else
		rc = cert_der(cert, &k->cert);
	X509_free(cert);
	if (rc == ECERT_OK) {
		k->signing = EVP_PKEY_CTX_new(k->key, NULL);
		if (!k->signing || EVP_PKEY_sign_init(k->signing) <= 0)
			rc = ECERT_E_CRYPTO;
	}
	if (rc == ECERT_OK)
		rc = prove(k);
	return rc == ECERT_OK ? trust_kid(buf_view(&k->cert), k->kid) : rc;
}

enum ecert_rc status_key_read(struct rd pem, struct status_key **out)
{
	struct status_key *k = calloc(1, sizeof *k);
	BIO *bio;
	enum ecert_rc rc = ECERT_E_MEMORY;

	*out = NULL;
	if (!k)
		return rc;
	buf_init(&k->cert, 8192);
	ossl_enter();
	bio = pem.n <= STATUS_KEY_MAX ? BIO_new_mem_buf(pem.p, (int)pem.n) : NULL;
	if (bio)
		rc = take(k, bio);
	BIO_free(bio);
	ossl_leave();
	if (rc == ECERT_OK)
		*out = k;
	else
		status_key_free(&k);
	return rc;
}

void status_key_free(struct status_key **k)
{
	if (*k) {
		EVP_PKEY_CTX_free((*k)->signing);
		EVP_PKEY_free((*k)->key);
		buf_free(&(*k)->cert);
	}
	free(*k);
	*k = NULL;
}

const char *status_key_kid(const struct status_key *k)
{
	return k->kid;
}

struct rd status_key_cert(const struct status_key *k)
{
	return buf_view(&k->cert);
}

struct doc_signer status_key_signer(const struct status_key *k)
{
	struct doc_signer by = signer_of(k);

	by.proven = true;
	return by;
}
