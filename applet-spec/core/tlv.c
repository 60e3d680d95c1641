/* SPDX-License-Identifier: BSD-2-Clause */
/* The card's own TLV reader and writer. */
#include "applet-spec/core/tlv.h"
#include "applet-spec/core/mem.h"

/* Length octets kept free by ap_open: 82 xx xx. */
#define LONGEST_LENGTH 3

static bool take_byte(struct ap_span *in, uint8_t *byte)
{
	if (in->len == 0)
		return false;
	*byte = *in->p++;
	in->len--;
	return true;
}

static bool take_tag(struct ap_span *in, uint32_t *tag)
{
	uint8_t b;

	if (!take_byte(in, &b))
		return false;
	*tag = b;
	if ((b & 0x1F) != 0x1F)
		return true;
	for (int i = 0; i < 2; i++) {
		if (!take_byte(in, &b))
			return false;
		*tag = *tag << 8 | b;
		if ((b & 0x80) == 0)
			return true;
	}
	return false;
}

static bool take_length(struct ap_span *in, size_t *len)
{
	uint8_t b, n;

	if (!take_byte(in, &b))
		return false;
	*len = b;
	if (b < 0x80)
		return true;
	if (b != 0x81 && b != 0x82)
		return false;
	*len = 0;
	for (n = b & 0x7F; n > 0; n--) {
		if (!take_byte(in, &b))
			return false;
		*len = *len << 8 | b;
	}
	return true;
}

bool ap_tlv_next(struct ap_span *in, uint32_t *tag, struct ap_span *value)
{
	struct ap_span at = *in;
	size_t len = 0;

	*tag = 0;
	*value = (struct ap_span){in->p, 0};
	if (!take_tag(&at, tag) || !take_length(&at, &len) || len > at.len)
		return false;
	*value = (struct ap_span){at.p, len};
	in->p = at.p + len;
	in->len = at.len - len;
	return true;
}

bool ap_tlv_take(struct ap_span *in, uint32_t tag, struct ap_span *value)
{
	struct ap_span at = *in;
	uint32_t found;

	if (!ap_tlv_next(&at, &found, value) || found != tag)
		return false;
	*in = at;
	return true;
}

uint8_t *ap_put_room(struct ap_out *o, size_t len)
{
	uint8_t *room;

	if (o->bad || len > o->cap - o->len) {
		o->bad = true;
		return NULL;
	}
	room = o->p + o->len;
	o->len += len;
	return room;
}

void ap_put(struct ap_out *o, const uint8_t *bytes, size_t len)
{
	uint8_t *room = ap_put_room(o, len);

	if (room != NULL && len > 0)
		memcpy(room, bytes, len);
}

void ap_put_byte(struct ap_out *o, uint8_t byte)
{
	ap_put(o, &byte, 1);
}

static void put_tag(struct ap_out *o, uint32_t tag)
{
	if (tag > 0xFFFF)
		ap_put_byte(o, (uint8_t)(tag >> 16));
	if (tag > 0xFF)
		ap_put_byte(o, (uint8_t)(tag >> 8));
	ap_put_byte(o, (uint8_t)tag);
}

static void put_length(struct ap_out *o, size_t len)
{
	if (len > 0xFFFF) {
		o->bad = true;
		return;
	}
	if (len > 0xFF) {
		ap_put_byte(o, 0x82);
		ap_put_byte(o, (uint8_t)(len >> 8));
	} else if (len > 0x7F) {
		ap_put_byte(o, 0x81);
	}
	ap_put_byte(o, (uint8_t)len);
}

void ap_put_head(struct ap_out *o, uint32_t tag, size_t len)
{
	put_tag(o, tag);
	put_length(o, len);
}

void ap_put_tlv(struct ap_out *o, uint32_t tag, const uint8_t *bytes, size_t len)
{
	ap_put_head(o, tag, len);
	ap_put(o, bytes, len);
}

void ap_put_tlv_byte(struct ap_out *o, uint32_t tag, uint8_t byte)
{
	ap_put_tlv(o, tag, &byte, 1);
}

void ap_put_tlv_be32(struct ap_out *o, uint32_t tag, uint32_t value)
{
	uint8_t be[4];

	ap_put_be32(be, value);
	ap_put_tlv(o, tag, be, sizeof(be));
}

size_t ap_open(struct ap_out *o, uint32_t tag)
{
	put_tag(o, tag);
	ap_put_room(o, LONGEST_LENGTH);
	return o->len;
}

void ap_close(struct ap_out *o, size_t mark)
{
	size_t body, end = o->len;

	if (o->bad)
		return;
	body = end - mark;
	o->len = mark - LONGEST_LENGTH;
	put_length(o, body);
	if (o->bad)
		return;
	memmove(o->p + o->len, o->p + mark, body);
	o->len += body;
}

void ap_put_integer(struct ap_out *o, const uint8_t *number, size_t len)
{
	while (len > 1 && *number == 0) {
		number++;
		len--;
	}
	if ((*number & 0x80) != 0) {
		ap_put_head(o, 0x02, len + 1);
		ap_put_byte(o, 0);
		ap_put(o, number, len);
	} else {
		ap_put_tlv(o, 0x02, number, len);
	}
}
