/* SPDX-License-Identifier: BSD-2-Clause */
/* What a card can do, asked outright: by commands that change nothing. */
#include "card/card_priv.h"

/* Cards say in many ways that they do not know an instruction. */
static bool unknown_instruction(uint16_t sw)
{
	return sw == ECERT_SW_BAD_INS || sw == ECERT_SW_BAD_CLA || sw == ECERT_SW_NOT_SUPPORTED ||
	       sw == ECERT_SW_NOT_FOUND;
}

static void settle(struct card *c, enum card_feature f, bool has)
{
	c->unknown &= ~(unsigned)f;
	c->features = has ? c->features | (unsigned)f : c->features & ~(unsigned)f;
}

static enum ecert_rc prove_metadata(struct card *c)
{
	struct card_pin_status st;
	enum ecert_rc rc = card_pin_metadata(c, CARD_PIN_APPLICATION, &st);

	if (rc == ECERT_OK || rc == ECERT_E_UNSUPPORTED || rc == ECERT_E_MALFORMED)
		settle(c, CARD_HAS_METADATA, rc == ECERT_OK);
	return rc == ECERT_E_UNSUPPORTED || rc == ECERT_E_MALFORMED ? ECERT_OK : rc;
}

/* An empty slot is refused, too, by cards that attest: then the attestation key's certificate tells
 * them from the others. */
static enum ecert_rc prove_attestation(struct card *c)
{
	const struct apdu cmd = {.ins = ECERT_INS_ATTEST, .p1 = ECERT_KEY_9A, .le = APDU_LE_ALL};
	struct buf out = BUF_INIT(CARD_OBJECT_MAX);
	uint16_t sw = 0;
	bool has = false;
	enum ecert_rc rc = card_ask(c, &cmd, &out, &sw);

	if (rc == ECERT_E_TOO_LARGE)
		rc = ECERT_OK;
	if (rc == ECERT_OK && sw != ECERT_SW_OK && !unknown_instruction(sw)) {
		buf_reset(&out);
		rc = card_object_get(c, ECERT_OBJ_CERT_F9, &out);
		has = rc == ECERT_OK;
		rc = rc == ECERT_E_RESET || rc == ECERT_E_REMOVED ? rc : ECERT_OK;
	}
	if (rc == ECERT_OK)
		settle(c, CARD_HAS_ATTEST, has || sw == ECERT_SW_OK);
	buf_free(&out);
	return rc;
}

/* From a slot to itself, and only while nothing is authorised: harmless even where it were obeyed.
 */
static enum ecert_rc prove_deletion(struct card *c)
{
	const struct apdu cmd = {.ins = ECERT_INS_MOVE_KEY, .p1 = ECERT_KEY_95, .p2 = ECERT_KEY_95};
	uint16_t sw = 0;
	enum ecert_rc rc = c->mgm ? ECERT_OK : card_ask(c, &cmd, NULL, &sw);

	if (rc == ECERT_OK && !c->mgm)
		settle(c, CARD_HAS_MOVE, !unknown_instruction(sw));
	return rc;
}

enum ecert_rc card_prove(struct card *c)
{
	static const struct {
		enum card_feature feature;
		enum ecert_rc (*prove)(struct card *c);
	} rows[] = {
	    {.feature = CARD_HAS_METADATA, .prove = prove_metadata},
	    {.feature = CARD_HAS_ATTEST, .prove = prove_attestation},
	    {.feature = CARD_HAS_MOVE, .prove = prove_deletion},
	};
	enum ecert_rc rc = ECERT_OK;

	for (size_t i = 0; rc == ECERT_OK && i < sizeof rows / sizeof rows[0]; i++)
		if ((c->unknown & rows[i].feature) != 0)
			rc = rows[i].prove(c);
	return rc;
}
