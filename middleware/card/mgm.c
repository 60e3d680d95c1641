/* SPDX-License-Identifier: BSD-2-Clause */
/* The management key 9B: mutual authentication (SP 800-73-5 part 2, appendix A.1) and its change.
 */
#include "card/card_priv.h"

#include <string.h>

#include "crypto/cipher.h"
#include "crypto/random.h"
#include "util/mem.h"
#include "util/tlv.h"

#define BLOCK_MAX 16

struct mgm_row {
	enum card_mgm alg;
	size_t key, block; /* bytes */
	enum block_cipher cipher;
};

/* Those of one length stand in the order in which they are tried on a card that does not tell. */
static const struct mgm_row rows[] = {
    {.alg = MGM_3DES, .key = 24, .block = 8, .cipher = CIPHER_3DES},
    {.alg = MGM_AES192, .key = 24, .block = 16, .cipher = CIPHER_AES192},
    {.alg = MGM_AES128, .key = 16, .block = 16, .cipher = CIPHER_AES128},
    {.alg = MGM_AES256, .key = 32, .block = 16, .cipher = CIPHER_AES256},
};

static const struct mgm_row *row_of(enum card_mgm alg)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (rows[i].alg == alg)
			return &rows[i];
	}
	return NULL;
}

bool card_mgm_authenticated(const struct card *c)
{
	return c->mgm;
}

/* The algorithm by metadata, where the card tells; 0 where not. */
static enum ecert_rc told_algorithm(struct card *c, uint8_t *alg)
{
	const struct apdu cmd = {
	    .ins = ECERT_INS_GET_METADATA, .p2 = ECERT_KEY_9B, .le = APDU_LE_ALL};
	struct buf answer = BUF_INIT(256);
	struct rd v;
	uint16_t sw;
	enum ecert_rc rc = ECERT_OK;

	*alg = 0;
	if (((c->features | c->unknown) & CARD_HAS_METADATA) == 0)
		return ECERT_OK;
	rc = card_exchange(c, &cmd, &answer, &sw);
	if (rc == ECERT_OK && !card_lacks(c, CARD_HAS_METADATA, sw) && sw == ECERT_SW_OK &&
	    tlv_find(buf_view(&answer), ECERT_TAG_META_ALG, &v) == ECERT_OK && v.n == 1)
		*alg = v.p[0];
	buf_free(&answer);
	return rc;
}

/* One round: 7C with up to two parts out, one part of block length back. */
static enum ecert_rc round_trip(struct card *c, const struct mgm_row *row, struct rd inner,
    uint32_t want, uint8_t *block, uint16_t *sw)
{
	struct buf data = BUF_INIT(128), answer = BUF_INIT(512);
	struct apdu cmd = {.ins = ECERT_INS_GENERAL_AUTHENTICATE,
	    .p1 = (uint8_t)row->alg,
	    .p2 = ECERT_KEY_9B,
	    .le = APDU_LE_ALL};
	struct rd body, part;
	enum ecert_rc rc;

	tlv_put(&data, ECERT_TAG_AUTH, inner);
	cmd.data = buf_view(&data);
	rc = card_exchange(c, &cmd, &answer, sw);
	if (rc != ECERT_OK || *sw != ECERT_SW_OK)
		goto out;
	rc = tlv_only(buf_view(&answer), ECERT_TAG_AUTH, &body);
	if (rc == ECERT_OK)
		rc = tlv_find(body, want, &part);
	if (rc != ECERT_OK || part.n != row->block)
		rc = ECERT_E_CARD;
	else
		memcpy(block, part.p, row->block);
out:
	buf_free(&data);
	buf_free(&answer);
	return rc;
}

/* The card proves the key too: it must encrypt our challenge. */
static enum ecert_rc authenticate(
    struct card *c, const struct mgm_row *row, struct rd key, uint16_t *sw)
{
	uint8_t witness[BLOCK_MAX], ours[BLOCK_MAX], theirs[BLOCK_MAX], expect[BLOCK_MAX];
	struct buf inner = BUF_INIT(64);
	enum ecert_rc rc;

	tlv_put(&inner, ECERT_TAG_AUTH_WITNESS, rd_of(NULL, 0));
	rc = round_trip(c, row, buf_view(&inner), ECERT_TAG_AUTH_WITNESS, theirs, sw);
	if (rc != ECERT_OK || *sw != ECERT_SW_OK)
		goto out;
	rc = block_decrypt(row->cipher, key, theirs, witness);
	if (rc == ECERT_OK)
		rc = random_bytes(ours, row->block);
	if (rc == ECERT_OK)
		rc = block_encrypt(row->cipher, key, ours, expect);
	if (rc != ECERT_OK)
		goto out;
	buf_reset(&inner);
	tlv_put(&inner, ECERT_TAG_AUTH_WITNESS, rd_of(witness, row->block));
	tlv_put(&inner, ECERT_TAG_AUTH_CHALLENGE, rd_of(ours, row->block));
	rc = round_trip(c, row, buf_view(&inner), ECERT_TAG_AUTH_RESPONSE, theirs, sw);
	if (rc != ECERT_OK)
		goto out;
	if (*sw != ECERT_SW_OK)
		rc = ECERT_E_PIN_WRONG;
	else if (!rd_equal(rd_of(theirs, row->block), rd_of(expect, row->block)))
		rc = ECERT_E_CARD;
out:
	mem_wipe(witness, sizeof witness);
	mem_wipe(expect, sizeof expect);
	buf_free(&inner);
	return rc;
}

static enum ecert_rc try_rows(struct card *c, struct rd key, uint8_t told)
{
	enum ecert_rc rc = ECERT_E_DATA_LEN;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint16_t sw = 0;

		if (rows[i].key != key.n || (told != 0 && rows[i].alg != told))
			continue;
		rc = authenticate(c, &rows[i], key, &sw);
		if (rc != ECERT_OK || sw == ECERT_SW_OK)
			return rc;
		/* Refused before the key was used: the card holds another kind of key. */
		rc = ECERT_E_PIN_WRONG;
	}
	return rc;
}

enum ecert_rc card_auth_mgm(struct card *c, struct rd key)
{
	uint8_t told;
	enum ecert_rc rc;

	if (key.n != 16 && key.n != 24 && key.n != 32)
		return ECERT_E_DATA_LEN;
	rc = card_enter(c);
	if (rc != ECERT_OK)
		return rc;
	rc = told_algorithm(c, &told);
	if (rc == ECERT_OK)
		rc = try_rows(c, key, told);
	/* A key of a length that this card's algorithm does not have is a wrong key. */
	if (rc == ECERT_E_DATA_LEN)
		rc = ECERT_E_PIN_WRONG;
	c->mgm = rc == ECERT_OK;
	card_end(c);
	return rc;
}

enum ecert_rc card_set_mgm(struct card *c, enum card_mgm alg, struct rd key)
{
	const struct mgm_row *row = row_of(alg);
	struct buf data = BUF_INIT(64);
	struct apdu cmd = {.ins = ECERT_INS_SET_MGM_KEY, .p1 = 0xFF, .p2 = ECERT_MGM_P2_PLAIN};
	enum ecert_rc rc = row ? ECERT_OK : ECERT_E_ARG;

	if (rc == ECERT_OK && key.n != row->key)
		rc = ECERT_E_DATA_LEN;
	if (rc != ECERT_OK)
		return rc;
	buf_u8(&data, (uint8_t)alg);
	tlv_put(&data, ECERT_KEY_9B, key);
	rc = buf_rc(&data);
	if (rc == ECERT_OK)
		rc = card_enter(c);
	if (rc == ECERT_OK) {
		cmd.data = buf_view(&data);
		rc = card_call(c, &cmd, NULL);
		card_end(c);
	}
	buf_free(&data);
	return rc;
}

enum ecert_rc card_mgm_changeable(struct card *c)
{
	const struct apdu cmd = {
	    .ins = ECERT_INS_SET_MGM_KEY, .p1 = 0xFF, .p2 = ECERT_MGM_P2_PLAIN};
	uint16_t sw;
	enum ecert_rc rc = card_ask(c, &cmd, NULL, &sw);

	/* What it says of the missing key does not matter, only that it knows the command. */
	return rc == ECERT_OK && sw_rc(sw) == ECERT_E_UNSUPPORTED ? ECERT_E_UNSUPPORTED : rc;
}
