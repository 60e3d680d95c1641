/* SPDX-License-Identifier: BSD-2-Clause */
/* Readers and the channel to a card in one: the seam that PC/SC, the virtual token's socket, the
 * recorder and the replayer stand behind. */
#ifndef ECERT_TRANSPORT_READER_H
#define ECERT_TRANSPORT_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "ecert/rc.h"
#include "util/rd.h"

#define READER_NAME_MAX	     128 /* bytes with the NUL, as pcsc-lite's MAX_READERNAME */
#define READER_ATR_MAX	     33	 /* ISO 7816-3, 8.2.1 */
#define READER_MAX	     16	 /* readers of one source, as pcsc-lite's limit */
#define CHANNEL_RESPONSE_MAX (65536 + 2)

struct reader_info {
	char name[READER_NAME_MAX]; /* UTF-8 as the service gives it, control bytes replaced by '?'
				     */
	uint8_t atr[READER_ATR_MAX];
	size_t atr_len;
	bool present;
	bool mute;	 /* A card is in, and it does not answer. */
	bool exclusive;	 /* Another program holds the card for itself. */
	bool is_virtual; /* the virtual token's socket */
	uint32_t events; /* how many insertions and removals there were: it tells a quick swap from
			    no change */
};

/* ---- a source of readers ---- */
struct readers;

/*
 * Opens a source. where: NULL or "pcsc" for PC/SC; "socket:PATH" for a virtual token that listens
 * there (marked virtual); "replay:PATH" for a recording played in its order, "replay-any:PATH" for
 * one that is looked up (transport/replay.h). Nothing is contacted yet. Environment: when
 * ECERT_RECORD names a file (and the process has no raised privileges), every channel appends its
 * APDUs there as text, PINs and keys masked. Errors: ECERT_E_ARG (also for a stand-in when the
 * process has raised privileges), ECERT_E_MEMORY, ECERT_E_IO (no recording there).
 */
enum ecert_rc readers_open(const char *where, struct readers **out) MUST_CHECK;
/* Closes and sets *r to NULL. Channels opened from it must be closed first. */
void readers_close(struct readers **r);

/*
 * Lists the readers that are there now: *n of them, cap at most. It survives a restart of the
 * service, by a fresh context. Errors: ECERT_E_NO_SERVICE (*n is 0), ECERT_E_MEMORY. That there is
 * no reader is not an error.
 */
enum ecert_rc readers_list(
    struct readers *r, struct reader_info *out, size_t cap, size_t *n) MUST_CHECK;
/*
 * Blocks until a reader or a card comes or goes against what the last readers_list returned, at
 * most timeout_ms (-1: without limit). It may be called from another thread than the other
 * functions. Errors: ECERT_E_TIMEOUT, ECERT_E_CANCELLED (readers_cancel was called),
 * ECERT_E_NO_SERVICE (after waiting out the timeout or, without limit, until the service comes:
 * then ECERT_OK).
 */
enum ecert_rc readers_wait(struct readers *r, int timeout_ms) MUST_CHECK;
/* Makes a readers_wait in another thread return ECERT_E_CANCELLED. When there is none, the next
 * one does. */
void readers_cancel(struct readers *r);

/* ---- a channel to the card in one reader ---- */
struct channel;

/* What part 10 of PC/SC says of a reader's own PIN entry. */
struct pinpad {
	bool verify, modify;
};

/*
 * Connects to the card, shared with other programs, and powers it. It gives up after 5 s. Errors:
 * ECERT_E_NO_SERVICE, ECERT_E_NO_READER, ECERT_E_NO_CARD, ECERT_E_MUTE, ECERT_E_EXCLUSIVE,
 * ECERT_E_TIMEOUT, ECERT_E_MEMORY.
 */
enum ecert_rc channel_open(
    struct readers *r, const char *reader_name, struct channel **out) MUST_CHECK;
/* Disconnects and leaves the card powered as it is; sets *c to NULL. In a forked child it only
 * frees: nothing is written to the inherited handle. */
void channel_close(struct channel **c);

/*
 * Starts a transaction: nobody else reaches the card until channel_end. Pairs nest: the inner ones
 * only count. A channel is used by one thread at a time. Errors: ECERT_E_RESET when the card was
 * reset since the last exchange: the transaction IS held then (the channel has reconnected), but
 * whatever was selected or verified is gone; ECERT_E_REMOVED, ECERT_E_NO_SERVICE, ECERT_E_TIMEOUT:
 * not held.
 */
enum ecert_rc channel_begin(struct channel *c) MUST_CHECK;
void channel_end(struct channel *c);

/*
 * Sends one command APDU and receives its response APDU (data and the two status bytes) into resp;
 * *len counts both. It works inside and outside of a transaction. At least 2 bytes come back, or
 * it is ECERT_E_CARD. Errors: ECERT_E_RESET, ECERT_E_REMOVED, ECERT_E_NO_SERVICE, ECERT_E_BUFFER
 * (more than cap came), ECERT_E_CARD (a transport failure or a response under 2 bytes),
 * ECERT_E_TIMEOUT (outside of a transaction, behind another program's). After ECERT_E_RESET the
 * channel is usable again at once; after ECERT_E_REMOVED, ECERT_E_NO_SERVICE and ECERT_E_TIMEOUT
 * only channel_close is left.
 */
enum ecert_rc channel_transmit(
    struct channel *c, struct rd command, uint8_t *resp, size_t cap, size_t *len) MUST_CHECK;

/* Resets the card cold (SCardReconnect with SCARD_RESET_CARD). */
enum ecert_rc channel_reset(struct channel *c) MUST_CHECK;

/* Tells what the reader offers of its own PIN entry. The reader is asked once. When that fails,
 * nothing is offered. */
struct pinpad channel_pinpad(struct channel *c);
/*
 * Lets the reader collect a PIN (6 to 8 characters, padded with FF to 8) and put it into the
 * template APDU: VERIFY (modify = false: template data is 8 bytes FF) or CHANGE REFERENCE DATA (16
 * bytes FF). Errors: as channel_transmit, ECERT_E_CANCELLED, ECERT_E_TIMEOUT, ECERT_E_UNSUPPORTED.
 */
enum ecert_rc channel_pinpad_transmit(struct channel *c, struct rd apdu_template, bool modify,
    uint8_t *resp, size_t cap, size_t *len) MUST_CHECK;

/* The card's ATR as the connection gave it. It is a view into the channel. */
struct rd channel_atr(const struct channel *c);
bool channel_is_virtual(const struct channel *c);

/*
 * Says whether PC/SC channels may have a helper thread each, which is the default. The thread
 * bounds channel_open and channel_begin; without it they wait in pcscd for as long as pcscd lets
 * them. Some hosts forbid threads (CKF_LIBRARY_CANT_CREATE_OS_THREADS). It holds for channels that
 * are opened later.
 */
void readers_use_threads(bool allowed);

/* ---- for implementers: sources and channels are these tables over a private struct ---- */
struct channel_ops {
	enum ecert_rc (*begin)(void *impl); /* NULL: nobody to share the card with */
	void (*end)(void *impl);	    /* NULL: nothing to give back */
	enum ecert_rc (*transmit)(
	    void *impl, struct rd command, uint8_t *resp, size_t cap, size_t *len);
	enum ecert_rc (*reset)(void *impl);  /* NULL: nothing to reset */
	struct pinpad (*pinpad)(void *impl); /* NULL: none */
	enum ecert_rc (*pinpad_transmit)(void *impl, struct rd apdu_template, bool modify,
	    uint8_t *resp, size_t cap, size_t *len); /* NULL: none */
	struct rd (*atr)(const void *impl);
	void (*close)(void *impl, bool forked); /* NULL: the source owns everything */
};

struct readers_ops {
	enum ecert_rc (*list)(void *impl, struct reader_info *out, size_t cap, size_t *n);
	enum ecert_rc (*wait)(void *impl, int timeout_ms);
	void (*cancel)(void *impl); /* NULL: wait never blocks */
	enum ecert_rc (*open)(void *impl, const char *reader_name, const struct channel_ops **ops,
	    void **channel_impl);
	void (*close)(void *impl); /* NULL: impl belongs to the caller */
	bool is_virtual;
};

/* Wraps an implementation of the caller's own, for tests and fuzzers; takes impl over. */
enum ecert_rc readers_of(
    const struct readers_ops *ops, void *impl, struct readers **out) MUST_CHECK;
enum ecert_rc channel_of(
    const struct channel_ops *ops, void *impl, bool is_virtual, struct channel **out) MUST_CHECK;

#endif
