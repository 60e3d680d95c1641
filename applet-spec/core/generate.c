/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys come and go: GENERATE (SP 800-73-5 part 2, 3.3.2), IMPORT, MOVE and DELETE. */
#include "applet-spec/core/card.h"

static struct ap_key fresh_key(const struct ap_slot *slot, uint8_t origin)
{
	return (struct ap_key){
	    .slot = slot, .pin = slot->pin, .touch = ECERT_TOUCH_POLICY_NEVER, .origin = origin};
}

/* AC { 80 algorithm, AA PIN policy, AB touch policy } */
static bool parse_template(struct ap *ap, struct ap_span in, struct ap_key *key)
{
	struct ap_span body, value;
	uint32_t tag;

	if (!ap_tlv_take(&in, ECERT_TAG_GENERATE, &body) || in.len != 0)
		return false;
	while (body.len > 0) {
		if (!ap_tlv_next(&body, &tag, &value))
			return false;
		if (tag == ECERT_TAG_GENERATE_ALG && value.len == 1)
			key->alg = ap_alg_by_wire(ap, value.p[0]);
		else if (!ap_key_policy(key, tag, value))
			return false;
	}
	return key->alg != NULL && key->alg->kind != AP_BLOCK;
}

uint16_t ap_generate(struct ap *ap, const struct ap_cmd *cmd, struct ap_out *out)
{
	const struct ap_slot *slot = ap_slot_by_ref(cmd->p2);
	struct ap_key key;
	uint16_t sw;
	size_t size;

	if (!ap->mgm_ok)
		return ECERT_SW_SECURITY_STATUS;
	if (cmd->p1 != 0 || slot == NULL)
		return ECERT_SW_BAD_P1P2;
	key = fresh_key(slot, ECERT_ORIGIN_GENERATED);
	if (!parse_template(ap, cmd->data, &key))
		return ECERT_SW_BAD_DATA;
	/* ap->out is free until the answer is written. */
	if (ap->hal->keygen(ap->hal->ctx, key.alg->id, ap->priv, ap->out) != AP_HAL_OK)
		return ECERT_SW_UNKNOWN;
	sw = ap_key_store(ap, &key, ap->priv, ap->out);
	if (sw == ECERT_SW_OK)
		sw = ap_key_find(ap, slot, &key);
	if (sw != ECERT_SW_OK)
		return sw;
	size = ap_key_public_size(key.alg);
	ap_put_head(out, ECERT_TAG_PUBLIC_KEY, size);
	return ap_key_put_public(ap, &key, out);
}

/* Takes the parts 01..05 of an RSA key into their places; shorter ones get zeroes in front. */
static bool import_rsa(struct ap *ap, const struct ap_alg *alg, uint32_t tag, struct ap_span value)
{
	size_t half = alg->priv_len / 5u;
	uint8_t *place;

	if (tag < ECERT_TAG_IMPORT_P || tag > ECERT_TAG_IMPORT_QINV || value.len == 0 ||
	    value.len > half)
		return false;
	place = ap->priv + (tag - ECERT_TAG_IMPORT_P) * half;
	memcpy(place + half - value.len, value.p, value.len);
	return true;
}

static bool import_scalar(
    struct ap *ap, const struct ap_alg *alg, uint32_t tag, struct ap_span value)
{
	uint32_t expected = alg->kind == AP_ED	  ? ECERT_TAG_IMPORT_ED25519
			    : alg->kind == AP_XDH ? ECERT_TAG_IMPORT_X25519
						  : ECERT_TAG_IMPORT_EC;

	if (tag != expected || value.len != alg->priv_len)
		return false;
	memcpy(ap->priv, value.p, value.len);
	return true;
}

static bool parse_import(struct ap *ap, struct ap_span in, struct ap_key *key)
{
	bool rsa = key->alg->kind == AP_RSA;
	uint32_t want = rsa ? 0x1F : 1, seen = 0, tag, bit;
	struct ap_span value;
	bool ok = true;

	while (ok && in.len > 0) {
		ok = ap_tlv_next(&in, &tag, &value);
		if (ok && (tag == ECERT_TAG_PIN_POLICY || tag == ECERT_TAG_TOUCH_POLICY)) {
			ok = ap_key_policy(key, tag, value);
			continue;
		}
		ok = ok && (rsa ? import_rsa(ap, key->alg, tag, value)
				: import_scalar(ap, key->alg, tag, value));
		if (!ok)
			break;
		bit = rsa ? 1u << (tag - ECERT_TAG_IMPORT_P) : 1;
		ok = (seen & bit) == 0;
		seen |= bit;
	}
	return ok && seen == want;
}

uint16_t ap_import(struct ap *ap, const struct ap_cmd *cmd, struct ap_out *out)
{
	const struct ap_slot *slot = ap_slot_by_ref(cmd->p2);
	struct ap_key key;

	(void)out;
	if (!ap->mgm_ok)
		return ECERT_SW_SECURITY_STATUS;
	if (slot == NULL)
		return ECERT_SW_BAD_P1P2;
	key = fresh_key(slot, ECERT_ORIGIN_IMPORTED);
	key.alg = ap_alg_by_wire(ap, cmd->p1);
	if (key.alg == NULL || key.alg->kind == AP_BLOCK)
		return ECERT_SW_BAD_P1P2;
	ap_wipe(ap->priv, sizeof(ap->priv));
	if (!parse_import(ap, cmd->data, &key))
		return ECERT_SW_BAD_DATA;
	if (ap->hal->derive(ap->hal->ctx, key.alg->id, ap->priv, ap->out) != AP_HAL_OK)
		return ECERT_SW_BAD_DATA;
	return ap_key_store(ap, &key, ap->priv, ap->out);
}

uint16_t ap_move_key(struct ap *ap, const struct ap_cmd *cmd, struct ap_out *out)
{
	const struct ap_slot *from = ap_slot_by_ref(cmd->p2);
	const struct ap_slot *to = ap_slot_by_ref(cmd->p1);
	struct ap_key key;
	uint16_t sw;

	(void)out;
	if (!ap->mgm_ok)
		return ECERT_SW_SECURITY_STATUS;
	if (from == NULL || (to == NULL && cmd->p1 != ECERT_MOVE_DELETE) || from == to)
		return ECERT_SW_BAD_P1P2;
	if (to != NULL && (from->ref == ECERT_KEY_F9 || to->ref == ECERT_KEY_F9))
		return ECERT_SW_BAD_P1P2;
	if (cmd->data.len != 0)
		return ECERT_SW_WRONG_LENGTH;
	sw = ap_key_find(ap, from, &key);
	if (sw != ECERT_SW_OK)
		return sw;
	if (to == NULL)
		return ap_sw(ap_st_delete(&ap->st, AP_REC_KEY, from->ref));
	if (ap_st_find(&ap->st, AP_REC_KEY, to->ref) != NULL)
		return ECERT_SW_CONDITIONS;
	return ap_sw(ap_st_move_key(&ap->st, from->ref, to->ref));
}
