/* SPDX-License-Identifier: BSD-2-Clause */
/* The rule-made card, and the rules of two cards measured by this project. */
#include "fake_card.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
/* cmocka wants the three above first */
#include <cmocka.h>

#include "util/hex.h"

#define POINT                                                                                      \
	"042416fd277ef849266da59f62337a5cc4049be2bbfe1cfcc47069fea1ae0288b9"                       \
	"0fd3f8732b6eeb1272440a2e55bba785891ca2cd7108cb3dea43fe3563854805"
/* By the key of POINT over the 32 bytes "deadbeefdeadbeefdeadbeefdeadbeef". */
#define SIGNATURE                                                                                  \
	"3045022100cff80e9d463df6ba29aac9c3ea600cca244226978bfd200f47b47f21286a96c0"               \
	"022061186f7216f9a609905472b7a06dbfb2e89376f6ebb3e3d98090ea52253bfcc1"

/* CanoKey core, PIN not verified unless the rule says otherwise. */
const struct fake_rule canokey_rules[] = {
    {"00a40400", "61114f0600001000010079074f05a0000003089000"},
    {"00cb3fff055c035fc10c", "6a82"},
    {"00cb3fff055c035fc102", "531a341000112233445566778899aabbccddeeff350432303330fe009000"},
    {"00cb3fff035c017e", "7e124f0ba0000003080000100001005f2f0240109000"},
    {"00200080083132333435360000", "63c2"},
    {"0020008008313233343536ffff", "9000"},
    {"0020008008", "63c2"},
    {"00200080", "63c3"},
    {"0020ff80", "9000"},
    {"0087119a267c2482008120", "7c4982473045022100cff80e9d463df6ba29aac9c3ea600cca244226978bfd2"
			       "00f47b47f21286a96c0022061186f7216f9a609905472b7a06dbfb2e89376f6"
			       "ebb3e3d98090ea52253bfcc19000"},
    {"00871183", "6985"},
    {"00f7009a", "010111020202010301010443"
		 "8641" POINT "9000"},
    {"00f70083", "6a88"},
    {"00f70084", "6a86"},
    {"00f70080", "0101ff050101060203039000"},
    {"00f70081", "0101ff050101060203039000"},
    {"00f7009b", "010103020200010501019000"},
    {"00fd0000", "0507009000"},
    {"00f80000", "000000009000"},
    {"00f99a00", "6d00"},
    {"00db3fff", "6982"},
    {"0047009a", "6982"},
    {NULL, NULL},
};

const struct fake_rule pivapplet_rules[] = {
    {"00a40400",
	"6181794f0ba00000030800001000010079074f05a00000030850185069764170706c65742076302e39"
	"2e302f524565417861445f501e6769746875622e636f6d2f6172656b696e6174682f5069764170706c"
	"6574ac06800103060100ac0680010c060100ac06800107060100ac06800111060100ac068001140601"
	"009000"},
    {"00cb3fff055c035fc10c", "5308c10100c20100fe009000"},
    {"00cb3fff055c035fff01", "5304700230009000"},
    {"00f99a00", "6f00"},
    {"00cb3fff035c017e", "7e124f0ba0000003080000100001005f2f0240009000"},
    {"0020008008", "63c4"},
    {"00200080", "63c5"},
    {"0020ff80", "9000"},
    {"0087119c", "6982"},
    {"00871183", "6a86"},
    {"00f7009a", "01011102020201030100048144868141" POINT "9000"},
    {"00f7009d", "6f00"},
    {"00f70083", "020202010301009000"},
    {"00f70080", "050101060205059000"},
    {"00f70081", "050101060203039000"},
    {"00f7009b", "010103050101020201010301009000"},
    {"00fd0000", "0504009000"},
    {"00f80000", "d1373e8b9000"},
    {"00f98300", "6f00"},
    {"00db3fff", "6982"},
    {NULL, NULL},
};

/* OpenFIPS201: plain PIV, and strict about what a key may do. */
const struct fake_rule openfips_rules[] = {
    {"00a40400", "611e4f0600001000010079074f05a000000308500b4f70656e464950533230319000"},
    {"0087119d", "6a86"},
    {"0087119a", "6a86"},
    {"00200080", "63c6"},
    {"00cb3fff", "6a82"},
    {NULL, NULL},
};

static enum ecert_rc fake_begin(void *impl)
{
	struct fake_card *f = impl;

	f->begins++;
	if (f->reset_pending) {
		f->reset_pending = false;
		return ECERT_E_RESET;
	}
	return ECERT_OK;
}

static void fake_end(void *impl)
{
	((struct fake_card *)impl)->ends++;
}

static enum ecert_rc answer_with(const char *hex, uint8_t *resp, size_t cap, size_t *len)
{
	struct buf b = BUF_INIT(65536);
	enum ecert_rc rc = hex_get(rd_of(hex, strlen(hex)), &b);

	assert_int_equal(rc, ECERT_OK);
	*len = buf_len(&b);
	if (*len > cap)
		rc = ECERT_E_BUFFER;
	else
		memcpy(resp, buf_view(&b).p, *len);
	buf_free(&b);
	return rc;
}

static enum ecert_rc fake_transmit(
    void *impl, struct rd command, uint8_t *resp, size_t cap, size_t *len)
{
	struct fake_card *f = impl;

	*len = 0;
	f->commands++;
	assert_true(command.n * 2 < sizeof f->last);
	hex_str(command, f->last);
	if (f->reset_pending) {
		f->reset_pending = false;
		return ECERT_E_RESET;
	}
	if (f->stranger != NULL && f->begins == f->ends && strncmp(f->last, "00c0", 4) == 0) {
		f->strayed++;
		return answer_with(f->stranger, resp, cap, len);
	}
	for (const struct fake_rule *r = f->rules; r->command != NULL; r++) {
		if (strncmp(f->last, r->command, strlen(r->command)) == 0)
			return answer_with(r->answer, resp, cap, len);
	}
	return answer_with("6d00", resp, cap, len);
}

static struct rd fake_atr(const void *impl)
{
	const struct fake_card *f = impl;

	return rd_of(f->atr_bytes, f->atr_len);
}

static const struct channel_ops fake_ops = {
    .begin = fake_begin,
    .end = fake_end,
    .transmit = fake_transmit,
    .atr = fake_atr,
};

struct channel *fake_channel(struct fake_card *card)
{
	struct channel *ch = NULL;

	if (card->atr != NULL)
		assert_int_equal(
		    answer_with(card->atr, card->atr_bytes, sizeof card->atr_bytes, &card->atr_len),
		    ECERT_OK);
	assert_int_equal(channel_of(&fake_ops, card, false, &ch), ECERT_OK);
	return ch;
}
