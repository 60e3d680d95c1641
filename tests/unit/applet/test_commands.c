/* SPDX-License-Identifier: BSD-2-Clause */
/* Every command and every status word of the specification, on a new card. */
#include "tests/unit/applet/applet_fixture.h"

#include <string.h>

/* One exchange; answer NULL: any. The card goes through a table from top to bottom. */
struct step {
	const char *name, *send;
	uint16_t sw;
	const char *answer;
};

static void run(const struct step *step, size_t n, struct card *c)
{
	uint8_t want[256];

	for (size_t i = 0; i < n; i++) {
		uint16_t sw = card_send(c, step[i].send);

		if (sw != step[i].sw)
			fail_msg("%s: %s answered %04X, not %04X", step[i].name, step[i].send, sw,
			    step[i].sw);
		if (sw != ECERT_SW_OK && (sw & 0xFF00) != ECERT_SW_MORE_DATA)
			assert_int_equal(c->len, 0);
		if (step[i].answer == NULL)
			continue;
		assert_int_equal(c->len, from_hex(step[i].answer, want, sizeof(want)));
		assert_memory_equal(c->resp, want, c->len);
	}
}

#define RUN(table)                                                                                 \
	do {                                                                                       \
		struct card *c_ = card_new();                                                      \
		run(table, sizeof(table) / sizeof(table[0]), c_);                                  \
		card_free(c_);                                                                     \
	} while (0)

#define LABEL "50 18 652D4365727420504956 20 312E30 20 287669727475616C29"
#define AIDS  "4F 06 000010000100 79 07 4F 05 A000000308"
#define ALGS                                                                                       \
	"AC 27 800103 800108 80010A 80010C 800107 800105 800116 800111 800114 8001E0 8001E1 "      \
	"800154 060100"
#define SELECTS "61 54 " AIDS LABEL ALGS

static void test_select(void **state)
{
	static const struct step steps[] = {
	    {"5 bytes", "00A40400 05 A000000308", 0x9000, SELECTS},
	    {"9 bytes", "00A40400 09 A00000030800001000 00", 0x9000, SELECTS},
	    {"full", "00A40400 0B A000000308000010000100 00", 0x9000, SELECTS},
	    {"4 bytes", "00A40400 04 A0000003", 0x6A82, NULL},
	    {"no AID", "00A40400", 0x6A82, NULL},
	    {"too long", "00A40400 0C A00000030800001000010000", 0x6A82, NULL},
	    {"other application", "00A40400 06 D27600012401", 0x6A82, NULL},
	    {"PIV is still selected", "00CB3FFF 03 5C017E 00", 0x9000,
		"7E124F0BA0000003080000100001005F2F024000"},
	    {"P1", "00A40000 05 A000000308", 0x6A86, NULL},
	    {"P2", "00A4040C 05 A000000308", 0x6A86, NULL},
	};

	(void)state;
	RUN(steps);
}

static void test_classes_and_lengths(void **state)
{
	static const struct step steps[] = {
	    {"channel 1", "01FD0000 00", 0x6881, NULL},
	    {"secure messaging 04", "04FD0000 00", 0x6882, NULL},
	    {"secure messaging 0C", "0CFD0000 00", 0x6882, NULL},
	    {"class 80", "80FD0000 00", 0x6E00, NULL},
	    {"class 20", "20FD0000 00", 0x6E00, NULL},
	    {"class FF", "FFFD0000 00", 0x6E00, NULL},
	    {"instruction", "00CA0000 00", 0x6D00, NULL},
	    {"no APDU", "", 0x6700, NULL},
	    {"three bytes", "00FD00", 0x6700, NULL},
	    {"Lc over the data", "00200080 08 31323334", 0x6700, NULL},
	    {"data over Lc and Le", "00200080 02 31323334", 0x6700, NULL},
	    {"extended Lc over the data", "00200080 000008 31323334", 0x6700, NULL},
	    {"half of an extended Le", "00FD0000 0000", 0x6700, NULL},
	    {"half of an extended Le after data", "00CB3FFF 000003 5C017E 00", 0x6700, NULL},
	    {"Lc 0 before data", "00200080 000000 313233343536FFFF", 0x6700, NULL},
	    {"case 1", "00FD0000", 0x9000, "050700"},
	    {"case 2", "00FD0000 00", 0x9000, "050700"},
	    {"case 2 exact", "00FD0000 03", 0x9000, "050700"},
	    {"case 2 extended", "00FD0000 000000", 0x9000, "050700"},
	    {"Le too short", "00FD0000 02", 0x6101, "0507"},
	    {"the rest", "00C00000 01", 0x9000, "00"},
	    {"nothing left", "00C00000 00", 0x6985, NULL},
	    {"Le too short", "00FD0000 01", 0x6102, "05"},
	    {"Le too long for the rest", "00C00000 03", 0x6C02, NULL},
	    {"as it was told", "00C00000 02", 0x9000, "0700"},
	    {"Le too short", "00FD0000 01", 0x6102, "05"},
	    {"another command", "00F80000 00", 0x9000, "00BC614E"},
	    {"drops the rest", "00C00000 00", 0x6985, NULL},
	    {"GET RESPONSE P1", "00C00100 00", 0x6A86, NULL},
	    {"GET RESPONSE with data", "00C00000 01 00", 0x6700, NULL},
	};

	(void)state;
	RUN(steps);
}

static void test_chains(void **state)
{
	static const struct step steps[] = {
	    {"first part", "10200080 04 31323334", 0x9000, NULL},
	    {"last part", "00200080 04 3536FFFF", 0x9000, NULL},
	    {"verified", "00200080", 0x9000, NULL},
	    {"three parts", "10CB3FFF 01 5C", 0x9000, NULL},
	    {"second", "10CB3FFF 01 01", 0x9000, NULL},
	    {"third", "00CB3FFF 01 7E 00", 0x9000, "7E124F0BA0000003080000100001005F2F024000"},
	    {"a part", "10CB3FFF 02 5C01", 0x9000, NULL},
	    {"another command between", "00FD0000 00", 0x9000, "050700"},
	    {"the chain is gone", "00CB3FFF 01 7E 00", 0x6A80, NULL},
	    {"a part", "10CB3FFF 02 5C01", 0x9000, NULL},
	    {"other P2", "10CB3F00 02 5C01", 0x9000, NULL},
	    {"began another chain", "00CB3F00 01 7E 00", 0x6A86, NULL},
	};

	(void)state;
	RUN(steps);
}

static void test_identity(void **state)
{
	static const struct step steps[] = {
	    {"version", "00FD0000 00", 0x9000, "050700"},
	    {"version P1", "00FD0100 00", 0x6A86, NULL},
	    {"version with data", "00FD0000 01 00 00", 0x6700, NULL},
	    {"serial", "00F80000 00", 0x9000, "00BC614E"},
	    {"serial P2", "00F80001 00", 0x6A86, NULL},
	    {"serial with data", "00F80000 01 00 00", 0x6700, NULL},
	    {"metadata of the PIN", "00F70080 00", 0x9000, "0101FF 050101 06020303"},
	    {"metadata of the PUK", "00F70081 00", 0x9000, "0101FF 050101 06020303"},
	    {"metadata of 9B", "00F7009B 00", 0x9000, "01010A 02020001 050101"},
	    {"metadata of an empty slot", "00F7009A 00", 0x6A88, NULL},
	    {"metadata of no slot", "00F70001 00", 0x6A86, NULL},
	    {"metadata P1", "00F7019A 00", 0x6A86, NULL},
	    {"metadata with data", "00F7009A 01 00 00", 0x6700, NULL},
	};

	(void)state;
	RUN(steps);
}

static void test_get_data(void **state)
{
	static const struct step steps[] = {
	    {"discovery", "00CB3FFF 03 5C017E 00", 0x9000,
		"7E124F0BA0000003080000100001005F2F024000"},
	    {"biometric group", "00CB3FFF 04 5C027F61 00", 0x6A82, NULL},
	    {"absent certificate", "00CB3FFF 05 5C035FC105 00", 0x6A82, NULL},
	    {"unknown tag", "00CB3FFF 05 5C035FC199 00", 0x6A82, NULL},
	    {"hidden tag", "00CB3FFF 05 5C03FF0001 00", 0x6A82, NULL},
	    {"long tag", "00CB3FFF 06 5C0400000000 00", 0x6A82, NULL},
	    {"no tag", "00CB3FFF 02 5C00 00", 0x6A82, NULL},
	    {"no data", "00CB3FFF 00", 0x6A80, NULL},
	    {"other template", "00CB3FFF 05 53035FC105 00", 0x6A80, NULL},
	    {"cut off", "00CB3FFF 04 5C035FC1 00", 0x6A80, NULL},
	    {"something behind", "00CB3FFF 06 5C035FC10500 00", 0x6A80, NULL},
	    {"P1", "00CB00FF 05 5C035FC105 00", 0x6A86, NULL},
	    {"P2", "00CB3F00 05 5C035FC105 00", 0x6A86, NULL},
	    {"printed information", "00CB3FFF 05 5C035FC109 00", 0x6982, NULL},
	    {"fingerprints", "00CB3FFF 05 5C035FC103 00", 0x6982, NULL},
	    {"PIN", "00200080 08 313233343536FFFF", 0x9000, NULL},
	    {"printed information", "00CB3FFF 05 5C035FC109 00", 0x6A82, NULL},
	};
	struct card *c = card_new();

	(void)state;
	RUN(steps);
	/* CHUID and CCC are there from the beginning: Windows and macOS ask for them. */
	assert_sw(card_get(c, ECERT_OBJ_CHUID), 0x9000);
	assert_int_equal(c->len, 2 + 27 + 18 + 10 + 4);
	assert_int_equal(c->resp[2 + 27], ECERT_TAG_CHUID_GUID);
	assert_sw(card_get(c, ECERT_OBJ_CCC), 0x9000);
	assert_int_equal(c->len, 2 + 0x33);
	card_free(c);
}

static void test_put_data(void **state)
{
	static const struct step refused[] = {
	    {"without 9B", "00DB3FFF 09 5C035FC105 5302AABB", 0x6982, NULL},
	    {"P1 first", "00DB00FF 09 5C035FC105 5302AABB", 0x6A86, NULL},
	};
	static const struct step steps[] = {
	    {"new object", "00DB3FFF 09 5C035FC105 5302AABB", 0x9000, NULL},
	    {"is there", "00CB3FFF 05 5C035FC105 00", 0x9000, "5302AABB"},
	    {"replaced", "00DB3FFF 08 5C035FC105 5301CC", 0x9000, NULL},
	    {"is new", "00CB3FFF 05 5C035FC105 00", 0x9000, "5301CC"},
	    {"deleted", "00DB3FFF 07 5C035FC105 5300", 0x9000, NULL},
	    {"is gone", "00CB3FFF 05 5C035FC105 00", 0x6A82, NULL},
	    {"deleted again", "00DB3FFF 07 5C035FC105 5300", 0x9000, NULL},
	    {"no tag", "00DB3FFF 04 5302AABB", 0x6A80, NULL},
	    {"no value", "00DB3FFF 05 5C035FC105", 0x6A80, NULL},
	    {"something behind", "00DB3FFF 0A 5C035FC105 5302AABB 00", 0x6A80, NULL},
	    {"unknown", "00DB3FFF 09 5C035FC199 5302AABB", 0x6A82, NULL},
	    {"discovery", "00DB3FFF 07 5C017E 5302AABB", 0x6A81, NULL},
	    {"e-Cert status", "00DB3FFF 09 5C035FFF20 5302AABB", 0x6A81, NULL},
	    {"e-Cert chain", "00DB3FFF 09 5C035FFF21 5302AABB", 0x9000, NULL},
	    {"e-Cert mark", "00DB3FFF 09 5C035FFF22 5302AACC", 0x9000, NULL},
	    {"is there", "00CB3FFF 05 5C035FFF22 00", 0x9000, "5302AACC"},
	    {"e-Cert names", "00DB3FFF 0C 5C035FFF24 5305A00380019A", 0x9000, NULL},
	    {"are there", "00CB3FFF 05 5C035FFF24 00", 0x9000, "5305A00380019A"},
	};
	uint8_t big[ECERT_ANSWER_MAX];
	struct card *c = card_new();
	uint32_t tag = ECERT_OBJ_CERT_82;

	(void)state;
	run(refused, 2, c);
	card_admin(c);
	run(steps, sizeof(steps) / sizeof(steps[0]), c);
	memset(big, 0x5A, sizeof(big));
	assert_sw(card_put(c, ECERT_OBJ_CERT_9C, big, 3072), 0x9000);
	assert_sw(card_put(c, ECERT_OBJ_CERT_9C, big, 3073), ECERT_SW_NO_SPACE);
	assert_sw(card_get(c, ECERT_OBJ_CERT_9C), 0x9000);
	assert_int_equal(c->len, 3072 + 4);
	/* The quota of all objects together, and that replacing stays possible. */
	while (card_put(c, tag, big, 3072) == ECERT_SW_OK)
		tag++;
	assert_in_range(tag, ECERT_OBJ_CERT_82 + 12, ECERT_OBJ_CERT_95);
	assert_sw(card_put(c, tag, big, 3072), ECERT_SW_NO_SPACE);
	assert_sw(card_put(c, ECERT_OBJ_CERT_82, big, 3000), 0x9000);
	card_free(c);
}

static void test_pin(void **state)
{
	static const struct step steps[] = {
	    {"tries", "00200080", 0x63C3, NULL},
	    {"tries with Le", "00200080 00", 0x63C3, NULL},
	    {"P1", "00200180", 0x6A86, NULL},
	    {"global PIN", "00200000 08 313233343536FFFF", 0x6A88, NULL},
	    {"PUK", "00200081 08 3132333435363738", 0x6A88, NULL},
	    {"unpadded", "00200080 06 313233343536", 0x6700, NULL},
	    {"padded with 00", "00200080 08 3132333435360000", 0x6A80, NULL},
	    {"too short", "00200080 08 3132333435FFFFFF", 0x6A80, NULL},
	    {"padding inside", "00200080 08 31323334FF363738", 0x6A80, NULL},
	    {"none cost a try", "00200080", 0x63C3, NULL},
	    {"wrong", "00200080 08 313233343537FFFF", 0x63C2, NULL},
	    {"tries", "00200080", 0x63C2, NULL},
	    {"right", "00200080 08 313233343536FFFF", 0x9000, NULL},
	    {"verified", "00200080", 0x9000, NULL},
	    {"select keeps it", "00A40400 05 A000000308", 0x9000, NULL},
	    {"verified", "00200080", 0x9000, NULL},
	    {"logout with data", "0020FF80 08 313233343536FFFF", 0x6700, NULL},
	    {"logout", "0020FF80", 0x9000, NULL},
	    {"tries are back", "00200080", 0x63C3, NULL},
	    {"right", "00200080 08 313233343536FFFF", 0x9000, NULL},
	    {"wrong after right", "00200080 08 313233343537FFFF", 0x63C2, NULL},
	    {"not verified", "00200080", 0x63C2, NULL},
	    {"wrong", "00200080 08 313233343537FFFF", 0x63C1, NULL},
	    {"wrong", "00200080 08 313233343537FFFF", 0x63C0, NULL},
	    {"blocked", "00200080", 0x6983, NULL},
	    {"right but blocked", "00200080 08 313233343536FFFF", 0x6983, NULL},
	    {"change but blocked", "00240080 10 313233343536FFFF 323233343536FFFF", 0x6983, NULL},
	    {"metadata", "00F70080 00", 0x9000, "0101FF 050101 06020300"},
	    {"unblock, wrong PUK", "002C0080 10 3132333435363739 313131313131FFFF", 0x63C2, NULL},
	    {"unblock, bad new PIN", "002C0080 10 3132333435363738 3131313131FFFFFF", 0x6A80, NULL},
	    {"unblock, length", "002C0080 08 3132333435363738", 0x6700, NULL},
	    {"unblock, P1", "002C0180 10 3132333435363738 313131313131FFFF", 0x6A86, NULL},
	    {"unblock, P2", "002C0081 10 3132333435363738 313131313131FFFF", 0x6A88, NULL},
	    {"unblock", "002C0080 10 3132333435363738 313131313131FFFF", 0x9000, NULL},
	    {"does not verify", "00200080", 0x63C3, NULL},
	    {"metadata", "00F70080 00", 0x9000, "0101FF 050100 06020303"},
	    {"PUK's tries are back", "00F70081 00", 0x9000, "0101FF 050101 06020303"},
	    {"old PIN", "00200080 08 313233343536FFFF", 0x63C2, NULL},
	    {"new PIN", "00200080 08 313131313131FFFF", 0x9000, NULL},
	    {"change, P1", "00240180 10 313131313131FFFF 3232323232323232", 0x6A86, NULL},
	    {"change, P2", "00240000 10 313131313131FFFF 3232323232323232", 0x6A88, NULL},
	    {"change, length", "00240080 08 313131313131FFFF", 0x6700, NULL},
	    {"change, bad new", "00240080 10 313131313131FFFF 32323232323232FE", 0x6A80, NULL},
	    {"change, wrong old", "00240080 10 313131313132FFFF 3232323232323232", 0x63C2, NULL},
	    {"change", "00240080 10 313131313131FFFF 3232323232323232", 0x9000, NULL},
	    {"verified by it", "00200080", 0x9000, NULL},
	    {"change PUK", "00240081 10 3132333435363738 3939393939393939", 0x9000, NULL},
	    {"PUK metadata", "00F70081 00", 0x9000, "0101FF 050100 06020303"},
	    {"old PUK", "00240081 10 3132333435363738 3939393939393939", 0x63C2, NULL},
	    {"old PUK", "002C0080 10 3132333435363738 3939393939393939", 0x63C1, NULL},
	    {"old PUK", "002C0080 10 3132333435363738 3939393939393939", 0x63C0, NULL},
	    {"PUK blocked", "002C0080 10 3939393939393939 3939393939393939", 0x6983, NULL},
	    {"PIN not", "00200080 08 3232323232323232", 0x9000, NULL},
	    {"reset refused", "00FB0000", 0x6985, NULL},
	};

	(void)state;
	RUN(steps);
}

static void test_set_retries(void **state)
{
	static const struct step refused[] = {{"nothing verified", "00FA0506", 0x6982, NULL},
	    {"PIN", "00200080 08 313233343536FFFF", 0x9000, NULL},
	    {"9B missing", "00FA0506", 0x6982, NULL}};
	static const struct step steps[] = {
	    {"0 for the PIN", "00FA0006", 0x6A86, NULL},
	    {"16 for the PUK", "00FA0510", 0x6A86, NULL},
	    {"data", "00FA0506 01 00", 0x6700, NULL},
	    {"change the PIN", "00240080 10 313233343536FFFF 3232323232323232", 0x9000, NULL},
	    {"5 and 6", "00FA0506", 0x9000, NULL},
	    {"PIN", "00F70080 00", 0x9000, "0101FF 050101 06020505"},
	    {"PUK", "00F70081 00", 0x9000, "0101FF 050101 06020606"},
	    {"not verified", "00200080", 0x63C5, NULL},
	};
	struct card *c = card_new();

	(void)state;
	run(refused, 3, c);
	card_admin(c);
	run(steps, sizeof(steps) / sizeof(steps[0]), c);
	card_free(c);
}

static void test_global_reset(void **state)
{
	static const struct step block[] = {
	    {"P1", "00FB0100", 0x6A86, NULL},
	    {"data", "00FB0000 01 00", 0x6700, NULL},
	    {"PIN", "00200080 08 313233343537FFFF", 0x63C2, NULL},
	    {"PIN", "00200080 08 313233343537FFFF", 0x63C1, NULL},
	    {"PIN", "00200080 08 313233343537FFFF", 0x63C0, NULL},
	    {"only the PIN", "00FB0000", 0x6985, NULL},
	    {"PUK", "002C0080 10 3939393939393939 3939393939393939", 0x63C2, NULL},
	    {"PUK", "002C0080 10 3939393939393939 3939393939393939", 0x63C1, NULL},
	    {"PUK", "002C0080 10 3939393939393939 3939393939393939", 0x63C0, NULL},
	    {"both", "00FB0000", 0x9000, NULL},
	    {"PIN is new", "00F70080 00", 0x9000, "0101FF 050101 06020303"},
	    {"PUK is new", "00F70081 00", 0x9000, "0101FF 050101 06020303"},
	    {"9B is new", "00F7009B 00", 0x9000, "01010A 02020001 050101"},
	    {"the key is gone", "00F7009A 00", 0x6A88, NULL},
	    {"the object is gone", "00CB3FFF 05 5C035FC105 00", 0x6A82, NULL},
	    {"the serial stays", "00F80000 00", 0x9000, "00BC614E"},
	    {"9B is not verified any more", "00FF FFFF 03 0A9B18", 0x6982, NULL},
	};
	struct card *c = card_new();
	uint8_t before[32];
	struct ap_key key;

	(void)state;
	card_admin(c);
	card_generate(c, 0x9A, ECERT_ALG_P256, 0, 0);
	assert_sw(card_put(c, ECERT_OBJ_CERT_9A, (const uint8_t *)"abc", 3), 0x9000);
	assert_sw(ap_key_find(&c->ap, ap_slot_by_ref(0x9A), &key), 0x9000);
	assert_sw(ap_key_private(&c->ap, &key, before), 0x9000);
	assert_true(card_flash_has(c, before, sizeof(before)));
	run(block, sizeof(block) / sizeof(block[0]), c);
	assert_false(card_flash_has(c, before, sizeof(before)));
	assert_sw(ap_key_find(&c->ap, ap_slot_by_ref(0xF9), &key), 0x9000);
	card_free(c);
}

/* What a card without a state, or with a broken flash, says. */
static void test_broken_card(void **state)
{
	struct card *c = card_blank(HOST_AREA_SIZE);

	(void)state;
	assert_int_equal(ap_init(&c->ap, &c->host.hal), AP_ST_BLANK);
	assert_sw(card_send(c, "00200080 08 313233343536FFFF"), ECERT_SW_MEMORY_FAILURE);
	assert_sw(card_send(c, "00CB3FFF 05 5C035FC102 00"), ECERT_SW_MEMORY_FAILURE);
	card_personalise(c);
	assert_sw(card_send(c, "00200080 08 313233343536FFFF"), 0x9000);
	c->ops = 0;
	c->cut_at = 1;
	assert_sw(card_send(c, "00200080 08 313233343537FFFF"), ECERT_SW_MEMORY_FAILURE);
	assert_sw(card_send(c, "00200080"), ECERT_SW_MEMORY_FAILURE);
	c->cut_at = 0;
	c->dead = false;
	ap_reset(&c->ap);
	assert_sw(card_send(c, "00200080"), 0x63C3);
	card_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_select),
	    cmocka_unit_test(test_classes_and_lengths),
	    cmocka_unit_test(test_chains),
	    cmocka_unit_test(test_identity),
	    cmocka_unit_test(test_get_data),
	    cmocka_unit_test(test_put_data),
	    cmocka_unit_test(test_pin),
	    cmocka_unit_test(test_set_retries),
	    cmocka_unit_test(test_global_reset),
	    cmocka_unit_test(test_broken_card),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
