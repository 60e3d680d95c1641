/* SPDX-License-Identifier: BSD-2-Clause */
/* Steps that the destructive parts share: log in, authenticate the management key, objects,
 * counters. */
#include "applet-spec/conformance/conformance.h"

#include <string.h>

#include "util/tlv.h"

static const uint8_t factory_pin[] = ECERT_PIN_DEFAULT;
static const uint8_t factory_key[] = ECERT_MGM_DEFAULT;

bool login(struct session *s)
{
	return send(s, ECERT_INS_VERIFY, 0, ECERT_REF_PIN,
		   rd_of(factory_pin, sizeof factory_pin)) == ECERT_SW_OK;
}

/* Both sides prove the key: SP 800-73-5 part 2, appendix A.1. */
static bool mutual(struct session *s, uint8_t alg)
{
	static const uint8_t ask[] = {ECERT_TAG_AUTH, 2, ECERT_TAG_AUTH_WITNESS, 0};
	uint8_t block = alg == ECERT_ALG_3DES ? 8 : 16, plain[16], challenge[16] = {7}, expect[16];
	uint8_t reply[4 + 2 + 32] = {
	    ECERT_TAG_AUTH, (uint8_t)(4 + 2 * block), ECERT_TAG_AUTH_WITNESS, block};
	struct rd v;

	if (send(s, ECERT_INS_GENERAL_AUTHENTICATE, alg, ECERT_KEY_9B, rd_of(ask, sizeof ask)) !=
		ECERT_SW_OK ||
	    !answer_path(s, "7C/80", &v) || v.n != block ||
	    !check_block(alg, factory_key, false, v.p, plain))
		return false;
	memcpy(reply + 4, plain, block);
	reply[4 + block] = ECERT_TAG_AUTH_CHALLENGE;
	reply[5 + block] = block;
	memcpy(reply + 6 + block, challenge, block);
	return send(s, ECERT_INS_GENERAL_AUTHENTICATE, alg, ECERT_KEY_9B,
		   rd_of(reply, (size_t)6 + 2u * block)) == ECERT_SW_OK &&
	       answer_path(s, "7C/82", &v) && v.n == block &&
	       check_block(alg, factory_key, true, challenge, expect) &&
	       memcmp(v.p, expect, block) == 0;
}

bool management(struct session *s)
{
	struct rd v;

	if (s->has[F_METADATA] == YES &&
	    send(s, ECERT_INS_GET_METADATA, 0, ECERT_KEY_9B, rd_of(NULL, 0)) == ECERT_SW_OK &&
	    answer_path(s, "01", &v) && v.n == 1)
		return mutual(s, v.p[0]);
	return mutual(s, ECERT_ALG_3DES) || mutual(s, ECERT_ALG_AES192);
}

static void put_path(struct buf *b, uint32_t tag)
{
	uint8_t bytes[] = {(uint8_t)(tag >> 16), (uint8_t)(tag >> 8), (uint8_t)tag};
	size_t skip = tag > 0xFFFF ? 0 : tag > 0xFF ? 1 : 2;

	tlv_put(b, ECERT_TAG_PATH, rd_of(bytes + skip, 3 - skip));
}

uint16_t put_object(struct session *s, uint32_t tag, struct rd value)
{
	struct buf b = BUF_INIT(ANSWER_MAX);
	uint16_t sw = 0;

	put_path(&b, tag);
	tlv_put(&b, ECERT_TAG_OBJECT, value);
	if (buf_rc(&b) == ECERT_OK)
		sw = send(s, ECERT_INS_PUT_DATA, 0x3F, 0xFF, buf_view(&b));
	buf_free(&b);
	return sw;
}

uint16_t get_object(struct session *s, uint32_t tag)
{
	struct buf b = BUF_INIT(8);
	uint16_t sw = 0;

	put_path(&b, tag);
	if (buf_rc(&b) == ECERT_OK)
		sw = send(s, ECERT_INS_GET_DATA, 0x3F, 0xFF, buf_view(&b));
	buf_free(&b);
	return sw;
}

bool status_field(struct session *s, uint32_t tag, struct rd *value)
{
	struct rd body;

	return get_object(s, ECERT_OBJ_ECERT_STATUS) == ECERT_SW_OK &&
	       answer_path(s, "53", &body) && tlv_find(body, tag, value) == ECERT_OK;
}

bool status_counter(struct session *s, uint8_t slot, uint32_t *count)
{
	struct rd body;
	struct tlv t;

	if (get_object(s, ECERT_OBJ_ECERT_STATUS) != ECERT_SW_OK || !answer_path(s, "53", &body))
		return false;
	while (tlv_next(&body, &t) == ECERT_OK) {
		struct rd v = t.value;
		uint8_t head[6];

		if (t.tag == ECERT_TAG_STATUS_KEY && rd_copy(&v, head, sizeof head) == ECERT_OK &&
		    head[0] == slot)
			return rd_u32(&v, count) == ECERT_OK;
	}
	return false;
}
