/* SPDX-License-Identifier: BSD-2-Clause */
/* Opening a PIV card, transactions, and the exchange that all commands share. */
#include "card/card_priv.h"

#include <stdlib.h>
#include <string.h>

#include "util/log.h"
#include "util/mem.h"
#include "util/tlv.h"

#define SELECT_ANSWER_MAX 1024
#define VIRTUAL_MARK	  "(virtual)" /* applet.md: software that stands in for a card says so */

#define ALONE_DATA_MAX 255 /* more may take a chain */
#define SW1_MORE       0x61

/*
 * Outside of a transaction another program's command may come between an answer's first piece and
 * GET RESPONSE: the rest would go to them, or theirs would be taken for ours. So what comes in
 * pieces there is given up and asked again inside, once; from then on the card is known for it.
 */
static enum ecert_rc exchange(
    struct card *c, struct apdu_caps caps, const struct apdu *cmd, struct buf *out, uint16_t *sw)
{
	enum ecert_rc rc;

	if (c->held > 0)
		return apdu_exchange(c->ch, caps, cmd, out, sw);
	if (!c->in_pieces && cmd->data.n <= ALONE_DATA_MAX) {
		rc = apdu_exchange_alone(c->ch, caps, cmd, out, sw);
		if (rc != ECERT_OK || *sw >> 8 != SW1_MORE)
			return rc;
		c->in_pieces = true;
	}
	*sw = 0;
	rc = card_enter(c);
	if (rc != ECERT_OK)
		return rc;
	rc = apdu_exchange(c->ch, caps, cmd, out, sw);
	card_end(c);
	return rc;
}

enum ecert_rc card_exchange(struct card *c, const struct apdu *cmd, struct buf *out, uint16_t *sw)
{
	struct buf none = BUF_INIT(CARD_OBJECT_MAX);
	enum ecert_rc rc = exchange(c, c->caps, cmd, out ? out : &none, sw);

	if (rc == ECERT_E_RESET)
		c->mgm = false;
	buf_free(&none);
	return rc;
}

enum ecert_rc card_call(struct card *c, const struct apdu *cmd, struct buf *out)
{
	uint16_t sw;
	enum ecert_rc rc = card_exchange(c, cmd, out, &sw);

	return rc == ECERT_OK ? sw_rc(sw) : rc;
}

bool card_lacks(struct card *c, enum card_feature f, uint16_t sw)
{
	bool lacks = sw == ECERT_SW_BAD_INS || sw == ECERT_SW_BAD_CLA ||
		     sw == ECERT_SW_NOT_SUPPORTED;

	if (lacks)
		c->features &= ~(unsigned)f;
	else if (sw == ECERT_SW_OK)
		c->features |= (unsigned)f;
	if (lacks || sw == ECERT_SW_OK)
		c->unknown &= ~(unsigned)f;
	return lacks;
}

/* SP 800-73-5 part 2, 3.1.1 table 3: 61 { 4F PIX, 79 {4F RID}, 50 label, 5F50 URL, AC algorithms }.
 * PivApplet gives the whole AID in 4F, so only its end is compared. */
static enum ecert_rc read_template(struct rd answer, struct rd *label)
{
	static const uint8_t pix[] = ECERT_PIX_PIV;
	struct rd body, aid;
	enum ecert_rc rc = tlv_only(answer, ECERT_TAG_APP_TEMPLATE, &body);

	*label = rd_of(NULL, 0);
	if (rc == ECERT_OK)
		rc = tlv_find(body, ECERT_TAG_APP_PIX, &aid);
	/* The last two bytes are the version, which a later edition may raise. */
	if (rc != ECERT_OK || aid.n < sizeof pix ||
	    !rd_equal(rd_of(aid.p + aid.n - sizeof pix, 4), rd_of(pix, 4)))
		return ECERT_E_UNRECOGNISED;
	rc = tlv_find(body, ECERT_TAG_APP_LABEL, label);
	return rc == ECERT_E_NOT_FOUND ? ECERT_OK : rc;
}

static enum ecert_rc select_piv(struct card *c, struct buf *answer)
{
	static const uint8_t aid[] = ECERT_AID_PIV_SHORT;
	const struct apdu cmd = {
	    .ins = ECERT_INS_SELECT, .p1 = 0x04, .data = {aid, sizeof aid}, .le = APDU_LE_ALL};
	/* Before the card has said anything: the plainest form. */
	const struct apdu_caps plain = {.extended = false, .chaining = true};
	uint16_t sw;
	enum ecert_rc rc;

	c->mgm = false;
	rc = exchange(c, plain, &cmd, answer, &sw);
	if (rc == ECERT_OK && sw != ECERT_SW_OK)
		rc = ECERT_E_UNRECOGNISED;
	return rc;
}

static enum ecert_rc recognise(struct card *c)
{
	struct buf answer = BUF_INIT(SELECT_ANSWER_MAX);
	struct rd label;
	enum ecert_rc rc = select_piv(c, &answer);

	if (rc ==
	    ECERT_E_RESET) { /* another program's reset just before: nothing of ours was lost */
		buf_reset(&answer);
		rc = select_piv(c, &answer);
	}
	if (rc == ECERT_OK)
		rc = read_template(buf_view(&answer), &label);
	if (rc == ECERT_E_MALFORMED || rc == ECERT_E_TOO_LARGE)
		rc = ECERT_E_UNRECOGNISED;
	if (rc == ECERT_OK) {
		c->model = card_model_find(label, channel_atr(c->ch));
		c->marked_virtual = rd_contains(label, VIRTUAL_MARK);
		c->features = c->model->has;
		c->unknown = ~(c->model->has | c->model->lacks) & CARD_FEATURES_ALL;
		c->retired = c->model->retired != 0 ? c->model->retired : CARD_RETIRED_MAX;
		c->algs = c->model->algs;
		c->caps.extended |= (c->model->quirks & QUIRK_EXTENDED) != 0;
		log_debug("card: %s", c->model->name);
	}
	buf_free(&answer);
	return rc;
}

enum ecert_rc card_open(struct channel **ch, struct card **out)
{
	struct card *c = calloc(1, sizeof *c);
	enum ecert_rc rc;

	*out = NULL;
	if (!c) {
		channel_close(ch);
		return ECERT_E_MEMORY;
	}
	c->ch = *ch;
	*ch = NULL;
	c->pin_ref = ECERT_REF_PIN;
	c->caps = apdu_caps_of_atr(channel_atr(c->ch));
	rc = recognise(c);
	if (rc != ECERT_OK)
		card_close(&c);
	*out = c;
	return rc;
}

void card_close(struct card **c)
{
	if (!*c)
		return;
	channel_close(&(*c)->ch);
	mem_free(*c, sizeof **c);
	*c = NULL;
}

enum ecert_rc card_reselect(struct card *c)
{
	struct buf answer = BUF_INIT(SELECT_ANSWER_MAX);
	struct rd label;
	enum ecert_rc rc = select_piv(c, &answer);

	if (rc == ECERT_OK)
		rc = read_template(buf_view(&answer), &label);
	buf_free(&answer);
	return rc;
}

enum ecert_rc card_power_reset(struct card *c)
{
	c->mgm = false;
	return channel_reset(c->ch);
}

enum ecert_rc card_begin(struct card *c)
{
	enum ecert_rc rc = channel_begin(c->ch), again;

	if (rc != ECERT_OK && rc != ECERT_E_RESET)
		return rc;
	c->held++;
	if (rc == ECERT_E_RESET) {
		again = card_reselect(c);
		if (again != ECERT_OK) {
			card_end(c);
			return again == ECERT_E_RESET ? ECERT_E_CARD : again;
		}
	}
	return rc;
}

void card_end(struct card *c)
{
	if (c->held == 0)
		return;
	c->held--;
	channel_end(c->ch);
}

enum ecert_rc card_enter(struct card *c)
{
	enum ecert_rc rc = card_begin(c);

	if (rc == ECERT_E_RESET)
		card_end(c);
	return rc;
}

enum ecert_rc card_ask(struct card *c, const struct apdu *cmd, struct buf *out, uint16_t *sw)
{
	enum ecert_rc rc = card_enter(c);

	*sw = 0;
	if (rc != ECERT_OK)
		return rc;
	rc = card_exchange(c, cmd, out, sw);
	card_end(c);
	return rc;
}

unsigned card_features(const struct card *c, unsigned *unknown)
{
	*unknown = c->unknown;
	return c->features;
}

struct pinpad card_pinpad(struct card *c)
{
	return channel_pinpad(c->ch);
}
