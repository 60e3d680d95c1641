/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of card models: what is known of each without asking. */
#include "card/private.h"

#include <string.h>

/* PivApplet: measured on 0.9, which knows the Yubico set but MOVE KEY. CanoKey has no ATTEST. A
 * YubiKey's features depend on its firmware, so they are asked. */
static const struct card_model models[] = {
    {"e-Cert PIV", "e-Cert PIV",
	CARD_HAS_METADATA | CARD_HAS_ATTEST | CARD_HAS_IMPORT | CARD_HAS_SERIAL | CARD_HAS_ECERT |
	    CARD_HAS_MOVE,
	0},
    {"PivApplet", "PivApplet", 0, CARD_HAS_ECERT | CARD_HAS_MOVE},
    {"YubiKey", "YubiKey", 0, CARD_HAS_ECERT},
    {"YubiKey", "Yubikey", 0, CARD_HAS_ECERT},
    {"CanoKey", "CanoKey", 0, CARD_HAS_ECERT | CARD_HAS_ATTEST},
    {"Nitrokey", "Nitrokey", 0, CARD_HAS_ECERT},
    {"OpenFIPS201", "OpenFIPS201", 0, CARD_HAS_ECERT},
    {"PIV", "", 0, CARD_HAS_ECERT},
};

const struct card_model *card_model_find(struct rd label, struct rd atr)
{
	const struct card_model *m = models;

	while (m->mark[0] != '\0' && !rd_contains(label, m->mark) && !rd_contains(atr, m->mark))
		m++;
	return m;
}
