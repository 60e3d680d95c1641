/* SPDX-License-Identifier: BSD-2-Clause */
/* The card layer against what two cards that are not ours were measured to answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
/* cmocka wants the three above first */
#include <cmocka.h>

#include "card/card.h"
#include "fake_card.h"

static struct card *open_fake(struct fake_card *f)
{
	struct channel *ch = fake_channel(f);
	struct card *c = NULL;

	assert_int_equal(card_open(&ch, &c), ECERT_OK);
	assert_null(ch);
	assert_int_equal(f->commands, 1);
	return c;
}

static void canokey_identity(void **state)
{
	struct fake_card f = {.rules = canokey_rules};
	struct card *c = open_fake(&f);
	struct card_identity id;

	(void)state;
	/* serial number 0 is none: the GUID stands in */
	assert_int_equal(card_identity(c, &id), ECERT_OK);
	assert_string_equal(id.serial, "00112233445566778899aabbccddeeff");
	assert_string_equal(id.model, "PIV");
	assert_int_equal(f.commands, 3);
	assert_int_equal(card_identity(c, &id), ECERT_OK);
	assert_int_equal(f.commands, 3);
	card_close(&c);
	assert_int_equal(f.begins, f.ends);
}

static void canokey_pins(void **state)
{
	struct fake_card f = {.rules = canokey_rules};
	struct card *c = open_fake(&f);
	struct card_pin_status s;
	int tries = 0;

	(void)state;
	assert_int_equal(card_pin_status(c, CARD_PIN_APPLICATION, &s), ECERT_OK);
	assert_int_equal(s.tries, 3);
	assert_false(s.verified);
	assert_int_equal(card_pin_metadata(c, CARD_PUK, &s), ECERT_OK);
	assert_true(s.is_default && s.default_known);
	assert_int_equal(s.tries_max, 3);
	/* five characters: nothing is sent */
	unsigned before = f.commands;
	assert_int_equal(card_verify(c, rd_of("12345", 5), &tries), ECERT_E_PIN_FORMAT);
	assert_int_equal(card_verify(c, rd_of("123456789", 9), &tries), ECERT_E_PIN_FORMAT);
	assert_int_equal(card_verify(c, rd_of("12345\xff", 6), &tries), ECERT_E_PIN_FORMAT);
	assert_int_equal(f.commands, before);
	assert_int_equal(card_verify(c, rd_of("123456", 6), &tries), ECERT_OK);
	assert_string_equal(f.last, "0020008008313233343536ffff");
	assert_int_equal(card_verify(c, rd_of("654321", 6), &tries), ECERT_E_PIN_WRONG);
	assert_int_equal(tries, 2);
	assert_int_equal(card_logout(c), ECERT_OK);
	card_close(&c);
}

static void canokey_keys(void **state)
{
	struct fake_card f = {.rules = canokey_rules};
	struct card *c = open_fake(&f);
	struct card_key k;
	uint32_t mask;
	unsigned unknown;

	(void)state;
	assert_int_equal(card_key_get(c, 0x9A, &k), ECERT_OK);
	assert_int_equal(k.alg, KEY_P256);
	assert_int_equal(k.pin, PIN_ONCE);
	assert_int_equal(k.origin, ORIGIN_GENERATED);
	assert_non_null(k.pub);
	card_key_clear(&k);
	assert_int_equal(card_key_get(c, 0x83, &k), ECERT_E_NOT_FOUND);
	assert_int_equal(card_key_get(c, 0x84, &k), ECERT_E_ARG);
	assert_true((card_features(c, &unknown) & CARD_HAS_METADATA) != 0);
	assert_int_equal(card_retired_keys(c, &mask), ECERT_E_UNSUPPORTED);
	card_close(&c);
}

static void canokey_sign(void **state)
{
	struct fake_card f = {.rules = canokey_rules};
	struct card *c = open_fake(&f);
	struct buf sig = BUF_INIT(512);
	struct card_key k;
	const struct rd digest = rd_of("deadbeefdeadbeefdeadbeefdeadbeef", 32);

	(void)state;
	assert_int_equal(card_key_get(c, 0x9A, &k), ECERT_OK);
	unsigned before = f.commands, begins = f.begins;
	assert_int_equal(card_key_use(c, 0x9A, KEY_P256, CARD_SIGN, digest, &sig), ECERT_OK);
	/* one APDU, no transaction to pay for */
	assert_int_equal(f.commands, before + 1);
	assert_int_equal(f.begins, begins);
	assert_int_equal(buf_len(&sig), 64);
	assert_int_equal(pubkey_check(k.pub, digest, buf_view(&sig)), ECERT_OK);
	buf_reset(&sig);
	/* an empty slot is 6985 here */
	assert_int_not_equal(card_key_use(c, 0x83, KEY_P256, CARD_SIGN, digest, &sig), ECERT_OK);
	assert_int_equal(buf_len(&sig), 0);
	buf_free(&sig);
	card_key_clear(&k);
	card_close(&c);
}

/* CanoKey answers 9000 and echoes X for a point off the curve: it must never reach the card. */
static void bad_point_never_sent(void **state)
{
	struct fake_card f = {.rules = canokey_rules};
	struct card *c = open_fake(&f);
	struct buf out = BUF_INIT(512);
	uint8_t point[65];
	unsigned before = f.commands;

	(void)state;
	memset(point, 0x11, sizeof point);
	point[0] = 0x04;
	assert_int_equal(
	    card_key_use(c, 0x9A, KEY_P256, CARD_DERIVE, rd_of(point, sizeof point), &out),
	    ECERT_E_DATA);
	assert_int_equal(f.commands, before);
	assert_int_equal(buf_len(&out), 0);
	buf_free(&out);
	card_close(&c);
}

static void pivapplet_quirks(void **state)
{
	struct fake_card f = {.rules = pivapplet_rules};
	struct card *c = open_fake(&f);
	struct card_identity id;
	struct card_pin_status s;
	struct card_key k;
	uint32_t mask;
	struct buf der = BUF_INIT(4096);

	(void)state;
	assert_int_equal(card_identity(c, &id), ECERT_OK);
	assert_string_equal(id.model, "PivApplet");
	assert_string_equal(id.serial, "3510058635");
	/* non-minimal lengths in metadata */
	assert_int_equal(card_key_get(c, 0x9A, &k), ECERT_OK);
	assert_int_equal(k.alg, KEY_P256);
	assert_int_equal(k.origin, ORIGIN_GENERATED); /* counted from 0 here */
	assert_non_null(k.pub);
	card_key_clear(&k);
	/* nothing is told of an imported key but that it is one */
	assert_int_equal(card_key_get(c, 0x9D, &k), ECERT_E_CARD);
	assert_true(k.untold);
	assert_int_equal(k.origin, ORIGIN_IMPORTED);
	/* 9000 without an algorithm is an empty slot */
	assert_int_equal(card_key_get(c, 0x83, &k), ECERT_E_NOT_FOUND);
	assert_int_equal(card_pin_metadata(c, CARD_PIN_APPLICATION, &s), ECERT_OK);
	assert_int_equal(s.tries, 5);
	assert_true(s.is_default);
	bool is_default = false;
	assert_int_equal(card_mgm_is_default(c, &is_default), ECERT_OK);
	assert_true(is_default);
	/* a key history is believed, also one that counts none */
	assert_int_equal(card_retired_keys(c, &mask), ECERT_OK);
	assert_int_equal(mask, 0);
	assert_int_equal(card_attest(c, 0x83, &der), ECERT_E_NOT_FOUND);
	assert_int_equal(card_object_put(c, 0x5FC105, rd_of("x", 1)), ECERT_E_AUTH);
	buf_free(&der);
	card_close(&c);
	assert_int_equal(f.begins, f.ends);
}

/* By its ATR, which says no more: two retired slots, extended length, and no attestation. */
static void canokey_model(void **state)
{
	struct fake_card f = {.rules = canokey_rules, .atr = "3bf71100008131fe6543616e6f6b657999"};
	struct card *c;
	struct card_identity id;
	struct card_abilities can;
	struct card_key k;
	struct pubkey *pub = NULL;
	struct buf der = BUF_INIT(64);
	unsigned unknown;

	(void)state;
	c = open_fake(&f);
	assert_int_equal(card_identity(c, &id), ECERT_OK);
	assert_string_equal(id.model, "CanoKey");
	card_can(c, &can);
	assert_int_equal(can.retired, 2);
	assert_true(can.object_max > 0 && (can.algs & 1u << KEY_SM2) != 0);
	/* extended length is used for what may be long, though the ATR does not name it */
	assert_int_equal(card_key_get(c, 0x9A, &k), ECERT_OK);
	card_key_clear(&k);
	assert_string_equal(f.last, "00f7009a000000");
	/* slots that it does not have: not asked for, and named */
	assert_int_equal(card_key_generate(c, 0x84, KEY_P256, 0, 0, &pub), ECERT_E_NO_SLOT);
	assert_int_equal(card_attest(c, 0x9A, &der), ECERT_E_UNSUPPORTED);
	(void)card_features(c, &unknown);
	assert_int_equal(unknown & CARD_HAS_ATTEST, 0);
	card_close(&c);
	assert_int_equal(f.begins, f.ends);
}

/* What is not known is asked for outright, once, and by nothing that changes the card. */
static void proofs(void **state)
{
	static const struct {
		const struct fake_rule *rules;
		unsigned has, lacks, commands;
	} rows[] = {
	    {canokey_rules, CARD_HAS_METADATA, CARD_HAS_ATTEST | CARD_HAS_MOVE, 4},
	    {pivapplet_rules, CARD_HAS_METADATA | CARD_HAS_ATTEST, CARD_HAS_MOVE, 4},
	    {openfips_rules, 0, CARD_HAS_METADATA | CARD_HAS_ATTEST | CARD_HAS_MOVE, 4},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct fake_card f = {.rules = rows[i].rules};
		struct card *c = open_fake(&f);
		unsigned unknown = 0, has, n;

		assert_int_equal(card_prove(c), ECERT_OK);
		has = card_features(c, &unknown);
		assert_int_equal(has & rows[i].has, rows[i].has);
		assert_int_equal(has & rows[i].lacks, 0);
		assert_int_equal(unknown & (rows[i].has | rows[i].lacks), 0);
		n = f.commands;
		assert_true(n <= rows[i].commands);
		assert_int_equal(card_prove(c), ECERT_OK);
		assert_int_equal(f.commands, n);
		card_close(&c);
		assert_int_equal(f.begins, f.ends);
	}
}

/* 6A86 to a use that PIV's rule does not have is about the use; to another one about the key. */
static void strict_piv(void **state)
{
	struct fake_card f = {.rules = openfips_rules};
	struct card *c = open_fake(&f);
	struct card_abilities can;
	struct buf out = BUF_INIT(512);
	const struct rd digest = rd_of("0123456789abcdef0123456789abcdef", 32);

	(void)state;
	card_can(c, &can);
	assert_true(can.fixed_size);
	assert_int_equal(can.algs & 1u << KEY_SM2, 0);
	assert_int_equal(
	    card_key_use(c, 0x9D, KEY_P256, CARD_SIGN, digest, &out), ECERT_E_KEY_FUNCTION);
	assert_int_equal(
	    card_key_use(c, 0x9A, KEY_P256, CARD_SIGN, digest, &out), ECERT_E_NOT_FOUND);
	buf_free(&out);
	card_close(&c);
}

static void pin_always_needs_pin(void **state)
{
	struct fake_card f = {.rules = pivapplet_rules};
	struct card *c = open_fake(&f);
	struct buf out = BUF_INIT(512);
	uint8_t digest[32] = {1};

	(void)state;
	assert_int_equal(
	    card_key_use(c, 0x9C, KEY_P256, CARD_SIGN, rd_of(digest, sizeof digest), &out),
	    ECERT_E_AUTH);
	buf_free(&out);
	card_close(&c);
}

static void reset_is_seen_and_survived(void **state)
{
	struct fake_card f = {.rules = pivapplet_rules};
	struct card *c = open_fake(&f);
	struct card_pin_status s;

	(void)state;
	f.reset_pending = true;
	assert_int_equal(card_begin(c), ECERT_E_RESET); /* held, and selected again */
	assert_memory_equal(f.last, "00a40400", 8);
	assert_int_equal(card_pin_status(c, CARD_PIN_APPLICATION, &s), ECERT_OK);
	card_end(c);
	f.reset_pending = true;
	assert_int_equal(card_pin_status(c, CARD_PIN_APPLICATION, &s), ECERT_E_RESET);
	assert_int_equal(card_pin_status(c, CARD_PIN_APPLICATION, &s), ECERT_OK);
	card_close(&c);
	assert_int_equal(f.begins, f.ends);
}

/* A card with the base PIV set only: every extension is asked at most once. */
static void plain_piv(void **state)
{
	static const struct fake_rule rules[] = {
	    {"00a40400", "61114f0600001000010079074f05a0000003089000"},
	    {"00200080", "63c3"},
	    {NULL, NULL},
	};
	struct fake_card f = {.rules = rules};
	struct card *c = open_fake(&f);
	struct card_key k;
	struct buf der = BUF_INIT(4096);

	(void)state;
	assert_int_equal(card_key_get(c, 0x9A, &k), ECERT_E_UNSUPPORTED);
	unsigned before = f.commands;
	assert_int_equal(card_key_get(c, 0x9C, &k), ECERT_E_UNSUPPORTED);
	assert_int_equal(f.commands, before);
	assert_int_equal(card_attest(c, 0x9A, &der), ECERT_E_UNSUPPORTED);
	before = f.commands;
	assert_int_equal(card_attest(c, 0x9C, &der), ECERT_E_UNSUPPORTED);
	assert_int_equal(f.commands, before);
	buf_free(&der);
	card_close(&c);
}

/* 6A82 to what it does not know, no empty VERIFY, no count of tries. */
static void terse_piv(void **state)
{
	static const struct fake_rule rules[] = {
	    {"00a40400", "61114f0600001000010079074f05a0000003089000"},
	    {"0020008008313233343536", "9000"},
	    {"0020008008", "6300"},
	    {"00200080", "6700"},
	    {"00f7", "6a82"},
	    {NULL, NULL},
	};
	struct fake_card f = {.rules = rules};
	struct card *c = open_fake(&f);
	struct card_pin_status s;
	struct card_key k;
	int tries = 9;
	unsigned before;

	(void)state;
	/* behind a SELECT, once, because another application may answer so as well */
	assert_int_equal(card_pin_status(c, CARD_PIN_APPLICATION, &s), ECERT_OK);
	assert_true(!s.told && !s.verified && s.tries == -1);
	assert_int_equal(f.commands, 4);
	assert_int_equal(card_pin_status(c, CARD_PIN_APPLICATION, &s), ECERT_OK);
	assert_int_equal(f.commands, 5);
	assert_int_equal(card_verify(c, rd_of("999999", 6), &tries), ECERT_E_PIN_WRONG);
	assert_int_equal(tries, -1);
	assert_int_equal(card_verify(c, rd_of("123456", 6), &tries), ECERT_OK);
	/* the PIN has no metadata either: it is the instruction that is not there */
	assert_int_equal(card_key_get(c, 0x9A, &k), ECERT_E_UNSUPPORTED);
	before = f.commands;
	assert_int_equal(card_key_get(c, 0x9C, &k), ECERT_E_UNSUPPORTED);
	assert_int_equal(f.commands, before);
	card_close(&c);
	assert_int_equal(f.begins, f.ends);
}

/* An empty slot asked first, on a card that has metadata: there is no key, and no doubt. */
static void empty_slot_first(void **state)
{
	static const struct fake_rule rules[] = {
	    {"00a40400", "61114f0600001000010079074f05a0000003089000"},
	    {"00f70080", "0101ff050101060203039000"},
	    {"00f7", "6a82"},
	    {NULL, NULL},
	};
	struct fake_card f = {.rules = rules};
	struct card *c = open_fake(&f);
	struct card_key k;

	(void)state;
	assert_int_equal(card_key_get(c, 0x9A, &k), ECERT_E_NOT_FOUND);
	assert_int_equal(f.commands, 3);
	assert_int_equal(card_key_get(c, 0x9C, &k), ECERT_E_NOT_FOUND);
	assert_int_equal(f.commands, 4);
	card_close(&c);
}

static void not_piv(void **state)
{
	static const char *const answers[] = {"6a82", "9000", "61009000", "61024f009000",
	    ("61084f06000020000100"
	     "9000"),
	    "6184ffffffff4f009000"};

	(void)state;
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
		const struct fake_rule rules[] = {{"00a40400", answers[i]}, {NULL, NULL}};
		struct fake_card f = {.rules = rules};
		struct channel *ch = fake_channel(&f);
		struct card *c = NULL;

		assert_int_equal(card_open(&ch, &c), ECERT_E_UNRECOGNISED);
		assert_null(c);
		assert_null(ch);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(canokey_identity),
	    cmocka_unit_test(canokey_pins),
	    cmocka_unit_test(canokey_keys),
	    cmocka_unit_test(canokey_sign),
	    cmocka_unit_test(bad_point_never_sent),
	    cmocka_unit_test(canokey_model),
	    cmocka_unit_test(proofs),
	    cmocka_unit_test(strict_piv),
	    cmocka_unit_test(pivapplet_quirks),
	    cmocka_unit_test(pin_always_needs_pin),
	    cmocka_unit_test(reset_is_seen_and_survived),
	    cmocka_unit_test(plain_piv),
	    cmocka_unit_test(terse_piv),
	    cmocka_unit_test(empty_slot_first),
	    cmocka_unit_test(not_piv),
	};

	return cmocka_run_group_tests_name("card: foreign", tests, NULL, NULL);
}
