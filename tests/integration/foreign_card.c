/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reference applet in the skin of cards that are not ours, as measured: CanoKey core, PivApplet
 * 0.9, OpenFIPS201, and a card with nothing but the base PIV set, with or without a CHUID. Links
 * with ecert-vcard's doors in place of its card.c; ECERT_TEST_SKIN says which (foreign_skins.c).
 */
#include "tests/integration/foreign_card.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct answer now;

const uint8_t *vcard_atr(size_t *len)
{
	*len = skin()->atr_len;
	return skin()->atr;
}

void vcard_reset(struct vcard *v)
{
	ap_reset(&v->ap);
	now.selected = !skin()->select_first;
	now.len = now.at = 0;
}

static size_t status(uint16_t sw, uint8_t *resp)
{
	now.last = sw;
	resp[0] = (uint8_t)(sw >> 8);
	resp[1] = (uint8_t)sw;
	return 2;
}

static bool is_extended(const uint8_t *apdu, size_t len)
{
	return len > 6 && apdu[4] == 0;
}

/* What the command's Le allows; a short command without one may bring 256 bytes. */
static size_t expected(const uint8_t *apdu, size_t len, size_t most)
{
	bool extended = is_extended(apdu, len);
	size_t le = 0;

	if (!extended && (len == 5 || (len > 5 && len == (size_t)apdu[4] + 6)))
		le = apdu[len - 1];
	if (le == 0)
		le = extended ? most : 256;
	return le < most ? le : most;
}

/* The next piece of the answer. */
static size_t piece(uint8_t *resp, size_t most)
{
	size_t left = now.len - now.at, n = left < most ? left : most;

	memcpy(resp, now.data + now.at, n);
	now.at += n;
	left -= n;
	now.last = left == 0 ? 0x9000 : (uint16_t)(0x6100 | (left < 256 ? left : 255));
	resp[n] = (uint8_t)(now.last >> 8);
	resp[n + 1] = (uint8_t)now.last;
	return n + 2;
}

uint16_t whole(struct vcard *v, const uint8_t *apdu, size_t len)
{
	static const uint8_t more[] = {0, ECERT_INS_GET_RESPONSE, 0, 0, 0};
	static uint8_t r[AP_RESPONSE_MAX];
	size_t n = ap_process(&v->ap, apdu, len, r);

	now.len = now.at = 0;
	for (;;) {
		memcpy(now.data + now.len, r, n - 2);
		now.len += n - 2;
		if (r[n - 2] != 0x61)
			return (uint16_t)(r[n - 2] << 8 | r[n - 1]);
		n = ap_process(&v->ap, more, sizeof more, r);
	}
}

/* Joins the parts of a chain; another command begins anew. */
static void join(struct command *c, const uint8_t *apdu, size_t len)
{
	bool extended = is_extended(apdu, len);
	size_t at = extended ? 7 : 5, n = 0;

	if (c->complete || c->ins != apdu[1])
		c->len = 0;
	if (len > 5)
		n = extended ? (size_t)(apdu[5] << 8 | apdu[6]) : apdu[4];
	if (at + n > len || n > sizeof c->data)
		n = 0;
	if (c->len + n > sizeof c->data)
		c->len = 0;
	memcpy(c->data + c->len, apdu + at, n);
	c->len += n;
	c->ins = apdu[1];
	c->p1 = apdu[2];
	c->p2 = apdu[3];
	c->complete = (apdu[0] & ECERT_CLA_CHAIN) == 0;
}

/* Too much for the one APDU that it came in. */
static bool too_long(const struct skin *s, const uint8_t *apdu, size_t len)
{
	return is_extended(apdu, len) && (s->longest == 0 || len > s->longest + 9);
}

static uint16_t refuse(
    struct vcard *v, const struct skin *s, const struct command *c, const uint8_t *apdu, size_t len)
{
	uint16_t sw = too_long(s, apdu, len) ? 0x6700 : rules_refuse(v, s, c, apdu, len);

	if (sw == 0)
		sw = objects_refuse(v, s, c);
	if (sw == 0)
		sw = keys_refuse(v, s, c);
	/* What the applet has of the chain is of no more use. */
	if (sw != 0)
		v->ap.chaining = false;
	return sw;
}

static size_t answer(struct vcard *v, const uint8_t *apdu, size_t len, uint8_t *resp)
{
	static struct command c;
	const struct skin *s = skin();
	uint16_t sw;

	if (len < 4)
		return status(0x6700, resp);
	if (apdu[1] == ECERT_INS_GET_RESPONSE) {
		if (now.between && s->repeat_status)
			return status(now.last, resp);
		return now.at < now.len ? piece(resp, expected(apdu, len, s->piece))
					: status(0x6985, resp);
	}
	join(&c, apdu, len);
	sw = refuse(v, s, &c, apdu, len);
	if (sw != 0)
		return status(sw, resp);
	now.between = now.at < now.len;
	rules_pin(v, s, apdu, len);
	sw = whole(v, apdu, len);
	if (sw == 0x9000 && c.complete) {
		objects_note(v, s, &c);
		keys_note(v, s, &c);
	}
	if (c.complete)
		sw = rules_dress(s, &c, sw);
	if (sw != 0x9000)
		return status(sw, resp);
	now.between = false;
	if (s->t0 && now.len > 0)
		return status((uint16_t)(0x6100 | (now.len < 256 ? now.len : 0)), resp);
	return piece(resp, expected(apdu, len, s->piece));
}

static void count(struct vcard *v)
{
	char text[24];
	int n;

	v->apdus++;
	if (v->count_fd < 0)
		return;
	n = snprintf(text, sizeof text, "%lu\n", v->apdus);
	if (pwrite(v->count_fd, text, (size_t)n, 0) != n)
		v->count_fd = -1;
}

size_t vcard_apdu(struct vcard *v, const uint8_t *apdu, size_t len, uint8_t *resp)
{
	static bool certified;
	size_t n;

	if (skin()->blind_import && !certified && !keys_certify(v)) {
		fprintf(stderr, "foreign-card: F9 cannot certify itself\n");
		exit(2);
	}
	certified = true;
	if (v->opt->pull_after != 0 && v->apdus >= v->opt->pull_after) {
		v->pulled = true;
		return 0;
	}
	vcard_log(v->log, '>', apdu, len);
	n = answer(v, apdu, len, resp);
	vcard_log(v->log, '<', resp, n);
	count(v);
	return n;
}
