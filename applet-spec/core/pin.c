/* SPDX-License-Identifier: BSD-2-Clause */
/* PIN and PUK. The tries are counted down in the flash before the comparison is made. */
#include "applet-spec/core/card.h"

#define REFS_LEN (2 * ECERT_PIN_LEN + 2)

static const uint8_t pin_default[ECERT_PIN_LEN] = ECERT_PIN_DEFAULT;
static const uint8_t puk_default[ECERT_PIN_LEN] = ECERT_PUK_DEFAULT;

uint16_t ap_refs_load(struct ap *ap, struct ap_refs *refs)
{
	uint8_t b[REFS_LEN];
	enum ap_st rc = ap_st_read(&ap->st, ap_st_find(&ap->st, AP_REC_REFS, 0), 0, b, sizeof(b));

	memset(refs, 0, sizeof(*refs));
	if (rc != AP_ST_OK)
		return ECERT_SW_MEMORY_FAILURE;
	memcpy(refs->pin, b, ECERT_PIN_LEN);
	memcpy(refs->puk, b + ECERT_PIN_LEN, ECERT_PIN_LEN);
	refs->pin_max = b[2 * ECERT_PIN_LEN];
	refs->puk_max = b[2 * ECERT_PIN_LEN + 1];
	ap_wipe(b, sizeof(b));
	return ECERT_SW_OK;
}

/* One record with all of it: PIN, PUK and tries change together or not at all. */
static uint16_t refs_store(struct ap *ap, const struct ap_refs *refs, const struct ap_tries *tries)
{
	const uint8_t max[] = {refs->pin_max, refs->puk_max, tries->pin, tries->puk};
	const struct ap_part part[] = {
	    {refs->pin, ECERT_PIN_LEN}, {refs->puk, ECERT_PIN_LEN}, {max, sizeof(max)}};

	return ap_sw(ap_st_put(&ap->st, AP_REC_REFS, 0, part, 3));
}

uint16_t ap_refs_store_default(struct ap *ap, uint8_t pin_max, uint8_t puk_max)
{
	struct ap_refs refs = {.pin_max = pin_max, .puk_max = puk_max};
	const struct ap_tries tries = {pin_max, puk_max};

	memcpy(refs.pin, pin_default, ECERT_PIN_LEN);
	memcpy(refs.puk, puk_default, ECERT_PIN_LEN);
	return refs_store(ap, &refs, &tries);
}

bool ap_pin_is_default(const struct ap_refs *refs)
{
	return ap_same(refs->pin, pin_default, ECERT_PIN_LEN);
}

bool ap_puk_is_default(const struct ap_refs *refs)
{
	return ap_same(refs->puk, puk_default, ECERT_PIN_LEN);
}

/* The last count, or what the PIN record itself says when nothing was counted since. */
uint16_t ap_tries_load(struct ap *ap, struct ap_tries *tries)
{
	const struct ap_entry *e = ap_st_find(&ap->st, AP_REC_TRIES, 0);
	uint8_t b[2];
	enum ap_st rc;

	*tries = (struct ap_tries){0, 0};
	if (e != NULL)
		rc = ap_st_read(&ap->st, e, 0, b, sizeof(b));
	else
		rc = ap_st_read(
		    &ap->st, ap_st_find(&ap->st, AP_REC_REFS, 0), REFS_LEN, b, sizeof(b));
	if (rc != AP_ST_OK)
		return ECERT_SW_MEMORY_FAILURE;
	*tries = (struct ap_tries){b[0], b[1]};
	return ECERT_SW_OK;
}

static uint16_t tries_store(struct ap *ap, const struct ap_tries *tries)
{
	const uint8_t b[] = {tries->pin, tries->puk};
	const struct ap_part part = {b, sizeof(b)};

	return ap_sw(ap_st_put(&ap->st, AP_REC_TRIES, 0, &part, 1));
}

/* Six to eight visible characters, then FF. The card asks no digits, as Yubico's do not. */
static bool well_formed(const uint8_t *p)
{
	size_t n = 0;

	while (n < ECERT_PIN_LEN && p[n] > 0x20 && p[n] < 0x7F)
		n++;
	if (n < ECERT_PIN_MIN)
		return false;
	while (n < ECERT_PIN_LEN && p[n] == ECERT_PIN_PAD)
		n++;
	return n == ECERT_PIN_LEN;
}

static uint16_t tries_sw(uint8_t left)
{
	return left == 0 ? ECERT_SW_BLOCKED : (uint16_t)(ECERT_SW_TRIES | left);
}

/*
 * Compares what was given with the PIN or the PUK. A power cut can only cost a try: the count
 * goes down first, and up again only after the comparison. `restore` false leaves the going up
 * to a record that the caller writes next.
 */
static uint16_t check(struct ap *ap, uint8_t ref, const uint8_t *given, bool restore,
    struct ap_refs *refs, struct ap_tries *tries)
{
	uint16_t sw = ap_refs_load(ap, refs);
	bool is_pin = ref == ECERT_REF_PIN;
	uint8_t *left = is_pin ? &tries->pin : &tries->puk;

	if (sw == ECERT_SW_OK)
		sw = ap_tries_load(ap, tries);
	if (sw != ECERT_SW_OK)
		return sw;
	if (is_pin)
		ap->pin_ok = ap->pin_fresh = false;
	if (*left == 0)
		return ECERT_SW_BLOCKED;
	(*left)--;
	sw = tries_store(ap, tries);
	if (sw != ECERT_SW_OK)
		return sw;
	if (!ap_same(given, is_pin ? refs->pin : refs->puk, ECERT_PIN_LEN))
		return (uint16_t)(ECERT_SW_TRIES | *left);
	*left = is_pin ? refs->pin_max : refs->puk_max;
	return restore ? tries_store(ap, tries) : ECERT_SW_OK;
}

static uint16_t verify_status(struct ap *ap)
{
	struct ap_tries tries;
	uint16_t sw = ap_tries_load(ap, &tries);

	if (ap->pin_ok || sw != ECERT_SW_OK)
		return sw;
	return tries_sw(tries.pin);
}

/* SP 800-73-5 part 2, 3.2.1 */
uint16_t ap_verify(struct ap *ap, const struct ap_cmd *cmd, struct ap_out *out)
{
	struct ap_refs refs;
	struct ap_tries tries;
	uint16_t sw;

	(void)out;
	if (cmd->p1 != 0 && cmd->p1 != ECERT_VERIFY_P1_LOGOUT)
		return ECERT_SW_BAD_P1P2;
	if (cmd->p2 != ECERT_REF_PIN)
		return ECERT_SW_NO_REFERENCE;
	if (cmd->p1 == ECERT_VERIFY_P1_LOGOUT) {
		if (cmd->data.len != 0)
			return ECERT_SW_WRONG_LENGTH;
		ap->pin_ok = ap->pin_fresh = false;
		return ECERT_SW_OK;
	}
	if (cmd->data.len == 0)
		return verify_status(ap);
	if (cmd->data.len != ECERT_PIN_LEN)
		return ECERT_SW_WRONG_LENGTH;
	/* No PIN can look like this: say so, and take no try for it. */
	if (!well_formed(cmd->data.p))
		return ECERT_SW_BAD_DATA;
	sw = check(ap, ECERT_REF_PIN, cmd->data.p, true, &refs, &tries);
	ap_wipe(&refs, sizeof(refs));
	ap->pin_ok = ap->pin_fresh = sw == ECERT_SW_OK;
	return sw;
}

/* What both commands below carry: the reference that is proven, then the new one. */
static uint16_t two_references(const struct ap_cmd *cmd, bool known)
{
	if (cmd->p1 != 0)
		return ECERT_SW_BAD_P1P2;
	if (!known)
		return ECERT_SW_NO_REFERENCE;
	if (cmd->data.len != 2 * ECERT_PIN_LEN)
		return ECERT_SW_WRONG_LENGTH;
	return well_formed(cmd->data.p) && well_formed(cmd->data.p + ECERT_PIN_LEN)
		   ? ECERT_SW_OK
		   : ECERT_SW_BAD_DATA;
}

/* SP 800-73-5 part 2, 3.2.2 */
uint16_t ap_change_reference(struct ap *ap, const struct ap_cmd *cmd, struct ap_out *out)
{
	const uint8_t *fresh = cmd->data.p + ECERT_PIN_LEN;
	bool is_pin = cmd->p2 == ECERT_REF_PIN;
	struct ap_refs refs;
	struct ap_tries tries;
	uint16_t sw = two_references(cmd, is_pin || cmd->p2 == ECERT_REF_PUK);

	(void)out;
	if (sw != ECERT_SW_OK)
		return sw;
	sw = check(ap, cmd->p2, cmd->data.p, false, &refs, &tries);
	if (sw == ECERT_SW_OK) {
		memcpy(is_pin ? refs.pin : refs.puk, fresh, ECERT_PIN_LEN);
		sw = refs_store(ap, &refs, &tries);
	}
	ap_wipe(&refs, sizeof(refs));
	if (is_pin)
		ap->pin_ok = ap->pin_fresh = sw == ECERT_SW_OK;
	return sw;
}

/* SP 800-73-5 part 2, 3.2.3: PUK, new PIN. The PIN is not verified by it. */
uint16_t ap_reset_retry(struct ap *ap, const struct ap_cmd *cmd, struct ap_out *out)
{
	const uint8_t *fresh = cmd->data.p + ECERT_PIN_LEN;
	struct ap_refs refs;
	struct ap_tries tries;
	uint16_t sw = two_references(cmd, cmd->p2 == ECERT_REF_PIN);

	(void)out;
	if (sw != ECERT_SW_OK)
		return sw;
	sw = check(ap, ECERT_REF_PUK, cmd->data.p, false, &refs, &tries);
	if (sw == ECERT_SW_OK) {
		memcpy(refs.pin, fresh, ECERT_PIN_LEN);
		tries.pin = refs.pin_max;
		ap->pin_ok = ap->pin_fresh = false;
		sw = refs_store(ap, &refs, &tries);
	}
	ap_wipe(&refs, sizeof(refs));
	return sw;
}

uint16_t ap_set_retries(struct ap *ap, const struct ap_cmd *cmd, struct ap_out *out)
{
	(void)out;
	if (!ap->mgm_ok || !ap->pin_ok)
		return ECERT_SW_SECURITY_STATUS;
	if (cmd->p1 == 0 || cmd->p1 > ECERT_TRIES_MAX || cmd->p2 == 0 || cmd->p2 > ECERT_TRIES_MAX)
		return ECERT_SW_BAD_P1P2;
	if (cmd->data.len != 0)
		return ECERT_SW_WRONG_LENGTH;
	ap->pin_ok = ap->pin_fresh = false;
	return ap_refs_store_default(ap, cmd->p1, cmd->p2);
}
