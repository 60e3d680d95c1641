/* SPDX-License-Identifier: BSD-2-Clause */
/* Every command that writes, on an empty card, on a full one, and with a journal that is full. */
#include "tests/unit/applet/tearing.h"

static void fill_journal(struct card *c)
{
	const struct ap_part tries = {(const uint8_t *)"\x03\x03", 2};

	/* So that the command's own record does not fit any more. */
	while (c->area - c->ap.st.pos >= 14)
		assert_int_equal(ap_st_put(&c->ap.st, AP_REC_TRIES, 0, &tries, 1), AP_ST_OK);
}

static void block(struct card *c)
{
	for (int i = 0; i < 3; i++) {
		(void)card_send(c, "00200080 08 313233343537FFFF");
		(void)card_send(c, "002C0080 10 3939393939393939 3939393939393939");
	}
}

static void login_wrong(struct card *c)
{
	(void)card_send(c, "00200080 08 313233343537FFFF");
}

static void all_logged_in(struct card *c)
{
	card_admin(c);
	card_login(c);
}

static void logged_in_full(struct card *c)
{
	all_logged_in(c);
	fill_journal(c);
}

static void keys(struct card *c)
{
	card_admin(c);
	card_generate(c, 0x9A, ECERT_ALG_P256, 0, 0);
	card_generate(c, 0x9C, ECERT_ALG_RSA2048, 0, 0);
	card_login(c);
	assert_sw(card_send(c, "0087119A 07 7C058200810122"), 0x9000);
}

static void keys_full(struct card *c)
{
	keys(c);
	fill_journal(c);
}

static void objects(struct card *c)
{
	uint8_t value[700];

	memset(value, 0x77, sizeof(value));
	card_admin(c);
	assert_sw(card_put(c, ECERT_OBJ_CERT_9A, value, sizeof(value)), 0x9000);
	assert_sw(card_put(c, ECERT_OBJ_PRINTED, value, 300), 0x9000);
}

#define PUT_9A                                                                                     \
	"00DB3FFF 57 5C035FC105 5350"                                                              \
	"00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF00112233445566778899AABB" \
	"CCDDEEFF00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF"
#define IMPORT_9A                                                                                  \
	"00FE119A 22 0620 4142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F60"
#define PUT_MARK "00DB3FFF 0A 5C035FFF22 5303414243"

const struct scenario scenarios[] = {
    {"PUT DATA, new", NULL, all_logged_in, PUT_9A, 0x9000},
    {"PUT DATA, replaced", objects, all_logged_in, PUT_9A, 0x9000},
    {"PUT DATA, deleted", objects, all_logged_in, "00DB3FFF 07 5C035FC109 5300", 0x9000},
    {"PUT DATA, journal full", objects, logged_in_full, PUT_MARK, 0x9000},
    {"VERIFY, right", NULL, NULL, "00200080 08 313233343536FFFF", 0x9000},
    {"VERIFY, right after wrong", login_wrong, NULL, "00200080 08 313233343536FFFF", 0x9000},
    {"VERIFY, wrong", NULL, NULL, "00200080 08 313233343537FFFF", 0x63C2},
    {"VERIFY, journal full", keys_full, NULL, "00200080 08 313233343537FFFF", 0x63C2},
    {"CHANGE PIN", NULL, NULL, "00240080 10 313233343536FFFF 4142434445464748", 0x9000},
    {"CHANGE PIN, wrong", NULL, NULL, "00240080 10 313233343537FFFF 4142434445464748", 0x63C2},
    {"CHANGE PUK", NULL, NULL, "00240081 10 3132333435363738 4142434445464748", 0x9000},
    {"RESET RETRY COUNTER", login_wrong, NULL, "002C0080 10 3132333435363738 4142434445464748",
	0x9000},
    {"RESET RETRY COUNTER, wrong", login_wrong, NULL,
	"002C0080 10 3132333435363739 4142434445464748", 0x63C2},
    {"SET RETRIES", login_wrong, all_logged_in, "00FA0908", 0x9000},
    {"SET MGM KEY", NULL, all_logged_in, "00FFFFFF 13 089B10 41424344454647484142434445464748",
	0x9000},
    {"GENERATE, new", NULL, all_logged_in, "0047009A 05 AC03800111", 0x9000},
    {"GENERATE, RSA-2048", NULL, all_logged_in, "0047009A 000005 AC03800107 0000", 0x9000},
    {"GENERATE, over another", keys, all_logged_in, "0047009A 05 AC03800111", 0x9000},
    {"GENERATE, journal full", keys, logged_in_full, "0047009D 05 AC03800111", 0x9000},
    {"IMPORT, new", NULL, all_logged_in, IMPORT_9A, 0x9000},
    {"IMPORT, over another", keys, all_logged_in, IMPORT_9A, 0x9000},
    {"MOVE KEY", keys, all_logged_in, "00F6829A", 0x9000},
    {"DELETE KEY", keys, all_logged_in, "00F6FF9C", 0x9000},
    {"sign", keys, all_logged_in, "0087119A 07 7C058200810122", 0x9000},
    {"sign, journal full", keys, logged_in_full, "0087119A 07 7C058200810122", 0x9000},
    {"ALGORITHM MAP", NULL, all_logged_in, "00EE0200 07 01E00516E15355", 0x9000},
    {"RESET", block, NULL, "00FB0000", 0x9000},
    {"RESET with keys", keys, block, "00FB0000", 0x9000},
};

const size_t scenarios_n = sizeof(scenarios) / sizeof(scenarios[0]);
