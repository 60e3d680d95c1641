/* SPDX-License-Identifier: BSD-2-Clause */
/* Signature schemes at work. */
#include "crypto/scheme.h"

#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/ossl.h"
#include "crypto/pad/sigfmt.h"
#include "crypto/pad/sm2.h"

struct scheme_op {
	const struct scheme *s;
	struct pubkey *key;
	const struct alg *alg;
	enum md pss_md, pss_mgf;
	size_t pss_salt;
	struct digest *digest; /* NULL: the bytes themselves are kept */
	struct buf kept;
};

/* The most bytes that are kept for a scheme without a digest. */
static size_t keep_max(const struct scheme_op *op)
{
	switch (op->s->kind) {
	case SCHEME_PKCS1:
		return op->alg->block - 11;
	case SCHEME_RSA_RAW:
		return op->alg->block;
	case SCHEME_PSS:
		return md_row(op->pss_md)->size;
	case SCHEME_ECDSA:
		return MD_MAX_SIZE * 2; /* PKCS#11 3.0, 2.3.5: data of any length is cut */
	case SCHEME_SM2:
		return op->alg->block;
	default:
		return SCHEME_MESSAGE_MAX;
	}
}

static enum ecert_rc take_pss(struct scheme_op *op, const struct scheme_params *p)
{
	const struct md_row *md;

	op->pss_md = p->md != MD_NONE ? p->md : op->s->md;
	op->pss_mgf = p->mgf != MD_NONE ? p->mgf : op->pss_md;
	md = md_row(op->pss_md);
	if (!md || !md_row(op->pss_mgf))
		return ECERT_E_ARG;
	if (op->s->md != MD_NONE && op->pss_md != op->s->md)
		return ECERT_E_ARG;
	op->pss_salt = p->has_salt ? p->salt_len : md->size;
	/* RFC 8017, 9.1.1 step 3; our moduli are whole bytes, so emLen is the block. */
	if (op->pss_salt > op->alg->block || op->alg->block < md->size + op->pss_salt + 2)
		return ECERT_E_ARG;
	return ECERT_OK;
}

static enum ecert_rc start_digest(struct scheme_op *op, const struct scheme_params *p)
{
	if (op->s->md == MD_NONE)
		return ECERT_OK;
	if (op->s->kind == SCHEME_SM2)
		return sm2_begin(op->key, p->sm2_id, &op->digest);
	return digest_new(op->s->md, &op->digest);
}

enum ecert_rc scheme_begin(const struct scheme *s, const struct scheme_params *params,
    const struct pubkey *key, struct scheme_op **out)
{
	static const struct scheme_params defaults;
	const struct scheme_params *p = params ? params : &defaults;
	struct scheme_op *op;
	enum ecert_rc rc = ECERT_OK;

	*out = NULL;
	if (!scheme_fits(s, pubkey_alg(key)))
		return ECERT_E_KEY_TYPE;
	op = calloc(1, sizeof *op);
	if (!op)
		return ECERT_E_MEMORY;
	op->s = s;
	op->key = pubkey_ref(key);
	op->alg = pubkey_row(op->key);
	if (s->kind == SCHEME_PSS)
		rc = take_pss(op, p);
	if (rc == ECERT_OK)
		rc = start_digest(op, p);
	if (rc != ECERT_OK) {
		scheme_free(&op);
		return rc;
	}
	buf_init(&op->kept, keep_max(op));
	*out = op;
	return ECERT_OK;
}

enum ecert_rc scheme_update(struct scheme_op *op, struct rd bytes)
{
	if (op->digest)
		return digest_update(op->digest, bytes);
	buf_rd(&op->kept, bytes);
	return buf_rc(&op->kept) == ECERT_E_TOO_LARGE ? ECERT_E_DATA_LEN : buf_rc(&op->kept);
}

static enum ecert_rc put_pkcs1(struct scheme_op *op, struct rd in, struct buf *block)
{
	struct buf t = BUF_INIT(op->alg->block);
	enum ecert_rc rc;

	if (op->s->md != MD_NONE)
		buf_rd(&t, md_row(op->s->md)->info);
	buf_rd(&t, in);
	rc = buf_rc(&t);
	if (rc == ECERT_OK)
		rc = pkcs1_sign_pad(buf_view(&t), op->alg->block, block);
	buf_free(&t);
	return rc;
}

/* PKCS#11 3.0, 2.1.8: zeros on the left, and a number below the modulus. */
static enum ecert_rc put_raw(struct scheme_op *op, struct rd in, struct buf *block)
{
	struct rd n, e;
	enum ecert_rc rc = pubkey_rsa(op->key, &n, &e);
	size_t at = 0;

	if (rc != ECERT_OK)
		return rc;
	if (in.n == 0)
		return ECERT_E_DATA_LEN;
	if (in.n == n.n) {
		while (at < n.n && in.p[at] == n.p[at])
			at++;
		if (at == n.n || in.p[at] > n.p[at])
			return ECERT_E_DATA;
	}
	buf_fill(block, 0, op->alg->block - in.n);
	buf_rd(block, in);
	return buf_rc(block);
}

/* FIPS 186-5, 6.4.1: the leftmost bits. Some cards refuse a digest that is not exactly the size of
 * the order (6700), others cut it, so it is given in that size; the number is the same. */
static enum ecert_rc put_ecdsa(struct scheme_op *op, struct rd in, struct buf *block)
{
	size_t size = op->alg->block;

	if (in.n == 0)
		return ECERT_E_DATA_LEN;
	if (in.n < size)
		buf_fill(block, 0, size - in.n);
	buf_put(block, in.p, in.n < size ? in.n : size);
	return buf_rc(block);
}

/* The digest, or what was kept. */
static enum ecert_rc collect(struct scheme_op *op, uint8_t md[MD_MAX_SIZE], struct rd *in)
{
	enum ecert_rc rc = buf_rc(&op->kept);
	size_t n;

	*in = buf_view(&op->kept);
	if (rc != ECERT_OK)
		return rc == ECERT_E_TOO_LARGE ? ECERT_E_DATA_LEN : rc;
	if (!op->digest)
		return ECERT_OK;
	rc = digest_final(op->digest, md, &n);
	if (rc == ECERT_OK)
		*in = rd_of(md, n);
	return rc;
}

static enum ecert_rc put_block(struct scheme_op *op, struct rd in, struct buf *block)
{
	switch (op->s->kind) {
	case SCHEME_PKCS1:
		return put_pkcs1(op, in, block);
	case SCHEME_RSA_RAW:
		return put_raw(op, in, block);
	case SCHEME_PSS:
		return pss_encode(in, md_evp(op->pss_md), md_evp(op->pss_mgf), op->pss_salt,
		    op->alg->bits, block);
	case SCHEME_ECDSA:
		return put_ecdsa(op, in, block);
	case SCHEME_SM2:
		if (in.n != op->alg->block)
			return ECERT_E_DATA_LEN;
		break;
	case SCHEME_EDDSA:
		break;
	}
	buf_rd(block, in);
	return buf_rc(block);
}

/* What in says of the message: itself, or the end of a DigestInfo that the caller made. */
static struct rd digest_within(const struct scheme_op *op, struct rd in)
{
	if (op->s->kind == SCHEME_EDDSA || op->s->kind == SCHEME_RSA_RAW)
		return rd_of(NULL, 0);
	if (op->s->kind != SCHEME_PKCS1 || op->digest)
		return in;
	for (int i = MD_NONE + 1; i < MD_COUNT; i++) {
		const struct md_row *row = md_row((enum md)i);

		if (row->info.n > 0 && in.n == row->info.n + row->size &&
		    memcmp(in.p, row->info.p, row->info.n) == 0)
			return rd_of(in.p + row->info.n, row->size);
	}
	return rd_of(NULL, 0);
}

enum ecert_rc scheme_block_digest(struct scheme_op *op, struct buf *block, struct buf *digest)
{
	uint8_t md[MD_MAX_SIZE];
	struct rd in, found;
	enum ecert_rc rc = collect(op, md, &in);

	if (rc == ECERT_OK)
		rc = put_block(op, in, block);
	if (rc != ECERT_OK || !digest)
		return rc;
	found = digest_within(op, in);
	if (found.n <= MD_MAX_SIZE)
		buf_rd(digest, found);
	return buf_rc(digest);
}

enum ecert_rc scheme_block(struct scheme_op *op, struct buf *block)
{
	return scheme_block_digest(op, block, NULL);
}

/* A PSS block is random, so the signature is taken apart instead of compared. */
static enum ecert_rc verify_pss(struct scheme_op *op, struct rd in, struct rd sig)
{
	enum ecert_rc rc = ECERT_E_CRYPTO;
	EVP_PKEY_CTX *ctx = NULL;
	EVP_PKEY *key;
	int said;

	if (in.n != md_row(op->pss_md)->size)
		return ECERT_E_DATA_LEN;
	if (sig.n != op->alg->signature)
		return ECERT_E_BAD_SIGNATURE;
	ossl_enter();
	key = pubkey_evp(op->key);
	if (key)
		ctx = EVP_PKEY_CTX_new_from_pkey(ossl_ctx(), key, NULL);
	if (ctx && EVP_PKEY_verify_init(ctx) == 1 &&
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
	    EVP_PKEY_CTX_set_signature_md(ctx, md_evp(op->pss_md)) == 1 &&
	    EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, md_evp(op->pss_mgf)) == 1 &&
	    EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, (int)op->pss_salt) == 1) {
		said = EVP_PKEY_verify(ctx, sig.p, sig.n, in.p, in.n);
		/* below 0: OpenSSL could not tell */
		if (said >= 0)
			rc = said == 1 ? ECERT_OK : ECERT_E_BAD_SIGNATURE;
	}
	EVP_PKEY_CTX_free(ctx);
	ossl_leave();
	return rc;
}

enum ecert_rc scheme_verify(struct scheme_op *op, struct rd sig)
{
	struct buf block = BUF_INIT(SCHEME_MESSAGE_MAX);
	uint8_t md[MD_MAX_SIZE];
	struct rd in;
	enum ecert_rc rc = collect(op, md, &in);

	if (rc == ECERT_OK && op->s->kind == SCHEME_PSS)
		return verify_pss(op, in, sig);
	if (rc == ECERT_OK)
		rc = put_block(op, in, &block);
	if (rc == ECERT_OK)
		rc = pubkey_check(op->key, buf_view(&block), sig);
	buf_free(&block);
	return rc;
}

size_t scheme_signature_size(const struct scheme_op *op)
{
	return op->alg->signature;
}

enum ecert_rc scheme_dup(const struct scheme_op *op, struct scheme_op **out)
{
	struct scheme_op *copy = calloc(1, sizeof *copy);
	enum ecert_rc rc = ECERT_OK;

	*out = NULL;
	if (!copy)
		return ECERT_E_MEMORY;
	*copy = *op;
	copy->key = pubkey_ref(op->key);
	copy->digest = NULL;
	buf_init(&copy->kept, keep_max(op));
	buf_rd(&copy->kept, buf_view(&op->kept));
	if (op->digest)
		rc = digest_dup(op->digest, &copy->digest);
	if (rc == ECERT_OK)
		rc = buf_rc(&copy->kept);
	if (rc == ECERT_OK && buf_rc(&op->kept) != ECERT_OK)
		buf_fail(&copy->kept, buf_rc(&op->kept));
	if (rc == ECERT_OK)
		*out = copy;
	else
		scheme_free(&copy);
	return rc;
}

void scheme_free(struct scheme_op **op)
{
	if (!*op)
		return;
	digest_free(&(*op)->digest);
	pubkey_free(&(*op)->key);
	buf_free(&(*op)->kept);
	free(*op);
	*op = NULL;
}
