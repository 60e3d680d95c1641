/* SPDX-License-Identifier: BSD-2-Clause */
/* Each row of tables/answers.tsv is provoked here, and nothing else: table and card agree. */
#include "tests/unit/applet/applet_fixture.h"

#include <stdlib.h>
#include <string.h>

enum {
	ADMIN = 1,	/* management key verified */
	PIN = 2,	/* PIN verified */
	KEY = 4,	/* P-256 in 9A without PIN, in 9D with; an imported one in 9E */
	CERT = 8,	/* F9 has its certificate */
	BLOCKED_ = 16,	/* PIN and PUK have no tries left */
	FULL = 32,	/* no room in the store */
	UNTOUCHED = 64, /* P-256 in 82 that wants a touch that does not come */
};

static const struct answer {
	uint8_t ins;
	uint16_t sw;
	unsigned int setup;
	const char *before; /* one command that comes first, or NULL */
	const char *send;
} answers[] = {
#define A(ins, sw) ECERT_INS_##ins, ECERT_SW_##sw
    {A(SELECT, OK), 0, NULL, "00A40400 05 A000000308"},
    {A(SELECT, NOT_FOUND), 0, NULL, "00A40400 05 A000000309"},
    {A(SELECT, BAD_P1P2), 0, NULL, "00A40000 05 A000000308"},
    {A(GET_DATA, OK), 0, NULL, "00CB3FFF 05 5C035FC102 00"},
    {A(GET_DATA, SECURITY_STATUS), 0, NULL, "00CB3FFF 05 5C035FC109 00"},
    {A(GET_DATA, BAD_DATA), 0, NULL, "00CB3FFF 05 53035FC109 00"},
    {A(GET_DATA, NOT_FOUND), 0, NULL, "00CB3FFF 05 5C035FC105 00"},
    {A(GET_DATA, BAD_P1P2), 0, NULL, "00CB0000 05 5C035FC102 00"},
    {A(PUT_DATA, OK), ADMIN, NULL, "00DB3FFF 08 5C035FC105 530101"},
    {A(PUT_DATA, SECURITY_STATUS), PIN, NULL, "00DB3FFF 08 5C035FC105 530101"},
    {A(PUT_DATA, BAD_DATA), ADMIN, NULL, "00DB3FFF 08 5C035FC105 540101"},
    {A(PUT_DATA, NOT_SUPPORTED), ADMIN, NULL, "00DB3FFF 08 5C035FFF20 530101"},
    {A(PUT_DATA, NOT_FOUND), ADMIN, NULL, "00DB3FFF 08 5C035FC199 530101"},
    {A(PUT_DATA, NO_SPACE), ADMIN | FULL, NULL, "00DB3FFF 08 5C035FC105 530101"},
    {A(PUT_DATA, BAD_P1P2), ADMIN, NULL, "00DB0000 08 5C035FC105 530101"},
    {A(VERIFY, OK), 0, NULL, "00200080 08 313233343536FFFF"},
    {A(VERIFY, TRIES), 0, NULL, "00200080 08 313233343537FFFF"},
    {A(VERIFY, BLOCKED), BLOCKED_, NULL, "00200080 08 313233343536FFFF"},
    {A(VERIFY, BAD_DATA), 0, NULL, "00200080 08 3132333435360000"},
    {A(VERIFY, WRONG_LENGTH), 0, NULL, "00200080 06 313233343536"},
    {A(VERIFY, BAD_P1P2), 0, NULL, "00200180"},
    {A(VERIFY, NO_REFERENCE), 0, NULL, "00200000"},
    {A(CHANGE_REFERENCE, OK), 0, NULL, "00240080 10 313233343536FFFF 313233343536FFFF"},
    {A(CHANGE_REFERENCE, TRIES), 0, NULL, "00240081 10 313233343536FFFF 313233343536FFFF"},
    {A(CHANGE_REFERENCE, BLOCKED), BLOCKED_, NULL, "00240080 10 313233343536FFFF 313233343536FFFF"},
    {A(CHANGE_REFERENCE, BAD_DATA), 0, NULL, "00240080 10 313233343536FFFF 3132333435FFFFFF"},
    {A(CHANGE_REFERENCE, WRONG_LENGTH), 0, NULL, "00240080 08 313233343536FFFF"},
    {A(CHANGE_REFERENCE, BAD_P1P2), 0, NULL, "00240180 10 313233343536FFFF 313233343536FFFF"},
    {A(CHANGE_REFERENCE, NO_REFERENCE), 0, NULL, "00240082 10 313233343536FFFF 313233343536FFFF"},
    {A(RESET_RETRY, OK), 0, NULL, "002C0080 10 3132333435363738 313233343536FFFF"},
    {A(RESET_RETRY, TRIES), 0, NULL, "002C0080 10 3132333435363739 313233343536FFFF"},
    {A(RESET_RETRY, BLOCKED), BLOCKED_, NULL, "002C0080 10 3132333435363738 313233343536FFFF"},
    {A(RESET_RETRY, BAD_DATA), 0, NULL, "002C0080 10 3132333435363738 3132333435FFFFFF"},
    {A(RESET_RETRY, WRONG_LENGTH), 0, NULL, "002C0080"},
    {A(RESET_RETRY, BAD_P1P2), 0, NULL, "002CFF80 10 3132333435363738 313233343536FFFF"},
    {A(RESET_RETRY, NO_REFERENCE), 0, NULL, "002C0081 10 3132333435363738 313233343536FFFF"},
    {A(GENERAL_AUTHENTICATE, OK), KEY, NULL, "0087119A 07 7C058200810122"},
    {A(GENERAL_AUTHENTICATE, SECURITY_STATUS), KEY, NULL, "0087119D 07 7C058200810122"},
    {A(GENERAL_AUTHENTICATE, CONDITIONS), UNTOUCHED, NULL, "00871182 07 7C058200810122"},
    {A(GENERAL_AUTHENTICATE, BAD_DATA), KEY, NULL, "0087119A 05 7C03810122"},
    {A(GENERAL_AUTHENTICATE, BAD_P1P2), KEY, NULL, "0087149A 07 7C058200810122"},
    {A(GENERAL_AUTHENTICATE, NO_REFERENCE), 0, NULL, "0087119A 07 7C058200810122"},
    {A(GENERATE, OK), ADMIN, NULL, "0047009A 05 AC03800111"},
    {A(GENERATE, SECURITY_STATUS), PIN, NULL, "0047009A 05 AC03800111"},
    {A(GENERATE, BAD_DATA), ADMIN, NULL, "0047009A 05 AC03800106"},
    {A(GENERATE, NO_SPACE), ADMIN | FULL, NULL, "0047009A 05 AC03800111"},
    {A(GENERATE, BAD_P1P2), ADMIN, NULL, "0047009B 05 AC03800111"},
    {A(GET_RESPONSE, OK), 0, "00FD0000 01", "00C00000 00"},
    {A(GET_RESPONSE, MORE_DATA), 0, "00FD0000 01", "00C00000 01"},
    {A(GET_RESPONSE, CONDITIONS), 0, NULL, "00C00000 00"},
    {A(GET_RESPONSE, WRONG_LE), 0, "00FD0000 01", "00C00000 03"},
    {A(GET_RESPONSE, WRONG_LENGTH), 0, "00FD0000 01", "00C00000 01 00"},
    {A(GET_RESPONSE, BAD_P1P2), 0, "00FD0000 01", "00C00001 00"},
    {A(ALGORITHM_MAP, OK), ADMIN, NULL, "00EE0100 00"},
    {A(ALGORITHM_MAP, SECURITY_STATUS), PIN, NULL, "00EE0100 00"},
    {A(ALGORITHM_MAP, BAD_DATA), ADMIN, NULL, "00EE0200 07 01E00516E15311"},
    {A(ALGORITHM_MAP, WRONG_LENGTH), ADMIN, NULL, "00EE0200 06 01E00516E153"},
    {A(ALGORITHM_MAP, BAD_P1P2), ADMIN, NULL, "00EE0000 00"},
    {A(MOVE_KEY, OK), ADMIN | KEY, NULL, "00F6829A"},
    {A(MOVE_KEY, SECURITY_STATUS), KEY, NULL, "00F6829A"},
    {A(MOVE_KEY, CONDITIONS), ADMIN | KEY, NULL, "00F69D9A"},
    {A(MOVE_KEY, WRONG_LENGTH), ADMIN | KEY, NULL, "00F6829A 01 00"},
    {A(MOVE_KEY, BAD_P1P2), ADMIN | KEY, NULL, "00F69A9A"},
    {A(MOVE_KEY, NO_REFERENCE), ADMIN, NULL, "00F6829A"},
    {A(GET_METADATA, OK), 0, NULL, "00F70080 00"},
    {A(GET_METADATA, WRONG_LENGTH), 0, NULL, "00F70080 01 00"},
    {A(GET_METADATA, BAD_P1P2), 0, NULL, "00F70000 00"},
    {A(GET_METADATA, NO_REFERENCE), 0, NULL, "00F7009A 00"},
    {A(GET_SERIAL, OK), 0, NULL, "00F80000 00"},
    {A(GET_SERIAL, WRONG_LENGTH), 0, NULL, "00F80000 01 00"},
    {A(GET_SERIAL, BAD_P1P2), 0, NULL, "00F80001 00"},
    {A(ATTEST, OK), KEY | CERT, NULL, "00F99A00 000000"},
    {A(ATTEST, CONDITIONS), KEY, NULL, "00F99A00 000000"},
    {A(ATTEST, BAD_DATA), KEY | CERT, NULL, "00F99E00 000000"},
    {A(ATTEST, WRONG_LENGTH), KEY | CERT, NULL, "00F99A00 01 00"},
    {A(ATTEST, BAD_P1P2), KEY | CERT, NULL, "00F99A01 000000"},
    {A(ATTEST, NO_REFERENCE), CERT, NULL, "00F99A00 000000"},
    {A(SET_RETRIES, OK), ADMIN | PIN, NULL, "00FA0F01"},
    {A(SET_RETRIES, SECURITY_STATUS), ADMIN, NULL, "00FA0303"},
    {A(SET_RETRIES, WRONG_LENGTH), ADMIN | PIN, NULL, "00FA0303 01 00"},
    {A(SET_RETRIES, BAD_P1P2), ADMIN | PIN, NULL, "00FA1003"},
    {A(RESET, OK), BLOCKED_, NULL, "00FB0000"},
    {A(RESET, CONDITIONS), 0, NULL, "00FB0000"},
    {A(RESET, WRONG_LENGTH), BLOCKED_, NULL, "00FB0000 01 00"},
    {A(RESET, BAD_P1P2), BLOCKED_, NULL, "00FB0001"},
    {A(GET_VERSION, OK), 0, NULL, "00FD0000 00"},
    {A(GET_VERSION, WRONG_LENGTH), 0, NULL, "00FD0000 01 00"},
    {A(GET_VERSION, BAD_P1P2), 0, NULL, "00FD0001 00"},
#define SCALAR "0620 0101010101010101010101010101010101010101010101010101010101010101"
    {A(IMPORT, OK), ADMIN, NULL, "00FE119A 22" SCALAR},
    {A(IMPORT, SECURITY_STATUS), PIN, NULL, "00FE119A 22" SCALAR},
    {A(IMPORT, BAD_DATA), ADMIN, NULL, "00FE119A 03 060101"},
    {A(IMPORT, NO_SPACE), ADMIN | FULL, NULL, "00FE119A 22" SCALAR},
    {A(IMPORT, BAD_P1P2), ADMIN, NULL, "00FE069A 22" SCALAR},
#define AES128 "9B10 00112233445566778899AABBCCDDEEFF"
    {A(SET_MGM_KEY, OK), ADMIN, NULL, "00FFFFFF 13 08" AES128},
    {A(SET_MGM_KEY, SECURITY_STATUS), PIN, NULL, "00FFFFFF 13 08" AES128},
    {A(SET_MGM_KEY, BAD_DATA), ADMIN, NULL, "00FFFFFF 13 0A" AES128},
    {A(SET_MGM_KEY, WRONG_LENGTH), ADMIN, NULL, "00FFFFFF 02 089B"},
    {A(SET_MGM_KEY, BAD_P1P2), ADMIN, NULL, "00FFFFFD 13 08" AES128},
};

#define ANSWERS (sizeof(answers) / sizeof(answers[0]))

static const struct row {
	uint8_t ins;
	uint16_t sw;
	const char *name;
} rows[] = {
#define ROW(command, status, when) {ECERT_INS_##command, ECERT_SW_##status, #command " " #status},
    ECERT_ANSWER_ROWS(ROW)};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static void fill(struct card *c)
{
	static const uint8_t value[64] = {0x5A};

	/* Big ones until they do not fit, then the smallest. */
	for (size_t len = 64; len >= 1; len = len == 1 ? 0 : 1) {
		uint32_t tag = len == 64 ? 0x10000 : 0x20000;

		while (ap_object_put(&c->ap, tag, value, len) == AP_ST_OK)
			tag++;
	}
}

static struct card *make(unsigned int setup)
{
	struct card *c = (setup & FULL) != 0 ? card_blank(8192) : card_new();

	if ((setup & FULL) != 0)
		card_personalise(c);
	card_admin(c);
	if ((setup & KEY) != 0) {
		card_generate(c, 0x9A, ECERT_ALG_P256, ECERT_PIN_POLICY_NEVER, 0);
		card_generate(c, 0x9D, ECERT_ALG_P256, 0, 0);
		assert_sw(card_send(c, "00FE119E 22" SCALAR), 0x9000);
	}
	if ((setup & UNTOUCHED) != 0)
		card_generate(
		    c, 0x82, ECERT_ALG_P256, ECERT_PIN_POLICY_NEVER, ECERT_TOUCH_POLICY_ALWAYS);
	if ((setup & CERT) != 0)
		assert_int_equal(host_certify(&c->ap), 0);
	if ((setup & FULL) != 0)
		fill(c);
	c->touching = (setup & UNTOUCHED) == 0;
	for (int i = 0; (setup & BLOCKED_) != 0 && i < 3; i++) {
		(void)card_send(c, "00200080 08 313233343537FFFF");
		(void)card_send(c, "002C0080 10 3939393939393939 3939393939393939");
	}
	ap_reset(&c->ap);
	if ((setup & ADMIN) != 0)
		card_admin(c);
	if ((setup & PIN) != 0)
		card_login(c);
	return c;
}

/* 63Cx, 61xx and 6Cxx say a number in what is nought in the table. */
static uint16_t without_number(uint16_t sw)
{
	if ((sw & 0xFFF0) == ECERT_SW_TRIES)
		return ECERT_SW_TRIES;
	if ((sw & 0xFF00) == ECERT_SW_MORE_DATA || (sw & 0xFF00) == ECERT_SW_WRONG_LE)
		return sw & 0xFF00;
	return sw;
}

static void test_rows_are_provoked(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		size_t found = 0;

		for (size_t k = 0; k < ANSWERS; k++)
			found += answers[k].ins == rows[i].ins && answers[k].sw == rows[i].sw;
		if (found == 0)
			fail_msg("nothing provokes %s", rows[i].name);
	}
	assert_int_equal(ANSWERS, ROWS);
}

static void test_card_answers_so(void **state)
{
	(void)state;
	for (size_t i = 0; i < ANSWERS; i++) {
		struct card *c = make(answers[i].setup);
		uint16_t sw;

		if (answers[i].before != NULL)
			(void)card_send(c, answers[i].before);
		sw = without_number(card_send(c, answers[i].send));
		if (sw != answers[i].sw)
			fail_msg("%s answered %04X, not %04X", answers[i].send, sw, answers[i].sw);
		card_free(c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows_are_provoked),
	    cmocka_unit_test(test_card_answers_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
