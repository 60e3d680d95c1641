/* SPDX-License-Identifier: BSD-2-Clause */
/* What an ATR says of the card's APDUs. */
#include "apdu/apdu.h"

#define CATEGORY_STATUS_AT_END 0x00
#define CATEGORY_COMPACT_TLV   0x80
#define CARD_CAPABILITIES      0x7
#define EXTENDED_LENGTH	       0x40 /* in the third byte */

/* The historical bytes: past TS, T0 and the interface bytes that T0 and each TD announce (ISO
 * 7816-3, 8.2). Empty when the ATR is shorter than it says. */
static struct rd historical_bytes(struct rd atr)
{
	struct rd out = {NULL, 0}, skipped;
	uint8_t ts, td;
	size_t k;

	if (rd_u8(&atr, &ts) != ECERT_OK || rd_u8(&atr, &td) != ECERT_OK)
		return out;
	k = td & 0x0F;
	while (td & 0xF0) {
		size_t before_next = (size_t)(!!(td & 0x10) + !!(td & 0x20) + !!(td & 0x40));
		bool more = (td & 0x80) != 0;

		if (rd_take(&atr, before_next, &skipped) != ECERT_OK)
			return out;
		td = 0;
		if (more && rd_u8(&atr, &td) != ECERT_OK)
			return out;
	}
	if (rd_take(&atr, k, &out) != ECERT_OK)
		return (struct rd){NULL, 0};
	return out;
}

/* The value of tag 7x among compact TLVs (ISO 7816-4, 12.1.1.2). */
static struct rd capabilities(struct rd compact)
{
	struct rd value;
	uint8_t head;

	while (rd_u8(&compact, &head) == ECERT_OK) {
		if (rd_take(&compact, head & 0x0F, &value) != ECERT_OK)
			break;
		if (head >> 4 == CARD_CAPABILITIES)
			return value;
	}
	return (struct rd){NULL, 0};
}

struct apdu_caps apdu_caps_of_atr(struct rd atr)
{
	struct apdu_caps caps = {.extended = false, .chaining = true};
	struct rd hist = historical_bytes(atr), value;
	uint8_t category;

	if (rd_u8(&hist, &category) != ECERT_OK)
		return caps;
	if (category == CATEGORY_STATUS_AT_END && hist.n >= 3)
		hist.n -= 3;
	else if (category != CATEGORY_COMPACT_TLV)
		return caps;
	value = capabilities(hist);
	/* ISO 7816-4, 12.1.1.9: the third byte is there when the second is. */
	caps.extended = value.n >= 3 && (value.p[2] & EXTENDED_LENGTH) != 0;
	return caps;
}
