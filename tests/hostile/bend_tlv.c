/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers whose TLV is broken, deep, doubled or in another order. */
#include "tests/hostile/hostile.h"

#include <string.h>

#define DEPTH 10000

bool place_at(const struct shot *s, size_t at, struct place *p)
{
	size_t n = 0, more;

	if (at + 2 > s->len)
		return false;
	p->tag = at;
	p->length = at + ((s->data[at] & 0x1F) == 0x1F ? 2 : 1);
	more = s->data[p->length] >= 0x80 ? s->data[p->length] & 0x7Fu : 0;
	p->value = p->length + 1 + more;
	if (more > 3 || p->value > s->len)
		return false;
	if (more == 0)
		n = s->data[p->length];
	for (size_t i = 1; i <= more; i++)
		n = n << 8 | s->data[p->length + i];
	p->end = p->value + n;
	return p->end <= s->len;
}

bool place_find(const struct shot *s, size_t from, size_t to, uint8_t tag, struct place *p)
{
	while (from < to && place_at(s, from, p)) {
		if (s->data[from] == tag)
			return true;
		from = p->end;
	}
	return false;
}

size_t put_tlv(uint8_t *out, uint8_t tag, const uint8_t *value, size_t len)
{
	size_t at = 0;

	out[at++] = tag;
	out[at++] = len > 0xFFFF ? 0x83 : 0x82;
	if (len > 0xFFFF)
		out[at++] = (uint8_t)(len >> 16);
	out[at++] = (uint8_t)(len >> 8);
	out[at++] = (uint8_t)len;
	memmove(out + at, value, len);
	return at + len;
}

void bend_cut(struct shot *s, uint32_t percent)
{
	s->len = s->len * percent / 100;
}

void bend_length(struct shot *s, uint32_t form)
{
	static uint8_t body[SHOT_MAX];
	struct place p;
	size_t n, at;

	if (!place_at(s, 0, &p))
		return;
	n = s->len - p.value;
	at = p.length;
	memcpy(body, s->data + p.value, n);
	s->data[at++] = (uint8_t)form;
	if (form == 0x84) {
		memset(s->data + at, 0xFF, 4);
		at += 4;
	} else if (form == 0x83) {
		size_t own = p.end - p.value;

		s->data[at++] = (uint8_t)(own >> 16);
		s->data[at++] = (uint8_t)(own >> 8);
		s->data[at++] = (uint8_t)own;
	}
	memcpy(s->data + at, body, n);
	s->len = at + n;
	if (form == 0x80) {
		s->data[s->len++] = 0;
		s->data[s->len++] = 0;
	}
}

/* The tag stands at the top, or directly in the first TLV. */
static bool find_near(const struct shot *s, uint8_t tag, struct place *p)
{
	struct place outer;

	if (place_find(s, 0, s->len, tag, p))
		return true;
	return place_at(s, 0, &outer) && place_find(s, outer.value, outer.end, tag, p);
}

void bend_inner(struct shot *s, uint32_t tag)
{
	struct place p;

	if (!find_near(s, (uint8_t)tag, &p))
		return;
	/* The last byte of the length: as much as it can hold without carrying over. */
	s->data[p.value - 1] |= p.value - p.length == 1 ? 0x7F : 0xFF;
}

static size_t nested(uint8_t *out, size_t depth)
{
	for (size_t i = 0; i < depth; i++) {
		out[2 * i] = 0x30;
		out[2 * i + 1] = 0x80;
	}
	return 2 * depth;
}

/* Indefinite lengths: two bytes a level, so that 10,000 fit any of our limits. */
void bend_nest(struct shot *s, uint32_t tag)
{
	static uint8_t inner[2 * DEPTH], outer[2 * DEPTH + 16];
	size_t n = nested(inner, DEPTH);

	s->sw = 0x9000;
	switch (tag) {
	case ECERT_TAG_OBJECT:
		n = put_tlv(outer, ECERT_TAG_CERT, inner, n);
		break;
	case ECERT_TAG_AUTH:
		n = put_tlv(outer, ECERT_TAG_AUTH_RESPONSE, inner, n);
		break;
	default:
		memcpy(outer, inner, n);
		break;
	}
	s->len = put_tlv(s->data, (uint8_t)tag, outer, n);
}

void bend_replace(struct shot *s, uint32_t byte)
{
	memset(s->data, (int)byte, s->len);
}

void bend_status_word(struct shot *s, uint32_t sw)
{
	s->len = 0;
	s->sw = (uint16_t)sw;
}

/* ---- metadata: 01 algorithm, 02 policies, 03 origin, 04 public key ---- */

void bend_meta_reorder(struct shot *s, uint32_t n)
{
	static uint8_t first[SHOT_MAX];
	struct place p;
	size_t len;

	(void)n;
	if (!place_find(s, 0, s->len, ECERT_TAG_META_PUBLIC, &p))
		return;
	len = p.end - p.tag;
	memcpy(first, s->data + p.tag, len);
	memmove(s->data + len, s->data, p.tag);
	memcpy(s->data, first, len);
}

void bend_meta_double(struct shot *s, uint32_t ref)
{
	const uint8_t ask[] = {0, ECERT_INS_GET_METADATA, 0, (uint8_t)ref, 0};
	static struct shot other;
	struct place p;
	size_t len;

	other.len = ap_process(s->ap, ask, sizeof ask, other.data) - 2;
	if (!place_find(&other, 0, other.len, ECERT_TAG_META_PUBLIC, &p))
		return;
	len = p.end - p.tag;
	memmove(s->data + len, s->data, s->len);
	memcpy(s->data, other.data + p.tag, len);
	s->len += len;
}

/* ---- the e-Cert status object ---- */

static void add_row(struct shot *s, uint8_t ref)
{
	const uint8_t row[] = {ECERT_TAG_STATUS_KEY, ECERT_STATUS_KEY_LEN, ref, ECERT_ALG_P256, 2,
	    1, 1, ECERT_STATUS_FLAG_CERT, 0, 0, 0, 1};

	memcpy(s->data + s->len, row, sizeof row);
	s->len += sizeof row;
}

/* The outer length follows what was added. */
static void close_object(struct shot *s, size_t value)
{
	static uint8_t body[SHOT_MAX];
	size_t n = s->len - value;

	memcpy(body, s->data + value, n);
	s->len = put_tlv(s->data, ECERT_TAG_OBJECT, body, n);
}

void bend_status_rows(struct shot *s, uint32_t rows)
{
	struct place p;

	if (!place_at(s, 0, &p))
		return;
	for (uint32_t i = 0; i < rows; i++)
		add_row(s, 0x9A);
	close_object(s, p.value);
}

void bend_status_ref(struct shot *s, uint32_t ref)
{
	struct place p;

	if (!place_at(s, 0, &p))
		return;
	add_row(s, (uint8_t)ref);
	close_object(s, p.value);
}

/* A label that would clear the screen, ring, forge a line and turn the text around. */
static const uint8_t evil[] = "e\033[2J\r\nPIN:\a\b\x7f\xc2\x9b\xe2\x80\xae\xff";

void bend_label(struct shot *s, uint32_t tag)
{
	struct place p;

	if (!place_at(s, 0, &p))
		return;
	s->len += put_tlv(s->data + s->len, (uint8_t)tag, evil, sizeof evil - 1);
	if (s->data[0] == ECERT_TAG_OBJECT) {
		close_object(s, p.value);
	} else {
		/* SELECT's template is short: its length has one byte. */
		s->data[p.length] = (uint8_t)(s->len - p.value);
	}
}

void bend_announce_names(struct shot *s)
{
	const uint8_t some[2] = {0x01, 0x00};
	struct place p;

	if (!place_at(s, 0, &p))
		return;
	s->len += put_tlv(s->data + s->len, ECERT_TAG_STATUS_NAMES, some, sizeof some);
	close_object(s, p.value);
}
