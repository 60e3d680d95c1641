/* SPDX-License-Identifier: BSD-2-Clause */
/* Data objects of the card: GET DATA, PUT DATA (SP 800-73-5 part 2, 3.1.2 and 3.3.2). */
#include "card/card_priv.h"

#include "util/tlv.h"

#define PATH_MAX_BYTES 8

void card_put_path(struct buf *b, uint32_t tag)
{
	/* No data object has a longer one: cut off, it would be another object's. */
	if (tag > 0xFFFFFF) {
		buf_fail(b, ECERT_E_ARG);
		return;
	}
	tlv_head(b, ECERT_TAG_PATH, tag > 0xFFFF ? 3 : tag > 0xFF ? 2 : 1);
	if (tag > 0xFFFF)
		buf_u8(b, (uint8_t)(tag >> 16));
	if (tag > 0xFF)
		buf_u8(b, (uint8_t)(tag >> 8));
	buf_u8(b, (uint8_t)tag);
}

/* Discovery and the biometric group come in their own tag, everything else in 53. */
static uint32_t outer_tag(uint32_t tag)
{
	return tag == ECERT_OBJ_DISCOVERY || tag == ECERT_OBJ_BIOMETRIC_GROUP ? tag
									      : ECERT_TAG_OBJECT;
}

static enum ecert_rc get_within(struct card *c, uint32_t tag, struct buf *answer, struct rd *value)
{
	struct buf path = BUF_INIT(PATH_MAX_BYTES);
	struct apdu cmd = {.ins = ECERT_INS_GET_DATA, .p1 = 0x3F, .p2 = 0xFF, .le = APDU_LE_ALL};
	enum ecert_rc rc;

	*value = rd_of(NULL, 0);
	card_put_path(&path, tag);
	cmd.data = buf_view(&path);
	rc = buf_rc(&path);
	if (rc == ECERT_OK)
		rc = card_call(c, &cmd, answer);
	if (rc == ECERT_OK && buf_len(answer) == 0)
		rc = ECERT_E_NOT_FOUND;
	if (rc == ECERT_OK)
		rc = tlv_only(buf_view(answer), outer_tag(tag), value);
	if (rc == ECERT_OK && value->n == 0)
		rc = ECERT_E_NOT_FOUND;
	buf_free(&path);
	return rc;
}

enum ecert_rc card_object_get(struct card *c, uint32_t tag, struct buf *out)
{
	struct buf answer = BUF_INIT(CARD_OBJECT_MAX);
	struct rd value;
	enum ecert_rc rc = card_enter(c);

	if (rc != ECERT_OK)
		return rc;
	rc = get_within(c, tag, &answer, &value);
	card_end(c);
	if (rc == ECERT_OK) {
		buf_rd(out, value);
		rc = buf_rc(out);
	}
	buf_free(&answer);
	return rc;
}

/* 6A82, 6A81: no such object can be there. 6700: more than the card takes in one (CanoKey says so
 * of the last part, when the old object is torn already). */
static enum ecert_rc judge_put(uint16_t sw)
{
	switch (sw) {
	case ECERT_SW_NOT_FOUND:
	case ECERT_SW_NO_REFERENCE:
	case ECERT_SW_NOT_SUPPORTED:
		return ECERT_E_UNSUPPORTED;
	case ECERT_SW_WRONG_LENGTH:
	case ECERT_SW_MEMORY_FAILURE:
		return ECERT_E_CARD_FULL;
	default:
		return sw_rc(sw);
	}
}

enum ecert_rc card_object_put(struct card *c, uint32_t tag, struct rd value)
{
	struct buf data = BUF_INIT(CARD_OBJECT_MAX);
	struct apdu cmd = {.ins = ECERT_INS_PUT_DATA, .p1 = 0x3F, .p2 = 0xFF};
	uint16_t sw;
	enum ecert_rc rc;

	card_put_path(&data, tag);
	tlv_put(&data, outer_tag(tag), value);
	rc = buf_rc(&data);
	if (rc == ECERT_OK)
		rc = card_enter(c);
	if (rc != ECERT_OK)
		goto out;
	cmd.data = buf_view(&data);
	rc = card_exchange(c, &cmd, NULL, &sw);
	card_end(c);
	card_status_drop(c);
	if (rc == ECERT_OK)
		rc = judge_put(sw);
out:
	buf_free(&data);
	return rc;
}
