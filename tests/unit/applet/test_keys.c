/* SPDX-License-Identifier: BSD-2-Clause */
/* The rules of keys: policies, refusals, chaining, move and delete, numbers, the status object. */
#include "tests/unit/applet/applet_fixture.h"

#include <string.h>

static const uint8_t digest[64] = {0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99};

static void test_import_limits(void **state)
{
	static const char zero[] =
	    "00FE119A 22 0620"
	    "0000000000000000000000000000000000000000000000000000000000000000";
	static const char order[] =
	    "00FE119A 22 0620"
	    "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";
	static const char one[] =
	    "00FE119C 28 0620"
	    "0000000000000000000000000000000000000000000000000000000000000001 AA0101 AB0103";
	struct card *c = card_new();

	(void)state;
	card_admin(c);
	assert_sw(card_send(c, zero), ECERT_SW_BAD_DATA);
	assert_sw(card_send(c, order), ECERT_SW_BAD_DATA);
	assert_sw(card_send(c, one), 0x9000);
	assert_sw(card_send(c, "00F7009C 00"), 0x9000);
	assert_memory_equal(c->resp, "\x01\x01\x11\x02\x02\x01\x03\x03\x01\x02", 10);
	assert_sw(card_send(c, "00FE1199 03 060101"), ECERT_SW_BAD_P1P2);
	assert_sw(card_send(c, "00FE069A 03 060101"), ECERT_SW_BAD_P1P2);
	assert_sw(card_send(c, "00FE0A9A 03 060101"), ECERT_SW_BAD_P1P2);
	assert_sw(card_send(c, "00FE119A"), ECERT_SW_BAD_DATA);
	card_free(c);
}

static void test_generate_refusals(void **state)
{
	static const struct {
		const char *send;
		uint16_t sw;
	} cases[] = {
	    {"0047009A 05 AC03800106", ECERT_SW_BAD_DATA},	   /* RSA-1024 */
	    {"0047009A 05 AC03800153", ECERT_SW_BAD_DATA},	   /* secp256k1 */
	    {"0047009A 05 AC0380010A", ECERT_SW_BAD_DATA},	   /* AES */
	    {"0047009A 02 AC00", ECERT_SW_BAD_DATA},		   /* no algorithm */
	    {"0047009A", ECERT_SW_BAD_DATA},			   /* nothing */
	    {"0047009A 06 AC0380011100", ECERT_SW_BAD_DATA},	   /* something behind */
	    {"0047009A 08 AC06800111AA0104", ECERT_SW_BAD_DATA},   /* PIN policy 4 */
	    {"0047009A 08 AC06800111AB0104", ECERT_SW_BAD_DATA},   /* touch policy 4 */
	    {"0047009A 09 AC07800111AA020101", ECERT_SW_BAD_DATA}, /* two bytes */
	    {"0047009A 08 AC06800111AC0101", ECERT_SW_BAD_DATA},   /* unknown tag */
	    {"00470080 05 AC03800111", ECERT_SW_BAD_P1P2},	   /* no slot */
	    {"0047009B 05 AC03800111", ECERT_SW_BAD_P1P2},	   /* the management key */
	    {"0047019A 05 AC03800111", ECERT_SW_BAD_P1P2},
	};
	struct card *c = card_new();

	(void)state;
	assert_sw(card_send(c, "0047009A 05 AC03800111"), ECERT_SW_SECURITY_STATUS);
	card_admin(c);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_sw(card_send(c, cases[i].send), cases[i].sw);
	card_free(c);
}

static uint16_t sign(struct card *c, uint8_t slot)
{
	struct ap_span sig;

	return card_authenticate(
	    c, ECERT_ALG_P256, slot, ECERT_TAG_AUTH_CHALLENGE, digest, 32, &sig);
}

static void test_pin_policies(void **state)
{
	struct card *c = card_new();

	(void)state;
	card_admin(c);
	card_generate(c, 0x9A, ECERT_ALG_P256, 0, 0);
	card_generate(c, 0x9C, ECERT_ALG_P256, 0, 0);
	card_generate(c, 0x9E, ECERT_ALG_P256, 0, 0);
	card_generate(c, 0x82, ECERT_ALG_P256, ECERT_PIN_POLICY_ALWAYS, 0);
	card_generate(c, 0x95, ECERT_ALG_P256, ECERT_PIN_POLICY_NEVER, 0);
	assert_sw(sign(c, 0x9A), ECERT_SW_SECURITY_STATUS);
	assert_sw(sign(c, 0x9C), ECERT_SW_SECURITY_STATUS);
	assert_sw(sign(c, 0x9E), 0x9000);
	assert_sw(sign(c, 0x95), 0x9000);
	card_login(c);
	assert_sw(sign(c, 0x9A), 0x9000);
	assert_sw(sign(c, 0x9A), 0x9000);
	/* Another key's use spent the VERIFY. */
	assert_sw(sign(c, 0x9C), ECERT_SW_SECURITY_STATUS);
	card_login(c);
	/* Reading does not. */
	assert_sw(card_send(c, "00CB3FFF 03 5C017E 00"), 0x9000);
	assert_sw(sign(c, 0x9C), 0x9000);
	assert_sw(sign(c, 0x9C), ECERT_SW_SECURITY_STATUS);
	assert_sw(sign(c, 0x82), ECERT_SW_SECURITY_STATUS);
	card_login(c);
	assert_sw(sign(c, 0x82), 0x9000);
	assert_sw(card_send(c, "0020FF80"), 0x9000);
	assert_sw(sign(c, 0x9A), ECERT_SW_SECURITY_STATUS);
	card_login(c);
	ap_reset(&c->ap);
	assert_sw(sign(c, 0x9A), ECERT_SW_SECURITY_STATUS);
	assert_sw(sign(c, 0x9C), ECERT_SW_SECURITY_STATUS);
	assert_sw(card_send(c, "0047009A 05 AC03800111"), ECERT_SW_SECURITY_STATUS);
	card_free(c);
}

static void test_touch_policies(void **state)
{
	struct card *c = card_new();

	(void)state;
	card_admin(c);
	card_generate(c, 0x9A, ECERT_ALG_P256, ECERT_PIN_POLICY_NEVER, ECERT_TOUCH_POLICY_ALWAYS);
	card_generate(c, 0x9D, ECERT_ALG_P256, ECERT_PIN_POLICY_NEVER, ECERT_TOUCH_POLICY_CACHED);
	card_generate(c, 0x9E, ECERT_ALG_P256, ECERT_PIN_POLICY_NEVER, ECERT_TOUCH_POLICY_NEVER);
	c->touching = false;
	assert_sw(sign(c, 0x9A), ECERT_SW_CONDITIONS);
	assert_sw(sign(c, 0x9D), ECERT_SW_CONDITIONS);
	assert_sw(sign(c, 0x9E), 0x9000);
	c->touching = true;
	c->now = UINT32_MAX - 5000; /* the clock may turn over */
	assert_sw(sign(c, 0x9A), 0x9000);
	c->touching = false;
	assert_sw(sign(c, 0x9A), ECERT_SW_CONDITIONS);
	c->now += ECERT_TOUCH_CACHE_MS - 1;
	assert_sw(sign(c, 0x9D), 0x9000);
	c->now += 1;
	assert_sw(sign(c, 0x9D), ECERT_SW_CONDITIONS);
	assert_int_equal(c->touches, 1);
	card_free(c);
}

static void test_authenticate_refusals(void **state)
{
	static const struct {
		const char *send;
		uint16_t sw;
	} cases[] = {
	    {"0087119A 04 7C028200", ECERT_SW_BAD_DATA},
	    {"0087119A 05 7C03810122", ECERT_SW_BAD_DATA}, /* no 82 */
	    {"0087119A 07 7C058200810122", 0x9000},	   /* any order */
	    {"0087119A 07 7C058101228200", 0x9000},
	    {"0087119A 09 7C07820082008101 22", ECERT_SW_BAD_DATA},
	    {"0087119A 0A 7C088200810122810122", ECERT_SW_BAD_DATA},
	    {"0087119A 08 7C06820100810122", ECERT_SW_BAD_DATA},
	    {"0087119A 09 7C078200810122 8300", ECERT_SW_BAD_DATA},
	    {"0087119A 08 7C05820081012200", ECERT_SW_BAD_DATA}, {"0087119A", ECERT_SW_BAD_DATA},
	    {"0087149A 07 7C058200810122", ECERT_SW_BAD_P1P2}, /* another algorithm */
	    {"0087009A 07 7C058200810122", ECERT_SW_BAD_P1P2},
	    {"00871183 07 7C058200810122", ECERT_SW_NO_REFERENCE}, /* empty */
	    {"00871196 07 7C058200810122", ECERT_SW_BAD_P1P2},	   /* no slot */
	    {"008711F9 07 7C058200810122", ECERT_SW_BAD_P1P2},	   /* attestation only */
	};
	struct card *c = card_new();

	(void)state;
	card_admin(c);
	card_generate(c, 0x9A, ECERT_ALG_P256, ECERT_PIN_POLICY_NEVER, 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (card_send(c, cases[i].send) != cases[i].sw)
			fail_msg("%s", cases[i].send);
	}
	card_free(c);
}

/* Chained and extended commands are the same command. */
static void test_chained_is_extended(void **state)
{
	struct card *c = card_new();
	uint8_t body[512] = {0x7C, 0x82, 0x01, 0x06, 0x82, 0x00, 0x81, 0x82, 0x01, 0x00, 0x00};
	uint8_t first[512];
	size_t len;

	(void)state;
	card_admin(c);
	card_generate(c, 0x9E, ECERT_ALG_RSA2048, 0, 0);
	memcpy(body + 40, digest, sizeof(digest));
	assert_sw(card_command(
		      c, ECERT_INS_GENERAL_AUTHENTICATE, ECERT_ALG_RSA2048, 0x9E, body, 10 + 256),
	    0x9000);
	len = c->len;
	memcpy(first, c->resp, len);
	for (size_t part = 1; part < 256; part += 51) {
		assert_sw(card_chained(c, ECERT_INS_GENERAL_AUTHENTICATE, ECERT_ALG_RSA2048, 0x9E,
			      body, 10 + 256, part),
		    0x9000);
		assert_int_equal(c->len, len);
		assert_memory_equal(c->resp, first, len);
	}
	card_free(c);
}

static uint32_t counter(struct card *c, uint8_t slot)
{
	struct ap_span in, inner, value;
	uint32_t tag;

	assert_sw(card_get(c, ECERT_OBJ_ECERT_STATUS), 0x9000);
	in = (struct ap_span){c->resp, c->len};
	assert_true(ap_tlv_take(&in, ECERT_TAG_OBJECT, &inner));
	while (ap_tlv_next(&inner, &tag, &value)) {
		if (tag == ECERT_TAG_STATUS_KEY && value.p[0] == slot)
			return ap_be32(value.p + 6);
	}
	return UINT32_MAX;
}

static void test_move_and_delete(void **state)
{
	struct card *c = card_new();
	struct ap_key key;
	uint8_t priv[32];

	(void)state;
	assert_sw(card_send(c, "00F6829A"), ECERT_SW_SECURITY_STATUS);
	card_admin(c);
	card_login(c);
	assert_sw(card_send(c, "00F6829A"), ECERT_SW_NO_REFERENCE);
	card_generate(c, 0x9A, ECERT_ALG_P256, 0, 0);
	card_generate(c, 0x9C, ECERT_ALG_P256, 0, 0);
	assert_sw(sign(c, 0x9A), 0x9000);
	assert_sw(sign(c, 0x9A), 0x9000);
	assert_sw(card_send(c, "00F69C9A"), ECERT_SW_CONDITIONS);
	assert_sw(card_send(c, "00F69A9A"), ECERT_SW_BAD_P1P2);
	assert_sw(card_send(c, "00F6019A"), ECERT_SW_BAD_P1P2);
	assert_sw(card_send(c, "00F68201"), ECERT_SW_BAD_P1P2);
	assert_sw(card_send(c, "00F6F99A"), ECERT_SW_BAD_P1P2);
	assert_sw(card_send(c, "00F682F9"), ECERT_SW_BAD_P1P2);
	assert_sw(card_send(c, "00F6829A 01 00"), ECERT_SW_WRONG_LENGTH);
	assert_int_equal(counter(c, 0x9A), 2);
	assert_sw(card_send(c, "00F6829A"), 0x9000);
	assert_sw(card_send(c, "00F7009A 00"), ECERT_SW_NO_REFERENCE);
	assert_int_equal(counter(c, 0x82), 2);
	assert_sw(sign(c, 0x82), 0x9000);
	assert_int_equal(counter(c, 0x82), 3);
	assert_sw(ap_key_find(&c->ap, ap_slot_by_ref(0x82), &key), 0x9000);
	assert_sw(ap_key_private(&c->ap, &key, priv), 0x9000);
	assert_true(card_flash_has(c, priv, sizeof(priv)));
	assert_sw(card_send(c, "00F6FF82"), 0x9000);
	assert_sw(card_send(c, "00F70082 00"), ECERT_SW_NO_REFERENCE);
	assert_false(card_flash_has(c, priv, sizeof(priv)));
	assert_int_equal(counter(c, 0x82), UINT32_MAX);
	/* A new key in the slot counts from nothing. */
	card_generate(c, 0x82, ECERT_ALG_P256, 0, 0);
	assert_int_equal(counter(c, 0x82), 0);
	card_free(c);
}

static void test_algorithm_map(void **state)
{
	static const struct {
		const char *send;
		uint16_t sw;
	} bad[] = {
	    {"00EE0101 00", ECERT_SW_BAD_P1P2}, {"00EE0300 00", ECERT_SW_BAD_P1P2},
	    {"00EE0100 01 00", ECERT_SW_WRONG_LENGTH},
	    {"00EE0200 06 01E00516E153", ECERT_SW_WRONG_LENGTH},
	    {"00EE0200 07 02E00516E15354", ECERT_SW_BAD_DATA}, /* the switch is 0 or 1 */
	    {"00EE0200 07 01E00516E15311", ECERT_SW_BAD_DATA}, /* P-256's number */
	    {"00EE0200 07 01E00516E15306", ECERT_SW_BAD_DATA}, /* RSA-1024's */
	    {"00EE0200 07 01E005160053E0", ECERT_SW_BAD_DATA}, /* 00 */
	    {"00EE0200 07 01E00516E153E0", ECERT_SW_BAD_DATA}, /* twice */
	};
	struct card *c = card_new();

	(void)state;
	assert_sw(card_send(c, "00EE0100 00"), ECERT_SW_SECURITY_STATUS);
	card_admin(c);
	assert_sw(card_send(c, "00EE0100 00"), 0x9000);
	assert_int_equal(c->len, 7);
	assert_memory_equal(c->resp, "\x01\xE0\x05\x16\xE1\x53\x54", 7);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_sw(card_send(c, bad[i].send), bad[i].sw);
	assert_sw(card_send(c, "0047009E 05 AC03800154"), 0x9000);
	assert_sw(card_send(c, "00EE0200 07 01E00516E15355"), 0x9000);
	assert_sw(card_send(c, "00EE0100 00"), 0x9000);
	assert_memory_equal(c->resp, "\x01\xE0\x05\x16\xE1\x53\x55", 7);
	assert_sw(card_send(c, "00F7009E 00"), 0x9000);
	assert_int_equal(c->resp[2], 0x55);
	assert_sw(card_send(c, "0047009A 05 AC03800154"), ECERT_SW_BAD_DATA);
	assert_sw(card_send(c, "0047009A 05 AC03800155"), 0x9000);
	assert_sw(card_send(c, "00EE0200 07 00E00516E15355"), 0x9000);
	assert_sw(card_send(c, "0047009A 05 AC03800155"), ECERT_SW_BAD_DATA);
	assert_sw(card_send(c, "0047009A 05 AC038001E0"), ECERT_SW_BAD_DATA);
	card_free(c);
}

/* 5FFF20: profile, serial, changes, version, free bytes, then one record per key. */
static void test_status_object(void **state)
{
	struct card *c = card_new();
	uint8_t want[128], names[0x104] = {ECERT_TAG_NAME, 0x82, 0x01, 0x00};
	uint32_t before;

	(void)state;
	assert_sw(card_get(c, ECERT_OBJ_ECERT_STATUS), 0x9000);
	before = ap_be32(c->resp + 14);
	card_admin(c);
	card_login(c);
	assert_sw(card_get(c, ECERT_OBJ_ECERT_STATUS), 0x9000);
	assert_int_equal(ap_be32(c->resp + 14), before);
	card_generate(c, 0x9C, ECERT_ALG_P256, 0, ECERT_TOUCH_POLICY_CACHED);
	assert_sw(card_put(c, ECERT_OBJ_CERT_9C, (const uint8_t *)"abc", 3), 0x9000);
	card_login(c);
	assert_sw(sign(c, 0x9C), 0x9000);
	assert_sw(card_get(c, ECERT_OBJ_ECERT_STATUS), 0x9000);
	assert_int_equal(c->len, from_hex("53 33 8002 0101 8104 00BC614E 8204 00000000 8303 050700"
					  "8404 00000000 8A0A 9C110303010100000001"
					  "8A0A F9110101010000000000",
				     want, sizeof(want)));
	ap_put_be32(want + 14, before + 2);
	ap_put_be32(want + 25, ECERT_OBJECTS_MAX - ap_st_object_bytes(&c->ap.st));
	assert_memory_equal(c->resp, want, c->len);
	/* Names are told by their length, and only when there are any. */
	assert_sw(card_put(c, ECERT_OBJ_ECERT_NAMES, names, sizeof(names)), 0x9000);
	assert_sw(card_get(c, ECERT_OBJ_ECERT_STATUS), 0x9000);
	assert_int_equal(c->resp[1], 0x37);
	assert_memory_equal(c->resp + 29, "\x86\x02\x01\x04\x8A\x0A\x9C", 7);
	assert_sw(card_put(c, ECERT_OBJ_ECERT_NAMES, NULL, 0), 0x9000);
	assert_sw(card_get(c, ECERT_OBJ_ECERT_STATUS), 0x9000);
	assert_int_equal(c->resp[1], 0x33);
	before += 2;
	/* So is the chain. */
	assert_sw(card_put(c, ECERT_OBJ_ECERT_CHAIN, (const uint8_t *)"\xfe\x00", 2), 0x9000);
	assert_sw(card_get(c, ECERT_OBJ_ECERT_STATUS), 0x9000);
	assert_memory_equal(c->resp + 29, "\x88\x02\x00\x02\x8A\x0A\x9C", 7);
	assert_sw(card_put(c, ECERT_OBJ_ECERT_CHAIN, NULL, 0), 0x9000);
	before += 2;
	/* A certificate without a key is told by its slot, as long as it has none. */
	assert_sw(card_put(c, ECERT_OBJ_CERT_85, (const uint8_t *)"abc", 3), 0x9000);
	assert_sw(card_get(c, ECERT_OBJ_ECERT_STATUS), 0x9000);
	assert_int_equal(c->resp[1], 0x36);
	assert_memory_equal(c->resp + 29, "\x87\x01\x85\x8A\x0A\x9C", 6);
	assert_sw(card_put(c, ECERT_OBJ_CERT_85, NULL, 0), 0x9000);
	assert_sw(card_get(c, ECERT_OBJ_ECERT_STATUS), 0x9000);
	assert_int_equal(c->resp[1], 0x33);
	before += 2;
	/* Deleting an object and a key are changes as well; PIN and counters are not. */
	assert_sw(card_put(c, ECERT_OBJ_CERT_9C, NULL, 0), 0x9000);
	assert_sw(card_send(c, "00F6FF9C"), 0x9000);
	assert_sw(card_send(c, "00240080 10 313233343536FFFF 323233343536FFFF"), 0x9000);
	assert_sw(card_get(c, ECERT_OBJ_ECERT_STATUS), 0x9000);
	assert_int_equal(ap_be32(c->resp + 14), before + 4);
	card_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_import_limits),
	    cmocka_unit_test(test_generate_refusals),
	    cmocka_unit_test(test_pin_policies),
	    cmocka_unit_test(test_touch_policies),
	    cmocka_unit_test(test_authenticate_refusals),
	    cmocka_unit_test(test_chained_is_extended),
	    cmocka_unit_test(test_move_and_delete),
	    cmocka_unit_test(test_algorithm_map),
	    cmocka_unit_test(test_status_object),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
