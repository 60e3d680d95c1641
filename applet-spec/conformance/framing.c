/* SPDX-License-Identifier: BSD-2-Clause */
/* Framing: chaining, extended length, answers in pieces; and commands that must cost no try. */
#include "applet-spec/conformance/conformance.h"

#include <string.h>

#define ISO_CHAIN    "ISO 7816-4, 5.3.3"
#define ISO_EXTENDED "ISO 7816-4, 5.2"
#define PIV_PIN	     "SP 800-73-5 part 2, 3.2.1"

static const uint8_t chuid_path[] = {ECERT_TAG_PATH, 3, 0x5F, 0xC1, 0x02};

static bool same_answer(const struct session *s, const struct answer *first)
{
	return s->a.sw == first->sw && s->a.len == first->len &&
	       memcmp(s->a.data, first->data, first->len) == 0;
}

/* 9B's own algorithms, in the order in which they are tried. */
static const uint8_t block_algs[] = {
    ECERT_ALG_3DES, ECERT_ALG_AES192, ECERT_ALG_AES128, ECERT_ALG_AES256};

/* 9B is asked for a witness, which needs no PIN and changes nothing: the algorithm that it has. */
static bool ask_witness(struct session *s, uint8_t *alg)
{
	static const uint8_t ask[] = {ECERT_TAG_AUTH, 2, ECERT_TAG_AUTH_WITNESS, 0};

	for (size_t i = 0; i < sizeof block_algs; i++) {
		*alg = block_algs[i];
		if (send(s, ECERT_INS_GENERAL_AUTHENTICATE, *alg, ECERT_KEY_9B,
			rd_of(ask, sizeof ask)) == ECERT_SW_OK)
			return true;
	}
	return false;
}

/* SP 800-73-5 part 2 has chains for GENERAL AUTHENTICATE and PUT DATA (tables 2 and 3); a chained
 * GET DATA proves nothing, and some cards that chain refuse it. */
static void chaining(struct session *s, const struct answer *chuid)
{
	uint8_t part1[] = {
	    ECERT_CLA_CHAIN, ECERT_INS_GENERAL_AUTHENTICATE, 0, ECERT_KEY_9B, 2, ECERT_TAG_AUTH, 2};
	uint8_t part2[] = {ECERT_CLA_PLAIN, ECERT_INS_GENERAL_AUTHENTICATE, 0, ECERT_KEY_9B, 2,
	    ECERT_TAG_AUTH_WITNESS, 0, 0};
	size_t whole;
	struct rd v;
	uint8_t alg;
	bool ok;

	if (!ask_witness(s, &alg)) {
		report_skip(s, ISO_CHAIN, "a chained command answers as the whole one",
		    "9B gives no witness");
		return;
	}
	whole = s->a.len;
	part1[2] = part2[2] = alg;
	ok = send_raw(s, rd_of(part1, sizeof part1), false) == ECERT_SW_OK &&
	     send_raw(s, rd_of(part2, sizeof part2), true) == ECERT_SW_OK && s->a.len == whole &&
	     answer_path(s, "7C/80", &v);
	s->has[F_CHAINING] = ok ? YES : NO;
	report_ok(s, ok, ISO_CHAIN, "a chained command answers as the whole one");
	/* a chain that is broken off must not reach into the next command */
	(void)send_raw(s, rd_of(part1, sizeof part1), false);
	ok = select_piv(s) == ECERT_SW_OK;
	(void)send(s, ECERT_INS_GET_DATA, 0x3F, 0xFF, rd_of(chuid_path, sizeof chuid_path));
	report_ok(
	    s, ok && same_answer(s, chuid), ISO_CHAIN, "SELECT ends a chain that was broken off");
}

static void extended(struct session *s, const struct answer *whole)
{
	(void)send_extended(
	    s, ECERT_INS_GET_DATA, 0x3F, 0xFF, rd_of(chuid_path, sizeof chuid_path));
	s->has[F_EXTENDED] = same_answer(s, whole) ? YES : NO;
	if (s->has[F_EXTENDED] == YES)
		report_ok(s, true, ISO_EXTENDED, "an extended command answers as the short one");
	else
		report_skip(s, ISO_EXTENDED, "an extended command answers as the short one",
		    "the card does not take extended length");
}

/* Le = 8 brings 8 bytes and 61xx; GET RESPONSE brings the rest. */
static void pieces(struct session *s, const struct answer *whole)
{
	static const uint8_t le8[] = {
	    0, ECERT_INS_GET_DATA, 0x3F, 0xFF, 5, ECERT_TAG_PATH, 3, 0x5F, 0xC1, 0x02, 8};
	bool ok;

	(void)send_raw(s, rd_of(le8, sizeof le8), false);
	ok = s->a.len == 8 && s->a.sw >> 8 == 0x61;
	(void)send_raw(s, rd_of(le8, sizeof le8), true);
	report_ok(s, ok && same_answer(s, whole), "ISO 7816-4, 5.3.4",
	    "a short Le brings the first bytes, GET RESPONSE the rest");
}

static int tries_left(struct session *s)
{
	uint16_t sw = send(s, ECERT_INS_VERIFY, 0, ECERT_REF_PIN, rd_of(NULL, 0));

	return (sw & 0xFFF0) == ECERT_SW_TRIES ? sw & 0x0F : -1;
}

/* A malformed PIN is refused for its form: 6A80 or 6700, and the counter stays. */
static void no_try_lost(struct session *s)
{
	static const uint8_t unpadded[] = {'1', '2', '3', '4', '5', '7'};
	int before = tries_left(s);
	uint16_t sw;

	if (before < 2) {
		report_skip(
		    s, PIV_PIN, "an unpadded PIN costs no try", "fewer than two tries are left");
		return;
	}
	sw = send(s, ECERT_INS_VERIFY, 0, ECERT_REF_PIN, rd_of(unpadded, sizeof unpadded));
	report_ok(s,
	    (sw == ECERT_SW_BAD_DATA || sw == ECERT_SW_WRONG_LENGTH) && tries_left(s) == before,
	    PIV_PIN, "an unpadded PIN is refused and costs no try");
}

void run_framing(struct session *s)
{
	static struct answer whole;

	(void)select_piv(s);
	(void)send(s, ECERT_INS_GET_DATA, 0x3F, 0xFF, rd_of(chuid_path, sizeof chuid_path));
	whole = s->a;
	if (whole.sw == ECERT_SW_OK && whole.len > 8) {
		chaining(s, &whole);
		extended(s, &whole);
		pieces(s, &whole);
	} else {
		report_skip(s, ISO_CHAIN, "framing", "there is no CHUID to read");
	}
	no_try_lost(s);
}
