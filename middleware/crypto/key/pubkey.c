/* SPDX-License-Identifier: BSD-2-Clause */
/* Public keys: making, sharing, checking a signature. */
#include "crypto/key/pubkey.h"

#include <openssl/bn.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/der.h"
#include "crypto/key/ec.h"
#include "crypto/ossl.h"
#include "crypto/key/pubkey_priv.h"
#include "util/mem.h"

#define SPKI_MAX 1024

struct pubkey {
	atomic_uint refs;
	struct key_parts parts; /* views of spki */
	struct alg own;		/* RSA of a size that no row has */
	uint8_t *spki;
	size_t spki_len;
	BIGNUM *n, *e;	   /* RSA */
	BN_MONT_CTX *mont; /* RSA: the modulus made ready once, so that a check is one power */
	EC_POINT *q;	   /* EC and SM2 */
	_Atomic(EVP_PKEY *) evp;
};

/* Where the parts lie in an encoding: they are its last bytes, in this order. */
static void put_key(struct buf *b, const struct key_parts *p)
{
	size_t n = der_unsigned_size(p->n), e = der_unsigned_size(p->e);

	if (p->alg->family != FAMILY_RSA) {
		buf_rd(b, p->point);
		return;
	}
	tlv_head(b, DER_SEQUENCE, n + e); /* RFC 8017, A.1.1 */
	der_put_unsigned(b, p->n);
	der_put_unsigned(b, p->e);
}

static enum ecert_rc encode_spki(struct pubkey *k, const struct key_parts *p)
{
	struct buf key = BUF_INIT(SPKI_MAX), bits = BUF_INIT(SPKI_MAX), all = BUF_INIT(SPKI_MAX);
	enum ecert_rc rc;

	put_key(&key, p);
	tlv_head(&bits, DER_BIT_STRING, buf_len(&key) + 1);
	buf_u8(&bits, 0);
	buf_rd(&bits, buf_view(&key));
	tlv_head(&all, DER_SEQUENCE, p->alg->algid.n + buf_len(&bits));
	buf_rd(&all, p->alg->algid);
	buf_rd(&all, buf_view(&bits));
	if (buf_rc(&key) != ECERT_OK)
		buf_fail(&all, buf_rc(&key));
	if (buf_rc(&bits) != ECERT_OK)
		buf_fail(&all, buf_rc(&bits));
	rc = buf_detach(&all, &k->spki, &k->spki_len);
	buf_free(&key);
	buf_free(&bits);
	return rc;
}

/* Points the parts into the encoding, so that they live as long as the key. */
static void keep_parts(struct pubkey *k, const struct key_parts *p)
{
	const uint8_t *end = k->spki + k->spki_len;

	k->parts.alg = p->alg;
	if (p->alg->family == FAMILY_RSA) {
		k->parts.e = rd_of(end - p->e.n, p->e.n);
		k->parts.n = rd_of(end - der_unsigned_size(p->e) - p->n.n, p->n.n);
	} else {
		k->parts.point = rd_of(end - p->point.n, p->point.n);
	}
}

/* FIPS 186-5, A.1.1: odd numbers. The exponent is capped at 64 bits, as OpenSSL caps it for large
 * moduli: a longer one only serves to make verifiers slow. */
static enum ecert_rc check_rsa(const struct key_parts *p)
{
	if (p->n.n != p->alg->block || der_unsigned_bits(p->n) != p->alg->bits ||
	    (p->n.p[p->n.n - 1] & 1) == 0)
		return ECERT_E_MALFORMED;
	if (p->e.n == 0 || p->e.n > 8 || (p->e.p[p->e.n - 1] & 1) == 0)
		return ECERT_E_MALFORMED;
	return p->e.n == 1 && p->e.p[0] == 1 ? ECERT_E_MALFORMED : ECERT_OK;
}

static enum ecert_rc prepare_rsa(struct pubkey *k)
{
	BN_CTX *bn = BN_CTX_new();
	enum ecert_rc rc = ECERT_E_MEMORY;

	k->n = BN_bin2bn(k->parts.n.p, (int)k->parts.n.n, NULL);
	k->e = BN_bin2bn(k->parts.e.p, (int)k->parts.e.n, NULL);
	k->mont = BN_MONT_CTX_new();
	if (bn && k->n && k->e && k->mont && BN_MONT_CTX_set(k->mont, k->n, bn) == 1)
		rc = ECERT_OK;
	BN_CTX_free(bn);
	return rc;
}

/* The encoding always carries the point uncompressed. */
static enum ecert_rc uncompress(struct key_parts *p, uint8_t room[97], EC_POINT **q)
{
	enum ecert_rc rc = ec_point_get(p->alg->id, p->point, q);

	if (rc != ECERT_OK)
		return rc;
	if (EC_POINT_point2oct(ec_group(p->alg->id), *q, POINT_CONVERSION_UNCOMPRESSED, room,
		p->alg->point, NULL) != p->alg->point)
		return ECERT_E_MEMORY;
	p->point = rd_of(room, p->alg->point);
	return ECERT_OK;
}

static enum ecert_rc check_parts(struct key_parts *p, uint8_t room[97], EC_POINT **q)
{
	switch (p->alg->family) {
	case FAMILY_RSA:
		return check_rsa(p);
	case FAMILY_EC:
	case FAMILY_SM2:
		return uncompress(p, room, q);
	default:
		return p->point.n == p->alg->point ? ECERT_OK : ECERT_E_MALFORMED;
	}
}

enum ecert_rc pubkey_make(const struct key_parts *given, struct pubkey **out)
{
	struct key_parts p = *given;
	uint8_t room[97];
	struct pubkey *k;
	enum ecert_rc rc;

	*out = NULL;
	k = calloc(1, sizeof *k);
	if (!k)
		return ECERT_E_MEMORY;
	atomic_init(&k->refs, 1);
	if (p.alg != alg_row(p.alg->id)) {
		k->own = *p.alg;
		p.alg = &k->own;
	}
	rc = check_parts(&p, room, &k->q);
	if (rc != ECERT_OK)
		goto out;
	rc = encode_spki(k, &p);
	if (rc != ECERT_OK)
		goto out;
	keep_parts(k, &p);
	if (p.alg->family == FAMILY_RSA)
		rc = prepare_rsa(k);
	if (rc != ECERT_OK)
		goto out;
	*out = k;
	k = NULL;
out:
	pubkey_free(&k);
	return rc;
}

struct pubkey *pubkey_ref(const struct pubkey *k)
{
	/* The count is the one field that changes; to everybody else the key is constant. */
	struct pubkey *shared = (struct pubkey *)(uintptr_t)k;

	if (shared)
		atomic_fetch_add(&shared->refs, 1);
	return shared;
}

void pubkey_free(struct pubkey **kp)
{
	struct pubkey *k = *kp;

	*kp = NULL;
	if (!k || atomic_fetch_sub(&k->refs, 1) != 1)
		return;
	EVP_PKEY_free(atomic_load(&k->evp));
	EC_POINT_free(k->q);
	BN_MONT_CTX_free(k->mont);
	BN_free(k->n);
	BN_free(k->e);
	mem_free(k->spki, k->spki_len);
	free(k);
}

enum key_alg pubkey_alg(const struct pubkey *k)
{
	return k->parts.alg->id;
}

const struct alg *pubkey_row(const struct pubkey *k)
{
	return k->parts.alg;
}

struct rd pubkey_spki(const struct pubkey *k)
{
	return rd_of(k->spki, k->spki_len);
}

enum ecert_rc pubkey_rsa(const struct pubkey *k, struct rd *modulus, struct rd *exponent)
{
	*modulus = k->parts.n;
	*exponent = k->parts.e;
	return k->parts.alg->family == FAMILY_RSA ? ECERT_OK : ECERT_E_KEY_TYPE;
}

enum ecert_rc pubkey_point(const struct pubkey *k, struct rd *point)
{
	*point = k->parts.point;
	return k->parts.alg->family == FAMILY_RSA ? ECERT_E_KEY_TYPE : ECERT_OK;
}

EVP_PKEY *pubkey_evp(const struct pubkey *k)
{
	/* Made late: most keys are only looked at or checked against, and EVP is dear. */
	struct pubkey *shared = (struct pubkey *)(uintptr_t)k;
	EVP_PKEY *seen = atomic_load(&shared->evp), *fresh;

	if (seen)
		return seen;
	fresh = pubkey_make_evp(&k->parts);
	if (!fresh)
		return NULL;
	if (atomic_compare_exchange_strong(&shared->evp, &seen, fresh))
		return fresh;
	EVP_PKEY_free(fresh);
	return seen;
}

bool pubkey_equal(const struct pubkey *a, const struct pubkey *b)
{
	return rd_equal(pubkey_spki(a), pubkey_spki(b));
}

/* RFC 8017, 5.2.2: sig below the modulus, and sig^e mod n the block. */
static enum ecert_rc rsa_check(const struct pubkey *k, struct rd in, struct rd sig)
{
	enum ecert_rc rc = ECERT_E_CRYPTO;
	BIGNUM *s, *m, *want;
	BN_CTX *bn;

	if (in.n != k->parts.n.n || sig.n != k->parts.n.n)
		return ECERT_E_BAD_SIGNATURE;
	bn = BN_CTX_new();
	s = BN_bin2bn(sig.p, (int)sig.n, NULL);
	want = BN_bin2bn(in.p, (int)in.n, NULL);
	m = BN_new();
	if (!bn || !s || !want || !m)
		goto out;
	if (BN_cmp(s, k->n) >= 0) {
		rc = ECERT_E_BAD_SIGNATURE;
		goto out;
	}
	if (BN_mod_exp_mont(m, s, k->e, k->n, bn, k->mont) == 1)
		rc = BN_cmp(m, want) == 0 ? ECERT_OK : ECERT_E_BAD_SIGNATURE;
out:
	BN_free(s);
	BN_free(m);
	BN_free(want);
	BN_CTX_free(bn);
	return rc;
}

/* What OpenSSL says of a signature: 0 is "no"; below, that it could not tell. */
static enum ecert_rc judged(int said)
{
	if (said == 1)
		return ECERT_OK;
	return said == 0 ? ECERT_E_BAD_SIGNATURE : ECERT_E_CRYPTO;
}

/* RFC 8032, 5.1.7. */
static enum ecert_rc eddsa_check(const struct pubkey *k, struct rd message, struct rd sig)
{
	enum ecert_rc rc = ECERT_E_CRYPTO;
	EVP_MD_CTX *ctx;
	EVP_PKEY *key;

	if (sig.n != k->parts.alg->signature)
		return ECERT_E_BAD_SIGNATURE;
	ossl_enter();
	key = pubkey_evp(k);
	ctx = EVP_MD_CTX_new();
	if (key && ctx &&
	    EVP_DigestVerifyInit_ex(ctx, NULL, NULL, ossl_ctx(), NULL, key, NULL) == 1)
		rc = judged(EVP_DigestVerify(ctx, sig.p, sig.n, message.p, message.n));
	EVP_MD_CTX_free(ctx);
	ossl_leave();
	return rc;
}

enum ecert_rc pubkey_check(const struct pubkey *k, struct rd in, struct rd sig)
{
	switch (k->parts.alg->family) {
	case FAMILY_RSA:
		return rsa_check(k, in, sig);
	case FAMILY_EC:
		return ecdsa_check(k->parts.alg->id, k->q, in, sig);
	case FAMILY_SM2:
		return sm2_check(k->q, in, sig);
	case FAMILY_EDWARDS:
		return eddsa_check(k, in, sig);
	default:
		return ECERT_E_KEY_TYPE;
	}
}
