/* SPDX-License-Identifier: BSD-2-Clause */
/* PC/SC: a channel to one card. */
#include "transport/pcsc_priv.h"

#include <stdlib.h>
#include <string.h>

#include "util/log.h"

#define PROTOCOLS	(SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1)
#define RESETS_IN_A_ROW 3

/* The service's name of the reader that people know as c->name. */
static LONG find_raw_name(struct pcsc_channel *c)
{
	struct pcsc_names names;
	char clean[READER_NAME_MAX];
	const char *name;
	size_t at = 0;
	LONG rv = pcsc_list_names(c->context, &names);

	if (rv != SCARD_S_SUCCESS)
		return rv;
	while ((name = pcsc_next_name(&names, &at))) {
		reader_name_clean(name, clean);
		if (strcmp(clean, c->name) == 0 && strlen(name) < sizeof c->name) {
			memcpy(c->name, name, strlen(name) + 1);
			return SCARD_S_SUCCESS;
		}
	}
	return SCARD_E_UNKNOWN_READER;
}

static LONG connect_named(struct pcsc_channel *c)
{
	LONG rv = SCardConnect(
	    c->context, c->name, SCARD_SHARE_SHARED, PROTOCOLS, &c->card, &c->protocol);

	c->have_card = rv == SCARD_S_SUCCESS;
	return rv;
}

static void read_atr(struct pcsc_channel *c)
{
	uint8_t atr[MAX_ATR_SIZE];
	DWORD len = sizeof atr, state, protocol, name_len = 0;

	c->atr_len = 0;
	if (SCardStatus(c->card, NULL, &name_len, &state, &protocol, atr, &len) != SCARD_S_SUCCESS)
		return;
	c->atr_len = len < sizeof c->atr ? len : sizeof c->atr;
	memcpy(c->atr, atr, c->atr_len);
}

enum ecert_rc pcsc_connect(struct pcsc_channel *c)
{
	LONG rv = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &c->context);

	c->have_context = rv == SCARD_S_SUCCESS;
	if (!c->have_context)
		return pcsc_rc(rv, PCSC_CONNECTING);
	rv = connect_named(c);
	if (rv == SCARD_E_UNKNOWN_READER) {
		rv = find_raw_name(c);
		if (rv == SCARD_S_SUCCESS)
			rv = connect_named(c);
	}
	/* Somebody else's reset is no concern of a connection that has no state yet. */
	if (rv == SCARD_W_RESET_CARD)
		rv = connect_named(c);
	if (rv != SCARD_S_SUCCESS)
		return pcsc_rc(rv, PCSC_CONNECTING);
	read_atr(c);
	return ECERT_OK;
}

static LONG reconnect(struct pcsc_channel *c, DWORD how)
{
	LONG rv = SCardReconnect(c->card, SCARD_SHARE_SHARED, PROTOCOLS, how, &c->protocol);

	if (rv == SCARD_S_SUCCESS)
		read_atr(c);
	return rv;
}

/* What a failed reconnect means: a card that cannot be had back is not one that was reset, but for
 * one that was reset again. */
static enum ecert_rc not_back(LONG rv)
{
	enum ecert_rc rc = pcsc_rc(rv, PCSC_CONNECTED);

	return rc == ECERT_E_RESET && rv != SCARD_W_RESET_CARD ? ECERT_E_MUTE : rc;
}

enum ecert_rc pcsc_begin(struct pcsc_channel *c)
{
	enum ecert_rc rc = ECERT_E_RESET;
	LONG rv;

	c->begun = false;
	for (int i = 0; i < RESETS_IN_A_ROW && rc == ECERT_E_RESET; i++) {
		rv = SCardBeginTransaction(c->card);
		rc = pcsc_rc(rv, PCSC_CONNECTED);
		if (rc == ECERT_E_RESET) {
			c->reset_seen = true;
			rv = reconnect(c, SCARD_LEAVE_CARD);
			if (rv != SCARD_S_SUCCESS && rv != SCARD_W_RESET_CARD)
				return not_back(rv);
		}
	}
	if (rc != ECERT_OK)
		return rc == ECERT_E_RESET ? ECERT_E_CARD : rc;
	c->begun = true;
	rc = c->reset_seen ? ECERT_E_RESET : ECERT_OK;
	c->reset_seen = false;
	return rc;
}

void pcsc_end(struct pcsc_channel *c)
{
	c->begun = false;
	/* What could be wrong here shows at the next exchange. */
	(void)SCardEndTransaction(c->card, SCARD_LEAVE_CARD);
}

void pcsc_disconnect(struct pcsc_channel *c)
{
	if (c->have_card)
		(void)SCardDisconnect(c->card, SCARD_LEAVE_CARD);
	c->have_card = false;
	if (c->have_context)
		(void)SCardReleaseContext(c->context);
	c->have_context = false;
}

/* A card that is pulled in the middle shows first as a failed exchange, only then as removed. */
static LONG ask_status(struct pcsc_channel *c, LONG rv)
{
	uint8_t atr[MAX_ATR_SIZE];
	DWORD len = sizeof atr, state, protocol, name_len = 0;
	LONG status = SCardStatus(c->card, NULL, &name_len, &state, &protocol, atr, &len);

	return status == SCARD_S_SUCCESS ? rv : status;
}

enum ecert_rc pcsc_failed(struct pcsc_channel *c, LONG rv)
{
	enum ecert_rc rc = pcsc_rc(rv, PCSC_CONNECTED);

	if (rc == ECERT_E_CARD) {
		rv = ask_status(c, rv);
		rc = pcsc_rc(rv, PCSC_CONNECTED);
	}
	if (rc == ECERT_E_RESET) {
		rv = reconnect(c, SCARD_LEAVE_CARD);
		if (rv != SCARD_S_SUCCESS)
			rc = not_back(rv);
	}
	log_debug("pcsc: exchange failed: %08lx, %s", (unsigned long)rv & 0xFFFFFFFFul,
	    ecert_rc_name(rc));
	return rc;
}

static enum ecert_rc begin(void *impl)
{
	return pcsc_worker_begin(impl);
}

void pcsc_give_back(struct pcsc_channel *c)
{
	if (!c->held)
		return;
	c->held = false;
	pcsc_end(c);
}

static void end(void *impl)
{
	pcsc_give_back(impl);
}

static LONG exchange(
    struct pcsc_channel *c, struct rd command, uint8_t *resp, size_t cap, size_t *len)
{
	const SCARD_IO_REQUEST *pci = c->protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0
								       : SCARD_PCI_T1;
	DWORD got = (DWORD)cap;
	LONG rv = SCardTransmit(c->card, pci, command.p, (DWORD)command.n, NULL, resp, &got);

	if (rv == SCARD_S_SUCCESS)
		*len = (size_t)got;
	return rv;
}

static enum ecert_rc exchange_rc(
    struct pcsc_channel *c, struct rd command, uint8_t *resp, size_t cap, size_t *len)
{
	LONG rv = exchange(c, command, resp, cap, len);

	return rv == SCARD_S_SUCCESS ? ECERT_OK : pcsc_failed(c, rv);
}

/* Behind a begin that was given up and still waits in pcscd: its turn is ours. */
static enum ecert_rc exchange_in_turn(
    struct pcsc_channel *c, struct rd command, uint8_t *resp, size_t cap, size_t *len)
{
	enum ecert_rc rc = pcsc_worker_begin(c);

	if (rc == ECERT_OK)
		rc = exchange_rc(c, command, resp, cap, len);
	end(c);
	return rc;
}

/* One exchange is atomic by itself and needs no transaction, only a bound for its wait. */
static enum ecert_rc transmit(void *impl, struct rd command, uint8_t *resp, size_t cap, size_t *len)
{
	struct pcsc_channel *c = impl;
	LONG rv;

	if (c->held)
		return exchange_rc(c, command, resp, cap, len);
	if (atomic_load(&c->guard.cut))
		return ECERT_E_NO_SERVICE;
	if (!pcsc_guard_start(c))
		return exchange_in_turn(c, command, resp, cap, len);
	rv = exchange(c, command, resp, cap, len);
	pcsc_guard_stop(c);
	if (rv == SCARD_S_SUCCESS)
		return ECERT_OK;
	if (!atomic_load(&c->guard.cut))
		return pcsc_failed(c, rv);
	c->have_context = false;
	return ECERT_E_TIMEOUT;
}

static enum ecert_rc reset(void *impl)
{
	struct pcsc_channel *c = impl;
	bool was_held = c->held;
	enum ecert_rc rc = was_held ? ECERT_OK : pcsc_worker_begin(c);

	if (rc == ECERT_OK || rc == ECERT_E_RESET)
		rc = pcsc_rc(reconnect(c, SCARD_RESET_CARD), PCSC_CONNECTED);
	if (!was_held)
		end(c);
	return rc;
}

static struct rd atr(const void *impl)
{
	const struct pcsc_channel *c = impl;

	return rd_of(c->atr, c->atr_len);
}

static void close_channel(void *impl, bool forked)
{
	if (forked)
		pcsc_channel_free(impl);
	else
		pcsc_worker_close(impl);
}

static const struct channel_ops pcsc_channel_ops = {
    .begin = begin,
    .end = end,
    .transmit = transmit,
    .reset = reset,
    .pinpad = pcsc_pinpad,
    .pinpad_transmit = pcsc_pinpad_transmit,
    .atr = atr,
    .close = close_channel,
};

enum ecert_rc pcsc_channel_open(
    const char *reader_name, const struct channel_ops **ops, void **impl)
{
	struct pcsc_channel *c;
	enum ecert_rc rc;

	if (strlen(reader_name) >= sizeof c->name)
		return ECERT_E_NO_READER;
	c = calloc(1, sizeof *c);
	if (!c)
		return ECERT_E_MEMORY;
	memcpy(c->name, reader_name, strlen(reader_name) + 1);
	rc = pcsc_worker_open(&c);
	if (rc != ECERT_OK)
		return rc;
	*ops = &pcsc_channel_ops;
	*impl = c;
	return ECERT_OK;
}
