/* SPDX-License-Identifier: BSD-2-Clause */
/* Results of private keys: of the wrong length or value, badly encoded, or of something else. */
#include "tests/hostile/hostile.h"

#include <string.h>

/* The result in 7C { 82 .. }. */
static bool find_result(const struct shot *s, struct place *p)
{
	struct place outer;

	return s->sw == 0x9000 && place_at(s, 0, &outer) &&
	       place_find(s, outer.value, outer.end, ECERT_TAG_AUTH_RESPONSE, p);
}

static void put_result(struct shot *s, const uint8_t *value, size_t len)
{
	uint8_t inner[1024];
	size_t n = put_tlv(inner, ECERT_TAG_AUTH_RESPONSE, value, len);

	s->len = put_tlv(s->data, ECERT_TAG_AUTH, inner, n);
}

void bend_rsa(struct shot *s, uint32_t form)
{
	uint8_t v[600] = {0};
	struct place p;
	size_t n;

	if (!find_result(s, &p))
		return;
	n = p.end - p.value;
	memcpy(v + 1, s->data + p.value, n);
	switch ((enum rsa_form)form) {
	case RSA_SHORT:
		put_result(s, v + 1, n - 1);
		return;
	case RSA_LONG:
		v[0] = 1;
		put_result(s, v, n + 1);
		return;
	case RSA_OVER:
		memset(v, 0xFF, sizeof v);
		break;
	case RSA_ZERO:
		memset(v, 0, sizeof v);
		break;
	case RSA_EMPTY:
		n = 0;
		break;
	}
	put_result(s, v + 1, n);
}

/* SEQUENCE { r, s } from two INTEGERs, tags and lengths included. */
static size_t sequence(uint8_t *out, const uint8_t *r, size_t rn, const uint8_t *t, size_t tn)
{
	out[0] = 0x30;
	out[1] = (uint8_t)(rn + tn);
	memcpy(out + 2, r, rn);
	memcpy(out + 2 + rn, t, tn);
	return 2 + rn + tn;
}

void bend_ec(struct shot *s, uint32_t form)
{
	static const uint8_t zero[] = {0x02, 0x01, 0x00}, minus[] = {0x02, 0x01, 0x80};
	uint8_t over[35] = {0x02, 33, 0}, lead[64] = {0x02, 0}, out[128];
	struct place whole, r, t;
	const uint8_t *d = s->data;
	size_t n, rn, tn;

	if (!find_result(s, &whole) || !place_at(s, whole.value, &whole) ||
	    !place_at(s, whole.value, &r) || !place_at(s, r.end, &t))
		return;
	rn = r.end - r.tag;
	tn = t.end - t.tag;
	memset(over + 3, 0xFF, 32);
	lead[1] = (uint8_t)(r.end - r.value + 8);
	memcpy(lead + 10, d + r.value, r.end - r.value);
	n = sequence(out, d + r.tag, rn, d + t.tag, tn);
	switch ((enum ec_form)form) {
	case EC_TAG:
		out[0] = 0x31;
		break;
	case EC_NEGATIVE:
		n = sequence(out, minus, sizeof minus, d + t.tag, tn);
		break;
	case EC_ZERO:
		n = sequence(out, zero, sizeof zero, zero, sizeof zero);
		break;
	case EC_LEADING:
		n = sequence(out, lead, rn + 8, d + t.tag, tn);
		break;
	case EC_OVER:
		n = sequence(out, over, sizeof over, over, sizeof over);
		break;
	case EC_TRAILING:
		memset(out + n, 0, 8);
		n += 8;
		break;
	case EC_INNER:
		out[3] = 0x7F;
		break;
	case EC_OPEN:
		out[1] = 0x80;
		out[n++] = 0;
		out[n++] = 0;
		break;
	}
	put_result(s, out, n);
}

/* An empty 82 in front of the one that counts. */
void bend_result_double(struct shot *s, uint32_t n)
{
	uint8_t body[1024] = {ECERT_TAG_AUTH_RESPONSE, 0};
	struct place p;

	(void)n;
	if (!place_at(s, 0, &p))
		return;
	memcpy(body + 2, s->data + p.value, p.end - p.value);
	s->len = put_tlv(s->data, ECERT_TAG_AUTH, body, 2 + p.end - p.value);
}

/* A right signature by the right key over something else. */
void before_other_digest(struct ap *ap, uint8_t *apdu, size_t len)
{
	bool extended = len > 7 && apdu[4] == 0;
	size_t last = extended ? 7 + (size_t)(apdu[5] << 8 | apdu[6]) : 5 + (size_t)apdu[4];

	(void)ap;
	if (last - 1 < len)
		apdu[last - 1] ^= 1;
}

/* The card was reset, and the reader says nothing of it. */
void before_reset(struct ap *ap, uint8_t *apdu, size_t len)
{
	(void)apdu;
	(void)len;
	ap_reset(ap);
}
