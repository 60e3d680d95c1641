/* SPDX-License-Identifier: BSD-2-Clause */
/* The management key 9B: SET MGM KEY, and authentication of the administrator. */
#include "applet-spec/core/card.h"

enum step {
	STEP_NONE,
	STEP_SINGLE, /* we sent a challenge, its encryption is awaited */
	STEP_MUTUAL, /* we sent an encrypted witness, its plaintext and a challenge are awaited */
};

static size_t block_len(uint8_t alg)
{
	return alg == ECERT_ALG_3DES ? 8 : 16;
}

void ap_mgm_default(uint8_t alg, struct ap_mgm *mgm)
{
	static const uint8_t pattern[] = ECERT_MGM_DEFAULT;

	memset(mgm, 0, sizeof(*mgm));
	mgm->alg = alg;
	mgm->touch = ECERT_TOUCH_POLICY_NEVER;
	for (size_t i = 0; i < ap_alg_by_id(alg)->priv_len; i++)
		mgm->key[i] = pattern[i % 8];
}

uint16_t ap_mgm_load(struct ap *ap, struct ap_mgm *mgm)
{
	uint8_t b[2];
	const struct ap_entry *e = ap_st_find(&ap->st, AP_REC_MGM, 0);
	const struct ap_alg *alg = NULL;

	memset(mgm, 0, sizeof(*mgm));
	if (ap_st_read(&ap->st, e, 0, b, sizeof(b)) == AP_ST_OK)
		alg = ap_alg_by_id(b[0]);
	if (alg == NULL || alg->kind != AP_BLOCK ||
	    ap_st_read(&ap->st, e, 2, mgm->key, alg->priv_len) != AP_ST_OK)
		return ECERT_SW_MEMORY_FAILURE;
	mgm->alg = b[0];
	mgm->touch = b[1];
	return ECERT_SW_OK;
}

uint16_t ap_mgm_store(struct ap *ap, const struct ap_mgm *mgm)
{
	const uint8_t head[] = {mgm->alg, mgm->touch};
	const struct ap_part part[] = {
	    {head, sizeof(head)}, {mgm->key, ap_alg_by_id(mgm->alg)->priv_len}};

	return ap_sw(ap_st_put(&ap->st, AP_REC_MGM, 0, part, 2));
}

/* Data: algorithm, 9B, length, key. */
uint16_t ap_set_mgm_key(struct ap *ap, const struct ap_cmd *cmd, struct ap_out *out)
{
	struct ap_mgm mgm = {0};
	const struct ap_alg *alg;
	const uint8_t *p = cmd->data.p;
	uint16_t sw;

	(void)out;
	if (!ap->mgm_ok)
		return ECERT_SW_SECURITY_STATUS;
	if (cmd->p1 != 0xFF || (cmd->p2 != ECERT_MGM_P2_PLAIN && cmd->p2 != ECERT_MGM_P2_TOUCH))
		return ECERT_SW_BAD_P1P2;
	if (cmd->data.len < 3)
		return ECERT_SW_WRONG_LENGTH;
	alg = ap_alg_by_id(p[0]);
	if (alg == NULL || alg->kind != AP_BLOCK || p[1] != ECERT_KEY_9B || p[2] != alg->priv_len)
		return ECERT_SW_BAD_DATA;
	if (cmd->data.len != 3u + alg->priv_len)
		return ECERT_SW_WRONG_LENGTH;
	mgm.alg = alg->id;
	mgm.touch = cmd->p2 == ECERT_MGM_P2_TOUCH ? ECERT_TOUCH_POLICY_ALWAYS
						  : ECERT_TOUCH_POLICY_NEVER;
	memcpy(mgm.key, p + 3, alg->priv_len);
	sw = ap_mgm_store(ap, &mgm);
	ap_wipe(&mgm, sizeof(mgm));
	return sw;
}

static uint16_t crypt(
    struct ap *ap, const struct ap_mgm *mgm, bool encrypt, const uint8_t *in, uint8_t *out)
{
	if (ap->hal->block(ap->hal->ctx, mgm->alg, encrypt, mgm->key, in, out) != AP_HAL_OK)
		return ECERT_SW_UNKNOWN;
	return ECERT_SW_OK;
}

/* Sends a challenge in the clear; its encryption is the right answer. */
static uint16_t send_challenge(struct ap *ap, const struct ap_mgm *mgm, struct ap_out *out)
{
	size_t n = block_len(mgm->alg);
	uint8_t challenge[16];
	uint16_t sw;

	if (ap->hal->random(ap->hal->ctx, challenge, n) != AP_HAL_OK)
		return ECERT_SW_UNKNOWN;
	sw = crypt(ap, mgm, true, challenge, ap->mgm_expected);
	if (sw != ECERT_SW_OK)
		return sw;
	ap->mgm_step = STEP_SINGLE;
	ap_put_head(out, ECERT_TAG_AUTH, n + 2);
	ap_put_tlv(out, ECERT_TAG_AUTH_CHALLENGE, challenge, n);
	return ECERT_SW_OK;
}

/* Sends an encrypted witness; its plaintext is the right answer. */
static uint16_t send_witness(struct ap *ap, const struct ap_mgm *mgm, struct ap_out *out)
{
	size_t n = block_len(mgm->alg);
	uint8_t witness[16];
	uint16_t sw;

	if (ap->hal->random(ap->hal->ctx, ap->mgm_expected, n) != AP_HAL_OK)
		return ECERT_SW_UNKNOWN;
	sw = crypt(ap, mgm, true, ap->mgm_expected, witness);
	if (sw != ECERT_SW_OK)
		return sw;
	ap->mgm_step = STEP_MUTUAL;
	ap_put_head(out, ECERT_TAG_AUTH, n + 2);
	ap_put_tlv(out, ECERT_TAG_AUTH_WITNESS, witness, n);
	return ECERT_SW_OK;
}

/* What 7C may hold here; each at most once. */
struct template
{
	struct ap_span part[3]; /* 80, 81, 82 */
	bool there[3];
};

static bool parse(struct ap_span in, struct template *t)
{
	struct ap_span body, value;
	uint32_t tag;

	*t = (struct template){0};
	if (!ap_tlv_take(&in, ECERT_TAG_AUTH, &body) || in.len != 0)
		return false;
	while (body.len > 0) {
		if (!ap_tlv_next(&body, &tag, &value) || tag < ECERT_TAG_AUTH_WITNESS ||
		    tag > ECERT_TAG_AUTH_RESPONSE || t->there[tag - ECERT_TAG_AUTH_WITNESS])
			return false;
		t->part[tag - ECERT_TAG_AUTH_WITNESS] = value;
		t->there[tag - ECERT_TAG_AUTH_WITNESS] = true;
	}
	return true;
}

static bool has(const struct template *t, uint32_t tag, size_t len)
{
	return t->there[tag - ECERT_TAG_AUTH_WITNESS] &&
	       t->part[tag - ECERT_TAG_AUTH_WITNESS].len == len;
}

static uint16_t finish(struct ap *ap, const struct ap_mgm *mgm, uint8_t step,
    const struct template *t, struct ap_out *out)
{
	size_t n = block_len(mgm->alg);
	const uint8_t *answer = t->part[step == STEP_SINGLE ? 2 : 0].p;
	uint8_t reply[16];
	uint16_t sw = ECERT_SW_OK;

	if (!ap_same(answer, ap->mgm_expected, n))
		sw = ECERT_SW_SECURITY_STATUS;
	if (sw == ECERT_SW_OK && step == STEP_MUTUAL) {
		sw = crypt(ap, mgm, true, t->part[1].p, reply);
		ap_put_head(out, ECERT_TAG_AUTH, n + 2);
		ap_put_tlv(out, ECERT_TAG_AUTH_RESPONSE, reply, n);
	}
	ap_wipe(ap->mgm_expected, sizeof(ap->mgm_expected));
	ap->mgm_ok = sw == ECERT_SW_OK;
	return sw;
}

/* SP 800-73-5 part 2, 3.2.4 and appendix A.1, A.2 */
uint16_t ap_mgm_authenticate(struct ap *ap, const struct ap_cmd *cmd, struct ap_out *out)
{
	uint8_t step = ap->mgm_step;
	struct template t;
	struct ap_mgm mgm;
	uint16_t sw = ap_mgm_load(ap, &mgm);
	size_t n = block_len(mgm.alg);

	ap->mgm_step = STEP_NONE;
	/* SP 800-78-5, table 6-2 once let 00 stand for 3DES. */
	if (sw == ECERT_SW_OK && cmd->p1 != mgm.alg && !(cmd->p1 == 0 && mgm.alg == ECERT_ALG_3DES))
		sw = ECERT_SW_BAD_P1P2;
	if (sw == ECERT_SW_OK && !parse(cmd->data, &t))
		sw = ECERT_SW_BAD_DATA;
	if (sw != ECERT_SW_OK)
		goto out;
	if (has(&t, ECERT_TAG_AUTH_CHALLENGE, 0) && !t.there[0] && !t.there[2]) {
		sw = send_challenge(ap, &mgm, out);
	} else if (has(&t, ECERT_TAG_AUTH_WITNESS, 0) && !t.there[1] && !t.there[2]) {
		sw = send_witness(ap, &mgm, out);
	} else if ((step == STEP_SINGLE && has(&t, ECERT_TAG_AUTH_RESPONSE, n) && !t.there[0] &&
		       !t.there[1]) ||
		   (step == STEP_MUTUAL && has(&t, ECERT_TAG_AUTH_WITNESS, n) &&
		       has(&t, ECERT_TAG_AUTH_CHALLENGE, n))) {
		sw = ap_touch(ap, ECERT_KEY_9B, mgm.touch) ? finish(ap, &mgm, step, &t, out)
							   : ECERT_SW_CONDITIONS;
	} else {
		sw = ECERT_SW_BAD_DATA;
	}
out:
	ap_wipe(&mgm, sizeof(mgm));
	return sw;
}
