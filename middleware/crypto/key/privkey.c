/* SPDX-License-Identifier: BSD-2-Clause */
/* Private keys for import. */
#include "crypto/key/privkey.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/der.h"
#include "crypto/key/ec.h"
#include "crypto/ossl.h"
#include "crypto/key/pubkey_priv.h"
#include "util/mem.h"

#define PARTS 5
#define STORE (PARTS * 256) /* RSA-4096: five parts of half the modulus */

struct privkey {
	const struct alg *alg;
	struct pubkey *pub;
	uint8_t *store; /* STORE bytes from secret_alloc */
	struct rd part[PARTS];
};

static enum ecert_rc make(struct privkey **out)
{
	struct privkey *k = calloc(1, sizeof *k);
	void *store = NULL;
	enum ecert_rc rc = k ? secret_alloc(STORE, &store) : ECERT_E_MEMORY;

	if (rc != ECERT_OK) {
		free(k);
		k = NULL;
	} else {
		k->store = store;
	}
	*out = k;
	return rc;
}

void privkey_free(struct privkey **k)
{
	if (!*k)
		return;
	secret_free((*k)->store, STORE);
	pubkey_free(&(*k)->pub);
	free(*k);
	*k = NULL;
}

enum key_alg privkey_alg(const struct privkey *k)
{
	return k->alg->id;
}

const struct rd *privkey_parts(const struct privkey *k)
{
	return k->part;
}

const struct pubkey *privkey_public(const struct privkey *k)
{
	return k->pub;
}

/* part[i] := n, in exactly size bytes. */
static enum ecert_rc keep(struct privkey *k, size_t i, const BIGNUM *n, size_t size)
{
	uint8_t *at = k->store + i * size;

	if (BN_bn2binpad(n, at, (int)size) != (int)size)
		return ECERT_E_DATA;
	k->part[i] = rd_of(at, size);
	return ECERT_OK;
}

/* The numbers of one RSA key, in OpenSSL's secure frame. */
struct primes {
	BN_CTX *bn;
	BIGNUM *p, *q, *e, *n, *p1, *q1, *phi, *dp, *dq, *qinv;
};

static bool primes_begin(struct primes *r)
{
	BIGNUM **const all[] = {
	    &r->p, &r->q, &r->e, &r->n, &r->p1, &r->q1, &r->phi, &r->dp, &r->dq, &r->qinv};

	*r = (struct primes){.bn = BN_CTX_secure_new()};
	if (!r->bn)
		return false;
	BN_CTX_start(r->bn);
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		*all[i] = BN_CTX_get(r->bn);
		if (!*all[i])
			return false;
		BN_set_flags(*all[i], BN_FLG_CONSTTIME);
	}
	return true;
}

static void primes_end(struct primes *r)
{
	BIGNUM *const all[] = {r->p, r->q, r->p1, r->q1, r->phi, r->dp, r->dq, r->qinv};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		if (all[i])
			BN_clear(all[i]);
	}
	if (r->bn)
		BN_CTX_end(r->bn);
	BN_CTX_free(r->bn);
}

/* RFC 8017, 3.2: dP = e^-1 mod (p - 1), dQ alike, qInv = q^-1 mod p. */
static bool complete(struct primes *r)
{
	return BN_mul(r->n, r->p, r->q, r->bn) && BN_sub(r->p1, r->p, BN_value_one()) &&
	       BN_sub(r->q1, r->q, BN_value_one()) && BN_mod_inverse(r->dp, r->e, r->p1, r->bn) &&
	       BN_mod_inverse(r->dq, r->e, r->q1, r->bn) &&
	       BN_mod_inverse(r->qinv, r->q, r->p, r->bn);
}

static enum ecert_rc public_of(const struct primes *r, struct privkey *k)
{
	uint8_t n[512], e[8];
	struct key_parts parts = {.alg = k->alg, .n = rd_of(n, k->alg->block)};
	int e_len = BN_bn2bin(r->e, e);
	enum ecert_rc rc;

	if (BN_bn2binpad(r->n, n, (int)k->alg->block) < 0)
		return ECERT_E_DATA;
	parts.e = rd_of(e, (size_t)e_len);
	rc = pubkey_make(&parts, &k->pub);
	return rc == ECERT_E_MALFORMED ? ECERT_E_DATA : rc;
}

static enum ecert_rc keep_rsa(const struct primes *r, struct privkey *k)
{
	const BIGNUM *const order[PARTS] = {r->p, r->q, r->dp, r->dq, r->qinv};
	enum ecert_rc rc = ECERT_OK;

	k->alg = alg_by_rsa_bits((unsigned)BN_num_bits(r->n));
	if (!k->alg)
		return ECERT_E_UNSUPPORTED;
	for (size_t i = 0; rc == ECERT_OK && i < PARTS; i++)
		rc = keep(k, i, order[i], k->alg->block / 2);
	return rc == ECERT_OK ? public_of(r, k) : rc;
}

enum ecert_rc privkey_from_primes(struct rd p, struct rd q, struct rd e, struct privkey **out)
{
	struct primes r = {0};
	struct privkey *k;
	enum ecert_rc rc = make(&k);

	*out = NULL;
	if (rc != ECERT_OK)
		return rc;
	p = der_strip(p);
	q = der_strip(q);
	e = der_strip(e);
	rc = ECERT_E_DATA;
	/* Odd halves of a size we know, before any arithmetic is done with them. */
	if (p.n == 0 || p.n > 256 || q.n != p.n || e.n == 0 || e.n > 8 ||
	    (p.p[p.n - 1] & q.p[q.n - 1] & 1) == 0)
		goto out;
	ossl_enter();
	rc = ECERT_E_MEMORY;
	if (primes_begin(&r) && BN_bin2bn(p.p, (int)p.n, r.p) && BN_bin2bn(q.p, (int)q.n, r.q) &&
	    BN_bin2bn(e.p, (int)e.n, r.e))
		rc = complete(&r) ? keep_rsa(&r, k) : ECERT_E_DATA;
	primes_end(&r);
	ossl_leave();
out:
	if (rc == ECERT_OK) {
		*out = k;
		k = NULL;
	}
	privkey_free(&k);
	return rc;
}

/* d mod (p - 1) is dP, which is its only value there: e * d = 1 mod (p - 1). */
static bool reduces(struct primes *r, const BIGNUM *d, struct rd prime, struct rd want)
{
	return BN_bin2bn(prime.p, (int)prime.n, r->p) && BN_bin2bn(want.p, (int)want.n, r->dp) &&
	       BN_sub(r->p1, r->p, BN_value_one()) && BN_mod(r->q, d, r->p1, r->bn) &&
	       BN_cmp(r->q, r->dp) == 0;
}

enum ecert_rc privkey_rsa_exponent(const struct privkey *k, struct rd d)
{
	const struct rd *part = k->part;
	struct primes r = {0};
	struct rd n, e;
	bool good = false;
	enum ecert_rc rc = ECERT_E_MEMORY;

	d = der_strip(d);
	if (k->alg->family != FAMILY_RSA || pubkey_rsa(k->pub, &n, &e) != ECERT_OK ||
	    d.n > k->alg->block)
		return ECERT_E_DATA;
	ossl_enter();
	if (primes_begin(&r) && BN_bin2bn(d.p, (int)d.n, r.phi) && BN_bin2bn(n.p, (int)n.n, r.n)) {
		rc = ECERT_E_DATA;
		good = BN_cmp(r.phi, r.n) < 0 && reduces(&r, r.phi, part[0], part[2]) &&
		       reduces(&r, r.phi, part[1], part[3]);
	}
	primes_end(&r);
	ossl_leave();
	return good ? ECERT_OK : rc;
}

/* Q = dG; the multiplication is OpenSSL's ladder for secret scalars. */
static enum ecert_rc ec_public(struct privkey *k, const BIGNUM *d)
{
	const EC_GROUP *group = ec_group(k->alg->id);
	EC_POINT *q = EC_POINT_new(group);
	struct key_parts parts = {.alg = k->alg};
	enum ecert_rc rc = ECERT_E_CRYPTO;
	uint8_t point[97];

	if (q && EC_POINT_mul(group, q, d, NULL, NULL, NULL) == 1 &&
	    EC_POINT_point2oct(group, q, POINT_CONVERSION_UNCOMPRESSED, point, k->alg->point,
		NULL) == k->alg->point) {
		parts.point = rd_of(point, k->alg->point);
		rc = pubkey_make(&parts, &k->pub);
	}
	EC_POINT_free(q);
	return rc;
}

static enum ecert_rc take_ec(struct privkey *k, struct rd d)
{
	const EC_GROUP *group = ec_group(k->alg->id);
	enum ecert_rc rc = ECERT_E_DATA;
	BIGNUM *n, *limit;

	if (!group)
		return ECERT_E_MEMORY;
	d = der_strip(d);
	if (d.n == 0 || d.n > k->alg->block)
		return ECERT_E_DATA;
	n = BN_secure_new();
	limit = BN_dup(EC_GROUP_get0_order(group));
	if (!n || !limit || !BN_bin2bn(d.p, (int)d.n, n)) {
		rc = ECERT_E_MEMORY;
		goto out;
	}
	BN_set_flags(n, BN_FLG_CONSTTIME);
	/* GB/T 32918.2, 6.1 needs 1 + d to have an inverse. */
	if (k->alg->id == KEY_SM2 && BN_sub_word(limit, 1) != 1) {
		rc = ECERT_E_CRYPTO;
		goto out;
	}
	if (BN_cmp(n, limit) >= 0)
		goto out;
	rc = keep(k, 0, n, k->alg->block);
	if (rc == ECERT_OK)
		rc = ec_public(k, n);
out:
	BN_clear_free(n);
	BN_free(limit);
	return rc;
}

static enum ecert_rc take_25519(struct privkey *k, struct rd seed)
{
	struct key_parts parts = {.alg = k->alg};
	uint8_t point[32];
	size_t n = sizeof point;
	enum ecert_rc rc = ECERT_E_CRYPTO;
	EVP_PKEY *key;

	if (seed.n != 32)
		return ECERT_E_DATA;
	if (!ossl_ctx())
		return ECERT_E_MEMORY;
	memcpy(k->store, seed.p, seed.n);
	k->part[0] = rd_of(k->store, seed.n);
	key = EVP_PKEY_new_raw_private_key_ex(ossl_ctx(), k->alg->group, NULL, seed.p, seed.n);
	if (key && EVP_PKEY_get_raw_public_key(key, point, &n) == 1) {
		parts.point = rd_of(point, n);
		rc = pubkey_make(&parts, &k->pub);
	}
	EVP_PKEY_free(key);
	return rc;
}

enum ecert_rc privkey_from_scalar(enum key_alg alg, struct rd d, struct privkey **out)
{
	const struct alg *row = alg_row(alg);
	struct privkey *k;
	enum ecert_rc rc;

	*out = NULL;
	if (!row || row->family == FAMILY_RSA)
		return ECERT_E_UNSUPPORTED;
	rc = make(&k);
	if (rc != ECERT_OK)
		return rc;
	k->alg = row;
	ossl_enter();
	if (row->family == FAMILY_EC || row->family == FAMILY_SM2)
		rc = take_ec(k, d);
	else
		rc = take_25519(k, d);
	ossl_leave();
	if (rc == ECERT_OK) {
		*out = k;
		k = NULL;
	}
	privkey_free(&k);
	return rc;
}
