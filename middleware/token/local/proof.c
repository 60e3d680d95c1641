/* SPDX-License-Identifier: BSD-2-Clause */
/* The proof of an import: what the card says of the key, and what the key does. */
#include "token/local/proof.h"

#include <string.h>

#include "crypto/key/privkey.h"
#include "util/log.h"

#define RESULT_MAX 1024

/* The given numbers are of another exponent than the one that is assumed. */
static bool is_of_key(const struct privkey *k, const struct rd part[5])
{
	const struct rd *own = privkey_parts(k);

	return rd_equal(own[2], part[2]) || rd_equal(own[2], part[3]);
}

enum ecert_rc proof_public(enum key_alg alg, const struct rd part[5], struct pubkey **pub)
{
	static const uint8_t f4[] = {1, 0, 1};
	const struct alg *row = alg_row(alg);
	bool rsa = row && row->family == FAMILY_RSA;
	struct privkey *k = NULL;
	enum ecert_rc rc;

	*pub = NULL;
	if (!row)
		return ECERT_OK;
	rc = rsa ? privkey_from_primes(part[0], part[1], rd_of(f4, sizeof f4), &k)
		 : privkey_from_scalar(alg, part[0], &k);
	if (rc == ECERT_OK && (!rsa || is_of_key(k, part)))
		*pub = pubkey_ref(privkey_public(k));
	privkey_free(&k);
	/* Numbers that make no key are the card's to refuse. */
	return rc == ECERT_E_MEMORY ? rc : ECERT_OK;
}

/* An e-Cert card computes what its metadata say from the key itself, and counts its signatures. */
static bool may_sign(struct conn *c, const struct token_newkey *spec)
{
	enum pin_policy pin = pin_policy_of(spec->ref, spec->pin);
	unsigned unknown;

	if ((card_features(c->card, &unknown) & CARD_HAS_ECERT) != 0)
		return false;
	return pin == PIN_NEVER || (pin == PIN_ONCE && pinstate_user(&c->pin) == TOKEN_USER);
}

/* A block that the key takes: PKCS#1's form of a signature for RSA (RFC 8017, 9.2), a digest else.
 */
static void put_block(const struct alg *row, struct buf *in)
{
	uint8_t *p = buf_room(in, row->block);

	if (!p)
		return;
	memset(p, row->family == FAMILY_RSA ? 0xFF : 0x5A, row->block);
	if (row->family == FAMILY_RSA) {
		memcpy(p, "\0\1", 2);
		memset(p + row->block - 9, 0, 9);
	}
}

/* Touch, a use that the card does not have: it has not signed, which says nothing of the key. */
static enum ecert_rc sign(struct conn *c, uint8_t ref, const struct pubkey *pub)
{
	const struct alg *row = alg_row(pubkey_alg(pub));
	struct buf in = BUF_INIT(RESULT_MAX), out = BUF_INIT(RESULT_MAX);
	enum ecert_rc rc;

	if (row->family == FAMILY_EDWARDS)
		buf_fill(&in, 0x5A, 32);
	else
		put_block(row, &in);
	rc = buf_rc(&in);
	if (rc == ECERT_OK)
		rc = card_key_use(c->card, ref, row->id, CARD_SIGN, buf_view(&in), &out);
	if (rc == ECERT_OK)
		rc = pubkey_check(pub, buf_view(&in), buf_view(&out));
	else if (rc != ECERT_E_RESET && rc != ECERT_E_REMOVED && rc != ECERT_E_TIMEOUT)
		rc = ECERT_OK;
	buf_free(&in);
	buf_free(&out);
	return rc;
}

enum ecert_rc proof_of_import(
    struct conn *c, const struct token_newkey *spec, const struct pubkey *pub)
{
	struct card_key told;
	const struct alg *row = alg_row(pubkey_alg(pub));
	bool other;
	enum ecert_rc rc = card_key_get(c->card, spec->ref, &told);

	other = rc == ECERT_OK && told.pub && !pubkey_equal(told.pub, pub);
	card_key_clear(&told);
	if (rc == ECERT_E_RESET || rc == ECERT_E_REMOVED || rc == ECERT_E_TIMEOUT)
		return rc;
	rc = other ? ECERT_E_BAD_SIGNATURE : ECERT_OK;
	if (rc == ECERT_OK && row->can_sign && spec->touch <= TOUCH_NEVER && may_sign(c, spec))
		rc = sign(c, spec->ref, pub);
	if (rc != ECERT_OK)
		log_error(
		    "key %02x: what the card has taken is not the key that was sent", spec->ref);
	return rc;
}
