/* SPDX-License-Identifier: BSD-2-Clause */
/* Cards that answer in pieces while another program talks to them, and cards that do not tell the
 * tries of their PIN. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
/* cmocka wants the three above first */
#include <cmocka.h>

#include "card/card.h"
#include "fake_card.h"

#define SELECTED "61114f0600001000010079074f05a000000308"
#define SIGNED                                                                                     \
	"7c4982473045022100cff80e9d463df6ba29aac9c3ea600cca244226978bfd200f47b47f21286a96c0"       \
	"022061186f7216f9a609905472b7a06dbfb2e89376f6ebb3e3d98090ea52253bfcc1"
/* ISO 7816-4, 12.1.1: the historical bytes say extended length. */
#define EXTENDED_ATR "3b8580018073c001e040"

static const char digest[] = "deadbeefdeadbeefdeadbeefdeadbeef";

static struct card *open_fake(struct fake_card *f)
{
	struct channel *ch = fake_channel(f);
	struct card *c = NULL;

	assert_int_equal(card_open(&ch, &c), ECERT_OK);
	return c;
}

static void sign(struct card *c)
{
	struct buf sig = BUF_INIT(512);

	assert_int_equal(
	    card_key_use(c, 0x9A, KEY_P256, CARD_SIGN, rd_of(digest, 32), &sig), ECERT_OK);
	assert_int_equal(buf_len(&sig), 64);
	assert_memory_equal(buf_view(&sig).p, "\xcf\xf8\x0e\x9d", 4);
	buf_free(&sig);
}

/* A card in a T=0 reader answers 61xx where one of T=1 gives the answer itself. */
static void pieces_are_fetched_in_a_transaction(void **state)
{
	static const struct fake_rule rules[] = {
	    {"00a40400", SELECTED "9000"},
	    {"0087119a", "614b"},
	    {"00c00000", SIGNED "9000"},
	    {NULL, NULL},
	};
	struct fake_card f = {.rules = rules, .stranger = "0000009000"};
	struct card *c = open_fake(&f);
	unsigned before = f.commands;

	(void)state;
	/* The lone try, given up; then both in one transaction. */
	sign(c);
	assert_int_equal(f.commands, before + 3);
	assert_int_equal(f.begins, 1);
	/* From then on it is known for it. */
	sign(c);
	assert_int_equal(f.commands, before + 5);
	assert_int_equal(f.begins, 2);
	assert_int_equal(f.strayed, 0);
	assert_int_equal(f.begins, f.ends);
	card_close(&c);
}

static void select_in_pieces(void **state)
{
	static const struct fake_rule rules[] = {
	    {"00a40400", "6113"},
	    {"00c0000013", SELECTED "9000"},
	    {NULL, NULL},
	};
	struct fake_card f = {.rules = rules, .stranger = "6a82"};
	struct card *c = open_fake(&f);

	(void)state;
	assert_int_equal(f.strayed, 0);
	assert_int_equal(f.begins, 1);
	assert_int_equal(f.ends, 1);
	/* Inside of the caller's own as well, where it is selected again after a reset. */
	f.reset_pending = true;
	assert_int_equal(card_begin(c), ECERT_E_RESET);
	assert_memory_equal(f.last, "00c0000013", 10);
	card_end(c);
	assert_int_equal(f.begins, f.ends);
	card_close(&c);
}

/* A card that stays with 61xx for ever ends by itself, inside too. */
static void pieces_without_end(void **state)
{
	static const struct fake_rule rules[] = {
	    {"00a40400", SELECTED "9000"},
	    {"0087119a", "6100"},
	    {"00c00000", "6100"},
	    {NULL, NULL},
	};
	struct fake_card f = {.rules = rules};
	struct card *c = open_fake(&f);
	struct buf sig = BUF_INIT(512);

	(void)state;
	assert_int_equal(
	    card_key_use(c, 0x9A, KEY_P256, CARD_SIGN, rd_of(digest, 32), &sig), ECERT_E_CARD);
	assert_int_equal(buf_len(&sig), 0);
	assert_int_equal(f.begins, f.ends);
	buf_free(&sig);
	card_close(&c);
}

/* PivApplet's pieces are short although its readers take extended length: what is longer than a
 * short answer is always in a transaction. */
static void extended_answers_in_pieces(void **state)
{
	static char first[2 * 248 + 5], rest[2 * 16 + 5];
	static const struct fake_rule rules[] = {
	    {"00a40400", SELECTED "9000"},
	    {"0087079a00", first},
	    {"00c0000010", rest},
	    {NULL, NULL},
	};
	struct fake_card f = {.rules = rules, .atr = EXTENDED_ATR, .stranger = "aabb9000"};
	struct card *c = open_fake(&f);
	struct buf block = BUF_INIT(512);
	uint8_t in[256] = {0x5C};
	unsigned before = f.commands;

	(void)state;
	memset(first, 'e', sizeof first - 1);
	memcpy(first, "7c82010482820100", 16);
	memcpy(first + sizeof first - 5, "6110", 4);
	memset(rest, 'e', sizeof rest - 1);
	memcpy(rest + sizeof rest - 5, "9000", 4);
	assert_int_equal(
	    card_key_use(c, 0x9A, KEY_RSA2048, CARD_DECRYPT, rd_of(in, sizeof in), &block),
	    ECERT_OK);
	assert_int_equal(buf_len(&block), 256);
	assert_int_equal(f.commands, before + 2);
	assert_int_equal(f.strayed, 0);
	assert_int_equal(f.begins, 1);
	assert_int_equal(f.ends, 1);
	buf_free(&block);
	card_close(&c);
}

/* Adversarial case 26: 63FF is "not verified" without a number. */
static void tries_that_nobody_knows(void **state)
{
	static const struct fake_rule rules[] = {
	    {"00a40400", SELECTED "9000"},
	    {"0020008008313233343536", "9000"},
	    {"0020008008", "6300"},
	    {"00200080", "63ff"},
	    {NULL, NULL},
	};
	struct fake_card f = {.rules = rules};
	struct card *c = open_fake(&f);
	struct card_pin_status s;
	int tries = 99;

	(void)state;
	assert_int_equal(card_pin_status(c, CARD_PIN_APPLICATION, &s), ECERT_OK);
	assert_int_equal(s.tries, -1);
	assert_false(s.verified);
	assert_int_equal(card_verify(c, rd_of("654321", 6), &tries), ECERT_E_PIN_WRONG);
	assert_int_equal(tries, -1);
	assert_int_equal(card_verify(c, rd_of("123456", 6), &tries), ECERT_OK);
	assert_int_equal(f.begins, f.ends);
	card_close(&c);
}

/* Where metadata has the number it is asked before any PIN is sent. */
static void tries_that_metadata_knows(void **state)
{
	static const struct fake_rule rules[] = {
	    {"00a40400", SELECTED "9000"},
	    {"00200080", "63ff"},
	    {"00f70080", "0101ff050100060203019000"},
	    {NULL, NULL},
	};
	struct fake_card f = {.rules = rules};
	struct card *c = open_fake(&f);
	struct card_pin_status s;

	(void)state;
	assert_int_equal(card_pin_status(c, CARD_PIN_APPLICATION, &s), ECERT_OK);
	assert_int_equal(s.tries, 1);
	assert_false(s.verified);
	assert_int_equal(f.begins, f.ends);
	card_close(&c);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pieces_are_fetched_in_a_transaction),
	    cmocka_unit_test(select_in_pieces),
	    cmocka_unit_test(pieces_without_end),
	    cmocka_unit_test(extended_answers_in_pieces),
	    cmocka_unit_test(tries_that_nobody_knows),
	    cmocka_unit_test(tries_that_metadata_knows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
