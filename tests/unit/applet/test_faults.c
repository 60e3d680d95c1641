/* SPDX-License-Identifier: BSD-2-Clause */
/* The chip under the applet fails at each of its calls in turn: never a false success. */
#include "tests/unit/applet/applet_fixture.h"

#include <string.h>

/* The real functions, and which call from now on is the one that fails (0: none). */
static struct ap_hal real;
static unsigned long calls, fail_at;

static bool fails(void)
{
	return ++calls == fail_at;
}

static enum ap_hal_rc bad_random(void *ctx, uint8_t *out, size_t len)
{
	return fails() ? AP_HAL_FAIL : real.random(ctx, out, len);
}

static enum ap_hal_rc bad_sha256(void *ctx, const uint8_t *in, size_t len, uint8_t out[32])
{
	return fails() ? AP_HAL_FAIL : real.sha256(ctx, in, len, out);
}

static enum ap_hal_rc bad_keygen(void *ctx, uint8_t alg, uint8_t *priv, uint8_t *pub)
{
	return fails() ? AP_HAL_FAIL : real.keygen(ctx, alg, priv, pub);
}

static enum ap_hal_rc bad_derive(void *ctx, uint8_t alg, const uint8_t *priv, uint8_t *pub)
{
	return fails() ? AP_HAL_FAIL : real.derive(ctx, alg, priv, pub);
}

static enum ap_hal_rc bad_sign(void *ctx, uint8_t alg, const uint8_t *priv, const uint8_t *pub,
    const uint8_t *in, size_t in_len, uint8_t *out)
{
	return fails() ? AP_HAL_FAIL : real.sign(ctx, alg, priv, pub, in, in_len, out);
}

static enum ap_hal_rc bad_agree(void *ctx, uint8_t alg, const uint8_t *priv, const uint8_t *pub,
    const uint8_t *peer, uint8_t *out)
{
	return fails() ? AP_HAL_FAIL : real.agree(ctx, alg, priv, pub, peer, out);
}

static enum ap_hal_rc bad_block(
    void *ctx, uint8_t alg, bool encrypt, const uint8_t *key, const uint8_t *in, uint8_t *out)
{
	return fails() ? AP_HAL_FAIL : real.block(ctx, alg, encrypt, key, in, out);
}

static enum ap_hal_rc bad_read(void *ctx, uint32_t off, uint8_t *out, size_t len)
{
	return fails() ? AP_HAL_FAIL : real.flash_read(ctx, off, out, len);
}

static enum ap_hal_rc bad_write(void *ctx, uint32_t off, const uint8_t *in, size_t len)
{
	return fails() ? AP_HAL_FAIL : real.flash_write(ctx, off, in, len);
}

static enum ap_hal_rc bad_erase(void *ctx, unsigned int area)
{
	return fails() ? AP_HAL_FAIL : real.flash_erase(ctx, area);
}

static enum ap_hal_rc bad_sync(void *ctx)
{
	return fails() ? AP_HAL_FAIL : real.flash_sync(ctx);
}

static void make_bad(struct card *c)
{
	struct ap_hal *hal = &c->host.hal;

	real = *hal;
	hal->random = bad_random;
	hal->sha256 = bad_sha256;
	hal->keygen = bad_keygen;
	hal->derive = bad_derive;
	hal->sign = bad_sign;
	hal->agree = bad_agree;
	hal->block = bad_block;
	hal->flash_read = bad_read;
	hal->flash_write = bad_write;
	hal->flash_erase = bad_erase;
	hal->flash_sync = bad_sync;
}

static const char *const commands[] = {
    "00A40400 05 A000000308",
    "00CB3FFF 05 5C035FC102 00",
    "00CB3FFF 000005 5C035FFF20 0000",
    "00DB3FFF 08 5C035FC105 530101",
    "00DB3FFF 07 5C035FC107 5300",
    "00200080",
    "00200080 08 313233343536FFFF",
    "00240080 10 313233343536FFFF 323233343536FFFF",
    "00240081 10 3132333435363738 3232323232323232",
    "002C0080 10 3132333435363738 323233343536FFFF",
    "0087119A 07 7C058200810122",
    "0087119A 47 7C458200 8541"
    "046B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"
    "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5",
    "00870A9B 04 7C028100",
    "00870A9B 04 7C028000",
    "0047009A 05 AC03800111",
    "0047009C 05 AC03800111",
    "00FE119A 22 0620 0101010101010101010101010101010101010101010101010101010101010101",
    "00EE0100 00",
    "00EE0200 07 01E00516E15355",
    "00F6829A",
    "00F6FF9A",
    "00F7009A 00",
    "00F70080 00",
    "00F7009B 00",
    "00F80000 00",
    "00F99A00 000000",
    "00FA0303",
    "00FFFFFF 13 089B10 00112233445566778899AABBCCDDEEFF",
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static struct card *prepared(void)
{
	struct card *c = card_blank(8192);

	fail_at = 0;
	card_personalise(c);
	assert_int_equal(host_certify(&c->ap), 0);
	card_admin(c);
	card_generate(c, 0x9A, ECERT_ALG_P256, ECERT_PIN_POLICY_NEVER, 0);
	card_login(c);
	make_bad(c);
	return c;
}

/* What is in the store, as a number; of keys only that they are there: they are random. */
static uint32_t fingerprint(struct card *c)
{
	uint32_t sum = c->ap.st.changes;

	for (size_t i = 0; i < c->ap.st.count; i++) {
		const struct ap_entry *e = &c->ap.st.entry[i];
		uint32_t one = e->type * 2654435761u + e->id * 40503u + e->len;
		uint8_t byte = 0;

		for (size_t k = 0; k < e->len && e->type != AP_REC_KEY; k++) {
			assert_int_equal(ap_st_read(&c->ap.st, e, k, &byte, 1), AP_ST_OK);
			one = one * 31 + byte;
		}
		sum += one;
	}
	return sum;
}

/*
 * A command that fails says so, without data; one that says it did it, did it (the check whether
 * the other area is erased may fail: it is erased again then). The card works afterwards.
 */
static void one_fault(const char *command, unsigned long at, bool *over)
{
	struct card *c = prepared();
	uint32_t before = fingerprint(c);
	uint16_t sw;

	calls = 0;
	fail_at = at;
	sw = card_send(c, command);
	*over = calls < at;
	if (*over) {
		assert_sw(sw, ECERT_SW_OK);
	} else if (sw == ECERT_SW_OK || (sw & 0xFF00) == ECERT_SW_MORE_DATA) {
		if (fingerprint(c) == before)
			fail_msg("%s says %04X although call %lu failed", command, sw, at);
	} else {
		assert_int_equal(c->len, 0);
	}
	fail_at = 0;
	ap_reset(&c->ap);
	assert_sw(card_send(c, "00F80000 00"), ECERT_SW_OK);
	assert_sw(card_send(c, "00F7009B 00"), ECERT_SW_OK);
	assert_false(c->ap.pin_ok || c->ap.mgm_ok);
	card_free(c);
}

static void test_each_call_fails(void **state)
{
	unsigned long faults = 0;

	(void)state;
	for (size_t i = 0; i < COMMANDS; i++) {
		bool over = false;

		for (unsigned long at = 1; !over; at++, faults++)
			one_fault(commands[i], at, &over);
	}
	assert_true(faults > 200);
}

/* Mutual authentication: neither step may succeed half. */
static void test_authentication_faults(void **state)
{
	(void)state;
	for (unsigned long at = 1;; at++) {
		struct card *c = prepared();
		struct ap_mgm mgm;
		uint8_t body[44] = {0x7C, 0x26, 0x80, 0x10};
		uint16_t sw;

		c->ap.mgm_ok = false;
		assert_sw(ap_mgm_load(&c->ap, &mgm), ECERT_SW_OK);
		assert_sw(card_send(c, "00870A9B 04 7C028000"), ECERT_SW_OK);
		real.block(&c->host, mgm.alg, false, mgm.key, c->resp + 4, body + 4);
		memcpy(body + 20, "\x81\x10", 2);
		memcpy(body + 38, "\x82\x00", 2);
		calls = 0;
		fail_at = at;
		sw = card_command(
		    c, ECERT_INS_GENERAL_AUTHENTICATE, mgm.alg, ECERT_KEY_9B, body, 40);
		assert_int_equal(sw == ECERT_SW_OK, calls < at);
		assert_int_equal(c->ap.mgm_ok, calls < at);
		fail_at = 0;
		card_free(c);
		if (sw == ECERT_SW_OK)
			break;
	}
}

/* Making a card fails at each call: nothing, or all of it. */
static void test_personalisation_faults(void **state)
{
	const struct ap_profile profile = {1, ECERT_ALG_3DES};
	bool over = false;

	(void)state;
	for (unsigned long at = 1; !over; at++) {
		struct card *c = card_blank(8192);
		enum ap_st st;

		make_bad(c);
		fail_at = 0;
		(void)ap_init(&c->ap, &c->host.hal);
		calls = 0;
		fail_at = at;
		st = ap_personalise(&c->ap, &profile);
		over = calls < at;
		fail_at = 0;
		if (over)
			assert_int_equal(st, AP_ST_OK);
		st = ap_init(&c->ap, &c->host.hal);
		assert_true(st == AP_ST_BLANK || st == AP_ST_OK);
		if (st == AP_ST_OK)
			assert_sw(card_send(c, "00F80000 00"), ECERT_SW_OK);
		card_free(c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_each_call_fails),
	    cmocka_unit_test(test_authentication_faults),
	    cmocka_unit_test(test_personalisation_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
