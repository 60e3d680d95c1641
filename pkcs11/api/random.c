/* SPDX-License-Identifier: BSD-2-Clause */
/* C_GenerateRandom, C_SeedRandom (5.19): the kernel's generator, mixed with the card's. */
#include "crypto/random.h"
#include "pkcs11/session_table.h"
#include "util/mem.h"

#define CARD_RANDOM 32u /* what a card is asked for: one short command */

/* XORed over the front: neither source can make the other one worse. */
static void mix_card(struct session *s, CK_BYTE *out, CK_ULONG n)
{
	uint8_t card[CARD_RANDOM];

	if (n > sizeof card)
		n = sizeof card;
	if (token_random(&s->at, card, n) == ECERT_OK)
		for (CK_ULONG i = 0; i < n; i++)
			out[i] ^= card[i];
	mem_wipe(card, sizeof card);
}

CK_RV C_GenerateRandom(CK_SESSION_HANDLE hSession, CK_BYTE_PTR RandomData, CK_ULONG ulRandomLen)
{
	struct session *s;
	CK_RV rv = session_enter(__func__, hSession, RandomData || !ulRandomLen, &s);

	if (rv != CKR_OK)
		return rv;
	if (ulRandomLen)
		rv = p11_rv(random_bytes(RandomData, ulRandomLen));
	if (rv == CKR_OK && ulRandomLen)
		mix_card(s, RandomData, ulRandomLen);
	return session_leave(__func__, s, rv);
}

/* Both generators seed themselves. */
CK_RV C_SeedRandom(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pSeed, CK_ULONG ulSeedLen)
{
	struct session *s;
	CK_RV rv = session_enter(__func__, hSession, pSeed || !ulSeedLen, &s);

	if (rv != CKR_OK)
		return rv;
	return session_leave(__func__, s, CKR_RANDOM_SEED_NOT_SUPPORTED);
}
