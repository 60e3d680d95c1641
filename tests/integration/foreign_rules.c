/* SPDX-License-Identifier: BSD-2-Clause */
/* How foreign cards answer plain PIV commands differently. */
#include "tests/integration/foreign_card.h"

#include <string.h>
#include <zlib.h>

static void answer_select(const struct skin *s)
{
	static const uint8_t minimal[] = {0x61, 0x11, 0x4F, 0x06, 0x00, 0x00, 0x10, 0x00, 0x01,
	    0x00, 0x79, 0x07, 0x4F, 0x05, 0xA0, 0x00, 0x00, 0x03, 0x08};
	uint8_t *p = now.data;

	now.at = 0;
	memcpy(p, minimal, sizeof minimal);
	now.len = sizeof minimal;
	if (s->label == NULL)
		return;
	p[now.len++] = 0x50;
	p[now.len++] = (uint8_t)strlen(s->label);
	memcpy(p + now.len, s->label, strlen(s->label));
	now.len += strlen(s->label);
	p[1] = (uint8_t)(now.len - 2);
}

/* Turns the minimal lengths of a P-256 key under tag 04 into longer ones, as PivApplet writes them.
 */
static void lengthen(void)
{
	size_t i = 0;

	while (i + 2 < now.len && now.data[i] != ECERT_TAG_META_PUBLIC)
		i += 2u + now.data[i + 1];
	if (i + 0x45 > now.len || now.data[i + 1] != 0x43)
		return;
	/* 04 43 86 41 .. -> 04 81 44 86 81 41 .. */
	memmove(now.data + i + 6, now.data + i + 4, now.len - i - 4);
	memcpy(now.data + i, (uint8_t[]){0x04, 0x81, 0x44, 0x86, 0x81, 0x41}, 6);
	now.len += 2;
}

/* 1 generated, 2 imported -> 0, 1. */
static void origin_from_zero(void)
{
	size_t i = 0;

	while (i + 2 < now.len && now.data[i] != ECERT_TAG_META_ORIGIN)
		i += 2u + now.data[i + 1];
	if (i + 2 < now.len && now.data[i + 1] == 1 && now.data[i + 2] > 0)
		now.data[i + 2]--;
}

static uint16_t metadata(const struct skin *s, uint8_t ref, uint16_t sw)
{
	static const uint8_t empty[] = {0x02, 0x02, 0x02, 0x01, 0x03, 0x01, 0x00};

	if (sw == 0x6A88 && s->bare_empty && ref >= 0x82) {
		memcpy(now.data, empty, sizeof empty);
		now.len = sizeof empty;
		return 0x9000;
	}
	/* 01 01 alg 02 02 pin touch */
	if (s->always_is_once && now.len > 6 && now.data[3] == 0x02 && now.data[5] == 0x03)
		now.data[5] = 0x02;
	if (s->bare_empty && (ref == 0x80 || ref == 0x81) && now.data[0] == 0x01) {
		memmove(now.data, now.data + 3, now.len - 3);
		now.len -= 3;
	}
	if (s->origin_from_zero && sw == 0x9000)
		origin_from_zero();
	if (s->long_lengths)
		lengthen();
	return sw;
}

static bool is_object(const struct command *c, uint32_t tag)
{
	return c->ins == ECERT_INS_GET_DATA && c->len == 5 && c->data[0] == ECERT_TAG_PATH &&
	       c->data[1] == 3 &&
	       (uint32_t)(c->data[2] << 16 | c->data[3] << 8 | c->data[4]) == tag;
}

/* Instructions that this card has not. */
static bool lacks(const struct skin *s, uint8_t ins)
{
	return (!s->extensions && ins >= 0xEE) || (ins == ECERT_INS_ATTEST && !s->attest) ||
	       (ins == ECERT_INS_MOVE_KEY && !s->move);
}

static bool has_no_object(const struct skin *s, const struct command *c)
{
	return is_object(c, ECERT_OBJ_ECERT_STATUS) || is_object(c, ECERT_OBJ_ECERT_CHAIN) ||
	       is_object(c, ECERT_OBJ_ECERT_MARK) ||
	       (s->no_chuid && is_object(c, ECERT_OBJ_CHUID)) ||
	       (!s->attest && is_object(c, ECERT_OBJ_CERT_F9));
}

static uint16_t refuse_verify(const struct skin *s, const uint8_t *apdu, size_t len)
{
	if (apdu[2] == ECERT_VERIFY_P1_LOGOUT && s->no_logout)
		return 0x6A86;
	if (s->no_count && len <= 5)
		return 0x6700;
	return len > 5 && apdu[4] != 0 && apdu[4] != ECERT_PIN_LEN ? s->unpadded : 0;
}

/* The old PIN is tried before the new one is looked at, and stays verified. */
static uint16_t refuse_new_pin(struct vcard *v, const struct command *c)
{
	uint8_t verify[5 + ECERT_PIN_LEN] = {0, ECERT_INS_VERIFY, 0, c->p2, ECERT_PIN_LEN};
	bool digits = true;

	if (c->p2 != ECERT_REF_PIN || c->len != 2 * ECERT_PIN_LEN)
		return 0;
	for (size_t i = ECERT_PIN_LEN; i < c->len; i++) {
		bool pad = c->data[i] == ECERT_PIN_PAD && i >= ECERT_PIN_LEN + 6;

		digits = digits && (pad || (c->data[i] >= '0' && c->data[i] <= '9'));
	}
	if (digits)
		return 0;
	memcpy(verify + 5, c->data, ECERT_PIN_LEN);
	return whole(v, verify, sizeof verify) == 0x9000 ? 0x6A80 : 0;
}

uint16_t rules_refuse(
    struct vcard *v, const struct skin *s, const struct command *c, const uint8_t *apdu, size_t n)
{
	uint8_t ins = apdu[1];

	if (!now.selected && ins != ECERT_INS_SELECT)
		return 0x6986;
	if (lacks(s, ins))
		return s->unknown_ins != 0 ? s->unknown_ins : 0x6D00;
	if (ins == ECERT_INS_GET_DATA && !c->complete && s->chained_get != 0)
		return s->chained_get;
	if (has_no_object(s, c))
		return 0x6A82;
	if (ins == ECERT_INS_VERIFY)
		return refuse_verify(s, apdu, n);
	if (ins == ECERT_INS_SET_MGM_KEY && s->tdes_only && n > 5 && apdu[5] != ECERT_ALG_3DES)
		return 0x6A80;
	if (ins == ECERT_INS_GENERATE && s->tdes_only && c->len > 4 && /* AC len 80 01 alg */
	    c->data[4] != ECERT_ALG_RSA2048 && c->data[4] != ECERT_ALG_P256)
		return 0x6A80;
	if (ins == ECERT_INS_CHANGE_REFERENCE && s->refused_verifies)
		return refuse_new_pin(v, c);
	if (ins == ECERT_INS_GENERAL_AUTHENTICATE && s->long_digest != 0 &&
	    apdu[2] == ECERT_ALG_P256 && n > 12 && apdu[4] == 0x36)
		return s->long_digest;
	return 0;
}

void rules_pin(struct vcard *v, const struct skin *s, const uint8_t *apdu, size_t len)
{
	static const uint8_t aid[] = ECERT_AID_PIV_SHORT;
	bool piv = len > 13 && memcmp(apdu + 5, aid, ECERT_AID_PIV_SHORT_LEN - 1) == 0;

	if (apdu[1] == ECERT_INS_SELECT && piv && s->pin_lost_on_select)
		v->ap.pin_ok = v->ap.pin_fresh = v->ap.mgm_ok = false;
	if (apdu[1] == ECERT_INS_GENERAL_AUTHENTICATE && s->always_is_once)
		v->ap.pin_fresh = v->ap.pin_ok;
	if (apdu[1] != ECERT_INS_GENERAL_AUTHENTICATE && apdu[1] != ECERT_INS_VERIFY &&
	    apdu[1] != ECERT_INS_GET_RESPONSE && s->always_is_strict)
		v->ap.pin_fresh = false;
}

/* 53 82 hh ll { 70 82 hh ll der .. } -> the same with the certificate in gzip and 71 01 01. */
static void compress_cert(void)
{
	static const uint8_t tail[] = {
	    ECERT_TAG_CERT_INFO, 1, ECERT_CERT_INFO_GZIP, ECERT_TAG_CERT_LRC, 0};
	uint8_t *d = now.data, packed[FOREIGN_MAX];
	z_stream z = {.next_in = d + 8, .next_out = packed, .avail_out = sizeof packed - 64};
	size_t n;

	if (now.len < 12 || d[1] != 0x82 || d[4] != ECERT_TAG_CERT || d[5] != 0x82)
		return;
	z.avail_in = (uInt)(d[6] << 8 | d[7]);
	if (z.avail_in > now.len - 8 ||
	    deflateInit2(&z, 9, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return;
	if (deflate(&z, Z_FINISH) == Z_STREAM_END) {
		n = z.total_out;
		memcpy(d + 8, packed, n);
		memcpy(d + 8 + n, tail, sizeof tail);
		d[6] = (uint8_t)(n >> 8);
		d[7] = (uint8_t)n;
		n += 4 + sizeof tail;
		d[2] = (uint8_t)(n >> 8);
		d[3] = (uint8_t)n;
		now.len = 4 + n;
	}
	(void)deflateEnd(&z);
}

uint16_t rules_dress(const struct skin *s, const struct command *c, uint16_t sw)
{
	static const uint8_t zeros[] = {0x53, 0x08, 0xC1, 0x01, 0, 0xC2, 0x01, 0, 0xFE, 0};

	switch (c->ins) {
	case ECERT_INS_SELECT:
		if (sw == 0x6A82)
			return s->unknown_aid;
		now.selected = true;
		answer_select(s);
		return sw;
	case ECERT_INS_GET_DATA:
		if (sw == 0x6A82 && s->zero_history && is_object(c, ECERT_OBJ_KEY_HISTORY)) {
			memcpy(now.data, zeros, sizeof zeros);
			now.len = sizeof zeros;
			return 0x9000;
		}
		if (sw == 0x9000 && s->gzip)
			compress_cert();
		return sw;
	case ECERT_INS_GET_METADATA:
		return metadata(s, c->p2, sw);
	case ECERT_INS_GENERAL_AUTHENTICATE:
		return sw == 0x6A88 ? s->empty_use : sw;
	case ECERT_INS_VERIFY:
	case ECERT_INS_CHANGE_REFERENCE:
		if ((sw & 0xFFF0) != 0x63C0 || sw == 0x63C0)
			return sw;
		return s->no_count ? 0x6300 : (uint16_t)(sw + s->more_tries);
	case ECERT_INS_ATTEST:
		if (sw == 0x9000 && s->torn_attestation && now.len > 32)
			now.len -= 32;
		return sw == 0x6A88 ? s->empty_attest : sw;
	default:
		return sw;
	}
}
