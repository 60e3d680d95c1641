/* SPDX-License-Identifier: BSD-2-Clause */
/* PC/SC: its return codes in ours, and its lists of names. */
#include "transport/pcsc_priv.h"

#include <string.h>

struct row {
	LONG rv;
	enum ecert_rc connecting, connected;
};

/* The same to who connects and to who is connected. */
#define ALIKE(rc) .connecting = (rc), .connected = (rc)

/* PC/SC part 5, 3.1.4 names the codes; INVALID_HANDLE is what a restarted pcscd says to handles of
 * its predecessor, COMM_ERROR what the client library says when the socket broke. */
static const struct row rows[] = {
    {.rv = SCARD_S_SUCCESS, ALIKE(ECERT_OK)},
    {.rv = SCARD_E_NO_SERVICE, ALIKE(ECERT_E_NO_SERVICE)},
    {.rv = SCARD_E_SERVICE_STOPPED, ALIKE(ECERT_E_NO_SERVICE)},
    {.rv = SCARD_F_COMM_ERROR, ALIKE(ECERT_E_NO_SERVICE)},
    {.rv = SCARD_E_INVALID_HANDLE, ALIKE(ECERT_E_NO_SERVICE)},
    {.rv = SCARD_P_SHUTDOWN, ALIKE(ECERT_E_NO_SERVICE)},
    {.rv = SCARD_E_NO_MEMORY, ALIKE(ECERT_E_MEMORY)},
    {.rv = SCARD_E_UNKNOWN_READER, .connecting = ECERT_E_NO_READER, .connected = ECERT_E_REMOVED},
    {.rv = SCARD_E_NO_READERS_AVAILABLE,
	.connecting = ECERT_E_NO_READER,
	.connected = ECERT_E_REMOVED},
    {.rv = SCARD_E_READER_UNAVAILABLE,
	.connecting = ECERT_E_NO_READER,
	.connected = ECERT_E_REMOVED},
    {.rv = SCARD_E_NO_SMARTCARD, .connecting = ECERT_E_NO_CARD, .connected = ECERT_E_REMOVED},
    {.rv = SCARD_W_REMOVED_CARD, .connecting = ECERT_E_NO_CARD, .connected = ECERT_E_REMOVED},
    {.rv = SCARD_W_UNRESPONSIVE_CARD, ALIKE(ECERT_E_MUTE)},
    {.rv = SCARD_W_UNSUPPORTED_CARD, ALIKE(ECERT_E_MUTE)},
    /* Once connected: the protocol that was agreed on is gone, which only a reset does. */
    {.rv = SCARD_E_PROTO_MISMATCH, .connecting = ECERT_E_MUTE, .connected = ECERT_E_RESET},
    {.rv = SCARD_W_UNPOWERED_CARD, .connecting = ECERT_E_MUTE, .connected = ECERT_E_RESET},
    {.rv = SCARD_W_RESET_CARD, ALIKE(ECERT_E_RESET)},
    {.rv = SCARD_E_SHARING_VIOLATION, ALIKE(ECERT_E_EXCLUSIVE)},
    {.rv = SCARD_E_TIMEOUT, ALIKE(ECERT_E_TIMEOUT)},
    {.rv = SCARD_E_CANCELLED, ALIKE(ECERT_E_CANCELLED)},
    {.rv = SCARD_E_INSUFFICIENT_BUFFER, ALIKE(ECERT_E_BUFFER)},
    {.rv = SCARD_E_UNSUPPORTED_FEATURE, ALIKE(ECERT_E_UNSUPPORTED)},
};

enum ecert_rc pcsc_rc(LONG rv, enum pcsc_when when)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].rv == rv)
			return when == PCSC_CONNECTING ? rows[i].connecting : rows[i].connected;
	return ECERT_E_CARD;
}

bool pcsc_service_lost(LONG rv)
{
	return rv != SCARD_S_SUCCESS && pcsc_rc(rv, PCSC_CONNECTING) == ECERT_E_NO_SERVICE;
}

LONG pcsc_list_names(SCARDCONTEXT context, struct pcsc_names *names)
{
	LONG rv;

	names->len = sizeof names->text - 1;
	rv = SCardListReaders(context, NULL, names->text, &names->len);
	if (rv != SCARD_S_SUCCESS || names->len > sizeof names->text - 1)
		names->len = 0;
	names->text[names->len] = '\0';
	return rv == SCARD_E_NO_READERS_AVAILABLE ? SCARD_S_SUCCESS : rv;
}

const char *pcsc_next_name(const struct pcsc_names *names, size_t *at)
{
	const char *name;

	if (*at >= names->len || names->text[*at] == '\0')
		return NULL;
	name = names->text + *at;
	*at += strlen(name) + 1;
	return name;
}
