/* SPDX-License-Identifier: BSD-2-Clause */
/* GENERAL AUTHENTICATE, SP 800-73-5 part 2, 3.2.4: what a private key does. */
#include "applet-spec/core/card.h"

/* Longest digest: SHA-512. Longer than the curve, its leftmost bits count (FIPS 186-5, 6.4.1). */
#define DIGEST_MAX 64
#define FIELD_MAX  48

bool ap_touch(struct ap *ap, uint8_t ref, uint8_t policy)
{
	const struct ap_hal *hal = ap->hal;
	uint32_t now;

	if (policy != ECERT_TOUCH_POLICY_ALWAYS && policy != ECERT_TOUCH_POLICY_CACHED)
		return true;
	now = hal->millis(hal->ctx);
	if (policy == ECERT_TOUCH_POLICY_CACHED && ap->touched &&
	    now - ap->touched_at < ECERT_TOUCH_CACHE_MS)
		return true;
	if (!hal->touch(hal->ctx, ref))
		return false;
	ap->touched = true;
	ap->touched_at = hal->millis(hal->ctx);
	return true;
}

void ap_put_rs(struct ap_out *out, const uint8_t *rs, size_t field)
{
	size_t mark = ap_open(out, 0x30);

	ap_put_integer(out, rs, field);
	ap_put_integer(out, rs + field, field);
	ap_close(out, mark);
}

struct request {
	struct ap_span input;
	bool agree; /* 85: the other side's point */
};

/* 7C with an empty 82 and one of 81 and 85, in any order. */
static bool parse(struct ap_span in, struct request *r)
{
	struct ap_span body, value;
	uint32_t tag;
	bool empty = false, given = false;

	*r = (struct request){0};
	if (!ap_tlv_take(&in, ECERT_TAG_AUTH, &body) || in.len != 0)
		return false;
	while (body.len > 0) {
		if (!ap_tlv_next(&body, &tag, &value))
			return false;
		if (tag == ECERT_TAG_AUTH_RESPONSE && value.len == 0 && !empty) {
			empty = true;
		} else if ((tag == ECERT_TAG_AUTH_CHALLENGE || tag == ECERT_TAG_AUTH_EXPONENT) &&
			   !given) {
			given = true;
			r->input = value;
			r->agree = tag == ECERT_TAG_AUTH_EXPONENT;
		} else {
			return false;
		}
	}
	return empty && given;
}

/* Whether this key can do this at all, and the input has a length it takes. */
static bool suits(const struct ap_alg *alg, const struct request *r)
{
	switch (alg->kind) {
	case AP_RSA:
		return !r->agree && r->input.len == alg->pub_len;
	case AP_EC:
		if (r->agree)
			return r->input.len == alg->pub_len && r->input.p[0] == 0x04;
		return r->input.len > 0 && r->input.len <= DIGEST_MAX;
	case AP_SM2:
		return !r->agree && r->input.len == 32;
	case AP_ED:
		return !r->agree;
	case AP_XDH:
		return r->agree && r->input.len == alg->pub_len;
	default:
		return false;
	}
}

static uint16_t permitted(struct ap *ap, const struct ap_key *key)
{
	bool pin = key->pin == ECERT_PIN_POLICY_NEVER ||
		   (key->pin == ECERT_PIN_POLICY_ONCE && ap->pin_ok) || ap->pin_fresh;

	return pin ? ECERT_SW_OK : ECERT_SW_SECURITY_STATUS;
}

/* The operation itself; the answer goes to out, its length to *len. */
static enum ap_hal_rc operate(
    struct ap *ap, const struct ap_key *key, const struct request *r, uint8_t *out, size_t *len)
{
	const struct ap_hal *hal = ap->hal;
	const struct ap_alg *alg = key->alg;
	size_t field = ap_alg_field(alg);
	size_t n = r->input.len;
	uint8_t pub[512];

	*len = alg->kind == AP_RSA ? alg->pub_len : 2 * field;
	if (alg->kind == AP_EC && n > field)
		n = field;
	if (ap_key_public(ap, key, pub) != ECERT_SW_OK)
		return AP_HAL_FAIL;
	if (r->agree) {
		*len = field;
		return hal->agree(hal->ctx, alg->id, ap->priv, pub, r->input.p, out);
	}
	return hal->sign(hal->ctx, alg->id, ap->priv, pub, r->input.p, n, out);
}

static void put_answer(const struct ap_key *key, const struct request *r, const uint8_t *raw,
    size_t len, struct ap_out *out)
{
	size_t all = ap_open(out, ECERT_TAG_AUTH);
	size_t one = ap_open(out, ECERT_TAG_AUTH_RESPONSE);

	if (!r->agree && (key->alg->kind == AP_EC || key->alg->kind == AP_SM2))
		ap_put_rs(out, raw, len / 2);
	else
		ap_put(out, raw, len);
	ap_close(out, one);
	ap_close(out, all);
}

/* The count goes up, and the PIN's one use is gone, before the key is touched. */
static uint16_t use(
    struct ap *ap, const struct ap_key *key, const struct request *r, struct ap_out *out)
{
	uint8_t raw[512];
	size_t len = 0;
	enum ap_hal_rc rc;
	uint16_t sw;

	ap->pin_fresh = false;
	sw = ap_key_count_up(ap, key->slot->ref);
	/* Counting may have moved the key to the other area. */
	struct ap_key again;
	if (sw == ECERT_SW_OK)
		sw = ap_key_find(ap, key->slot, &again);
	if (sw == ECERT_SW_OK)
		sw = ap_key_private(ap, &again, ap->priv);
	if (sw != ECERT_SW_OK)
		return sw;
	rc = operate(ap, &again, r, raw, &len);
	if (rc == AP_HAL_OK)
		put_answer(&again, r, raw, len, out);
	ap_wipe(raw, sizeof(raw));
	return rc == AP_HAL_OK	    ? ECERT_SW_OK
	       : rc == AP_HAL_INPUT ? ECERT_SW_BAD_DATA
				    : ECERT_SW_UNKNOWN;
}

uint16_t ap_general_authenticate(struct ap *ap, const struct ap_cmd *cmd, struct ap_out *out)
{
	const struct ap_slot *slot = ap_slot_by_ref(cmd->p2);
	const struct ap_alg *alg = ap_alg_by_wire(ap, cmd->p1);
	struct ap_key key;
	struct request r;
	uint16_t sw;

	if (cmd->p2 == ECERT_KEY_9B)
		return ap_mgm_authenticate(ap, cmd, out);
	ap->mgm_step = 0;
	/* F9 signs attestations and nothing else. */
	if (slot == NULL || slot->ref == ECERT_KEY_F9 || alg == NULL)
		return ECERT_SW_BAD_P1P2;
	sw = ap_key_find(ap, slot, &key);
	if (sw != ECERT_SW_OK)
		return sw;
	if (key.alg != alg)
		return ECERT_SW_BAD_P1P2;
	sw = permitted(ap, &key);
	if (sw != ECERT_SW_OK)
		return sw;
	if (!parse(cmd->data, &r) || !suits(alg, &r))
		return ECERT_SW_BAD_DATA;
	if (!ap_touch(ap, slot->ref, key.touch))
		return ECERT_SW_CONDITIONS;
	return use(ap, &key, &r, out);
}
