/* SPDX-License-Identifier: BSD-2-Clause */
/* Status words in our return codes. */
#include "apdu/apdu.h"

/* SP 800-73-5 part 2, table 6; ISO 7816-4, table 6. */
static const struct {
	uint16_t sw, mask;
	enum ecert_rc rc;
} rows[] = {
    {0x9000, 0xFFFF, ECERT_OK},
    {0x63C0, 0xFFFF, ECERT_E_PIN_BLOCKED}, /* no tries left */
    {0x63C0, 0xFFF0, ECERT_E_PIN_WRONG},
    {0x6700, 0xFFFF, ECERT_E_DATA_LEN},
    {0x6982, 0xFFFF, ECERT_E_AUTH},
    {0x6983, 0xFFFF, ECERT_E_PIN_BLOCKED},
    {0x6A80, 0xFFFF, ECERT_E_DATA},
    {0x6A81, 0xFFFF, ECERT_E_UNSUPPORTED},
    {0x6A82, 0xFFFF, ECERT_E_NOT_FOUND},
    {0x6A84, 0xFFFF, ECERT_E_CARD_FULL},
    {0x6A88, 0xFFFF, ECERT_E_NOT_FOUND},
    {0x6D00, 0xFFFF, ECERT_E_UNSUPPORTED},
    {0x6E00, 0xFFFF, ECERT_E_UNSUPPORTED},
};

enum ecert_rc sw_rc(uint16_t sw)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if ((sw & rows[i].mask) == rows[i].sw)
			return rows[i].rc;
	return ECERT_E_CARD;
}

bool sw_not_verified(uint16_t sw)
{
	return sw >> 8 == 0x63;
}

int sw_tries(uint16_t sw)
{
	return (sw & 0xFFF0) == 0x63C0 ? sw & 0x0F : -1;
}
