/* SPDX-License-Identifier: BSD-2-Clause */
/* Certificate objects: doubled, another key's, compressed in every wrong way, with evil text. */
#include "tests/hostile/hostile.h"

#include <string.h>
#include <zlib.h>

#define BOMB_BYTES (64u << 20)
#define NEST_DEPTH 10000

static uint8_t scratch[SHOT_MAX];

/* The certificate in an object's answer (53 { 70 .. }). */
static bool find_cert(const struct shot *s, struct place *p)
{
	struct place outer;

	return place_at(s, 0, &outer) && place_find(s, outer.value, outer.end, ECERT_TAG_CERT, p);
}

static void wrap(struct shot *s, const uint8_t *body, size_t len)
{
	s->len = put_tlv(s->data, ECERT_TAG_OBJECT, body, len);
	s->sw = 0x9000;
}

/* 53 { 70 der, 71 info, FE } */
static void wrap_cert(struct shot *s, const uint8_t *der, size_t len, uint8_t info)
{
	const uint8_t tail[] = {ECERT_TAG_CERT_INFO, 1, info, ECERT_TAG_CERT_LRC, 0};
	size_t n = put_tlv(scratch, ECERT_TAG_CERT, der, len);

	memcpy(scratch + n, tail, sizeof tail);
	wrap(s, scratch, n + sizeof tail);
}

/* The value of another object: 70 der 71 00 FE 00. */
static size_t other_object(struct ap *ap, uint32_t tag, uint8_t *out)
{
	size_t len = 0;

	return ap_object_get(ap, tag, out, 4096, &len) == AP_ST_OK ? len : 0;
}

void bend_cert_other(struct shot *s, uint32_t tag)
{
	size_t n = other_object(s->ap, tag, scratch);

	wrap(s, scratch, n);
}

void bend_cert_double(struct shot *s, uint32_t tag)
{
	size_t n = other_object(s->ap, tag, scratch);
	struct place p;

	if (!place_at(s, 0, &p))
		return;
	memcpy(scratch + n, s->data + p.value, s->len - p.value);
	wrap(s, scratch, n + s->len - p.value);
}

void bend_cert_reorder(struct shot *s, uint32_t n)
{
	const uint8_t head[] = {ECERT_TAG_CERT_LRC, 0, ECERT_TAG_CERT_INFO, 1, 0};
	struct place p;

	(void)n;
	if (!find_cert(s, &p))
		return;
	memcpy(scratch, head, sizeof head);
	memcpy(scratch + sizeof head, s->data + p.tag, p.end - p.tag);
	wrap(s, scratch, sizeof head + p.end - p.tag);
}

static void spoil_text(uint8_t *der, size_t len)
{
	static const uint8_t evil[] = {0x1B, '[', '2', 'J', '\r', '\n', 0x07};
	uint8_t *at = memmem(der, len, "Trading", 7);

	if (at != NULL)
		memcpy(at, evil, sizeof evil);
}

void bend_cert_text(struct shot *s, uint32_t n)
{
	(void)n;
	spoil_text(s->data, s->len);
}

/* ---- gzip (RFC 1952) ---- */

static size_t pack(const uint8_t *in, size_t len, size_t times, uint8_t *out, size_t cap)
{
	z_stream z = {.next_out = out, .avail_out = (uInt)cap};
	size_t n;

	if (deflateInit2(&z, 9, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return 0;
	for (size_t i = 0; i < times; i++) {
		z.next_in = (Bytef *)(uintptr_t)in;
		z.avail_in = (uInt)len;
		if (deflate(&z, i + 1 == times ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_ERROR)
			break;
	}
	n = z.total_out;
	(void)deflateEnd(&z);
	return n;
}

static size_t nested(uint8_t *out)
{
	for (size_t i = 0; i < NEST_DEPTH; i++) {
		out[2 * i] = 0x30;
		out[2 * i + 1] = 0x80;
	}
	return 2 * NEST_DEPTH;
}

/* Zeros in gzip: packed once, because the card's time is no part of what is measured. */
static void put_bomb(struct shot *s)
{
	static uint8_t zeros[65536], bomb[SHOT_MAX / 2];
	static size_t n;

	if (n == 0)
		n = pack(zeros, sizeof zeros, BOMB_BYTES / sizeof zeros, bomb, 60000);
	wrap_cert(s, bomb, n, ECERT_CERT_INFO_GZIP);
}

void bend_gzip(struct shot *s, uint32_t form)
{
	static uint8_t packed[SHOT_MAX / 2], plain[65536];
	struct place p;
	size_t n;

	if (!find_cert(s, &p))
		return;
	n = p.end - p.value;
	memcpy(plain, s->data + p.value, n);
	if (form == GZIP_NOT) {
		wrap_cert(s, plain, n, ECERT_CERT_INFO_GZIP);
		return;
	}
	if (form == GZIP_BOMB) {
		put_bomb(s);
		return;
	}
	if (form == GZIP_NEST) {
		n = pack(plain, nested(plain), 1, packed, sizeof packed);
	} else {
		n = pack(plain, n, 1, packed, sizeof packed - 100);
	}
	if (form == GZIP_CUT)
		n /= 2;
	if (form == GZIP_JUNK) {
		memset(packed + n, 0xA5, 100);
		n += 100;
	}
	wrap_cert(s, packed, n, ECERT_CERT_INFO_GZIP);
}

/* ---- attestation certificates ---- */

void bend_attest(struct shot *s, uint32_t form)
{
	static uint8_t der[2 * NEST_DEPTH];
	struct place p;
	static struct shot other;

	s->sw = 0x9000;
	switch ((enum attest_form)form) {
	case ATTEST_NEST:
		s->len = nested(der);
		memcpy(s->data, der, s->len);
		break;
	case ATTEST_OTHER: /* the key's certificate by a CA, in place of the attestation */
		other.len = other_object(s->ap, ECERT_OBJ_CERT_9E, other.data);
		if (!place_find(&other, 0, other.len, ECERT_TAG_CERT, &p))
			return;
		s->len = p.end - p.value;
		memcpy(s->data, other.data + p.value, s->len);
		break;
	case ATTEST_TEXT:
		other.len = other_object(s->ap, ECERT_OBJ_CERT_9E, other.data);
		if (!place_find(&other, 0, other.len, ECERT_TAG_CERT, &p))
			return;
		s->len = p.end - p.value;
		memcpy(s->data, other.data + p.value, s->len);
		spoil_text(s->data, s->len);
		break;
	}
}
