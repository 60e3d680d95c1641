/* SPDX-License-Identifier: BSD-2-Clause */
/* Status words in our return codes. */
#include "apdu/apdu.h"

#include "ecert/piv_const.h"

/* SP 800-73-5 part 2, table 6; ISO 7816-4, table 6. */
static const struct {
	uint16_t sw;
	uint16_t any; /* bits that may be as they like */
	enum ecert_rc rc;
} rows[] = {
    {.sw = ECERT_SW_OK, .rc = ECERT_OK},
    {.sw = ECERT_SW_TRIES, .rc = ECERT_E_PIN_BLOCKED}, /* no tries left */
    {.sw = ECERT_SW_TRIES, .any = 0x000F, .rc = ECERT_E_PIN_WRONG},
    {.sw = ECERT_SW_WRONG_LENGTH, .rc = ECERT_E_DATA_LEN},
    {.sw = ECERT_SW_SECURITY_STATUS, .rc = ECERT_E_AUTH},
    {.sw = ECERT_SW_BLOCKED, .rc = ECERT_E_PIN_BLOCKED},
    {.sw = ECERT_SW_BAD_DATA, .rc = ECERT_E_DATA},
    {.sw = ECERT_SW_NOT_SUPPORTED, .rc = ECERT_E_UNSUPPORTED},
    {.sw = ECERT_SW_NOT_FOUND, .rc = ECERT_E_NOT_FOUND},
    {.sw = ECERT_SW_NO_SPACE, .rc = ECERT_E_CARD_FULL},
    {.sw = ECERT_SW_NO_REFERENCE, .rc = ECERT_E_NOT_FOUND},
    {.sw = ECERT_SW_BAD_INS, .rc = ECERT_E_UNSUPPORTED},
    {.sw = ECERT_SW_BAD_CLA, .rc = ECERT_E_UNSUPPORTED},
};

enum ecert_rc sw_rc(uint16_t sw)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if ((sw & ~rows[i].any) == rows[i].sw)
			return rows[i].rc;
	return ECERT_E_CARD;
}

bool sw_not_verified(uint16_t sw)
{
	return sw >> 8 == 0x63;
}

int sw_tries(uint16_t sw)
{
	return (sw & ~0x0F) == ECERT_SW_TRIES ? sw & 0x0F : -1;
}
