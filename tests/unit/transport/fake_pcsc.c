/* SPDX-License-Identifier: BSD-2-Clause */
/* PC/SC without pcscd. */
#include "tests/unit/transport/fake_pcsc.h"

#include <pthread.h>
#include <reader.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct call_state {
	unsigned count, skip, times;
	LONG rv;
	bool blocked;
};

static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct call_state call[FAKE_CALLS];
	int contexts, cards;
	bool held, cancelled;
	char names[8192];
	size_t names_len;
	DWORD state, atr_len;
	uint8_t answer[512], features[512], block[256];
	size_t answer_len, answer_claims, features_len, features_claims, block_len;
	DWORD control_code;
	char connected_to[512];
} fake = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

const SCARD_IO_REQUEST g_rgSCardT0Pci = {SCARD_PROTOCOL_T0, sizeof(SCARD_IO_REQUEST)};
const SCARD_IO_REQUEST g_rgSCardT1Pci = {SCARD_PROTOCOL_T1, sizeof(SCARD_IO_REQUEST)};
const SCARD_IO_REQUEST g_rgSCardRawPci = {SCARD_PROTOCOL_RAW, sizeof(SCARD_IO_REQUEST)};

void fake_reset(void)
{
	pthread_mutex_lock(&fake.lock);
	memset(fake.call, 0, sizeof fake.call);
	fake.contexts = fake.cards = 0;
	fake.held = fake.cancelled = false;
	fake.block_len = fake.features_len = fake.features_claims = 0;
	fake.state = SCARD_STATE_PRESENT | 0x00030000;
	fake.atr_len = 4;
	pthread_mutex_unlock(&fake.lock);
	fake_names("Fake 00 00\0", 12);
	fake_answer("\x90\x00", 2, 0);
}

void fake_fail(enum fake_call call, unsigned skip, unsigned times, LONG rv)
{
	pthread_mutex_lock(&fake.lock);
	fake.call[call].skip = skip;
	fake.call[call].times = times;
	fake.call[call].rv = rv;
	pthread_mutex_unlock(&fake.lock);
}

void fake_block(enum fake_call call)
{
	pthread_mutex_lock(&fake.lock);
	fake.call[call].blocked = true;
	pthread_mutex_unlock(&fake.lock);
}

void fake_unblock(enum fake_call call)
{
	pthread_mutex_lock(&fake.lock);
	fake.call[call].blocked = false;
	pthread_cond_broadcast(&fake.changed);
	pthread_mutex_unlock(&fake.lock);
}

unsigned fake_count(enum fake_call call)
{
	unsigned is;

	pthread_mutex_lock(&fake.lock);
	is = fake.call[call].count;
	pthread_mutex_unlock(&fake.lock);
	return is;
}

int fake_contexts(void)
{
	int is;

	pthread_mutex_lock(&fake.lock);
	is = fake.contexts;
	pthread_mutex_unlock(&fake.lock);
	return is;
}

int fake_cards(void)
{
	int is;

	pthread_mutex_lock(&fake.lock);
	is = fake.cards;
	pthread_mutex_unlock(&fake.lock);
	return is;
}

bool fake_held(void)
{
	bool is;

	pthread_mutex_lock(&fake.lock);
	is = fake.held;
	pthread_mutex_unlock(&fake.lock);
	return is;
}

void fake_names(const char *multi, size_t len)
{
	memcpy(fake.names, multi, len);
	fake.names_len = len;
}

void fake_state(DWORD state, DWORD atr_len)
{
	pthread_mutex_lock(&fake.lock);
	fake.state = state;
	fake.atr_len = atr_len;
	pthread_mutex_unlock(&fake.lock);
}

void fake_answer(const void *bytes, size_t n, size_t claims)
{
	memcpy(fake.answer, bytes, n);
	fake.answer_len = n;
	fake.answer_claims = claims;
}

void fake_features(const void *bytes, size_t n, size_t claims)
{
	memcpy(fake.features, bytes, n);
	fake.features_len = n;
	fake.features_claims = claims;
}

size_t fake_control_block(DWORD *code, uint8_t *block, size_t cap)
{
	*code = fake.control_code;
	memcpy(block, fake.block, fake.block_len < cap ? fake.block_len : cap);
	return fake.block_len;
}

const char *fake_connected_to(void)
{
	return fake.connected_to;
}

/* Counts the call and gives the failure that is due, with the lock held afterwards. */
static LONG enter(enum fake_call which)
{
	struct call_state *c = &fake.call[which];

	pthread_mutex_lock(&fake.lock);
	c->count++;
	while (c->blocked)
		pthread_cond_wait(&fake.changed, &fake.lock);
	if (c->skip > 0) {
		c->skip--;
		return SCARD_S_SUCCESS;
	}
	if (c->times == 0)
		return SCARD_S_SUCCESS;
	c->times--;
	return c->rv;
}

static LONG leave(LONG rv)
{
	pthread_mutex_unlock(&fake.lock);
	return rv;
}

LONG SCardEstablishContext(DWORD scope, LPCVOID r1, LPCVOID r2, LPSCARDCONTEXT context)
{
	LONG rv = enter(FAKE_ESTABLISH);

	(void)scope;
	(void)r1;
	(void)r2;
	if (rv == SCARD_S_SUCCESS)
		*context = 1000 + ++fake.contexts;
	return leave(rv);
}

LONG SCardReleaseContext(SCARDCONTEXT context)
{
	LONG rv = enter(FAKE_RELEASE);

	(void)context;
	fake.contexts--;
	return leave(rv);
}

LONG SCardListReaders(SCARDCONTEXT context, LPCSTR groups, LPSTR names, LPDWORD len)
{
	LONG rv = enter(FAKE_LIST);

	(void)context;
	(void)groups;
	if (rv == SCARD_S_SUCCESS && fake.names_len == 0)
		rv = SCARD_E_NO_READERS_AVAILABLE;
	if (rv == SCARD_S_SUCCESS && *len < fake.names_len)
		rv = SCARD_E_INSUFFICIENT_BUFFER;
	if (rv == SCARD_S_SUCCESS)
		memcpy(names, fake.names, fake.names_len);
	*len = fake.names_len;
	return leave(rv);
}

/* Fills the states; true when one differs from what the caller knows. */
static bool fill_states(SCARD_READERSTATE *states, DWORD n)
{
	bool differs = false;

	for (DWORD i = 0; i < n; i++) {
		states[i].dwEventState = states[i].dwCurrentState;
		if (states[i].szReader[0] == '\\')
			continue;
		states[i].dwEventState = fake.state;
		memset(states[i].rgbAtr, 0x3B, sizeof states[i].rgbAtr);
		states[i].cbAtr = fake.atr_len;
		if (states[i].dwCurrentState != fake.state) {
			states[i].dwEventState |= SCARD_STATE_CHANGED;
			differs = true;
		}
	}
	return differs;
}

LONG SCardGetStatusChange(SCARDCONTEXT context, DWORD timeout, SCARD_READERSTATE *states, DWORD n)
{
	LONG rv = enter(FAKE_STATUS_CHANGE);
	bool differs;

	(void)context;
	differs = rv == SCARD_S_SUCCESS && fill_states(states, n);
	/* A cancel reaches only who waits already. */
	fake.cancelled = false;
	for (DWORD ms = 0; rv == SCARD_S_SUCCESS && !differs; ms++) {
		if (ms >= timeout)
			return leave(SCARD_E_TIMEOUT);
		if (fake.cancelled)
			return leave(SCARD_E_CANCELLED);
		pthread_mutex_unlock(&fake.lock);
		(void)usleep(1000);
		pthread_mutex_lock(&fake.lock);
		differs = fill_states(states, n);
	}
	return leave(rv);
}

LONG SCardCancel(SCARDCONTEXT context)
{
	LONG rv = enter(FAKE_CANCEL);

	(void)context;
	fake.cancelled = true;
	return leave(rv);
}

static bool is_listed(const char *name)
{
	for (size_t at = 0; at < fake.names_len && fake.names[at] != '\0';
	     at += strlen(fake.names + at) + 1)
		if (strcmp(fake.names + at, name) == 0)
			return true;
	return false;
}

LONG SCardConnect(SCARDCONTEXT context, LPCSTR name, DWORD share, DWORD protocols,
    LPSCARDHANDLE card, LPDWORD protocol)
{
	LONG rv = enter(FAKE_CONNECT);

	(void)context;
	(void)protocols;
	if (rv == SCARD_S_SUCCESS && !is_listed(name))
		rv = SCARD_E_UNKNOWN_READER;
	if (rv == SCARD_S_SUCCESS && share != SCARD_SHARE_SHARED)
		rv = SCARD_E_INVALID_VALUE;
	if (rv == SCARD_S_SUCCESS) {
		*card = 2000 + ++fake.cards;
		*protocol = SCARD_PROTOCOL_T1;
		(void)snprintf(fake.connected_to, sizeof fake.connected_to, "%s", name);
	}
	return leave(rv);
}

LONG SCardReconnect(SCARDHANDLE card, DWORD share, DWORD protocols, DWORD how, LPDWORD protocol)
{
	LONG rv = enter(FAKE_RECONNECT);

	(void)card;
	(void)share;
	(void)protocols;
	(void)how;
	*protocol = SCARD_PROTOCOL_T0;
	return leave(rv);
}

LONG SCardDisconnect(SCARDHANDLE card, DWORD how)
{
	LONG rv = enter(FAKE_DISCONNECT);

	(void)card;
	if (how != SCARD_LEAVE_CARD)
		rv = SCARD_E_INVALID_VALUE;
	fake.cards--;
	fake.held = false;
	return leave(rv);
}

LONG SCardStatus(SCARDHANDLE card, LPSTR name, LPDWORD name_len, LPDWORD state, LPDWORD protocol,
    LPBYTE atr, LPDWORD atr_len)
{
	LONG rv = enter(FAKE_STATUS);

	(void)card;
	(void)name;
	*name_len = 0;
	*state = SCARD_PRESENT;
	*protocol = SCARD_PROTOCOL_T1;
	memset(atr, 0x3B, *atr_len);
	*atr_len = fake.atr_len;
	return leave(rv);
}

LONG SCardBeginTransaction(SCARDHANDLE card)
{
	LONG rv = enter(FAKE_BEGIN);

	(void)card;
	if (rv == SCARD_S_SUCCESS)
		fake.held = true;
	return leave(rv);
}

LONG SCardEndTransaction(SCARDHANDLE card, DWORD how)
{
	LONG rv = enter(FAKE_END);

	(void)card;
	(void)how;
	if (rv == SCARD_S_SUCCESS && !fake.held)
		rv = SCARD_E_NOT_TRANSACTED;
	fake.held = false;
	return leave(rv);
}

LONG SCardTransmit(SCARDHANDLE card, const SCARD_IO_REQUEST *pci, LPCBYTE command, DWORD n,
    SCARD_IO_REQUEST *back, LPBYTE resp, LPDWORD len)
{
	LONG rv = enter(FAKE_TRANSMIT);

	(void)card;
	(void)pci;
	(void)command;
	(void)n;
	(void)back;
	if (rv == SCARD_S_SUCCESS && *len < fake.answer_len)
		rv = SCARD_E_INSUFFICIENT_BUFFER;
	if (rv == SCARD_S_SUCCESS) {
		memcpy(resp, fake.answer, fake.answer_len);
		*len = fake.answer_claims ? fake.answer_claims : fake.answer_len;
	}
	return leave(rv);
}

LONG SCardControl(
    SCARDHANDLE card, DWORD code, LPCVOID in, DWORD in_len, LPVOID out, DWORD cap, LPDWORD got)
{
	const bool asks = code == CM_IOCTL_GET_FEATURE_REQUEST;
	LONG rv = enter(FAKE_CONTROL);
	size_t n = asks ? fake.features_len : fake.answer_len;
	size_t claims = asks ? fake.features_claims : fake.answer_claims;

	(void)card;
	if (rv == SCARD_S_SUCCESS && asks && n == 0 && claims == 0)
		rv = SCARD_E_UNSUPPORTED_FEATURE;
	if (!asks) {
		fake.control_code = code;
		fake.block_len = in_len < sizeof fake.block ? in_len : sizeof fake.block;
		memcpy(fake.block, in, fake.block_len);
	}
	if (rv == SCARD_S_SUCCESS) {
		memcpy(out, asks ? fake.features : fake.answer, n < cap ? n : cap);
		*got = claims ? claims : n;
	}
	return leave(rv);
}
