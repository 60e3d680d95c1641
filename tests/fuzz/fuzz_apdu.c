/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An APDU exchange with a card that answers what the input says: it ends, sends what a command may
 * be, and gives a whole answer or none.
 *
 * Input: 1 byte of capabilities and flags, 4 of header, 2 of data length, 3 of Le; then responses,
 * each 2 bytes of length (top bit: the exchange fails) and so many bytes. When they are over, they
 * begin again.
 */
#include <string.h>

#include "apdu/apdu.h"
#include "fuzz.h"

#define EXCHANGES_MAX                                                                              \
	(257u + 2 * 301u + 2u) /* a chain, GET RESPONSE with 6Cxx, two repetitions                 \
				*/
#define ALREADY 3u

struct card {
	struct rd all, left;
	unsigned exchanges;
	uint8_t cla, ins;
};

/* A command has the asked class and instruction, or is GET RESPONSE; its lengths are true. */
static void check_command(const struct card *c, struct rd command)
{
	bool more = command.p[1] == 0xC0 && command.n == 5;
	size_t lc;

	REQUIRE(command.n >= 4);
	REQUIRE(more || (command.p[1] == c->ins && (command.p[0] | 0x10) == (c->cla | 0x10)));
	if (command.n <= 5 || (command.p[4] == 0 && command.n == 7))
		return;
	if (command.p[4] != 0) {
		lc = command.p[4];
		REQUIRE(command.n == 5 + lc || command.n == 6 + lc);
	} else {
		lc = (size_t)command.p[5] << 8 | command.p[6];
		REQUIRE(command.n == 7 + lc || command.n == 9 + lc);
	}
}

static enum ecert_rc transmit(void *impl, struct rd command, uint8_t *resp, size_t cap, size_t *len)
{
	static const enum ecert_rc failures[] = {
	    ECERT_E_CARD, ECERT_E_RESET, ECERT_E_REMOVED, ECERT_E_NO_SERVICE, ECERT_E_BUFFER};
	struct card *c = impl;
	struct rd answer;
	uint16_t head;

	REQUIRE(++c->exchanges <= EXCHANGES_MAX);
	check_command(c, command);
	if (rd_u16(&c->left, &head) != ECERT_OK) {
		c->left = c->all;
		if (rd_u16(&c->left, &head) != ECERT_OK)
			return ECERT_E_CARD;
	}
	if (head & 0x8000)
		return failures[head % (sizeof failures / sizeof failures[0])];
	if (rd_take(&c->left, head, &answer) != ECERT_OK)
		(void)!rd_take(&c->left, c->left.n, &answer);
	/* A lying length, with what fits written. */
	if (answer.n > 0)
		memcpy(resp, answer.p, answer.n < cap ? answer.n : cap);
	*len = answer.n;
	return ECERT_OK;
}

static struct rd atr(const void *impl)
{
	return ((const struct card *)impl)->all;
}

static const struct channel_ops card_ops = {
    .transmit = transmit,
    .atr = atr,
};

static void run(struct card *card, struct apdu_caps caps, const struct apdu *cmd)
{
	struct buf out = BUF_INIT(70000);
	struct channel *c;
	uint16_t sw = 0;
	enum ecert_rc rc;

	buf_fill(&out, 0x5A, ALREADY);
	REQUIRE(channel_of(&card_ops, card, true, &c) == ECERT_OK);
	(void)apdu_caps_of_atr(channel_atr(c));
	rc = apdu_exchange(c, caps, cmd, &out, &sw);
	REQUIRE(buf_len(&out) >= ALREADY && buf_len(&out) <= ALREADY + 65536);
	REQUIRE(memcmp(buf_view(&out).p, "\x5A\x5A\x5A", ALREADY) == 0);
	if (rc != ECERT_OK)
		REQUIRE(sw == 0 && buf_len(&out) == ALREADY);
	else if (sw_rc(sw) != ECERT_OK && sw >> 8 >= 0x64)
		REQUIRE(buf_len(&out) == ALREADY);
	/* "There is more" is never the end of the matter. */
	REQUIRE(rc != ECERT_OK || sw >> 8 != 0x61);
	channel_close(&c);
	buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t body[65535];
	struct rd in = rd_of(data, size);
	struct card card = {.exchanges = 0};
	struct apdu cmd;
	struct apdu_caps caps;
	uint8_t flags, header[4], le_high;
	uint16_t n, le;

	if (rd_u8(&in, &flags) != ECERT_OK || rd_copy(&in, header, 4) != ECERT_OK ||
	    rd_u16(&in, &n) != ECERT_OK || rd_u8(&in, &le_high) != ECERT_OK ||
	    rd_u16(&in, &le) != ECERT_OK)
		return 0;
	caps = (struct apdu_caps){(flags & 1) != 0, (flags & 2) != 0};
	cmd = (struct apdu){header[0], header[1], header[2], header[3], rd_of(body, n),
	    (uint32_t)(le_high & 1) << 16 | le, false};
	card.all = card.left = in;
	card.cla = header[0];
	card.ins = header[1];
	run(&card, caps, &cmd);
	return 0;
}
