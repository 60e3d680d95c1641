/* SPDX-License-Identifier: BSD-2-Clause */
/* Elliptic-curve checks. */
#include "crypto/key/ec.h"

#include <openssl/bn.h>
#include <openssl/obj_mac.h>
#include <stdatomic.h>

#include "crypto/ossl.h"

static const int nids[KEY_ALG_COUNT] = {
    [KEY_P256] = NID_X9_62_prime256v1,
    [KEY_P384] = NID_secp384r1,
    [KEY_SM2] = NID_sm2,
};

const EC_GROUP *ec_group(enum key_alg alg)
{
	static _Atomic(EC_GROUP *) shared[KEY_ALG_COUNT];
	EC_GROUP *seen, *fresh;

	if ((unsigned)alg >= KEY_ALG_COUNT || nids[alg] == 0)
		return NULL;
	seen = atomic_load(&shared[alg]);
	if (seen)
		return seen;
	fresh = EC_GROUP_new_by_curve_name(nids[alg]);
	if (!fresh)
		return NULL;
	if (atomic_compare_exchange_strong(&shared[alg], &seen, fresh))
		return fresh;
	EC_GROUP_free(fresh);
	return seen;
}

/* Whether x and y satisfy the equation: SEC 1, 3.2.2.1 steps 2 and 3. */
static enum ecert_rc on_curve(const EC_GROUP *group, const BIGNUM *x, const BIGNUM *y, BN_CTX *bn)
{
	enum ecert_rc rc = ECERT_E_MEMORY;
	BIGNUM *p, *a, *b, *left, *right;

	BN_CTX_start(bn);
	p = BN_CTX_get(bn);
	a = BN_CTX_get(bn);
	b = BN_CTX_get(bn);
	left = BN_CTX_get(bn);
	right = BN_CTX_get(bn);
	if (!right || EC_GROUP_get_curve(group, p, a, b, bn) != 1)
		goto out;
	rc = ECERT_E_MALFORMED;
	if (BN_cmp(x, p) >= 0 || BN_cmp(y, p) >= 0)
		goto out;
	rc = ECERT_E_MEMORY;
	/* y^2 = (x^2 + a) x + b */
	if (BN_mod_sqr(left, y, p, bn) == 1 && BN_mod_sqr(right, x, p, bn) == 1 &&
	    BN_mod_add_quick(right, right, a, p) == 1 && BN_mod_mul(right, right, x, p, bn) == 1 &&
	    BN_mod_add_quick(right, right, b, p) == 1)
		rc = BN_cmp(left, right) == 0 ? ECERT_OK : ECERT_E_MALFORMED;
out:
	BN_CTX_end(bn);
	return rc;
}

/* 04 X Y. The equation is checked before OpenSSL checks it, because OpenSSL would put its refusal
 * on the host's error queue, and a mark on the queue (ossl_enter) costs a process 1.1 MB at first.
 */
static enum ecert_rc take_uncompressed(const EC_GROUP *group, struct rd xy, EC_POINT *point)
{
	enum ecert_rc rc = ECERT_E_MEMORY;
	BN_CTX *bn = BN_CTX_new();
	BIGNUM *x = BN_bin2bn(xy.p, (int)(xy.n / 2), NULL);
	BIGNUM *y = BN_bin2bn(xy.p + xy.n / 2, (int)(xy.n / 2), NULL);

	if (bn && x && y)
		rc = on_curve(group, x, y, bn);
	if (rc == ECERT_OK && EC_POINT_set_affine_coordinates(group, point, x, y, bn) != 1)
		rc = ECERT_E_MEMORY;
	BN_free(x);
	BN_free(y);
	BN_CTX_free(bn);
	return rc;
}

/* 02 X or 03 X (SEC 1, 2.3.4): rare, so OpenSSL may as well do all of it. */
static enum ecert_rc take_compressed(const EC_GROUP *group, struct rd encoded, EC_POINT *point)
{
	int ok;

	ossl_enter();
	ok = EC_POINT_oct2point(group, point, encoded.p, encoded.n, NULL) == 1;
	ossl_leave();
	return ok ? ECERT_OK : ECERT_E_MALFORMED;
}

enum ecert_rc ec_point_get(enum key_alg alg, struct rd encoded, EC_POINT **out)
{
	const struct alg *row = alg_row(alg);
	enum ecert_rc rc = ECERT_E_MALFORMED;
	const EC_GROUP *group;
	EC_POINT *point;

	*out = NULL;
	if (!row || nids[alg] == 0)
		return ECERT_E_KEY_TYPE;
	group = ec_group(alg);
	point = group ? EC_POINT_new(group) : NULL;
	if (!point)
		return ECERT_E_MEMORY;
	/* Infinity and the hybrid forms 06 and 07 are no keys. */
	if (encoded.n == row->point && encoded.p[0] == 4)
		rc = take_uncompressed(group, rd_of(encoded.p + 1, encoded.n - 1), point);
	else if (encoded.n == 1 + row->point / 2 && (encoded.p[0] == 2 || encoded.p[0] == 3))
		rc = take_compressed(group, encoded, point);
	if (rc == ECERT_OK)
		*out = point;
	else
		EC_POINT_free(point);
	return rc;
}

enum ecert_rc ec_peer_check(enum key_alg alg, struct rd point)
{
	const struct alg *row = alg_row(alg);
	EC_POINT *p = NULL;
	enum ecert_rc rc;

	if (!row || !row->can_derive)
		return ECERT_E_KEY_TYPE;
	if (point.n != row->point)
		return ECERT_E_DATA;
	if (row->family == FAMILY_MONTGOMERY)
		return ECERT_OK;
	rc = ec_point_get(alg, point, &p);
	EC_POINT_free(p);
	return rc == ECERT_E_MALFORMED ? ECERT_E_DATA : rc;
}

enum ecert_rc ec_secret_check(enum key_alg alg, struct rd secret)
{
	const struct alg *row = alg_row(alg);
	unsigned any = 0;

	if (!row || !row->can_derive)
		return ECERT_E_KEY_TYPE;
	if (secret.n != row->block)
		return ECERT_E_CARD;
	for (size_t i = 0; i < secret.n; i++)
		any |= secret.p[i];
	/* X = 0 is a possible, if absurd, ECDH result; on X25519 it proves a low-order peer. */
	return row->family == FAMILY_MONTGOMERY && any == 0 ? ECERT_E_CARD : ECERT_OK;
}

/* r and s of a raw signature, each in 1 .. order - 1. */
static enum ecert_rc split(const BIGNUM *order, struct rd raw, BIGNUM *r, BIGNUM *s)
{
	size_t half = (size_t)BN_num_bytes(order);

	if (raw.n != 2 * half)
		return ECERT_E_BAD_SIGNATURE;
	if (!BN_bin2bn(raw.p, (int)half, r) || !BN_bin2bn(raw.p + half, (int)half, s))
		return ECERT_E_CRYPTO;
	if (BN_is_zero(r) || BN_is_zero(s) || BN_cmp(r, order) >= 0 || BN_cmp(s, order) >= 0)
		return ECERT_E_BAD_SIGNATURE;
	return ECERT_OK;
}

/* x := the x coordinate of u1 G + u2 Q, modulo the order. */
static enum ecert_rc combine(const EC_GROUP *group, const EC_POINT *q, const BIGNUM *u1,
    const BIGNUM *u2, BIGNUM *x, BN_CTX *bn)
{
	enum ecert_rc rc = ECERT_E_CRYPTO;
	EC_POINT *sum = EC_POINT_new(group);

	if (!sum || EC_POINT_mul(group, sum, u1, q, u2, bn) != 1)
		goto out;
	if (EC_POINT_is_at_infinity(group, sum)) {
		rc = ECERT_E_BAD_SIGNATURE;
		goto out;
	}
	if (EC_POINT_get_affine_coordinates(group, sum, x, NULL, bn) == 1 &&
	    BN_nnmod(x, x, EC_GROUP_get0_order(group), bn) == 1)
		rc = ECERT_OK;
out:
	EC_POINT_free(sum);
	return rc;
}

/* The numbers of one check, from one BN_CTX frame. */
struct check {
	BN_CTX *bn;
	const BIGNUM *order;
	BIGNUM *r, *s, *e, *w, *u1, *u2, *x;
};

static enum ecert_rc check_begin(struct check *c, const EC_GROUP *group, struct rd e, struct rd raw)
{
	size_t half;

	*c = (struct check){.bn = BN_CTX_new(), .order = EC_GROUP_get0_order(group)};
	if (!c->bn)
		return ECERT_E_CRYPTO;
	BN_CTX_start(c->bn);
	c->r = BN_CTX_get(c->bn);
	c->s = BN_CTX_get(c->bn);
	c->e = BN_CTX_get(c->bn);
	c->w = BN_CTX_get(c->bn);
	c->u1 = BN_CTX_get(c->bn);
	c->u2 = BN_CTX_get(c->bn);
	c->x = BN_CTX_get(c->bn);
	/* BN_CTX_get fails for good once it has failed. */
	if (!c->x)
		return ECERT_E_CRYPTO;
	/* The orders of our curves are whole bytes, so the leftmost bits are the leftmost bytes. */
	half = (size_t)BN_num_bytes(c->order);
	if (!BN_bin2bn(e.p, (int)(e.n < half ? e.n : half), c->e))
		return ECERT_E_CRYPTO;
	return split(c->order, raw, c->r, c->s);
}

static void check_end(struct check *c)
{
	if (c->bn)
		BN_CTX_end(c->bn);
	BN_CTX_free(c->bn);
}

enum ecert_rc ecdsa_check(enum key_alg alg, const EC_POINT *q, struct rd digest, struct rd raw)
{
	const EC_GROUP *group = ec_group(alg);
	struct check c = {0};
	enum ecert_rc rc;

	if (!group)
		return ECERT_E_CRYPTO;
	rc = check_begin(&c, group, digest, raw);
	if (rc != ECERT_OK)
		goto out;
	rc = ECERT_E_CRYPTO;
	if (!BN_mod_inverse(c.w, c.s, c.order, c.bn) ||
	    BN_mod_mul(c.u1, c.e, c.w, c.order, c.bn) != 1 ||
	    BN_mod_mul(c.u2, c.r, c.w, c.order, c.bn) != 1)
		goto out;
	rc = combine(group, q, c.u1, c.u2, c.x, c.bn);
	if (rc == ECERT_OK && BN_cmp(c.x, c.r) != 0)
		rc = ECERT_E_BAD_SIGNATURE;
out:
	check_end(&c);
	return rc;
}

enum ecert_rc sm2_check(const EC_POINT *q, struct rd e, struct rd raw)
{
	const EC_GROUP *group = ec_group(KEY_SM2);
	struct check c = {0};
	enum ecert_rc rc;

	if (!group)
		return ECERT_E_CRYPTO;
	if (e.n != 32)
		return ECERT_E_BAD_SIGNATURE;
	rc = check_begin(&c, group, e, raw);
	if (rc != ECERT_OK)
		goto out;
	rc = ECERT_E_CRYPTO;
	if (BN_mod_add(c.u2, c.r, c.s, c.order, c.bn) != 1)
		goto out;
	/* t = 0 must fail; the sum below would else leave the key out of the equation. */
	rc = ECERT_E_BAD_SIGNATURE;
	if (BN_is_zero(c.u2))
		goto out;
	rc = combine(group, q, c.s, c.u2, c.x, c.bn);
	if (rc != ECERT_OK)
		goto out;
	if (BN_mod_add(c.x, c.x, c.e, c.order, c.bn) != 1)
		rc = ECERT_E_CRYPTO;
	else if (BN_cmp(c.x, c.r) != 0)
		rc = ECERT_E_BAD_SIGNATURE;
out:
	check_end(&c);
	return rc;
}
