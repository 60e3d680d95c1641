/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The applet's journal with whatever in it: the card mounts to a sound state or to a blank one,
 * answers every command, and can be made anew.
 *
 * Input: 1 byte of flags, 1 byte that says when the power goes, then changes of a good journal,
 * each 2 bytes of place, 1 of length and so many bytes (flags & 1: the bytes are the journal
 * itself).
 */
#include <string.h>

#include "applet-spec/core/store_priv.h"
#include "fuzz.h"
#include "toychip.h"
#include "util/rd.h"

#define FLAG_RAW    0x01 /* what follows is the journal */
#define FLAG_CRC    0x02 /* every checksum is made right again */
#define FLAG_SECOND 0x04 /* it begins in the second area */

/* Walks the records as far as they go and makes their checksums fit. */
static void repair(uint8_t *area)
{
	uint32_t pos = AP_AREA_HEAD;

	ap_put_be32(area + 12, ap_st_crc(0, area, 12));
	while (pos + AP_REC_HEAD <= TOY_AREA && area[pos] != 0xFF) {
		uint32_t len = (uint32_t)(area[pos + 2] << 8 | area[pos + 3]);
		uint32_t crc = ap_st_crc(0, area + pos, 8);

		if (len > TOY_AREA - pos - AP_REC_HEAD)
			break;
		crc = ap_st_crc(crc, area + pos + AP_REC_HEAD, len);
		ap_put_be32(area + pos + 8, crc);
		pos += AP_REC_HEAD + len;
	}
}

static void change(struct toychip *c, struct rd in)
{
	uint16_t at;
	uint8_t n;
	struct rd bytes;

	while (rd_u16(&in, &at) == ECERT_OK && rd_u8(&in, &n) == ECERT_OK &&
	       rd_take(&in, n, &bytes) == ECERT_OK && at + bytes.n <= 2 * TOY_AREA)
		if (bytes.n)
			memcpy(c->flash + at, bytes.p, bytes.n);
}

/* Every record lies in the area, after its head, and there are no two of one kind and number. */
static void check_sound(const struct ap_store *st)
{
	REQUIRE(st->count <= AP_ST_ENTRIES && st->area < 2 && st->pos <= TOY_AREA);
	for (unsigned i = 0; i < st->count; i++) {
		const struct ap_entry *e = &st->entry[i];

		REQUIRE(e->type >= AP_REC_CONFIG && e->type < AP_REC_DELETE);
		REQUIRE(e->off >= st->area * TOY_AREA + AP_AREA_HEAD + AP_REC_HEAD);
		REQUIRE(e->off + e->len <= st->area * TOY_AREA + st->pos);
		REQUIRE(ap_st_find(st, (enum ap_rec)e->type, e->id) == e);
	}
	REQUIRE(!st->dirty && !st->rewriting);
}

/* The same records as before, wherever they lie now. */
static void check_same(const struct ap_store *a, const struct ap_store *b)
{
	REQUIRE(a->count == b->count && a->changes == b->changes);
	for (unsigned i = 0; i < a->count; i++) {
		const struct ap_entry *e = &a->entry[i];
		const struct ap_entry *f = ap_st_find(b, (enum ap_rec)e->type, e->id);

		REQUIRE(f && f->len == e->len);
	}
}

static uint16_t ask(struct toychip *c, const uint8_t *apdu, size_t n)
{
	uint8_t resp[AP_RESPONSE_MAX];
	size_t len = ap_process(&c->ap, apdu, n, resp);

	REQUIRE(len >= 2 && len <= AP_RESPONSE_MAX);
	return (uint16_t)(resp[len - 2] << 8 | resp[len - 1]);
}

/* The first of the commands that read and write every kind of record. */
static void use_card(struct toychip *c, size_t commands)
{
#define CMD(bytes)                                                                                 \
	{                                                                                          \
		bytes, sizeof(bytes) - 1                                                           \
	}
	static const struct {
		const char *p;
		size_t n;
	} script[] = {
	    CMD("\x00\xF8\x00\x00\x00"),
	    CMD("\x00\x20\x00\x80\x08\x31\x32\x33\x34\x35\x36\xFF\xFF"),
	    CMD("\x00\xCB\x3F\xFF\x05\x5C\x03\x5F\xFF\x20\x00"),
	    CMD("\x00\xCB\x3F\xFF\x05\x5C\x03\x5F\xC1\x02\x00"),
	    CMD("\x00\xF7\x00\x80\x00"),
	    CMD("\x00\xF7\x00\x9A\x00"),
	    CMD("\x00\xF7\x00\x83\x00"),
	    CMD("\x00\xF7\x00\x9B\x00"),
	    CMD("\x00\xF9\x9A\x00\x00"),
	    CMD("\x00\x87\x11\x9A\x07\x7C\x05\x82\x00\x81\x01\x55\x00"),
	    CMD("\x00\x87\xE0\x9E\x07\x7C\x05\x82\x00\x81\x01\x55\x00"),
	    CMD("\x00\x87\x0A\x9B\x04\x7C\x02\x81\x00\x00"),
	    CMD("\x00\xDB\x3F\xFF\x09\x5C\x03\x5F\xC1\x02\x53\x02\xAB\xCD"),
	    CMD("\x00\xF6\x82\x9A"),
	    CMD("\x00\xFA\x05\x05"),
	};
#undef CMD

	for (size_t i = 0; i < sizeof script / sizeof script[0] && i < commands; i++) {
		/* Who may write is not what is tested here. */
		c->ap.mgm_ok = true;
		(void)ask(c, (const uint8_t *)script[i].p, script[i].n);
	}
}

static void renew(struct toychip *c)
{
	static const struct ap_profile profile = {1, ECERT_ALG_AES256};

	c->dead = false;
	c->cut_at = 0;
	REQUIRE(ap_personalise(&c->ap, &profile) == AP_ST_OK);
	REQUIRE(toychip_power(c) == AP_ST_OK);
	check_sound(&c->ap.st);
	REQUIRE(c->ap.st.count == 6); /* serial, PIN, management key, CHUID, CCC, F9 */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct toychip c;
	static struct ap_store before;
	struct rd in = rd_of(data, size);
	uint8_t flags, cut;
	enum ap_st st;

	if (rd_u8(&in, &flags) != ECERT_OK || rd_u8(&in, &cut) != ECERT_OK)
		return 0;
	toychip_card(&c);
	if (flags & FLAG_RAW) {
		uint32_t from = flags & FLAG_SECOND ? TOY_AREA : 0;

		memset(c.flash, 0xFF, sizeof c.flash);
		memcpy(c.flash + from, in.p, in.n < TOY_AREA ? in.n : TOY_AREA);
	} else {
		change(&c, in);
	}
	for (unsigned area = 0; flags & FLAG_CRC && area < 2; area++)
		repair(c.flash + area * TOY_AREA);
	st = toychip_power(&c);
	if (st == AP_ST_OK) {
		check_sound(&c.ap.st);
		before = c.ap.st;
		REQUIRE(toychip_power(&c) == AP_ST_OK);
		check_same(&before, &c.ap.st);
		c.cut_at = cut ? c.ops + cut : 0;
		use_card(&c, SIZE_MAX);
		/* A card that was there is never gone. */
		REQUIRE(toychip_power(&c) == AP_ST_OK);
		check_sound(&c.ap.st);
		use_card(&c, 3);
	} else {
		REQUIRE(ask(&c, (const uint8_t *)"\x00\xF8\x00\x00", 4) != ECERT_SW_OK);
	}
	renew(&c);
	return 0;
}
