/* SPDX-License-Identifier: BSD-2-Clause */
/* From APDU to handler and back: chaining, lengths, answers in parts. ISO 7816-4. */
#include "applet-spec/core/card.h"

#define CLA_CHANNEL 0x03
#define CLA_SECURE  0x0C

struct apdu {
	uint8_t cla, ins, p1, p2;
	struct ap_span data;
	size_t le; /* 0: none given */
	bool extended;
};

/* ISO 7816-4, 5.2: after the Lc field, data and perhaps Le. */
static bool parse_body(struct apdu *a, const uint8_t *p, size_t len)
{
	size_t size = a->extended ? 2 : 1;
	size_t lc;

	if (len < size)
		return false;
	lc = a->extended ? (size_t)(p[0] << 8 | p[1]) : p[0];
	if (len == size) { /* no data: the field was Le */
		a->le = lc != 0 ? lc : a->extended ? 65536 : 256;
		return true;
	}
	p += size;
	len -= size;
	if (lc == 0 || lc > len)
		return false;
	a->data = (struct ap_span){p, lc};
	p += lc;
	len -= lc;
	if (len == 0)
		return true;
	if (len != size)
		return false;
	lc = a->extended ? (size_t)(p[0] << 8 | p[1]) : p[0];
	a->le = lc != 0 ? lc : a->extended ? 65536 : 256;
	return true;
}

static bool parse(struct apdu *a, const uint8_t *p, size_t len)
{
	*a = (struct apdu){0};
	if (len < 4)
		return false;
	a->cla = p[0];
	a->ins = p[1];
	a->p1 = p[2];
	a->p2 = p[3];
	if (len == 4)
		return true;
	a->extended = p[4] == 0 && len > 5;
	return parse_body(a, p + 4 + a->extended, len - 4 - a->extended);
}

static uint16_t check_class(uint8_t cla)
{
	if ((cla & 0xE0) != 0)
		return ECERT_SW_BAD_CLA;
	if ((cla & CLA_SECURE) != 0)
		return ECERT_SW_SECURE_MESSAGING;
	if ((cla & CLA_CHANNEL) != 0)
		return ECERT_SW_CHANNEL;
	return ECERT_SW_OK;
}

/* Adds the data to what came before in this chain. Another command ends a chain. */
static uint16_t gather(struct ap *ap, const struct apdu *a)
{
	const uint8_t head[3] = {a->ins, a->p1, a->p2};

	if (!ap->chaining || memcmp(head, ap->chain_head, sizeof(head)) != 0)
		ap->in_len = 0;
	memcpy(ap->chain_head, head, sizeof(head));
	ap->chaining = (a->cla & ECERT_CLA_CHAIN) != 0;
	if (a->data.len > sizeof(ap->in) - ap->in_len) {
		ap->chaining = false;
		return ECERT_SW_WRONG_LENGTH;
	}
	if (a->data.len > 0)
		memcpy(ap->in + ap->in_len, a->data.p, a->data.len);
	ap->in_len += a->data.len;
	return ECERT_SW_OK;
}

static const struct command {
	ap_handler *handler;
	uint8_t ins;
} commands[] = {
    {ap_select, ECERT_INS_SELECT},
    {ap_get_data, ECERT_INS_GET_DATA},
    {ap_put_data, ECERT_INS_PUT_DATA},
    {ap_verify, ECERT_INS_VERIFY},
    {ap_change_reference, ECERT_INS_CHANGE_REFERENCE},
    {ap_reset_retry, ECERT_INS_RESET_RETRY},
    {ap_general_authenticate, ECERT_INS_GENERAL_AUTHENTICATE},
    {ap_generate, ECERT_INS_GENERATE},
    {ap_algorithm_map, ECERT_INS_ALGORITHM_MAP},
    {ap_move_key, ECERT_INS_MOVE_KEY},
    {ap_get_metadata, ECERT_INS_GET_METADATA},
    {ap_get_serial, ECERT_INS_GET_SERIAL},
    {ap_attest, ECERT_INS_ATTEST},
    {ap_set_retries, ECERT_INS_SET_RETRIES},
    {ap_global_reset, ECERT_INS_RESET},
    {ap_get_version, ECERT_INS_GET_VERSION},
    {ap_import, ECERT_INS_IMPORT},
    {ap_set_mgm_key, ECERT_INS_SET_MGM_KEY},
};

static uint16_t dispatch(struct ap *ap, const struct ap_cmd *cmd)
{
	struct ap_out out = {ap->out, sizeof(ap->out), 0, false};
	uint16_t sw = ECERT_SW_BAD_INS;

	/* Only the command right after the challenge may answer it. */
	if (cmd->ins != ECERT_INS_GENERAL_AUTHENTICATE)
		ap->mgm_step = 0;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (commands[i].ins == cmd->ins)
			sw = commands[i].handler(ap, cmd, &out);
	}
	if (sw == ECERT_SW_OK && out.bad)
		sw = ECERT_SW_UNKNOWN;
	if (ap->st.broken)
		sw = ECERT_SW_MEMORY_FAILURE;
	ap->out_len = sw == ECERT_SW_OK ? out.len : 0;
	ap->out_pos = 0;
	ap_wipe(ap->priv, sizeof(ap->priv));
	return sw;
}

/* Sends what fits the caller's Le; 61xx says what is left. */
static size_t send(struct ap *ap, const struct apdu *a, uint8_t *resp)
{
	size_t left = ap->out_len - ap->out_pos;
	size_t n = a->le != 0 ? a->le : a->extended ? sizeof(ap->out) : 256;
	uint16_t sw = ECERT_SW_OK;

	if (n > left)
		n = left;
	memcpy(resp, ap->out + ap->out_pos, n);
	ap->out_pos += n;
	left -= n;
	if (left > 0)
		sw = (uint16_t)(ECERT_SW_MORE_DATA | (left < 256 ? left : 0));
	resp[n] = (uint8_t)(sw >> 8);
	resp[n + 1] = (uint8_t)sw;
	return n + 2;
}

static size_t fail(uint16_t sw, uint8_t *resp)
{
	resp[0] = (uint8_t)(sw >> 8);
	resp[1] = (uint8_t)sw;
	return 2;
}

static size_t get_response(struct ap *ap, const struct apdu *a, uint8_t *resp)
{
	size_t left = ap->out_len - ap->out_pos;

	if (a->p1 != 0 || a->p2 != 0)
		return fail(ECERT_SW_BAD_P1P2, resp);
	if (a->data.len != 0)
		return fail(ECERT_SW_WRONG_LENGTH, resp);
	if (left == 0)
		return fail(ECERT_SW_CONDITIONS, resp);
	/* ISO 7816-4, 5.6: 6Cxx asks for the same command with Le = xx; 00 means what there is. */
	if (a->le > left && a->le != 256 && a->le != 65536 && left < 256)
		return fail((uint16_t)(ECERT_SW_WRONG_LE | left), resp);
	return send(ap, a, resp);
}

size_t ap_process(struct ap *ap, const uint8_t *apdu, size_t len, uint8_t *resp)
{
	struct apdu a;
	struct ap_cmd cmd;
	uint16_t sw;

	if (!parse(&a, apdu, len))
		return fail(ECERT_SW_WRONG_LENGTH, resp);
	sw = check_class(a.cla);
	if (sw != ECERT_SW_OK)
		return fail(sw, resp);
	if (a.ins == ECERT_INS_GET_RESPONSE && a.cla == 0)
		return get_response(ap, &a, resp);
	ap->out_len = ap->out_pos = 0;
	sw = gather(ap, &a);
	if (sw != ECERT_SW_OK || ap->chaining)
		return fail(sw, resp);
	cmd = (struct ap_cmd){a.ins, a.p1, a.p2, {ap->in, ap->in_len}};
	sw = dispatch(ap, &cmd);
	/* PINs and imported keys do not stay in the buffer. */
	ap_wipe(ap->in, sizeof(ap->in));
	ap->in_len = 0;
	return sw == ECERT_SW_OK ? send(ap, &a, resp) : fail(sw, resp);
}
