/* SPDX-License-Identifier: BSD-2-Clause */
/* PC/SC with one reader and the reference applet in it; every call may be made to fail. */
#include "tests/unit/faults/pcsc_card.h"

#include <stdlib.h>
#include <string.h>
#include <winscard.h>

#include "tests/unit/faults/inject.h"

#define READER_NAME "Applet 00 00"

struct toychip pcsc_card;
static int contexts, handles;
static DWORD events;
static bool was_reset, was_removed;

static const uint8_t atr[] = {0x3B, 0x8D, 0x80, 0x01, 0x80, 0x31, 0xC1, 0x73, 0xC8, 0x40, 0x52,
    0x65, 0x43, 0x65, 0x72, 0x74, 0x05, 0xB5};

const SCARD_IO_REQUEST g_rgSCardT0Pci = {SCARD_PROTOCOL_T0, sizeof(SCARD_IO_REQUEST)};
const SCARD_IO_REQUEST g_rgSCardT1Pci = {SCARD_PROTOCOL_T1, sizeof(SCARD_IO_REQUEST)};
const SCARD_IO_REQUEST g_rgSCardRawPci = {SCARD_PROTOCOL_RAW, sizeof(SCARD_IO_REQUEST)};

void pcsc_card_renew(void)
{
	fault_pause();
	toycard(&pcsc_card);
	was_reset = was_removed = false;
	fault_resume();
}

int pcsc_card_left(void)
{
	return contexts + handles;
}

/* A failure that says what happened to the card lets it happen. */
static LONG due(void)
{
	if (!fault_due(FAULT_SCARD))
		return SCARD_S_SUCCESS;
	if (fault_scard_code == SCARD_W_RESET_CARD || fault_scard_code == SCARD_W_REMOVED_CARD)
		ap_reset(&pcsc_card.ap);
	was_reset = was_reset || fault_scard_code == SCARD_W_RESET_CARD;
	if (fault_scard_code == SCARD_W_REMOVED_CARD) {
		was_removed = true;
		events++;
	}
	return fault_scard_code;
}

/* What a handle that has seen no reconnection gets. */
static LONG of_card(void)
{
	LONG rv = due();

	if (rv == SCARD_S_SUCCESS && was_removed)
		return SCARD_W_REMOVED_CARD;
	return rv == SCARD_S_SUCCESS && was_reset ? SCARD_W_RESET_CARD : rv;
}

LONG SCardEstablishContext(DWORD scope, LPCVOID r1, LPCVOID r2, LPSCARDCONTEXT context)
{
	LONG rv = due();

	(void)scope;
	(void)r1;
	(void)r2;
	if (rv == SCARD_S_SUCCESS)
		*context = 1000 + ++contexts;
	return rv;
}

/* pcscd forgets a context and a handle even when it cannot say so. */
LONG SCardReleaseContext(SCARDCONTEXT context)
{
	(void)context;
	contexts--;
	return due();
}

LONG SCardDisconnect(SCARDHANDLE card, DWORD how)
{
	(void)card;
	(void)how;
	handles--;
	return due();
}

LONG SCardListReaders(SCARDCONTEXT context, LPCSTR groups, LPSTR names, LPDWORD len)
{
	LONG rv = due();

	(void)context;
	(void)groups;
	if (rv != SCARD_S_SUCCESS)
		return rv;
	if (names != NULL && *len < sizeof READER_NAME + 1)
		return SCARD_E_INSUFFICIENT_BUFFER;
	if (names != NULL)
		memcpy(names, READER_NAME "\0", sizeof READER_NAME + 1);
	*len = sizeof READER_NAME + 1;
	return rv;
}

LONG SCardGetStatusChange(SCARDCONTEXT context, DWORD timeout, SCARD_READERSTATE *states, DWORD n)
{
	LONG rv = due();
	bool differs = false;

	(void)context;
	(void)timeout;
	for (DWORD i = 0; rv == SCARD_S_SUCCESS && i < n; i++) {
		DWORD is = SCARD_STATE_PRESENT | (events + 1) << 16;

		states[i].dwEventState = states[i].dwCurrentState;
		if (states[i].szReader[0] == '\\' || states[i].dwCurrentState == is)
			continue;
		differs = true;
		states[i].dwEventState = is | SCARD_STATE_CHANGED;
		states[i].cbAtr = sizeof atr;
		memcpy(states[i].rgbAtr, atr, sizeof atr);
	}
	return rv != SCARD_S_SUCCESS || differs ? rv : SCARD_E_TIMEOUT;
}

LONG SCardCancel(SCARDCONTEXT context)
{
	(void)context;
	return due();
}

LONG SCardConnect(SCARDCONTEXT context, LPCSTR name, DWORD share, DWORD protocols,
    LPSCARDHANDLE card, LPDWORD protocol)
{
	LONG rv = due();

	(void)context;
	(void)share;
	(void)protocols;
	if (rv == SCARD_S_SUCCESS && strcmp(name, READER_NAME) != 0)
		rv = SCARD_E_UNKNOWN_READER;
	if (rv != SCARD_S_SUCCESS)
		return rv;
	was_reset = was_removed = false;
	*card = 2000 + ++handles;
	*protocol = SCARD_PROTOCOL_T1;
	return rv;
}

LONG SCardReconnect(SCARDHANDLE card, DWORD share, DWORD protocols, DWORD how, LPDWORD protocol)
{
	LONG rv = due();

	(void)card;
	(void)share;
	(void)protocols;
	if (rv != SCARD_S_SUCCESS)
		return rv;
	if (how != SCARD_LEAVE_CARD)
		ap_reset(&pcsc_card.ap);
	was_reset = false;
	*protocol = SCARD_PROTOCOL_T1;
	return was_removed ? SCARD_W_REMOVED_CARD : rv;
}

LONG SCardStatus(SCARDHANDLE card, LPSTR name, LPDWORD name_len, LPDWORD state, LPDWORD protocol,
    LPBYTE out, LPDWORD out_len)
{
	LONG rv = of_card();

	(void)card;
	(void)name;
	if (rv != SCARD_S_SUCCESS)
		return rv;
	if (name_len != NULL)
		*name_len = 0;
	if (state != NULL)
		*state = SCARD_PRESENT;
	if (protocol != NULL)
		*protocol = SCARD_PROTOCOL_T1;
	if (out != NULL && out_len != NULL && *out_len >= sizeof atr) {
		memcpy(out, atr, sizeof atr);
		*out_len = sizeof atr;
	}
	return rv;
}

LONG SCardBeginTransaction(SCARDHANDLE card)
{
	(void)card;
	return of_card();
}

LONG SCardEndTransaction(SCARDHANDLE card, DWORD how)
{
	(void)card;
	(void)how;
	return of_card();
}

LONG SCardTransmit(SCARDHANDLE card, const SCARD_IO_REQUEST *pci, LPCBYTE command, DWORD n,
    SCARD_IO_REQUEST *got, LPBYTE answer, LPDWORD len)
{
	static uint8_t resp[AP_RESPONSE_MAX];
	LONG rv = of_card();
	size_t all;

	(void)card;
	(void)pci;
	(void)got;
	if (rv != SCARD_S_SUCCESS)
		return rv;
	/* The card's own OpenSSL does not fail. */
	fault_pause();
	all = ap_process(&pcsc_card.ap, command, n, resp);
	fault_resume();
	if (all > *len)
		return SCARD_E_INSUFFICIENT_BUFFER;
	memcpy(answer, resp, all);
	*len = (DWORD)all;
	return rv;
}

LONG SCardControl(
    SCARDHANDLE card, DWORD code, LPCVOID in, DWORD in_len, LPVOID out, DWORD cap, LPDWORD len)
{
	LONG rv = of_card();

	(void)card;
	(void)code;
	(void)in;
	(void)in_len;
	(void)out;
	(void)cap;
	*len = 0;
	return rv != SCARD_S_SUCCESS ? rv : SCARD_E_UNSUPPORTED_FEATURE;
}
