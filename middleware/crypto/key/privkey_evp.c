/* SPDX-License-Identifier: BSD-2-Clause */
/* Private keys out of OpenSSL's hands. */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/objects.h>

#include "crypto/ossl.h"
#include "crypto/key/privkey.h"
#include "util/mem.h"

/* The number called name, big-endian in out; *n its length. */
static enum ecert_rc get_number(
    const EVP_PKEY *key, const char *name, uint8_t *out, size_t room, size_t *n)
{
	BIGNUM *bn = NULL;
	enum ecert_rc rc = ECERT_E_UNSUPPORTED;

	*n = 0;
	/* Absent: a public key, or one with its numbers elsewhere. */
	if (EVP_PKEY_get_bn_param(key, name, &bn) == 1 && BN_num_bytes(bn) <= (int)room) {
		*n = (size_t)BN_bn2bin(bn, out);
		rc = ECERT_OK;
	}
	BN_clear_free(bn);
	return rc;
}

static enum ecert_rc from_rsa(const EVP_PKEY *key, struct privkey **out)
{
	uint8_t p[512], q[512], e[512], third[512];
	size_t pn, qn = 0, en = 0, n3;
	enum ecert_rc rc = get_number(key, OSSL_PKEY_PARAM_RSA_FACTOR1, p, sizeof p, &pn);

	if (rc == ECERT_OK)
		rc = get_number(key, OSSL_PKEY_PARAM_RSA_FACTOR2, q, sizeof q, &qn);
	if (rc == ECERT_OK)
		rc = get_number(key, OSSL_PKEY_PARAM_RSA_E, e, sizeof e, &en);
	/* No card takes a key of three primes. */
	if (rc == ECERT_OK &&
	    get_number(key, OSSL_PKEY_PARAM_RSA_FACTOR3, third, sizeof third, &n3) == ECERT_OK)
		rc = ECERT_E_UNSUPPORTED;
	if (rc == ECERT_OK)
		rc = privkey_from_primes(rd_of(p, pn), rd_of(q, qn), rd_of(e, en), out);
	mem_wipe(p, sizeof p);
	mem_wipe(q, sizeof q);
	mem_wipe(third, sizeof third);
	return rc;
}

static enum ecert_rc from_scalar(const EVP_PKEY *key, enum key_alg alg, struct privkey **out)
{
	uint8_t d[512];
	size_t n = 0;
	enum ecert_rc rc = get_number(key, OSSL_PKEY_PARAM_PRIV_KEY, d, sizeof d, &n);

	if (rc == ECERT_OK)
		rc = privkey_from_scalar(alg, rd_of(d, n), out);
	mem_wipe(d, sizeof d);
	return rc;
}

static enum ecert_rc from_seed(const EVP_PKEY *key, enum key_alg alg, struct privkey **out)
{
	uint8_t seed[32];
	size_t n = sizeof seed;
	enum ecert_rc rc = ECERT_E_UNSUPPORTED;

	if (EVP_PKEY_get_raw_private_key(key, seed, &n) == 1)
		rc = privkey_from_scalar(alg, rd_of(seed, n), out);
	mem_wipe(seed, sizeof seed);
	return rc;
}

static enum ecert_rc from_evp(const EVP_PKEY *key, struct privkey **out)
{
	static const enum key_alg curves[] = {KEY_P256, KEY_P384, KEY_SM2};
	char group[64];
	size_t n;

	if (EVP_PKEY_is_a(key, "RSA"))
		return from_rsa(key, out);
	if (EVP_PKEY_is_a(key, "ED25519"))
		return from_seed(key, KEY_ED25519, out);
	if (EVP_PKEY_is_a(key, "X25519"))
		return from_seed(key, KEY_X25519, out);
	if (EVP_PKEY_get_group_name(key, group, sizeof group, &n) != 1)
		return ECERT_E_UNSUPPORTED;
	for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++) {
		/* "P-256" and "prime256v1" are one curve. */
		int nid = OBJ_sn2nid(group) != NID_undef ? OBJ_sn2nid(group)
							 : EC_curve_nist2nid(group);

		if (nid != NID_undef && nid == OBJ_sn2nid(alg_row(curves[i])->group))
			return from_scalar(key, curves[i], out);
	}
	return ECERT_E_UNSUPPORTED;
}

enum ecert_rc privkey_from_evp(const EVP_PKEY *key, struct privkey **out)
{
	enum ecert_rc rc;

	*out = NULL;
	ossl_enter();
	rc = from_evp(key, out);
	ossl_leave();
	return rc;
}
