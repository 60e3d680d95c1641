/* SPDX-License-Identifier: BSD-2-Clause */
/* What the card tells about itself: METADATA, SERIAL, VERSION and the e-Cert status object. */
#include "applet-spec/core/card.h"

static const uint8_t version[] = {ECERT_VERSION_MAJOR, ECERT_VERSION_MINOR, ECERT_VERSION_PATCH};

uint16_t ap_get_version(struct ap *ap, const struct ap_cmd *cmd, struct ap_out *out)
{
	(void)ap;
	if (cmd->p1 != 0 || cmd->p2 != 0)
		return ECERT_SW_BAD_P1P2;
	if (cmd->data.len != 0)
		return ECERT_SW_WRONG_LENGTH;
	ap_put(out, version, sizeof(version));
	return ECERT_SW_OK;
}

uint16_t ap_get_serial(struct ap *ap, const struct ap_cmd *cmd, struct ap_out *out)
{
	struct ap_config config;
	uint8_t be[4];
	uint16_t sw;

	if (cmd->p1 != 0 || cmd->p2 != 0)
		return ECERT_SW_BAD_P1P2;
	if (cmd->data.len != 0)
		return ECERT_SW_WRONG_LENGTH;
	sw = ap_config_load(ap, &config);
	ap_put_be32(be, config.serial);
	ap_put(out, be, sizeof(be));
	return sw;
}

static uint16_t pin_metadata(struct ap *ap, uint8_t ref, struct ap_out *out)
{
	bool is_pin = ref == ECERT_REF_PIN;
	struct ap_refs refs;
	struct ap_tries tries;
	uint8_t count[2];
	uint16_t sw = ap_refs_load(ap, &refs);

	if (sw == ECERT_SW_OK)
		sw = ap_tries_load(ap, &tries);
	if (sw != ECERT_SW_OK)
		return sw;
	count[0] = is_pin ? refs.pin_max : refs.puk_max;
	count[1] = is_pin ? tries.pin : tries.puk;
	ap_put_tlv_byte(out, ECERT_TAG_META_ALG, ECERT_META_ALG_PIN);
	ap_put_tlv_byte(out, ECERT_TAG_META_DEFAULT,
	    is_pin ? ap_pin_is_default(&refs) : ap_puk_is_default(&refs));
	ap_put_tlv(out, ECERT_TAG_META_TRIES, count, sizeof(count));
	ap_wipe(&refs, sizeof(refs));
	return ECERT_SW_OK;
}

static uint16_t mgm_metadata(struct ap *ap, struct ap_out *out)
{
	struct ap_mgm mgm, factory;
	uint8_t policy[2];
	uint16_t sw = ap_mgm_load(ap, &mgm);

	if (sw != ECERT_SW_OK)
		return sw;
	ap_mgm_default(mgm.alg, &factory);
	policy[0] = ECERT_PIN_POLICY_DEFAULT;
	policy[1] = mgm.touch;
	ap_put_tlv_byte(out, ECERT_TAG_META_ALG, mgm.alg);
	ap_put_tlv(out, ECERT_TAG_META_POLICY, policy, sizeof(policy));
	ap_put_tlv_byte(
	    out, ECERT_TAG_META_DEFAULT, ap_same(mgm.key, factory.key, sizeof(mgm.key)));
	ap_wipe(&mgm, sizeof(mgm));
	return ECERT_SW_OK;
}

size_t ap_key_public_size(const struct ap_alg *alg)
{
	size_t head = alg->pub_len < 128 ? 2 : alg->pub_len < 256 ? 3 : 4;

	/* RSA: the exponent 82 03 01 00 01 follows. */
	return head + alg->pub_len + (alg->kind == AP_RSA ? 5u : 0u);
}

static uint16_t key_metadata(struct ap *ap, const struct ap_slot *slot, struct ap_out *out)
{
	struct ap_key key;
	uint8_t policy[2];
	uint16_t sw = ap_key_find(ap, slot, &key);

	if (sw != ECERT_SW_OK)
		return sw;
	policy[0] = key.pin;
	policy[1] = key.touch;
	ap_put_tlv_byte(out, ECERT_TAG_META_ALG, ap_alg_wire(ap, key.alg->id));
	ap_put_tlv(out, ECERT_TAG_META_POLICY, policy, sizeof(policy));
	ap_put_tlv_byte(out, ECERT_TAG_META_ORIGIN, key.origin);
	ap_put_head(out, ECERT_TAG_META_PUBLIC, ap_key_public_size(key.alg));
	return ap_key_put_public(ap, &key, out);
}

uint16_t ap_get_metadata(struct ap *ap, const struct ap_cmd *cmd, struct ap_out *out)
{
	const struct ap_slot *slot = ap_slot_by_ref(cmd->p2);

	if (cmd->p1 != 0)
		return ECERT_SW_BAD_P1P2;
	if (cmd->data.len != 0)
		return ECERT_SW_WRONG_LENGTH;
	if (cmd->p2 == ECERT_REF_PIN || cmd->p2 == ECERT_REF_PUK)
		return pin_metadata(ap, cmd->p2, out);
	if (cmd->p2 == ECERT_KEY_9B)
		return mgm_metadata(ap, out);
	return slot == NULL ? ECERT_SW_BAD_P1P2 : key_metadata(ap, slot, out);
}

static uint16_t put_key_status(struct ap *ap, const struct ap_slot *slot, struct ap_out *out)
{
	bool cert = ap_st_find(&ap->st, AP_REC_OBJECT, slot->cert) != NULL;
	uint8_t b[ECERT_STATUS_KEY_LEN];
	struct ap_key key;
	uint16_t sw = ap_key_find(ap, slot, &key);

	if (sw == ECERT_SW_NO_REFERENCE)
		return ECERT_SW_OK;
	if (sw != ECERT_SW_OK)
		return sw;
	b[0] = slot->ref;
	b[1] = ap_alg_wire(ap, key.alg->id);
	b[2] = key.pin;
	b[3] = key.touch;
	b[4] = key.origin;
	b[5] = cert ? ECERT_STATUS_FLAG_CERT : 0;
	ap_put_be32(b + 6, ap_key_count(ap, slot->ref));
	ap_put_tlv(out, ECERT_TAG_STATUS_KEY, b, sizeof(b));
	return ECERT_SW_OK;
}

static uint16_t put_label(struct ap *ap, struct ap_out *out)
{
	uint8_t label[32];
	size_t len = 0;
	enum ap_st st = ap_object_get(ap, ECERT_OBJ_ECERT_LABEL, label, sizeof(label), &len);

	if (st == AP_ST_OK && len > 0)
		ap_put_tlv(out, ECERT_TAG_STATUS_LABEL, label, len);
	return ap_sw(st);
}

/* Whether there is anything to read at all: a host without it saves that command. */
static void put_length(struct ap *ap, uint32_t object, uint8_t tag, struct ap_out *out)
{
	const struct ap_entry *e = ap_st_find(&ap->st, AP_REC_OBJECT, object);
	uint8_t len[2];

	if (e == NULL)
		return;
	len[0] = (uint8_t)(e->len >> 8);
	len[1] = (uint8_t)e->len;
	ap_put_tlv(out, tag, len, sizeof(len));
}

/* What a host would otherwise find only by asking for each certificate. */
static void put_certs_alone(struct ap *ap, struct ap_out *out)
{
	uint8_t refs[AP_SLOTS];
	size_t n = 0;

	for (size_t i = 0; i < AP_SLOTS; i++) {
		const struct ap_slot *slot = &ap_slots[i];

		if (ap_st_find(&ap->st, AP_REC_OBJECT, slot->cert) != NULL &&
		    ap_st_find(&ap->st, AP_REC_KEY, slot->ref) == NULL)
			refs[n++] = slot->ref;
	}
	if (n > 0)
		ap_put_tlv(out, ECERT_TAG_STATUS_CERTS, refs, n);
}

uint16_t ap_put_status(struct ap *ap, struct ap_out *out)
{
	static const uint8_t profile[] = {ECERT_PROFILE_MAJOR, ECERT_PROFILE_MINOR};
	uint32_t used = ap_st_object_bytes(&ap->st);
	struct ap_config config;
	uint16_t sw = ap_config_load(ap, &config);
	size_t mark = ap_open(out, ECERT_TAG_OBJECT);

	ap_put_tlv(out, ECERT_TAG_STATUS_PROFILE, profile, sizeof(profile));
	ap_put_tlv_be32(out, ECERT_TAG_STATUS_SERIAL, config.serial);
	ap_put_tlv_be32(out, ECERT_TAG_STATUS_CHANGES, ap->st.changes);
	ap_put_tlv(out, ECERT_TAG_STATUS_VERSION, version, sizeof(version));
	ap_put_tlv_be32(
	    out, ECERT_TAG_STATUS_FREE, used < ECERT_OBJECTS_MAX ? ECERT_OBJECTS_MAX - used : 0);
	if (sw == ECERT_SW_OK)
		sw = put_label(ap, out);
	put_length(ap, ECERT_OBJ_ECERT_NAMES, ECERT_TAG_STATUS_NAMES, out);
	put_certs_alone(ap, out);
	put_length(ap, ECERT_OBJ_ECERT_CHAIN, ECERT_TAG_STATUS_CHAIN, out);
	for (size_t i = 0; i < AP_SLOTS && sw == ECERT_SW_OK; i++)
		sw = put_key_status(ap, &ap_slots[i], out);
	ap_close(out, mark);
	return sw;
}
