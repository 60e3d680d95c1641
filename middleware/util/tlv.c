/* SPDX-License-Identifier: BSD-2-Clause */
/* BER-TLV reader and writer. */
#include "util/tlv.h"

/* What is written; CRLs and documents that are read are longer. */
#define TLV_MAX_LEN 0xFFFFFFu

static enum ecert_rc read_tag(struct rd *r, uint32_t *tag)
{
	uint8_t b;
	enum ecert_rc rc = rd_u8(r, &b);

	*tag = b;
	if (rc != ECERT_OK || (b & 0x1F) != 0x1F)
		return rc;
	for (int more = 0; more < 2; more++) {
		rc = rd_u8(r, &b);
		if (rc != ECERT_OK)
			return rc;
		*tag = *tag << 8 | b;
		if ((b & 0x80) == 0)
			return ECERT_OK;
	}
	return ECERT_E_MALFORMED;
}

static enum ecert_rc read_length(struct rd *r, size_t *len)
{
	uint8_t b;
	enum ecert_rc rc = rd_u8(r, &b);
	uint32_t v = 0;

	*len = b;
	if (rc != ECERT_OK || b < 0x80)
		return rc;
	if (b == 0x80 || b > 0x84)
		return ECERT_E_MALFORMED;
	for (int n = b & 0x7F; n > 0; n--) {
		rc = rd_u8(r, &b);
		if (rc != ECERT_OK)
			return rc;
		v = v << 8 | b;
	}
	*len = v;
	return ECERT_OK;
}

enum ecert_rc tlv_next(struct rd *r, struct tlv *out)
{
	struct rd at = *r;
	size_t len;
	enum ecert_rc rc;

	*out = (struct tlv){0, {NULL, 0}};
	if (rd_empty(r))
		return ECERT_E_NOT_FOUND;
	rc = read_tag(&at, &out->tag);
	if (rc == ECERT_OK)
		rc = read_length(&at, &len);
	if (rc == ECERT_OK)
		rc = rd_take(&at, len, &out->value);
	if (rc == ECERT_OK)
		*r = at;
	return rc;
}

enum ecert_rc tlv_expect(struct rd *r, uint32_t tag, struct rd *value)
{
	struct rd at = *r;
	struct tlv t;
	enum ecert_rc rc = tlv_next(&at, &t);

	*value = t.value;
	if (rc != ECERT_OK || t.tag != tag)
		return ECERT_E_MALFORMED;
	*r = at;
	return ECERT_OK;
}

enum ecert_rc tlv_find(struct rd r, uint32_t tag, struct rd *value)
{
	struct tlv t;
	enum ecert_rc rc;

	*value = (struct rd){NULL, 0};
	while ((rc = tlv_next(&r, &t)) == ECERT_OK) {
		if (t.tag == tag) {
			*value = t.value;
			return ECERT_OK;
		}
	}
	return rc;
}

enum ecert_rc tlv_only(struct rd r, uint32_t tag, struct rd *value)
{
	enum ecert_rc rc = tlv_expect(&r, tag, value);

	return rc == ECERT_OK ? rd_end(&r) : rc;
}

static void put_tag(struct buf *b, uint32_t tag)
{
	if (tag > 0xFFFF)
		buf_u8(b, (uint8_t)(tag >> 16));
	if (tag > 0xFF)
		buf_u8(b, (uint8_t)(tag >> 8));
	buf_u8(b, (uint8_t)tag);
}

void tlv_head(struct buf *b, uint32_t tag, size_t n)
{
	put_tag(b, tag);
	if (n > TLV_MAX_LEN) {
		buf_fail(b, ECERT_E_TOO_LARGE);
		return;
	}
	if (n > 0xFFFF) {
		buf_u8(b, 0x83);
		buf_u8(b, (uint8_t)(n >> 16));
	} else if (n > 0xFF) {
		buf_u8(b, 0x82);
	} else if (n >= 0x80) {
		buf_u8(b, 0x81);
	}
	if (n > 0xFF)
		buf_u8(b, (uint8_t)(n >> 8));
	buf_u8(b, (uint8_t)n);
}

void tlv_put(struct buf *b, uint32_t tag, struct rd value)
{
	tlv_head(b, tag, value.n);
	buf_rd(b, value);
}

void tlv_put_u8(struct buf *b, uint32_t tag, uint8_t value)
{
	tlv_put(b, tag, rd_of(&value, 1));
}
