/* SPDX-License-Identifier: BSD-2-Clause */
/* The private operation: GENERAL AUTHENTICATE (SP 800-73-5 part 2, 3.2.4). */
#include "card/card_priv.h"

#include <string.h>

#include "crypto/key/ec.h"
#include "crypto/pad/sigfmt.h"
#include "util/tlv.h"

#define TEMPLATE_OVERHEAD 16 /* 7C, 82 and 81 with three-byte lengths */
#define USE_MAX		  (CARD_OBJECT_MAX - 64)

/* The longest input that the operation takes with this kind of key; 0 = it cannot do it. */
static size_t longest_input(const struct alg *row, enum card_op op)
{
	switch (op) {
	case CARD_SIGN:
		return !row->can_sign ? 0 : row->family == FAMILY_EDWARDS ? USE_MAX : row->block;
	case CARD_DECRYPT:
		return row->can_decrypt ? row->block : 0;
	case CARD_DERIVE:
		return row->can_derive ? row->point : 0;
	}
	return 0;
}

/* Digests are cut to the order's length on the left, as ECDSA does (FIPS 186-5, 6.4.1), and filled
 * up with zeros, which do not change the number: some cards want exactly that many bytes. */
static enum ecert_rc put_input(struct buf *b, const struct alg *row, enum card_op op, struct rd in)
{
	size_t want = row->block;

	if (op == CARD_SIGN && row->family == FAMILY_EC) {
		if (in.n > want)
			in.n = want;
		buf_fill(b, 0, want - in.n);
	} else if (in.n > longest_input(row, op) || (row->family == FAMILY_RSA && in.n != want) ||
		   (op == CARD_SIGN && row->family == FAMILY_SM2 && in.n != want)) {
		return ECERT_E_DATA_LEN;
	}
	buf_rd(b, in);
	return buf_rc(b);
}

static enum ecert_rc put_template(
    struct buf *b, const struct alg *row, enum card_op op, struct rd in)
{
	struct buf input = BUF_INIT(USE_MAX), inner = BUF_INIT(CARD_OBJECT_MAX);
	enum ecert_rc rc = put_input(&input, row, op, in);

	if (rc == ECERT_OK) {
		tlv_put(&inner, ECERT_TAG_AUTH_RESPONSE, rd_of(NULL, 0));
		tlv_put(&inner,
		    op == CARD_DERIVE ? ECERT_TAG_AUTH_EXPONENT : ECERT_TAG_AUTH_CHALLENGE,
		    buf_view(&input));
		rc = buf_rc(&inner);
	}
	if (rc == ECERT_OK) {
		tlv_put(b, ECERT_TAG_AUTH, buf_view(&inner));
		rc = buf_rc(b);
	}
	buf_free(&input);
	buf_free(&inner);
	return rc;
}

/* Exactly n bytes: what is missing in front was zero, what is too much in front must be. */
static enum ecert_rc put_fixed(struct buf *out, struct rd v, size_t n)
{
	while (v.n > n && v.p[0] == 0) {
		v.p++;
		v.n--;
	}
	if (v.n > n || v.n == 0)
		return ECERT_E_CARD;
	buf_fill(out, 0, n - v.n);
	buf_rd(out, v);
	return buf_rc(out);
}

static enum ecert_rc put_result(
    struct buf *out, const struct alg *row, enum card_op op, struct rd v)
{
	enum ecert_rc rc;

	if (row->family == FAMILY_RSA)
		return put_fixed(out, v, row->block);
	if (op == CARD_DERIVE) {
		rc = ec_secret_check(row->id, v);
		if (rc != ECERT_OK)
			return rc;
		buf_rd(out, v);
		return buf_rc(out);
	}
	if (row->family == FAMILY_EDWARDS) {
		if (v.n != row->signature)
			return ECERT_E_CARD;
		buf_rd(out, v);
		return buf_rc(out);
	}
	rc = ecdsa_der_to_raw(v, row->signature / 2, out);
	return rc == ECERT_E_MALFORMED ? ECERT_E_CARD : rc;
}

static enum ecert_rc read_result(
    struct rd answer, const struct alg *row, enum card_op op, struct buf *out)
{
	struct rd body, result;
	enum ecert_rc rc = tlv_only(answer, ECERT_TAG_AUTH, &body);

	if (rc == ECERT_OK)
		rc = tlv_find(body, ECERT_TAG_AUTH_RESPONSE, &result);
	if (rc == ECERT_E_MALFORMED || rc == ECERT_E_NOT_FOUND)
		return ECERT_E_CARD;
	return rc == ECERT_OK ? put_result(out, row, op, result) : rc;
}

/* What PIV's rule lets a key do: 9D and the retired ones agree on keys, the others sign (SP
 * 800-73-5 part 1, table 4b); with RSA both are the same command. */
static bool rule_allows(uint8_t ref, enum key_alg alg, enum card_op op)
{
	const struct alg *row = alg_row(alg);
	bool management = ref == ECERT_KEY_9D || (ref >= ECERT_KEY_82 && ref <= ECERT_KEY_95);

	if (!row || longest_input(row, op) == 0)
		return false;
	return row->family == FAMILY_RSA || (op == CARD_DERIVE) == management;
}

/* An empty slot is 6985 on CanoKey, 6A86 on PivApplet, 6A88 by the standard; 6A86 is also what a
 * strict card says of a use that PIV's rule does not have. */
static enum ecert_rc judge(uint16_t sw, bool by_rule)
{
	switch (sw) {
	case ECERT_SW_BAD_P1P2:
		return by_rule ? ECERT_E_NOT_FOUND : ECERT_E_KEY_FUNCTION;
	case ECERT_SW_NO_REFERENCE:
	case ECERT_SW_NOT_FOUND:
		return ECERT_E_NOT_FOUND;
	case ECERT_SW_CONDITIONS: /* also: nobody touched the token in time */
		return ECERT_E_DENIED;
	default:
		return sw_rc(sw);
	}
}

/* Whether command and answer each fit one APDU, also a short one (cards with extended length may
 * answer in pieces, or not know it after all): atomic by itself, no transaction to pay for. */
static bool is_single(const struct alg *row, size_t command)
{
	return command <= 255 && row->block + TEMPLATE_OVERHEAD <= 256;
}

enum ecert_rc card_key_use(
    struct card *c, uint8_t ref, enum key_alg alg, enum card_op op, struct rd in, struct buf *out)
{
	const struct alg *row = alg_row(alg);
	struct buf data = BUF_INIT(CARD_OBJECT_MAX), answer = BUF_INIT(CARD_OBJECT_MAX);
	struct apdu cmd = {.ins = ECERT_INS_GENERAL_AUTHENTICATE, .p2 = ref, .le = APDU_LE_ALL};
	bool single;
	uint16_t sw;
	enum ecert_rc rc = row ? ECERT_OK : ECERT_E_ARG;

	if (rc == ECERT_OK && longest_input(row, op) == 0)
		rc = ECERT_E_KEY_TYPE;
	if (rc == ECERT_OK && op == CARD_DERIVE)
		rc = ec_peer_check(alg, in);
	if (rc == ECERT_OK)
		rc = put_template(&data, row, op, in);
	if (rc != ECERT_OK)
		goto out;
	cmd.p1 = row->piv;
	cmd.data = buf_view(&data);
	single = is_single(row, cmd.data.n);
	if (!single)
		rc = card_enter(c);
	if (rc != ECERT_OK)
		goto out;
	rc = card_exchange(c, &cmd, &answer, &sw);
	if (!single)
		card_end(c);
	if (rc == ECERT_E_TOO_LARGE) /* the answer: what we send was built to fit */
		rc = ECERT_E_CARD;
	if (rc == ECERT_OK)
		rc = judge(sw, rule_allows(ref, alg, op));
	if (rc == ECERT_OK)
		rc = read_result(buf_view(&answer), row, op, out);
out:
	buf_free(&data);
	buf_free(&answer);
	return rc;
}
