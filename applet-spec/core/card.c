/* SPDX-License-Identifier: BSD-2-Clause */
/* Power on, personalisation, SELECT, global reset: the card's life. */
#include "applet-spec/core/card.h"

#define LABEL "e-Cert PIV 1.0"

uint16_t ap_sw(enum ap_st st)
{
	switch (st) {
	case AP_ST_OK:
		return ECERT_SW_OK;
	case AP_ST_FULL:
		return ECERT_SW_NO_SPACE;
	default:
		return ECERT_SW_MEMORY_FAILURE;
	}
}

void ap_forget(struct ap *ap)
{
	ap->pin_ok = false;
	ap->pin_fresh = false;
	ap->mgm_ok = false;
	ap->mgm_step = 0;
	ap->touched = false;
	ap->chaining = false;
	ap->in_len = 0;
	ap->out_len = 0;
	ap->out_pos = 0;
	ap_wipe(ap->mgm_expected, sizeof(ap->mgm_expected));
	ap_wipe(ap->in, sizeof(ap->in));
	ap_wipe(ap->out, sizeof(ap->out));
}

enum ap_st ap_init(struct ap *ap, const struct ap_hal *hal)
{
	memset(ap, 0, sizeof(*ap));
	ap->hal = hal;
	return ap_st_mount(&ap->st, hal);
}

void ap_reset(struct ap *ap)
{
	ap_forget(ap);
	if (ap->st.broken)
		(void)ap_st_mount(&ap->st, ap->hal);
}

/* SP 800-73-5 part 2, 3.1.1: a right-truncated AID will do; our status does not change. */
uint16_t ap_select(struct ap *ap, const struct ap_cmd *cmd, struct ap_out *out)
{
	static const uint8_t aid[] = ECERT_AID_PIV;
	static const uint8_t pix[] = ECERT_PIX_PIV;
	static const uint8_t rid[] = ECERT_RID_NIST;
	static const uint8_t algs[] = {ECERT_ALG_3DES, ECERT_ALG_AES128, ECERT_ALG_AES192,
	    ECERT_ALG_AES256, ECERT_ALG_RSA2048, ECERT_ALG_RSA3072, ECERT_ALG_RSA4096,
	    ECERT_ALG_P256, ECERT_ALG_P384, ECERT_ALG_ED25519, ECERT_ALG_X25519, ECERT_ALG_SM2};
	const char *suffix = ap->hal->label_suffix != NULL ? ap->hal->label_suffix : "";
	size_t app, group, label;

	if (cmd->p1 != 0x04 || cmd->p2 != 0x00)
		return ECERT_SW_BAD_P1P2;
	if (cmd->data.len < sizeof(rid) || cmd->data.len > sizeof(aid) ||
	    memcmp(cmd->data.p, aid, cmd->data.len) != 0)
		return ECERT_SW_NOT_FOUND;
	app = ap_open(out, ECERT_TAG_APP_TEMPLATE);
	ap_put_tlv(out, ECERT_TAG_APP_PIX, pix, sizeof(pix));
	ap_put_head(out, ECERT_TAG_APP_AUTHORITY, 2 + sizeof(rid));
	ap_put_tlv(out, ECERT_TAG_APP_PIX, rid, sizeof(rid));
	label = ap_open(out, ECERT_TAG_APP_LABEL);
	ap_put(out, (const uint8_t *)LABEL, sizeof(LABEL) - 1);
	while (*suffix != '\0')
		ap_put_byte(out, (uint8_t)*suffix++);
	ap_close(out, label);
	group = ap_open(out, ECERT_TAG_GENERATE);
	for (size_t i = 0; i < sizeof(algs); i++)
		ap_put_tlv_byte(out, ECERT_TAG_GENERATE_ALG, ap_alg_wire(ap, algs[i]));
	ap_put_tlv_byte(out, ECERT_TAG_APP_OBJECT_ID, 0);
	ap_close(out, group);
	ap_close(out, app);
	return ECERT_SW_OK;
}

/* SP 800-73-5 part 1, table 9: FASC-N of a card outside the US government, GUID, expiry. */
static uint16_t put_chuid(struct ap *ap)
{
	static const uint8_t fascn[] = {0x30, 25, 0xD4, 0xE7, 0x39, 0xDA, 0x73, 0x9C, 0xED, 0x39,
	    0xCE, 0x73, 0x9D, 0x83, 0x68, 0x58, 0x21, 0x08, 0x42, 0x10, 0x84, 0x21, 0xC8, 0x42,
	    0x10, 0xC3, 0xEB, ECERT_TAG_CHUID_GUID, 16};
	static const uint8_t tail[] = {
	    0x35, 8, '2', '0', '9', '9', '1', '2', '3', '1', 0x3E, 0, 0xFE, 0};
	uint8_t guid[16];
	const struct ap_part part[] = {
	    {fascn, sizeof(fascn)}, {guid, sizeof(guid)}, {tail, sizeof(tail)}};

	if (ap->hal->random(ap->hal->ctx, guid, sizeof(guid)) != AP_HAL_OK)
		return ECERT_SW_UNKNOWN;
	/* RFC 9562, version 4, as SP 800-73-5 part 1, 3.4.1 asks. */
	guid[6] = (uint8_t)((guid[6] & 0x0F) | 0x40);
	guid[8] = (uint8_t)((guid[8] & 0x3F) | 0x80);
	return ap_sw(ap_st_put(&ap->st, AP_REC_OBJECT, ECERT_OBJ_CHUID, part, 3));
}

/* SP 800-73-5 part 1, table 8. */
static uint16_t put_ccc(struct ap *ap)
{
	static const uint8_t head[] = {0xF0, 21, 0xA0, 0x00, 0x00, 0x01, 0x16, 0xFF, 0x02};
	static const uint8_t tail[] = {0xF1, 1, 0x21, 0xF2, 1, 0x21, 0xF3, 0, 0xF4, 1, 0x00, 0xF5,
	    1, 0x10, 0xF6, 0, 0xF7, 0, 0xFA, 0, 0xFB, 0, 0xFC, 0, 0xFD, 0, 0xFE, 0};
	uint8_t id[14];
	const struct ap_part part[] = {
	    {head, sizeof(head)}, {id, sizeof(id)}, {tail, sizeof(tail)}};

	if (ap->hal->random(ap->hal->ctx, id, sizeof(id)) != AP_HAL_OK)
		return ECERT_SW_UNKNOWN;
	return ap_sw(ap_st_put(&ap->st, AP_REC_OBJECT, ECERT_OBJ_CCC, part, 3));
}

uint16_t ap_fill_defaults(struct ap *ap, uint8_t mgm_alg)
{
	struct ap_mgm mgm;
	uint16_t sw = ap_refs_store_default(ap, ECERT_TRIES_DEFAULT, ECERT_TRIES_DEFAULT);

	ap_mgm_default(mgm_alg, &mgm);
	if (sw == ECERT_SW_OK)
		sw = ap_mgm_store(ap, &mgm);
	if (sw == ECERT_SW_OK)
		sw = put_chuid(ap);
	if (sw == ECERT_SW_OK)
		sw = put_ccc(ap);
	return sw;
}

uint16_t ap_config_load(struct ap *ap, struct ap_config *config)
{
	uint8_t b[5];
	enum ap_st rc = ap_st_read(&ap->st, ap_st_find(&ap->st, AP_REC_CONFIG, 0), 0, b, sizeof(b));

	*config = (struct ap_config){0};
	if (rc != AP_ST_OK)
		return ECERT_SW_MEMORY_FAILURE;
	config->serial = ap_be32(b);
	config->mgm_alg = b[4];
	return ECERT_SW_OK;
}

static uint16_t make_attestation_key(struct ap *ap)
{
	struct ap_key key = {.slot = ap_slot_by_ref(ECERT_KEY_F9),
	    .alg = ap_alg_by_id(ECERT_ALG_P256),
	    .pin = ECERT_PIN_POLICY_NEVER,
	    .touch = ECERT_TOUCH_POLICY_NEVER,
	    .origin = ECERT_ORIGIN_GENERATED};

	if (ap->hal->keygen(ap->hal->ctx, key.alg->id, ap->priv, ap->out) != AP_HAL_OK)
		return ECERT_SW_UNKNOWN;
	return ap_key_store(ap, &key, ap->priv, ap->out);
}

enum ap_st ap_personalise(struct ap *ap, const struct ap_profile *profile)
{
	uint8_t b[5];
	const struct ap_part part = {b, sizeof(b)};
	enum ap_st rc = ap_st_rewrite(&ap->st, NULL);

	ap_put_be32(b, profile->serial);
	b[4] = profile->mgm_alg;
	ap_forget(ap);
	if (rc == AP_ST_OK)
		rc = ap_st_put(&ap->st, AP_REC_CONFIG, 0, &part, 1);
	if (rc == AP_ST_OK && (ap_fill_defaults(ap, profile->mgm_alg) != ECERT_SW_OK ||
				  make_attestation_key(ap) != ECERT_SW_OK))
		rc = AP_ST_FAIL;
	ap_wipe(ap->priv, sizeof(ap->priv));
	if (rc == AP_ST_OK)
		rc = ap_st_commit(&ap->st);
	if (rc != AP_ST_OK)
		ap->st.broken = true;
	return rc;
}

/* What a card keeps for life: who it is, and what it attests with. */
static bool survives_reset(enum ap_rec type, uint32_t id)
{
	return type == AP_REC_CONFIG || (type == AP_REC_KEY && id == ECERT_KEY_F9) ||
	       (type == AP_REC_OBJECT && (id == ECERT_OBJ_CERT_F9 || id >= AP_OBJECT_HIDDEN));
}

uint16_t ap_global_reset(struct ap *ap, const struct ap_cmd *cmd, struct ap_out *out)
{
	struct ap_config config;
	struct ap_tries tries;
	uint16_t sw;

	(void)out;
	if (cmd->p1 != 0 || cmd->p2 != 0)
		return ECERT_SW_BAD_P1P2;
	if (cmd->data.len != 0)
		return ECERT_SW_WRONG_LENGTH;
	sw = ap_tries_load(ap, &tries);
	if (sw == ECERT_SW_OK && (tries.pin != 0 || tries.puk != 0))
		sw = ECERT_SW_CONDITIONS;
	if (sw == ECERT_SW_OK)
		sw = ap_config_load(ap, &config);
	if (sw != ECERT_SW_OK)
		return sw;
	ap_forget(ap);
	sw = ap_sw(ap_st_rewrite(&ap->st, survives_reset));
	if (sw == ECERT_SW_OK)
		sw = ap_fill_defaults(ap, config.mgm_alg);
	if (sw == ECERT_SW_OK)
		sw = ap_sw(ap_st_commit(&ap->st));
	if (sw != ECERT_SW_OK)
		ap->st.broken = true;
	return sw;
}
