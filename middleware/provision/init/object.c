/* SPDX-License-Identifier: BSD-2-Clause */
/* The two objects that other PIV software looks for first: CHUID and CCC. */
#include "provision/init/init.h"
#include "crypto/random.h"
#include "ecert/piv_const.h"
#include "util/tlv.h"

/* FASC-N of a card outside the US government: agency and system 9999 (SP 800-73-5 part 1, 3.1.2).
 */
static const uint8_t fascn[] = {0xD4, 0xE7, 0x39, 0xDA, 0x73, 0x9C, 0xED, 0x39, 0xCE, 0x73, 0x9D,
    0x83, 0x68, 0x58, 0x21, 0x08, 0x42, 0x10, 0x84, 0x21, 0xC8, 0x42, 0x10, 0xC3, 0xEB};

/* SP 800-73-5 part 1, table 9. */
static enum ecert_rc chuid(struct buf *b)
{
	static const char expires[] = "20991231";
	uint8_t guid[16];
	enum ecert_rc rc = random_bytes(guid, sizeof guid);

	if (rc != ECERT_OK)
		return rc;
	guid[6] = (uint8_t)((guid[6] & 0x0F) | 0x40); /* RFC 4122, 4.4: a random UUID */
	guid[8] = (uint8_t)((guid[8] & 0x3F) | 0x80);
	tlv_put(b, 0x30, rd_of(fascn, sizeof fascn));
	tlv_put(b, 0x34, rd_of(guid, sizeof guid));
	tlv_put(b, 0x35, rd_of(expires, 8));
	tlv_put(b, 0x3E, (struct rd){0});
	tlv_put(b, 0xFE, (struct rd){0});
	return buf_rc(b);
}

/* SP 800-73-5 part 1, table 8. */
static enum ecert_rc ccc(struct buf *b)
{
	static const struct {
		uint8_t tag, n, value;
	} rest[] = {{0xF1, 1, 0x21}, {0xF2, 1, 0x21}, {0xF3, 0, 0}, {0xF4, 1, 0x00},
	    {0xF5, 1, 0x10}, {0xF6, 0, 0}, {0xF7, 0, 0}, {0xFA, 0, 0}, {0xFB, 0, 0}, {0xFC, 0, 0},
	    {0xFD, 0, 0}, {0xFE, 0, 0}};
	uint8_t id[21] = {0xA0, 0x00, 0x00, 0x01, 0x16, 0xFF, 0x02}; /* RID, maker, card type */
	enum ecert_rc rc = random_bytes(id + 7, sizeof id - 7);

	if (rc != ECERT_OK)
		return rc;
	tlv_put(b, 0xF0, rd_of(id, sizeof id));
	for (size_t i = 0; i < sizeof rest / sizeof rest[0]; i++)
		tlv_put(b, rest[i].tag, (struct rd){&rest[i].value, rest[i].n});
	return buf_rc(b);
}

static enum ecert_rc when_absent(
    struct card *card, uint32_t tag, enum ecert_rc (*make)(struct buf *b))
{
	struct buf there = BUF_INIT(CARD_OBJECT_MAX), fresh = BUF_INIT(256);
	enum ecert_rc rc = card_object_get(card, tag, &there);

	if (rc == ECERT_E_NOT_FOUND || (rc == ECERT_OK && !buf_len(&there))) {
		rc = make(&fresh);
		if (rc == ECERT_OK)
			rc = card_object_put(card, tag, buf_view(&fresh));
	}
	buf_free(&there);
	buf_free(&fresh);
	return rc;
}

enum ecert_rc init_objects(struct card *card)
{
	enum ecert_rc rc = when_absent(card, ECERT_OBJ_CHUID, chuid);

	return rc != ECERT_OK ? rc : when_absent(card, ECERT_OBJ_CCC, ccc);
}
