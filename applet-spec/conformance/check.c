/* SPDX-License-Identifier: BSD-2-Clause */
/* OpenSSL's word on what the card computed: keys, signatures, agreements, attestations. */
#include "applet-spec/conformance/conformance.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

const uint8_t check_digest[32] = {0xC0, 0x4F, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
    17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30};

struct check_row {
	uint8_t alg;
	const char *type;  /* OpenSSL's key type */
	const char *group; /* of EC and SM2 */
	size_t bytes;	   /* modulus, or a coordinate */
};

static const struct check_row rows[] = {
    {ECERT_ALG_RSA2048, "RSA", NULL, 256},
    {ECERT_ALG_RSA3072, "RSA", NULL, 384},
    {ECERT_ALG_RSA4096, "RSA", NULL, 512},
    {ECERT_ALG_P256, "EC", "prime256v1", 32},
    {ECERT_ALG_P384, "EC", "secp384r1", 48},
    {ECERT_ALG_SM2, "SM2", "SM2", 32},
    {ECERT_ALG_ED25519, "ED25519", NULL, 32},
    {ECERT_ALG_X25519, "X25519", NULL, 32},
};

static const struct check_row *row_of(uint8_t alg)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (rows[i].alg == alg)
			return &rows[i];
	}
	return NULL;
}

static EVP_PKEY *from_params(const char *type, OSSL_PARAM_BLD *bld)
{
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(bld);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *k = NULL;

	if (params == NULL || ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &k, EVP_PKEY_PUBLIC_KEY, params) != 1)
		k = NULL;
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);
	return k;
}

static EVP_PKEY *rsa_public(struct rd n, struct rd e)
{
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	BIGNUM *bn = BN_bin2bn(n.p, (int)n.n, NULL), *be = BN_bin2bn(e.p, (int)e.n, NULL);
	EVP_PKEY *k = NULL;

	if (bld != NULL && bn != NULL && be != NULL &&
	    OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, bn) == 1 &&
	    OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, be) == 1)
		k = from_params("RSA", bld);
	BN_free(bn);
	BN_free(be);
	OSSL_PARAM_BLD_free(bld);
	return k;
}

static EVP_PKEY *point_public(const struct check_row *row, struct rd point)
{
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	EVP_PKEY *k = NULL;

	if (row->group == NULL) {
		OSSL_PARAM_BLD_free(bld);
		return EVP_PKEY_new_raw_public_key_ex(NULL, row->type, NULL, point.p, point.n);
	}
	if (bld != NULL &&
	    OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME, row->group, 0) == 1 &&
	    OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY, point.p, point.n) == 1)
		k = from_params(row->type, bld);
	OSSL_PARAM_BLD_free(bld);
	return k;
}

EVP_PKEY *check_public(uint8_t alg, struct rd template_)
{
	const struct check_row *row = row_of(alg);
	struct rd n, e, point;

	if (row == NULL)
		return NULL;
	if (strcmp(row->type, "RSA") == 0) {
		if (!path_find(template_, "81", &n) || !path_find(template_, "82", &e) ||
		    n.n != row->bytes)
			return NULL;
		return rsa_public(n, e);
	}
	return path_find(template_, "86", &point) ? point_public(row, point) : NULL;
}

void check_free(EVP_PKEY *k)
{
	EVP_PKEY_free(k);
}

size_t check_input(uint8_t alg, uint8_t *out, size_t cap)
{
	/* DigestInfo of SHA-256, RFC 8017, 9.2 note 1 */
	static const uint8_t info[] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
	    0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};
	const struct check_row *row = row_of(alg);
	size_t tail = sizeof info + sizeof check_digest, n;

	if (row == NULL || strcmp(row->type, "RSA") != 0) {
		memcpy(out, check_digest, sizeof check_digest);
		return sizeof check_digest;
	}
	n = row->bytes;
	if (n > cap)
		return 0;
	memset(out, 0xFF, n);
	out[0] = 0;
	out[1] = 1;
	out[n - tail - 1] = 0;
	memcpy(out + n - tail, info, sizeof info);
	memcpy(out + n - sizeof check_digest, check_digest, sizeof check_digest);
	return n;
}

static bool verify_ed25519(EVP_PKEY *k, struct rd sig)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = ctx != NULL && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, k) == 1 &&
		  EVP_DigestVerify(ctx, sig.p, sig.n, check_digest, sizeof check_digest) == 1;

	EVP_MD_CTX_free(ctx);
	return ok;
}

bool check_signature(uint8_t alg, EVP_PKEY *k, struct rd sig)
{
	EVP_PKEY_CTX *ctx;
	bool ok;

	if (k == NULL)
		return false;
	if (alg == ECERT_ALG_ED25519)
		return verify_ed25519(k, sig);
	ctx = EVP_PKEY_CTX_new_from_pkey(NULL, k, NULL);
	ok = ctx != NULL && EVP_PKEY_verify_init(ctx) == 1;
	if (ok && EVP_PKEY_is_a(k, "RSA"))
		ok = EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1 &&
		     EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) == 1;
	ok = ok && EVP_PKEY_verify(ctx, sig.p, sig.n, check_digest, sizeof check_digest) == 1;
	EVP_PKEY_CTX_free(ctx);
	return ok;
}

EVP_PKEY *check_peer(uint8_t alg, uint8_t *point, size_t *len)
{
	const struct check_row *row = row_of(alg);
	EVP_PKEY *k;

	if (row == NULL)
		return NULL;
	if (row->group == NULL) {
		k = EVP_PKEY_Q_keygen(NULL, NULL, row->type);
		if (k != NULL && EVP_PKEY_get_raw_public_key(k, point, len) == 1)
			return k;
	} else {
		k = EVP_PKEY_Q_keygen(NULL, NULL, row->type, row->group);
		if (k != NULL && EVP_PKEY_get_octet_string_param(
				     k, OSSL_PKEY_PARAM_PUB_KEY, point, *len, len) == 1)
			return k;
	}
	EVP_PKEY_free(k);
	return NULL;
}

bool check_agreement(EVP_PKEY *peer, EVP_PKEY *card, struct rd secret)
{
	EVP_PKEY_CTX *ctx = peer != NULL ? EVP_PKEY_CTX_new_from_pkey(NULL, peer, NULL) : NULL;
	uint8_t ours[66];
	size_t n = sizeof ours;
	bool ok = ctx != NULL && card != NULL && EVP_PKEY_derive_init(ctx) == 1 &&
		  EVP_PKEY_derive_set_peer(ctx, card) == 1 && EVP_PKEY_derive(ctx, ours, &n) == 1 &&
		  n == secret.n && memcmp(ours, secret.p, n) == 0;

	EVP_PKEY_CTX_free(ctx);
	return ok;
}

bool check_attestation(struct rd der, struct rd f9, EVP_PKEY *k)
{
	const unsigned char *p = der.p, *q = f9.p;
	X509 *made = d2i_X509(NULL, &p, (long)der.n), *by = d2i_X509(NULL, &q, (long)f9.n);
	bool ok = made != NULL && by != NULL && k != NULL &&
		  EVP_PKEY_eq(X509_get0_pubkey(made), k) == 1 &&
		  X509_verify(made, X509_get0_pubkey(by)) == 1;

	X509_free(made);
	X509_free(by);
	return ok;
}

bool check_block(uint8_t alg, const uint8_t *key, bool encrypt, const uint8_t *in, uint8_t *out)
{
	const EVP_CIPHER *c = alg == ECERT_ALG_3DES	? EVP_des_ede3_ecb()
			      : alg == ECERT_ALG_AES128 ? EVP_aes_128_ecb()
			      : alg == ECERT_ALG_AES192 ? EVP_aes_192_ecb()
							: EVP_aes_256_ecb();
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n = 0;
	bool ok = ctx != NULL && EVP_CipherInit_ex(ctx, c, NULL, key, NULL, encrypt) == 1 &&
		  EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 &&
		  EVP_CipherUpdate(ctx, out, &n, in, EVP_CIPHER_get_block_size(c)) == 1;

	EVP_CIPHER_CTX_free(ctx);
	return ok;
}
