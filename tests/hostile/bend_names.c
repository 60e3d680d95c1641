/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of keys and certificates that a card makes up. */
#include "tests/hostile/hostile.h"
#include "util/rd.h"

#include <string.h>

/* A label that would clear the screen, ring, forge a line; no text at its end. */
static const uint8_t evil[] = "e\033[2J\r\nPIN:\a\b\x7f\xc2\x9b\xff\0x";

static uint8_t object[SHOT_MAX];
static size_t used;

static void add_entry(uint8_t ref, struct rd id, struct rd label)
{
	static uint8_t entry[SHOT_MAX];
	size_t n = put_tlv(entry, ECERT_TAG_NAME_SLOT, &ref, 1);

	if (id.n > 0)
		n += put_tlv(entry + n, ECERT_TAG_NAME_ID, id.p, id.n);
	if (label.n > 0) {
		n += put_tlv(entry + n, ECERT_TAG_NAME_KEY, label.p, label.n);
		n += put_tlv(entry + n, ECERT_TAG_NAME_CERT, label.p, label.n);
	}
	used += put_tlv(object + used, ECERT_TAG_NAME, entry, n);
}

/* Each slot claims another one's own ID, and the IDs of attestations. */
static void take_ids(void)
{
	static const uint8_t refs[] = {0x9A, 0x9C, 0x9D, 0x9E, 0x82, 0xF9, 0x00};
	static const uint8_t ids[] = {2, 1, 4, 3, 0x19, 1, 2};
	static const uint8_t attest[] = {0xF9, 0x01};

	for (size_t i = 0; i < sizeof refs; i++) {
		add_entry(refs[i], (struct rd){&ids[i], 1}, (struct rd){NULL, 0});
		add_entry(refs[i], (struct rd){attest, 2}, (struct rd){NULL, 0});
	}
}

void bend_names(struct shot *s, uint32_t form)
{
	static uint8_t filler[3000];
	const struct rd none = {NULL, 0}, text = {evil, sizeof evil - 1};

	used = 0;
	memset(filler, 'x', sizeof filler);
	switch (form) {
	case NAMES_TEXT:
		for (uint8_t ref = 0x9A; ref <= 0x9E; ref++)
			add_entry(ref, none, text);
		break;
	case NAMES_IDS:
		take_ids();
		break;
	case NAMES_LONG:
		add_entry(0x9A, (struct rd){filler, 300}, (struct rd){filler, 3000});
		break;
	case NAMES_ROWS:
		for (unsigned i = 0; i < 3000; i++)
			add_entry((uint8_t)i, none, (struct rd){filler, 3});
		break;
	case NAMES_NEST:
		for (unsigned i = 0; i < 10000; i++) {
			object[used++] = ECERT_TAG_NAME;
			object[used++] = 0x80;
		}
		break;
	default: /* NAMES_CUT */
		add_entry(0x9A, none, (struct rd){filler, 300});
		used -= 200;
		break;
	}
	s->len = put_tlv(s->data, ECERT_TAG_OBJECT, object, used);
	s->sw = ECERT_SW_OK;
}
