/* SPDX-License-Identifier: BSD-2-Clause */
/* PIN and PUK: tries, change, unblock, blocking. The card has its factory values when this starts.
 */
#include "applet-spec/conformance/conformance.h"

#include <string.h>

#define VERIFY_CLAUSE "SP 800-73-5 part 2, 3.2.1"
#define CHANGE_CLAUSE "SP 800-73-5 part 2, 3.2.2"
#define RESET_CLAUSE  "SP 800-73-5 part 2, 3.2.3"

static const uint8_t factory_pin[] = ECERT_PIN_DEFAULT;
static const uint8_t factory_puk[] = ECERT_PUK_DEFAULT;
static const uint8_t other_pin[] = {'6', '5', '4', '3', '2', '1', 0xFF, 0xFF};
static const uint8_t wrong[] = {'9', '9', '9', '9', '9', '8', 0xFF, 0xFF};

static uint16_t verify(struct session *s, const uint8_t pin[8])
{
	return send(s, ECERT_INS_VERIFY, 0, ECERT_REF_PIN, rd_of(pin, 8));
}

static uint16_t pair(
    struct session *s, uint8_t ins, uint8_t ref, const uint8_t first[8], const uint8_t second[8])
{
	uint8_t both[16];

	memcpy(both, first, 8);
	memcpy(both + 8, second, 8);
	return send(s, ins, 0, ref, rd_of(both, sizeof both));
}

static int tries(struct session *s)
{
	uint16_t sw = send(s, ECERT_INS_VERIFY, 0, ECERT_REF_PIN, rd_of(NULL, 0));

	return sw == ECERT_SW_BLOCKED ? 0 : (sw & 0xFFF0) == ECERT_SW_TRIES ? sw & 0x0F : -1;
}

static void counting(struct session *s)
{
	int before;

	(void)select_piv(s);
	(void)send(s, ECERT_INS_VERIFY, ECERT_VERIFY_P1_LOGOUT, ECERT_REF_PIN, rd_of(NULL, 0));
	before = tries(s);
	report_ok(s, verify(s, wrong) == ECERT_SW_TRIES + before - 1, VERIFY_CLAUSE,
	    "a wrong PIN answers 63Cx with one try less");
	report_ok(s, tries(s) == before - 1, VERIFY_CLAUSE,
	    "an empty VERIFY tells the tries and costs none");
	report_ok(s, login(s) && verify(s, factory_pin) == ECERT_SW_OK, VERIFY_CLAUSE,
	    "the PIN verifies");
	(void)send(s, ECERT_INS_VERIFY, ECERT_VERIFY_P1_LOGOUT, ECERT_REF_PIN, rd_of(NULL, 0));
	report_ok(s, tries(s) == before, VERIFY_CLAUSE,
	    "the right PIN restores the tries; P1=FF logs out");
}

static void changing(struct session *s)
{
	report_ok(s,
	    pair(s, ECERT_INS_CHANGE_REFERENCE, ECERT_REF_PIN, factory_pin, other_pin) ==
		    ECERT_SW_OK &&
		verify(s, other_pin) == ECERT_SW_OK && verify(s, factory_pin) != ECERT_SW_OK,
	    CHANGE_CLAUSE, "the PIN is changed, the old one refused");
	report_ok(s,
	    (pair(s, ECERT_INS_CHANGE_REFERENCE, ECERT_REF_PIN, wrong, factory_pin) & 0xFFF0) ==
		ECERT_SW_TRIES,
	    CHANGE_CLAUSE, "a change with a wrong old PIN costs a try");
	report_ok(s,
	    pair(s, ECERT_INS_RESET_RETRY, ECERT_REF_PIN, factory_puk, factory_pin) ==
		    ECERT_SW_OK &&
		login(s),
	    RESET_CLAUSE, "the PUK sets a new PIN");
}

static void blocking(struct session *s)
{
	uint16_t sw = 0;

	for (int i = 0; i < ECERT_TRIES_MAX + 1 && sw != ECERT_SW_BLOCKED && s->dead == ECERT_OK;
	     i++)
		sw = verify(s, wrong);
	report_ok(s, sw == ECERT_SW_BLOCKED && verify(s, factory_pin) == ECERT_SW_BLOCKED,
	    VERIFY_CLAUSE, "a blocked PIN refuses the right one with 6983");
	report_ok(s,
	    pair(s, ECERT_INS_RESET_RETRY, ECERT_REF_PIN, factory_puk, factory_pin) ==
		    ECERT_SW_OK &&
		login(s),
	    RESET_CLAUSE, "the PUK opens a blocked PIN");
}

void run_pins(struct session *s)
{
	counting(s);
	changing(s);
	blocking(s);
}
