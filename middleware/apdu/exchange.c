/* SPDX-License-Identifier: BSD-2-Clause */
/* One command and its whole answer: extended length, chaining, GET RESPONSE, the right Le. */
#include <stdlib.h>

#include "apdu/encode.h"
#include "ecert/piv_const.h"
#include "util/mem.h"

#define CLA_CHANNEL  0x03
#define SW1_MORE     0x61
#define SW1_WRONG_LE 0x6C
#define ANSWER_MAX   65536u
#define ROUNDS_MAX   300u
#define EXT_STACK    512u

/* One command under way. */
struct exchange {
	struct channel *channel;
	struct buf *out;
	size_t start; /* of this answer in out */
	uint16_t sw;
	bool alone; /* nothing that belongs to it may follow */
};

static uint8_t sw1(uint16_t sw)
{
	return (uint8_t)(sw >> 8);
}

/* Success and warnings bring data; what comes beside an error is not an answer. */
static bool brings_data(uint16_t sw)
{
	return sw == ECERT_SW_OK || (sw1(sw) >= 0x61 && sw1(sw) <= 0x63);
}

/* Splits a response into the status word and data, which is appended. */
static enum ecert_rc take_response(struct exchange *x, struct rd resp)
{
	size_t n = resp.n - 2;

	x->sw = (uint16_t)(resp.p[n] << 8 | resp.p[n + 1]);
	if (!brings_data(x->sw))
		return ECERT_OK;
	if (buf_len(x->out) - x->start + n > ANSWER_MAX)
		return ECERT_E_TOO_LARGE;
	buf_put(x->out, resp.p, n);
	return buf_rc(x->out);
}

static enum ecert_rc transmit(struct exchange *x, struct rd command, uint8_t *resp, size_t cap)
{
	size_t len = 0;
	enum ecert_rc rc = channel_transmit(x->channel, command, resp, cap, &len);
	size_t touched = rc == ECERT_OK ? len : cap;

	if (rc == ECERT_OK)
		rc = take_response(x, rd_of(resp, len));
	else if (rc == ECERT_E_BUFFER)
		rc = ECERT_E_CARD; /* more than any answer to this command can be */
	mem_wipe(resp, touched);
	return rc;
}

static enum ecert_rc send_short(struct exchange *x, const struct apdu *a)
{
	uint8_t open[APDU_SHORT_MAX], *command = open, resp[APDU_SHORT_LE_MAX + 2];
	void *locked = NULL;
	enum ecert_rc rc = a->secret ? secret_alloc(sizeof open, &locked) : ECERT_OK;
	size_t n;

	if (rc != ECERT_OK)
		return rc;
	if (locked)
		command = locked;
	n = apdu_encode_short(a, command);
	rc = transmit(x, rd_of(command, n), resp, sizeof resp);
	mem_wipe(command, n);
	secret_free(locked, sizeof open);
	return rc;
}

/* The Le that 61xx or 6Cxx names: 00 stands for 256. */
static uint32_t le_of(uint16_t sw)
{
	return sw & 0xFF ? sw & 0xFFu : APDU_SHORT_LE_MAX;
}

/* ISO 7816-4, 5.6: after 6Cxx the same command again, with the Le it names; once. A command without
 * Le has none to correct, and VERIFY again could spend a second try. */
static enum ecert_rc send_right_le(struct exchange *x, const struct apdu *a)
{
	struct apdu again = *a;
	enum ecert_rc rc = send_short(x, a);

	if (rc != ECERT_OK || sw1(x->sw) != SW1_WRONG_LE || a->le == APDU_LE_NONE)
		return rc;
	again.le = le_of(x->sw);
	return send_short(x, &again);
}

/* ISO 7816-4, 5.4.1: all blocks but the last have CLA 10 and no Le, and each must be accepted. */
static enum ecert_rc send_chain(struct exchange *x, const struct apdu *a)
{
	struct apdu block = *a;
	struct rd rest = a->data;
	enum ecert_rc rc;

	block.le = APDU_LE_NONE;
	block.cla |= ECERT_CLA_CHAIN;
	while (rest.n > APDU_SHORT_DATA_MAX) {
		rc = rd_take(&rest, APDU_SHORT_DATA_MAX, &block.data);
		if (rc == ECERT_OK)
			rc = send_short(x, &block);
		if (rc != ECERT_OK)
			return rc;
		if (x->sw != ECERT_SW_OK) {
			/* 61xx or 6Cxx here would start what nobody asked for. */
			return sw1(x->sw) == SW1_MORE ? ECERT_E_CARD : ECERT_OK;
		}
	}
	block = *a;
	block.data = rest;
	return send_right_le(x, &block);
}

static enum ecert_rc send_extended(struct exchange *x, const struct apdu *a)
{
	uint8_t little[EXT_STACK], *command = little, *resp = NULL;
	size_t size = apdu_extended_size(a), cap, n;
	void *locked = NULL;
	enum ecert_rc rc = a->secret ? secret_alloc(size, &locked) : ECERT_OK;

	if (rc != ECERT_OK)
		return rc;
	rc = ECERT_E_MEMORY;

	/* A card may always answer as much as a short answer has. */
	cap = (a->le > APDU_SHORT_LE_MAX ? a->le : APDU_SHORT_LE_MAX) + 2;
	if (locked)
		command = locked;
	else if (size > sizeof little)
		command = malloc(size);
	resp = malloc(cap);
	if (!command || !resp)
		goto out;
	n = apdu_encode_extended(a, command);
	rc = transmit(x, rd_of(command, n), resp, cap);
out:
	free(resp); /* transmit has wiped it */
	if (command)
		mem_wipe(command, size);
	if (locked)
		secret_free(locked, size);
	else if (command != little)
		free(command);
	return rc;
}

/* GET RESPONSE for as long as the card says 61xx and each round brings something (ISO 7816-4,
 * 5.3.4). A round that brings nothing but says 9000 is another command's status: CanoKey's way when
 * somebody came between. */
static enum ecert_rc collect(struct exchange *x, uint8_t cla)
{
	struct apdu more = {.cla = cla & CLA_CHANNEL, .ins = ECERT_INS_GET_RESPONSE};
	enum ecert_rc rc = ECERT_OK;
	unsigned rounds = 0;

	while (rc == ECERT_OK && sw1(x->sw) == SW1_MORE) {
		size_t before = buf_len(x->out);

		if (rounds++ == ROUNDS_MAX)
			return ECERT_E_CARD;
		more.le = le_of(x->sw);
		rc = send_right_le(x, &more);
		if (rc == ECERT_OK && brings_data(x->sw) && buf_len(x->out) == before)
			rc = ECERT_E_CARD;
	}
	return rc;
}

static enum ecert_rc send_plain(struct exchange *x, struct apdu_caps caps, const struct apdu *a)
{
	if (a->data.n <= APDU_SHORT_DATA_MAX)
		return send_right_le(x, a);
	return caps.chaining && !x->alone ? send_chain(x, a) : ECERT_E_TOO_LARGE;
}

static bool wants_extended(const struct apdu *a)
{
	return a->data.n > APDU_SHORT_DATA_MAX || a->le > APDU_SHORT_LE_MAX;
}

static enum ecert_rc send_all(struct exchange *x, struct apdu_caps caps, const struct apdu *a)
{
	bool has_other_way = a->data.n <= APDU_SHORT_DATA_MAX || (caps.chaining && !x->alone);
	enum ecert_rc rc;

	if (!caps.extended || !wants_extended(a))
		return send_plain(x, caps, a);
	rc = send_extended(x, a);
	/* The card, or the reader on the way to it, does not know extended length after all. */
	if (rc == ECERT_OK && x->sw == ECERT_SW_WRONG_LENGTH && has_other_way)
		rc = send_plain(x, caps, a);
	return rc;
}

static enum ecert_rc run_exchange(
    struct exchange *x, struct apdu_caps caps, const struct apdu *cmd, uint16_t *sw)
{
	enum ecert_rc rc = buf_rc(x->out);

	*sw = 0;
	if (rc != ECERT_OK)
		return rc;
	if (cmd->data.n > APDU_EXT_DATA_MAX || cmd->le > APDU_LE_ALL)
		return ECERT_E_ARG;
	rc = send_all(x, caps, cmd);
	if (rc == ECERT_OK && !x->alone)
		rc = collect(x, cmd->cla);
	if (rc == ECERT_OK)
		*sw = x->sw;
	/* Half an answer is none. */
	if (rc != ECERT_OK || !brings_data(x->sw) || sw1(x->sw) == SW1_MORE)
		buf_truncate(x->out, x->start);
	return rc;
}

enum ecert_rc apdu_exchange(
    struct channel *c, struct apdu_caps caps, const struct apdu *cmd, struct buf *out, uint16_t *sw)
{
	struct exchange x = {.channel = c, .out = out, .start = buf_len(out)};

	return run_exchange(&x, caps, cmd, sw);
}

enum ecert_rc apdu_exchange_alone(
    struct channel *c, struct apdu_caps caps, const struct apdu *cmd, struct buf *out, uint16_t *sw)
{
	struct exchange x = {.channel = c, .out = out, .start = buf_len(out), .alone = true};

	return run_exchange(&x, caps, cmd, sw);
}

enum ecert_rc apdu_call(
    struct channel *c, struct apdu_caps caps, const struct apdu *cmd, struct buf *out)
{
	uint16_t sw;
	enum ecert_rc rc = apdu_exchange(c, caps, cmd, out, &sw);

	return rc == ECERT_OK ? sw_rc(sw) : rc;
}
