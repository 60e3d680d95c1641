/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reference applet in the skin of cards that are not ours, as measured: CanoKey core, PivApplet
 * 0.9, and a card with nothing but the base PIV set, with or without a CHUID. Links with
 * ecert-vcard's doors in place of its card.c; ECERT_TEST_SKIN says which: canokey, pivapplet, base,
 * bare, terse.
 */
#include "applet-spec/vcard/vcard.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define WHOLE_MAX 4096

struct skin {
	const char *name;
	const char *label; /* in the SELECT answer; NULL: the minimal template */
	size_t piece;	   /* longest answer without 61xx */
	bool extended;	   /* takes extended length */
	bool extensions;   /* INS EE..FF */
	bool attest, move;
	bool select_first; /* 6986 until SELECT after a reset */
	bool pin_lost_on_select;
	bool always_is_once;   /* 9C behaves as PIN once, and metadata says so */
	bool always_is_strict; /* VERIFY must come immediately before */
	bool repeat_status;    /* GET RESPONSE after another command repeats its status */
	bool zero_history, long_lengths, bare_empty;
	bool no_chuid; /* nothing that tells one card from another */
	bool no_count; /* VERIFY tells no tries, whether or not a PIN is with it */
	bool no_logout;
	uint8_t more_tries;   /* than the three of the applet */
	bool t0;	      /* every answer is fetched by GET RESPONSE */
	bool gzip;	      /* certificates were stored compressed */
	uint16_t unknown_ins; /* 0: 6D00 */
	uint16_t unknown_aid, unpadded, empty_use, empty_attest, long_digest;
};

static const struct skin skins[] = {
    {.name = "canokey",
	.piece = 1340,
	.extended = true,
	.extensions = true,
	.pin_lost_on_select = true,
	.always_is_once = true,
	.repeat_status = true,
	.unknown_aid = 0x6A82,
	.unpadded = 0x6700,
	.empty_use = 0x6985,
	.long_digest = 0x6700},
    {.name = "pivapplet",
	.label = "PivApplet v0.9.0/RAEeC",
	.piece = 255,
	.extended = true,
	.extensions = true,
	.attest = true,
	.select_first = true,
	.always_is_strict = true,
	.zero_history = true,
	.long_lengths = true,
	.more_tries = 2,
	.bare_empty = true,
	.unknown_aid = 0x6D00,
	.unpadded = 0x6A80,
	.empty_use = 0x6A86,
	.empty_attest = 0x6F00},
    {.name = "base", .piece = 256, .unknown_aid = 0x6A82, .unpadded = 0x6A80, .empty_use = 0x6A88},
    {.name = "bare",
	.piece = 256,
	.no_chuid = true,
	.gzip = true,
	.unknown_aid = 0x6A82,
	.unpadded = 0x6A80,
	.empty_use = 0x6A88},
    {.name = "terse",
	.piece = 256,
	.no_count = true,
	.no_logout = true,
	.t0 = true,
	.unknown_ins = 0x6A82,
	.unknown_aid = 0x6A82,
	.unpadded = 0x6700,
	.empty_use = 0x6A80},
};

static const struct skin *skin(void)
{
	static const struct skin *mine;
	const char *want = getenv("ECERT_TEST_SKIN");

	for (size_t i = 0; mine == NULL && i < sizeof skins / sizeof skins[0]; i++) {
		if (want != NULL && strcmp(skins[i].name, want) == 0)
			mine = &skins[i];
	}
	if (mine == NULL) {
		fprintf(stderr,
		    "foreign-card: ECERT_TEST_SKIN is canokey, pivapplet, base, bare or terse\n");
		exit(2);
	}
	return mine;
}

/* The answer under way: data that GET RESPONSE still has to bring. */
static struct {
	uint8_t data[WHOLE_MAX];
	size_t len, at;
	uint16_t last;
	bool selected, between;
} now;

const uint8_t *vcard_atr(size_t *len)
{
	/* no historical bytes: nothing is said of lengths or chaining */
	static const uint8_t silent[] = {0x3B, 0x80, 0x01, 0x81};
	/* compact-TLV 73 C0 01 C0: extended length and chaining */
	static const uint8_t able[] = {0x3B, 0x85, 0x01, 0x80, 0x73, 0xC0, 0x01, 0xC0, 0x77};

	*len = skin()->extended ? sizeof able : sizeof silent;
	return skin()->extended ? able : silent;
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

/* What the command's Le allows; a short command without one may bring 256 bytes. */
static size_t expected(const uint8_t *apdu, size_t len, size_t most)
{
	bool extended = len > 6 && apdu[4] == 0;
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

/* The applet's whole answer to a command, all pieces joined, into now. */
static uint16_t whole(struct vcard *v, const uint8_t *apdu, size_t len)
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
	if (s->long_lengths)
		lengthen();
	return sw;
}

static bool is_object(const uint8_t *apdu, size_t len, uint32_t tag)
{
	return len >= 10 && apdu[1] == ECERT_INS_GET_DATA && apdu[4] == 5 && apdu[6] == 3 &&
	       (uint32_t)(apdu[7] << 16 | apdu[8] << 8 | apdu[9]) == tag;
}

/* What the skin answers by itself, before the applet is asked; 0: nothing. */
static uint16_t refuse(const struct skin *s, const uint8_t *apdu, size_t len)
{
	uint8_t ins = apdu[1];

	if (!now.selected && ins != ECERT_INS_SELECT)
		return 0x6986;
	if (!s->extended && len > 6 && apdu[4] == 0)
		return 0x6700;
	if ((!s->extensions && ins >= 0xEE) || (ins == ECERT_INS_ATTEST && !s->attest) ||
	    (ins == ECERT_INS_MOVE_KEY && !s->move))
		return s->unknown_ins != 0 ? s->unknown_ins : 0x6D00;
	if (ins == ECERT_INS_VERIFY && apdu[2] == ECERT_VERIFY_P1_LOGOUT && s->no_logout)
		return 0x6A86;
	if (ins == ECERT_INS_VERIFY && s->no_count && len <= 5)
		return 0x6700;
	if (is_object(apdu, len, ECERT_OBJ_ECERT_STATUS) ||
	    is_object(apdu, len, ECERT_OBJ_ECERT_CHAIN) ||
	    is_object(apdu, len, ECERT_OBJ_ECERT_MARK) ||
	    (s->no_chuid && is_object(apdu, len, ECERT_OBJ_CHUID)) ||
	    (!s->attest && is_object(apdu, len, 0x5FFF01)))
		return 0x6A82;
	if (ins == ECERT_INS_VERIFY && len > 5 && apdu[4] != 0 && apdu[4] != 8)
		return s->unpadded;
	if (ins == ECERT_INS_GENERAL_AUTHENTICATE && s->long_digest != 0 &&
	    apdu[2] == ECERT_ALG_P256 && len > 12 && apdu[4] == 0x36)
		return s->long_digest;
	return 0;
}

/* PIN rules that differ: what the applet would ask for is granted or taken away beforehand. */
static void bend_pin(struct vcard *v, const struct skin *s, const uint8_t *apdu, size_t len)
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
	uint8_t *d = now.data, packed[WHOLE_MAX];
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

static uint16_t dress(const struct skin *s, const uint8_t *apdu, size_t len, uint16_t sw)
{
	static const uint8_t zeros[] = {0x53, 0x08, 0xC1, 0x01, 0, 0xC2, 0x01, 0, 0xFE, 0};

	switch (apdu[1]) {
	case ECERT_INS_SELECT:
		if (sw == 0x6A82)
			return s->unknown_aid;
		now.selected = true;
		answer_select(s);
		return sw;
	case ECERT_INS_GET_DATA:
		if (sw == 0x6A82 && s->zero_history &&
		    is_object(apdu, len, ECERT_OBJ_KEY_HISTORY)) {
			memcpy(now.data, zeros, sizeof zeros);
			now.len = sizeof zeros;
			return 0x9000;
		}
		if (sw == 0x9000 && s->gzip)
			compress_cert();
		return sw;
	case ECERT_INS_GET_METADATA:
		return metadata(s, apdu[3], sw);
	case ECERT_INS_GENERAL_AUTHENTICATE:
		return sw == 0x6A88 ? s->empty_use : sw;
	case ECERT_INS_VERIFY:
	case ECERT_INS_CHANGE_REFERENCE:
		if ((sw & 0xFFF0) != 0x63C0 || sw == 0x63C0)
			return sw;
		return s->no_count ? 0x6300 : (uint16_t)(sw + s->more_tries);
	case ECERT_INS_ATTEST:
		return sw == 0x6A88 ? s->empty_attest : sw;
	default:
		return sw;
	}
}

static size_t answer(struct vcard *v, const uint8_t *apdu, size_t len, uint8_t *resp)
{
	const struct skin *s = skin();
	uint16_t sw;

	if (len >= 4 && apdu[1] == ECERT_INS_GET_RESPONSE) {
		if (now.between && s->repeat_status)
			return status(now.last, resp);
		return now.at < now.len ? piece(resp, expected(apdu, len, s->piece))
					: status(0x6985, resp);
	}
	sw = len >= 4 ? refuse(s, apdu, len) : 0x6700;
	if (sw != 0)
		return status(sw, resp);
	now.between = now.at < now.len;
	bend_pin(v, s, apdu, len);
	sw = whole(v, apdu, len);
	if (len >= 4 && (apdu[0] & ECERT_CLA_CHAIN) == 0)
		sw = dress(s, apdu, len, sw);
	if (sw != 0x9000)
		return status(sw, resp);
	now.between = false;
	if (s->t0 && now.len > 0)
		return status((uint16_t)(0x6100 | (now.len < 256 ? now.len : 0)), resp);
	return piece(resp, expected(apdu, len, s->piece));
}

size_t vcard_apdu(struct vcard *v, const uint8_t *apdu, size_t len, uint8_t *resp)
{
	size_t n;

	vcard_log(v->log, '>', apdu, len);
	n = answer(v, apdu, len, resp);
	vcard_log(v->log, '<', resp, n);
	return n;
}
