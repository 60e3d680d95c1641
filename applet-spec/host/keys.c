/* SPDX-License-Identifier: BSD-2-Clause */
/* Between the core's byte strings and OpenSSL's keys. */
#include "applet-spec/host/host.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <string.h>

#define EXPONENT 65537u

enum kind { NONE, BLOCK, RSA_KEY, EC_KEY_PAIR, RAW };

static const struct alg {
	uint8_t id;
	enum kind kind;
	unsigned int bits, priv, pub;
	const char *type, *group;
} algs[] = {
    {ECERT_ALG_RSA2048, RSA_KEY, 2048, 640, 256, "RSA", NULL},
    {ECERT_ALG_RSA3072, RSA_KEY, 3072, 960, 384, "RSA", NULL},
    {ECERT_ALG_RSA4096, RSA_KEY, 4096, 1280, 512, "RSA", NULL},
    {ECERT_ALG_P256, EC_KEY_PAIR, 256, 32, 65, "EC", "P-256"},
    {ECERT_ALG_P384, EC_KEY_PAIR, 384, 48, 97, "EC", "P-384"},
    {ECERT_ALG_SM2, EC_KEY_PAIR, 256, 32, 65, "SM2", "SM2"},
    {ECERT_ALG_ED25519, RAW, 256, 32, 32, "ED25519", NULL},
    {ECERT_ALG_X25519, RAW, 256, 32, 32, "X25519", NULL},
};

static const struct alg *find(uint8_t id)
{
	static const struct alg none;

	for (size_t i = 0; i < sizeof(algs) / sizeof(algs[0]); i++) {
		if (algs[i].id == id)
			return &algs[i];
	}
	return &none;
}

size_t host_priv_len(uint8_t alg)
{
	return find(alg)->priv;
}

size_t host_pub_len(uint8_t alg)
{
	return find(alg)->pub;
}

static EVP_PKEY *from_params(const struct alg *a, OSSL_PARAM_BLD *bld, int selection)
{
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(bld);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, a->type, NULL);
	EVP_PKEY *pkey = NULL;

	if (params == NULL || ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &pkey, selection, params) != 1)
		pkey = NULL;
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);
	return pkey;
}

/* The numbers of an RSA key, in the order OpenSSL names them. */
enum { N, E, D, P, Q, DP, DQ, QINV, RSA_NUMBERS };
static const char *const rsa_name[RSA_NUMBERS] = {OSSL_PKEY_PARAM_RSA_N, OSSL_PKEY_PARAM_RSA_E,
    OSSL_PKEY_PARAM_RSA_D, OSSL_PKEY_PARAM_RSA_FACTOR1, OSSL_PKEY_PARAM_RSA_FACTOR2,
    OSSL_PKEY_PARAM_RSA_EXPONENT1, OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1};

static void free_numbers(BIGNUM *bn[RSA_NUMBERS])
{
	for (int i = 0; i < RSA_NUMBERS; i++)
		BN_clear_free(bn[i]);
}

/* All eight numbers from p q dp dq qinv; false when they are not numbers of one key. */
static bool rsa_numbers(const struct alg *a, const uint8_t *priv, BIGNUM *bn[RSA_NUMBERS])
{
	int half = (int)a->priv / 5;
	BN_CTX *ctx = BN_CTX_secure_new();
	BIGNUM *p1 = BN_secure_new(), *q1 = BN_secure_new(), *phi = BN_secure_new(),
	       *t = BN_secure_new();
	bool ok = ctx != NULL && p1 != NULL && q1 != NULL && phi != NULL && t != NULL;

	for (int i = 0; i < RSA_NUMBERS; i++) {
		bn[i] = BN_secure_new();
		ok = ok && bn[i] != NULL;
	}
	for (int i = P; ok && i <= QINV; i++) {
		ok = BN_bin2bn(priv + (i - P) * half, half, bn[i]) != NULL;
		BN_set_flags(bn[i], BN_FLG_CONSTTIME);
	}
	ok = ok && BN_set_word(bn[E], EXPONENT) && BN_mul(bn[N], bn[P], bn[Q], ctx) &&
	     (unsigned int)BN_num_bits(bn[N]) == a->bits && BN_sub(p1, bn[P], BN_value_one()) &&
	     BN_sub(q1, bn[Q], BN_value_one()) && BN_mul(phi, p1, q1, ctx) &&
	     BN_mod_inverse(bn[D], bn[E], phi, ctx) != NULL;
	ok = ok && BN_mod(t, bn[D], p1, ctx) && BN_cmp(t, bn[DP]) == 0 &&
	     BN_mod(t, bn[D], q1, ctx) && BN_cmp(t, bn[DQ]) == 0 &&
	     BN_mod_mul(t, bn[Q], bn[QINV], bn[P], ctx) && BN_is_one(t);
	BN_clear_free(p1);
	BN_clear_free(q1);
	BN_clear_free(phi);
	BN_clear_free(t);
	BN_CTX_free(ctx);
	return ok;
}

static EVP_PKEY *rsa_private(const struct alg *a, const uint8_t *priv)
{
	BIGNUM *bn[RSA_NUMBERS] = {NULL};
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	bool ok = bld != NULL && rsa_numbers(a, priv, bn);
	EVP_PKEY *pkey = NULL;

	for (int i = 0; ok && i < RSA_NUMBERS; i++)
		ok = OSSL_PARAM_BLD_push_BN(bld, rsa_name[i], bn[i]);
	if (ok)
		pkey = from_params(a, bld, EVP_PKEY_KEYPAIR);
	free_numbers(bn);
	OSSL_PARAM_BLD_free(bld);
	return pkey;
}

static EVP_PKEY *ec_key(const struct alg *a, const uint8_t *priv, const uint8_t *pub)
{
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	BIGNUM *d = priv != NULL ? BN_bin2bn(priv, (int)a->priv, NULL) : NULL;
	EVP_PKEY *pkey = NULL;

	if (bld != NULL &&
	    OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME, a->group, 0) &&
	    OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY, pub, a->pub) &&
	    (priv == NULL || OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_PRIV_KEY, d)))
		pkey = from_params(a, bld, priv != NULL ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY);
	BN_clear_free(d);
	OSSL_PARAM_BLD_free(bld);
	return pkey;
}

EVP_PKEY *host_private_key(uint8_t alg, const uint8_t *priv, const uint8_t *pub)
{
	const struct alg *a = find(alg);

	switch (a->kind) {
	case RSA_KEY:
		return rsa_private(a, priv);
	case EC_KEY_PAIR:
		return ec_key(a, priv, pub);
	case RAW:
		return EVP_PKEY_new_raw_private_key_ex(NULL, a->type, NULL, priv, a->priv);
	default:
		return NULL;
	}
}

EVP_PKEY *host_public_key(uint8_t alg, const uint8_t *pub)
{
	const struct alg *a = find(alg);

	if (a->kind == EC_KEY_PAIR)
		return ec_key(a, NULL, pub);
	if (a->kind == RAW)
		return EVP_PKEY_new_raw_public_key_ex(NULL, a->type, NULL, pub, a->pub);
	return NULL;
}

static bool get_number(EVP_PKEY *pkey, const char *name, uint8_t *out, size_t len)
{
	BIGNUM *bn = NULL;
	bool ok = EVP_PKEY_get_bn_param(pkey, name, &bn) == 1 &&
		  BN_bn2binpad(bn, out, (int)len) == (int)len;

	BN_clear_free(bn);
	return ok;
}

static bool take_apart(const struct alg *a, EVP_PKEY *pkey, uint8_t *priv, uint8_t *pub)
{
	size_t half = a->priv / 5, len = a->pub;
	bool ok = true;

	switch (a->kind) {
	case RSA_KEY:
		for (size_t i = P; ok && i <= QINV; i++)
			ok = get_number(pkey, rsa_name[i], priv + (i - P) * half, half);
		return ok && get_number(pkey, rsa_name[N], pub, a->pub);
	case EC_KEY_PAIR:
		return get_number(pkey, OSSL_PKEY_PARAM_PRIV_KEY, priv, a->priv) &&
		       EVP_PKEY_get_octet_string_param(
			   pkey, OSSL_PKEY_PARAM_PUB_KEY, pub, len, &len) == 1 &&
		       len == a->pub;
	case RAW:
		ok = EVP_PKEY_get_raw_public_key(pkey, pub, &len) == 1 && len == a->pub;
		len = a->priv;
		return ok && EVP_PKEY_get_raw_private_key(pkey, priv, &len) == 1 && len == a->priv;
	default:
		return false;
	}
}

/* The SM2 key type of OpenSSL 3.0 cannot generate by name with a group; EC on that curve can. */
static EVP_PKEY *make(const struct alg *a)
{
	switch (a->kind) {
	case RSA_KEY:
		return EVP_RSA_gen(a->bits);
	case EC_KEY_PAIR:
		return EVP_EC_gen(a->group);
	case RAW:
		return EVP_PKEY_Q_keygen(NULL, NULL, a->type);
	default:
		return NULL;
	}
}

enum ap_hal_rc host_keygen(void *ctx, uint8_t alg, uint8_t *priv, uint8_t *pub)
{
	const struct alg *a = find(alg);
	EVP_PKEY *pkey = make(a);
	bool ok = pkey != NULL && take_apart(a, pkey, priv, pub);

	(void)ctx;
	EVP_PKEY_free(pkey);
	return ok ? AP_HAL_OK : AP_HAL_FAIL;
}

static bool rsa_derive(const struct alg *a, const uint8_t *priv, uint8_t *pub)
{
	BIGNUM *bn[RSA_NUMBERS] = {NULL};
	BN_CTX *ctx = BN_CTX_new();
	bool ok = ctx != NULL && rsa_numbers(a, priv, bn) &&
		  BN_check_prime(bn[P], ctx, NULL) == 1 && BN_check_prime(bn[Q], ctx, NULL) == 1 &&
		  BN_bn2binpad(bn[N], pub, (int)a->pub) == (int)a->pub;

	free_numbers(bn);
	BN_CTX_free(ctx);
	return ok;
}

static bool ec_derive(const struct alg *a, const uint8_t *priv, uint8_t *pub)
{
	EC_GROUP *group = EC_GROUP_new_by_curve_name(
	    EC_curve_nist2nid(a->group) != NID_undef ? EC_curve_nist2nid(a->group) : NID_sm2);
	BIGNUM *d = BN_bin2bn(priv, (int)a->priv, NULL);
	EC_POINT *point = group != NULL ? EC_POINT_new(group) : NULL;
	bool ok = point != NULL && d != NULL && !BN_is_zero(d) &&
		  BN_cmp(d, EC_GROUP_get0_order(group)) < 0 &&
		  EC_POINT_mul(group, point, d, NULL, NULL, NULL) == 1 &&
		  EC_POINT_point2oct(
		      group, point, POINT_CONVERSION_UNCOMPRESSED, pub, a->pub, NULL) == a->pub;

	EC_POINT_free(point);
	BN_clear_free(d);
	EC_GROUP_free(group);
	return ok;
}

static bool raw_derive(const struct alg *a, const uint8_t *priv, uint8_t *pub)
{
	EVP_PKEY *pkey = EVP_PKEY_new_raw_private_key_ex(NULL, a->type, NULL, priv, a->priv);
	size_t len = a->pub;
	bool ok = pkey != NULL && EVP_PKEY_get_raw_public_key(pkey, pub, &len) == 1;

	EVP_PKEY_free(pkey);
	return ok;
}

enum ap_hal_rc host_derive(void *ctx, uint8_t alg, const uint8_t *priv, uint8_t *pub)
{
	const struct alg *a = find(alg);
	bool ok = false;

	(void)ctx;
	if (a->kind == RSA_KEY)
		ok = rsa_derive(a, priv, pub);
	else if (a->kind == EC_KEY_PAIR)
		ok = ec_derive(a, priv, pub);
	else if (a->kind == RAW)
		ok = raw_derive(a, priv, pub);
	return ok ? AP_HAL_OK : AP_HAL_INPUT;
}
