/* SPDX-License-Identifier: BSD-2-Clause */
/* PIN and PUK: VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER (SP 800-73-5 part 2, 3.2). */
#include "card/card_priv.h"

#include <string.h>

#include "util/mem.h"
#include "util/tlv.h"

#define PIN_USAGE_APPLICATION                                                                      \
	0x40		      /* first byte of 5F2F: the application PIN satisfies the rules       \
			       */
#define PIN_USAGE_GLOBAL 0x20 /* the global PIN does as well */

/* 6 to 8 bytes, the rest FF; FF itself is padding and can be no part of a PIN. */
static enum ecert_rc pad(struct rd pin, uint8_t out[ECERT_PIN_LEN])
{
	memset(out, ECERT_PIN_PAD, ECERT_PIN_LEN);
	if (pin.n < CARD_PIN_MIN || pin.n > CARD_PIN_MAX || memchr(pin.p, ECERT_PIN_PAD, pin.n))
		return ECERT_E_PIN_FORMAT;
	memcpy(out, pin.p, pin.n);
	return ECERT_OK;
}

/* What a status word says after a PIN or PUK was sent. */
static enum ecert_rc judge(uint16_t sw, int *tries)
{
	int left = sw_tries(sw);

	*tries = left;
	if (sw == ECERT_SW_OK)
		return ECERT_OK;
	if (sw == ECERT_SW_BLOCKED || left == 0) {
		*tries = 0;
		return ECERT_E_PIN_BLOCKED;
	}
	/* Only digits, says the standard (SP 800-73-5 part 2, 3.2.1), and some cards insist. */
	if (sw == ECERT_SW_BAD_DATA)
		return ECERT_E_PIN_FORMAT;
	return sw_not_verified(sw) ? ECERT_E_PIN_WRONG : sw_rc(sw);
}

/* SP 800-73-5 part 1, 3.3.2: a card without an application PIN says so in the Discovery object. */
static enum ecert_rc discover(struct card *c)
{
	struct buf object = BUF_INIT(CARD_OBJECT_MAX);
	struct rd usage;
	enum ecert_rc rc = card_object_get(c, ECERT_OBJ_DISCOVERY, &object);

	c->discovered = true;
	if (rc == ECERT_OK)
		rc = tlv_find(buf_view(&object), ECERT_TAG_PIN_USAGE, &usage);
	if (rc == ECERT_OK && usage.n == 2 && (usage.p[0] & PIN_USAGE_APPLICATION) == 0 &&
	    (usage.p[0] & PIN_USAGE_GLOBAL) != 0)
		c->pin_ref = CARD_PIN_GLOBAL;
	buf_free(&object);
	return rc;
}

static enum ecert_rc ask_status(struct card *c, uint16_t *sw)
{
	struct apdu cmd = {.ins = ECERT_INS_VERIFY, .p2 = c->pin_ref};
	enum ecert_rc rc = card_exchange(c, &cmd, NULL, sw);

	if (rc != ECERT_OK || *sw != ECERT_SW_NO_REFERENCE || c->discovered)
		return rc;
	rc = discover(c);
	if (rc != ECERT_OK || c->pin_ref != CARD_PIN_GLOBAL)
		return rc == ECERT_E_NOT_FOUND ? ECERT_OK : rc;
	cmd.p2 = c->pin_ref;
	return card_exchange(c, &cmd, NULL, sw);
}

/* Statuses of cards that want a PIN in every VERIFY. */
static bool is_silent(uint16_t sw)
{
	return sw == ECERT_SW_WRONG_LENGTH || sw == ECERT_SW_SECURITY_STATUS ||
	       sw == ECERT_SW_CONDITIONS || sw == ECERT_SW_BAD_DATA;
}

/* Such an answer may be another application's: behind a fresh SELECT it is the card's own. */
static enum ecert_rc ask_status_surely(struct card *c, uint16_t *sw)
{
	enum ecert_rc rc = ask_status(c, sw);

	if (rc != ECERT_OK || !is_silent(*sw) || *sw == c->silent)
		return rc;
	rc = card_reselect(c);
	if (rc == ECERT_OK)
		rc = ask_status(c, sw);
	if (rc == ECERT_OK && is_silent(*sw))
		c->silent = *sw;
	return rc;
}

/* 63FF and the like: not verified, and the number is elsewhere, or nobody knows it. */
static void tries_by_metadata(struct card *c, enum card_pin which, struct card_pin_status *out)
{
	struct card_pin_status told;

	if (card_pin_metadata(c, which, &told) == ECERT_OK)
		out->tries = told.tries;
}

enum ecert_rc card_pin_status(struct card *c, enum card_pin which, struct card_pin_status *out)
{
	uint16_t sw = 0;
	enum ecert_rc rc;

	*out = (struct card_pin_status){.tries = -1, .tries_max = -1};
	if (which == CARD_PUK) {
		rc = card_pin_metadata(c, which, out);
		return rc == ECERT_E_UNSUPPORTED ? ECERT_OK : rc;
	}
	rc = card_enter(c);
	if (rc != ECERT_OK)
		return rc;
	rc = ask_status_surely(c, &sw);
	out->verified = rc == ECERT_OK && sw == ECERT_SW_OK;
	out->tries = sw == ECERT_SW_BLOCKED ? 0 : sw_tries(sw);
	if (rc == ECERT_OK && out->tries < 0 && sw_not_verified(sw))
		tries_by_metadata(c, which, out);
	card_end(c);
	if (rc != ECERT_OK)
		return rc;
	out->told = out->verified || out->tries >= 0 || sw_not_verified(sw);
	return out->told || sw == c->silent ? ECERT_OK : sw_rc(sw);
}

static enum ecert_rc read_metadata(struct rd answer, struct card_pin_status *out)
{
	struct rd v;
	enum ecert_rc rc = tlv_find(answer, ECERT_TAG_META_DEFAULT, &v);

	if (rc == ECERT_OK && v.n == 1) {
		out->default_known = true;
		out->is_default = v.p[0] != 0;
	}
	if (rc == ECERT_OK || rc == ECERT_E_NOT_FOUND)
		rc = tlv_find(answer, ECERT_TAG_META_TRIES, &v);
	if (rc == ECERT_OK && v.n == 2) {
		out->tries_max = v.p[0];
		out->tries = v.p[1];
	}
	return rc == ECERT_E_NOT_FOUND ? ECERT_OK : rc;
}

static enum ecert_rc metadata_of(struct card *c, uint8_t ref, struct card_pin_status *out)
{
	const struct apdu cmd = {.ins = ECERT_INS_GET_METADATA, .p2 = ref, .le = APDU_LE_ALL};
	struct buf answer = BUF_INIT(CARD_OBJECT_MAX);
	uint16_t sw;
	enum ecert_rc rc;

	*out = (struct card_pin_status){.tries = -1, .tries_max = -1};
	if (((c->features | c->unknown) & CARD_HAS_METADATA) == 0)
		return ECERT_E_UNSUPPORTED;
	rc = card_ask(c, &cmd, &answer, &sw);
	if (rc == ECERT_OK && (card_lacks(c, CARD_HAS_METADATA, sw) || sw != ECERT_SW_OK))
		rc = ECERT_E_UNSUPPORTED;
	if (rc == ECERT_OK)
		rc = read_metadata(buf_view(&answer), out);
	buf_free(&answer);
	return rc;
}

enum ecert_rc card_pin_metadata(struct card *c, enum card_pin which, struct card_pin_status *out)
{
	return metadata_of(c, (uint8_t)which, out);
}

enum ecert_rc card_mgm_is_default(struct card *c, bool *out)
{
	struct card_pin_status status;
	enum ecert_rc rc = metadata_of(c, ECERT_KEY_9B, &status);

	*out = status.is_default;
	return rc == ECERT_OK && !status.default_known ? ECERT_E_UNSUPPORTED : rc;
}

/* Sends one command that carries secrets and says what became of the tries. */
static enum ecert_rc send_secret(struct card *c, struct apdu *cmd, int *tries)
{
	uint16_t sw;
	enum ecert_rc rc;

	cmd->secret = true;
	rc = card_ask(c, cmd, NULL, &sw);

	*tries = -1;
	return rc == ECERT_OK ? judge(sw, tries) : rc;
}

enum ecert_rc card_verify(struct card *c, struct rd pin, int *tries)
{
	struct apdu cmd = {.ins = ECERT_INS_VERIFY, .p2 = c->pin_ref};
	void *padded;
	enum ecert_rc rc = secret_alloc(ECERT_PIN_LEN, &padded);

	*tries = -1;
	if (rc != ECERT_OK)
		return rc;
	rc = pad(pin, padded);
	cmd.data = rd_of(padded, ECERT_PIN_LEN);
	if (rc == ECERT_OK)
		rc = send_secret(c, &cmd, tries);
	secret_free(padded, ECERT_PIN_LEN);
	return rc;
}

enum ecert_rc card_verify_pinpad(struct card *c, int *tries)
{
	uint8_t blank[5 + ECERT_PIN_LEN] = {0, ECERT_INS_VERIFY, 0, c->pin_ref, ECERT_PIN_LEN};
	uint8_t answer[258];
	size_t n;
	enum ecert_rc rc;

	*tries = -1;
	if (!card_pinpad(c).verify)
		return ECERT_E_UNSUPPORTED;
	memset(blank + 5, ECERT_PIN_PAD, ECERT_PIN_LEN);
	rc = card_enter(c);
	if (rc != ECERT_OK)
		return rc;
	rc = channel_pinpad_transmit(
	    c->ch, rd_of(blank, sizeof blank), false, answer, sizeof answer, &n);
	card_end(c);
	if (rc == ECERT_OK && n < 2)
		rc = ECERT_E_CARD;
	return rc == ECERT_OK ? judge((uint16_t)(answer[n - 2] << 8 | answer[n - 1]), tries) : rc;
}

enum ecert_rc card_logout(struct card *c)
{
	const struct apdu cmd = {
	    .ins = ECERT_INS_VERIFY, .p1 = ECERT_VERIFY_P1_LOGOUT, .p2 = c->pin_ref};
	uint16_t sw;
	enum ecert_rc rc = card_ask(c, &cmd, NULL, &sw);

	if (rc != ECERT_OK || sw == ECERT_SW_OK)
		return rc;
	return sw == ECERT_SW_BAD_P1P2 ? ECERT_E_UNSUPPORTED : sw_rc(sw);
}

/* Two padded values in one command: old and new, or PUK and new PIN. */
static enum ecert_rc send_pair(
    struct card *c, uint8_t ins, uint8_t ref, struct rd first, struct rd second, int *tries)
{
	struct apdu cmd = {.ins = ins, .p2 = ref};
	void *both;
	enum ecert_rc rc = secret_alloc(2 * ECERT_PIN_LEN, &both);

	*tries = -1;
	if (rc != ECERT_OK)
		return rc;
	rc = pad(first, both);
	if (rc == ECERT_OK)
		rc = pad(second, (uint8_t *)both + ECERT_PIN_LEN);
	cmd.data = rd_of(both, 2 * ECERT_PIN_LEN);
	if (rc == ECERT_OK)
		rc = send_secret(c, &cmd, tries);
	secret_free(both, 2 * ECERT_PIN_LEN);
	return rc;
}

enum ecert_rc card_change_pin(
    struct card *c, enum card_pin which, struct rd old, struct rd fresh, int *tries)
{
	uint8_t ref = which == CARD_PUK ? ECERT_REF_PUK : c->pin_ref;

	return send_pair(c, ECERT_INS_CHANGE_REFERENCE, ref, old, fresh, tries);
}

enum ecert_rc card_unblock(struct card *c, struct rd puk, struct rd fresh_pin, int *tries)
{
	return send_pair(c, ECERT_INS_RESET_RETRY, c->pin_ref, puk, fresh_pin, tries);
}

enum ecert_rc card_set_retries(struct card *c, uint8_t pin, uint8_t puk)
{
	const struct apdu cmd = {.ins = ECERT_INS_SET_RETRIES, .p1 = pin, .p2 = puk};
	enum ecert_rc rc = card_enter(c);

	if (rc != ECERT_OK)
		return rc;
	rc = card_call(c, &cmd, NULL);
	card_end(c);
	return rc;
}

enum ecert_rc card_factory_reset(struct card *c)
{
	const struct apdu cmd = {.ins = ECERT_INS_RESET};
	uint16_t sw;
	enum ecert_rc rc = card_ask(c, &cmd, NULL, &sw);

	card_status_drop(c);
	c->identity_known = false;
	c->mgm = false;
	if (rc != ECERT_OK)
		return rc;
	return sw == ECERT_SW_CONDITIONS || sw == ECERT_SW_SECURITY_STATUS ? ECERT_E_DENIED
									   : sw_rc(sw);
}
