/* SPDX-License-Identifier: BSD-2-Clause */
/* A program beside ecertd on the same pcscd, without a PIN: asks the card for signatures with 9A as
 * fast as it can, inside no transaction and inside its own: `intruder ATTEMPTS SECONDS`.
 *
 * An attempt is one that the card answered; pcscd turns away what comes in another's transaction.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <winscard.h>

static SCARDCONTEXT context;
static SCARDHANDLE card;

static LONG connect_card(void)
{
	char names[4096];
	DWORD n = sizeof names, protocol;
	LONG rc = SCardListReaders(context, NULL, names, &n);

	return rc != SCARD_S_SUCCESS ? rc
				     : SCardConnect(context, names, SCARD_SHARE_SHARED,
					   SCARD_PROTOCOL_ANY, &card, &protocol);
}

/* The status word, or -1: the card did not answer. */
static int sign(void)
{
	/* SP 800-73-5 part 2, 3.2.4: 7C { 82, 81 digest } */
	unsigned char c[5 + 38 + 1] = {0x00, 0x87, 0x11, 0x9A, 38, 0x7C, 36, 0x82, 0, 0x81, 32};
	unsigned char answer[258];
	DWORD n = sizeof answer, protocol;
	LONG rc = SCardTransmit(card, SCARD_PCI_T1, c, sizeof c, NULL, answer, &n);

	if (rc == SCARD_W_RESET_CARD)
		(void)SCardReconnect(
		    card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_ANY, SCARD_LEAVE_CARD, &protocol);
	return rc == SCARD_S_SUCCESS && n >= 2 ? answer[n - 2] << 8 | answer[n - 1] : -1;
}

/* Every other time in a transaction of its own: it is in the queue when ecertd lets go. */
static int attempt(unsigned long i)
{
	int sw;
	bool own = i % 2 == 0 && SCardBeginTransaction(card) == SCARD_S_SUCCESS;

	sw = sign();
	if (own)
		(void)SCardEndTransaction(card, SCARD_LEAVE_CARD);
	return sw;
}

int main(int argc, char **argv)
{
	unsigned long want, tried = 0, good = 0, refused = 0, other = 0, away = 0;
	time_t until;

	if (argc != 3 || SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context) != 0 ||
	    connect_card() != SCARD_S_SUCCESS)
		return 2;
	want = strtoul(argv[1], NULL, 10);
	until = time(NULL) + atoi(argv[2]);
	for (unsigned long i = 0; tried < want && time(NULL) < until; i++) {
		int sw = attempt(i);

		away += sw < 0;
		tried += sw >= 0;
		good += sw == 0x9000 || sw >> 8 == 0x61;
		refused += sw == 0x6982;
		other += sw >= 0 && sw != 0x6982 && sw != 0x9000 && sw >> 8 != 0x61;
	}
	printf("raw attempts=%lu succeeded=%lu refused=%lu other=%lu turned_away=%lu\n", tried,
	    good, refused, other, away);
	return good != 0 || tried < want;
}
