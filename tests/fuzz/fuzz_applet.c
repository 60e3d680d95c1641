/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The applet under any host: what it must never do, watched from outside (applet_rules.c).
 *
 * Input: commands, each 1 byte of length and so many bytes (EF: the length is in the next two);
 * from F0 on the byte is an event: reset, power, touch, time, the right PIN, ...
 */
#include <string.h>

#include "applet_rules.h"

#define STEPS_MAX 64
#define LONG_APDU 0xEF

static void command(struct watch *w, struct rd apdu)
{
	uint8_t resp[AP_RESPONSE_MAX];
	size_t n;

	watch_before(w, apdu);
	n = ap_process(&w->chip.ap, apdu.p, apdu.n, resp);
	REQUIRE(n >= 2 && n <= AP_RESPONSE_MAX);
	watch_after(w, apdu, rd_of(resp, n));
	w->last = rd_of(w->answer, n - 2);
	memcpy(w->answer, resp, n - 2);
	if (w->chip.dead)
		watch_power(w);
}

/* One command with data; what the events send. */
static void send(struct watch *w, uint8_t ins, uint8_t p1, uint8_t p2, struct rd a, struct rd b)
{
	uint8_t apdu[64] = {0x00, ins, p1, p2, (uint8_t)(a.n + b.n)};

	REQUIRE(a.n + b.n <= sizeof apdu - 6);
	memcpy(apdu + 5, a.p, a.n);
	if (b.n)
		memcpy(apdu + 5 + a.n, b.p, b.n);
	/* As a card sees it: data and an Le of 0. */
	command(w, rd_of(apdu, 6 + a.n + b.n));
}

static void send_pin(struct watch *w, uint8_t ins, uint8_t ref, struct rd fresh)
{
	struct ap_refs refs;

	if (ap_refs_load(&w->chip.ap, &refs) != ECERT_SW_OK)
		return;
	send(w, ins, 0, ref,
	    rd_of(ins == ECERT_INS_RESET_RETRY || ref == ECERT_REF_PUK ? refs.puk : refs.pin, 8),
	    fresh);
}

/* Both halves of the mutual or the single authentication, with the right key. */
static void authenticate(struct watch *w, bool mutual)
{
	struct ap_hal *hal = &w->chip.host.hal;
	uint8_t first[] = {ECERT_TAG_AUTH, 2, mutual ? 0x80 : 0x81, 0};
	uint8_t second[40] = {ECERT_TAG_AUTH};
	struct ap_mgm mgm;
	uint8_t n;

	if (ap_mgm_load(&w->chip.ap, &mgm) != ECERT_SW_OK)
		return;
	n = mgm.alg == ECERT_ALG_3DES ? 8 : 16;
	send(w, ECERT_INS_GENERAL_AUTHENTICATE, mgm.alg, ECERT_KEY_9B, rd_of(first, 4),
	    rd_of(NULL, 0));
	if (w->last.n != 4u + n)
		return;
	second[1] = (uint8_t)(mutual ? 2 * (n + 2) : n + 2);
	second[2] = mutual ? 0x80 : 0x82;
	second[3] = n;
	hal->block(hal->ctx, mgm.alg, true, mgm.key, w->last.p + 4, second + 4);
	if (mutual) {
		second[4 + n] = 0x81;
		second[5 + n] = n;
	}
	send(w, ECERT_INS_GENERAL_AUTHENTICATE, mgm.alg, ECERT_KEY_9B,
	    rd_of(second, 2u + second[1]), rd_of(NULL, 0));
}

static void event(struct watch *w, uint8_t what, struct rd *in)
{
	struct toychip *c = &w->chip;
	uint8_t arg = 0;
	struct rd fresh = {NULL, 0};

	switch (what) {
	case 0xF0:
		ap_reset(&c->ap);
		watch_reset(w);
		break;
	case 0xF1:
		watch_power(w);
		break;
	case 0xF2:
		c->touching = !c->touching;
		break;
	case 0xF3:
		(void)!rd_u8(in, &arg);
		c->now += arg * 500u;
		break;
	case 0xF4:
		send_pin(w, ECERT_INS_VERIFY, ECERT_REF_PIN, fresh);
		break;
	case 0xF5:
		send(w, ECERT_INS_VERIFY, 0, ECERT_REF_PIN, rd_of("wrongpin", 8), fresh);
		break;
	case 0xF6:
	case 0xF7:
		authenticate(w, what == 0xF6);
		break;
	case 0xF8:
	case 0xF9:
	case 0xFA:
		if (rd_take(in, 8, &fresh) == ECERT_OK)
			send_pin(w,
			    what == 0xFA ? ECERT_INS_RESET_RETRY : ECERT_INS_CHANGE_REFERENCE,
			    what == 0xF9 ? ECERT_REF_PUK : ECERT_REF_PIN, fresh);
		break;
	case 0xFB:
		(void)!rd_u8(in, &arg);
		c->cut_at = c->ops + arg + 1;
		break;
	default: /* the wrong PUK */
		send(w, ECERT_INS_RESET_RETRY, 0, ECERT_REF_PIN, rd_of("wrongpuk", 8),
		    rd_of("12345678", 8));
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct watch w;
	struct rd in = rd_of(data, size), apdu;
	uint8_t op;
	uint16_t n;

	watch_begin(&w);
	for (unsigned i = 0; i < STEPS_MAX && rd_u8(&in, &op) == ECERT_OK; i++) {
		n = op;
		if (op > LONG_APDU) {
			event(&w, op, &in);
			continue;
		}
		if (op == LONG_APDU && rd_u16(&in, &n) != ECERT_OK)
			break;
		if (rd_take(&in, n, &apdu) != ECERT_OK)
			(void)!rd_take(&in, in.n, &apdu);
		command(&w, apdu);
	}
	watch_power(&w);
	return 0;
}
