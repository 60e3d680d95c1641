/* SPDX-License-Identifier: BSD-2-Clause */
/* What a maker does to a card once: certify its attestation key, here under a TEST root. */
#include "applet-spec/host/host.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

#define ROOT_NAME "e-Cert virtual card TEST attestation root"
#define F9_NAME	  "e-Cert virtual card TEST attestation"
#define CERT_MAX  1024

static bool add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *ext;
	bool ok;

	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	ok = ext != NULL && X509_add_ext(cert, ext, -1) == 1;
	X509_EXTENSION_free(ext);
	return ok;
}

static bool set_name(X509_NAME *name, const char *cn)
{
	return X509_NAME_add_entry_by_txt(
		   name, "CN", MBSTRING_UTF8, (const unsigned char *)cn, -1, -1, 0) == 1;
}

static bool set_serial(X509 *cert)
{
	unsigned char b[16];
	BIGNUM *bn = NULL;
	bool ok = RAND_bytes(b, sizeof(b)) == 1;

	b[0] = (unsigned char)((b[0] & 0x7F) | 0x40);
	if (ok)
		bn = BN_bin2bn(b, sizeof(b), NULL);
	ok = bn != NULL && BN_to_ASN1_INTEGER(bn, X509_get_serialNumber(cert)) != NULL;
	BN_free(bn);
	return ok;
}

/* A CA certificate for key, by issuer's key; issuer NULL makes a root. */
static X509 *make_cert(EVP_PKEY *key, const char *cn, X509 *issuer, EVP_PKEY *issuer_key)
{
	X509 *cert = X509_new();
	X509 *by = issuer != NULL ? issuer : cert;
	const char *constraints = issuer != NULL ? "critical,CA:TRUE,pathlen:0"
						 : "critical,CA:TRUE";

	if (cert != NULL && X509_set_version(cert, X509_VERSION_3) == 1 && set_serial(cert) &&
	    ASN1_TIME_set_string_X509(X509_getm_notBefore(cert), "20250101000000Z") == 1 &&
	    ASN1_TIME_set_string_X509(X509_getm_notAfter(cert), "20991231235959Z") == 1 &&
	    set_name(X509_get_subject_name(cert), cn) &&
	    X509_set_issuer_name(cert, X509_get_subject_name(by)) == 1 &&
	    X509_set_pubkey(cert, key) == 1 &&
	    add_extension(cert, by, NID_basic_constraints, constraints) &&
	    add_extension(cert, by, NID_key_usage, "critical,keyCertSign") &&
	    add_extension(cert, by, NID_subject_key_identifier, "hash") &&
	    X509_sign(cert, issuer_key, EVP_sha256()) > 0)
		return cert;
	X509_free(cert);
	return NULL;
}

/* A certificate object: 70 certificate, 71 01 00, FE 00 (SP 800-73-5 part 1, table 10). */
static bool store_f9(struct ap *ap, X509 *cert)
{
	uint8_t der[CERT_MAX], object[CERT_MAX + 16], *p = der;
	static const uint8_t tail[] = {ECERT_TAG_CERT_INFO, 1, 0, ECERT_TAG_CERT_LRC, 0};
	int len = i2d_X509(cert, NULL);

	if (len < 256 || len > CERT_MAX || i2d_X509(cert, &p) != len)
		return false;
	object[0] = ECERT_TAG_CERT;
	object[1] = 0x82;
	object[2] = (uint8_t)(len >> 8);
	object[3] = (uint8_t)len;
	memcpy(object + 4, der, (size_t)len);
	memcpy(object + 4 + len, tail, sizeof(tail));
	return ap_object_put(ap, ECERT_OBJ_CERT_F9, object, 4 + (size_t)len + sizeof(tail)) ==
	       AP_ST_OK;
}

static bool store_root(struct ap *ap, X509 *root)
{
	uint8_t der[CERT_MAX], *p = der;
	int len = i2d_X509(root, NULL);

	return len > 0 && len <= CERT_MAX && i2d_X509(root, &p) == len &&
	       ap_object_put(ap, HOST_OBJ_TEST_ROOT, der, (size_t)len) == AP_ST_OK;
}

int host_certify(struct ap *ap)
{
	uint8_t pub[512], alg;
	size_t len = 0;
	EVP_PKEY *root_key = NULL, *f9_key = NULL;
	X509 *root = NULL, *f9 = NULL;
	bool ok;

	if (ap_st_find(&ap->st, AP_REC_OBJECT, ECERT_OBJ_CERT_F9) != NULL)
		return 0;
	if (ap_public_key(ap, ECERT_KEY_F9, &alg, pub, &len) != AP_ST_OK)
		return -1;
	/* A card whose F9 was deleted, or given a key of another kind, attests no more. */
	if (len == 0 || alg != ECERT_ALG_P256)
		return 0;
	root_key = EVP_EC_gen("P-256");
	f9_key = host_public_key(alg, pub);
	if (root_key != NULL && f9_key != NULL)
		root = make_cert(root_key, ROOT_NAME, NULL, root_key);
	if (root != NULL)
		f9 = make_cert(f9_key, F9_NAME, root, root_key);
	/* The root first: a cut between the two leaves F9 without one, and all is made anew. */
	ok = f9 != NULL && store_root(ap, root) && store_f9(ap, f9);
	X509_free(f9);
	X509_free(root);
	EVP_PKEY_free(f9_key);
	EVP_PKEY_free(root_key);
	return ok ? 0 : -1;
}

char *host_test_root_pem(struct ap *ap)
{
	uint8_t der[CERT_MAX];
	const uint8_t *p = der;
	size_t len = 0;
	X509 *root = NULL;
	BIO *bio = BIO_new(BIO_s_mem());
	char *text, *pem = NULL;
	long n;

	if (ap_object_get(ap, HOST_OBJ_TEST_ROOT, der, sizeof(der), &len) == AP_ST_OK && len > 0)
		root = d2i_X509(NULL, &p, (long)len);
	if (root != NULL && bio != NULL && PEM_write_bio_X509(bio, root) == 1) {
		n = BIO_get_mem_data(bio, &text);
		pem = strndup(text, (size_t)n);
	}
	X509_free(root);
	BIO_free(bio);
	return pem;
}
