/* SPDX-License-Identifier: BSD-2-Clause */
/* PC/SC: what its files share. */
#ifndef ECERT_TRANSPORT_PCSC_PRIV_H
#define ECERT_TRANSPORT_PCSC_PRIV_H

#include <pthread.h>
#include <stdatomic.h>
#include <winscard.h>

#include "transport/transport_priv.h"

#define PCSC_RAW_NAME_MAX 256
#define PCSC_BOUND_MS	  4500 /* connecting and waiting for one's turn, under the seam's 5 s */
#define PCSC_NAMES_MAX	  8192 /* the multi-string of all readers */

/* A list of reader names as the service gave it. */
struct pcsc_names {
	char text[PCSC_NAMES_MAX];
	DWORD len;
};

enum pcsc_job { JOB_NONE, JOB_OPEN, JOB_BEGIN, JOB_CLOSE };

/*
 * Watches a lone exchange, one outside of a transaction: SCardTransmit waits without limit while
 * another program is in one. The worker looks at `since` twice a second while there is work, so
 * that an exchange pays two stores for its bound and no round trip.
 */
struct pcsc_guard {
	atomic_llong since; /* when the exchange under way began, CLOCK_MONOTONIC ms; 0: none is */
	atomic_bool awake;  /* The worker is looking. */
	atomic_bool
	    cut; /* The exchange took too long: its context is gone, and so is the channel. */
};

/*
 * A channel. What may block without limit in pcscd (connecting, waiting for a transaction,
 * disconnecting) is done by its worker thread, so that the caller can stop waiting. The lock guards
 * job, wanted, abandoned, worker_gone and result; the rest belongs to the worker while a job runs,
 * to the caller otherwise.
 */
struct pcsc_channel {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_t thread;
	bool threaded;	/* There is a worker. */
	bool wanted;	/* Somebody waits for the job's result. */
	bool abandoned; /* The owner has gone. */
	bool worker_gone;
	enum pcsc_job job;
	enum ecert_rc result;
	struct pcsc_guard guard;
	bool held; /* The caller has the transaction. Only the caller looks at this, also while a
		      job runs. */

	SCARDCONTEXT context;
	SCARDHANDLE card;
	bool have_context, have_card;
	bool begun;	 /* pcscd has given us the transaction. */
	bool reset_seen; /* There was a reset that nobody was told of yet. */
	DWORD protocol;
	char name[PCSC_RAW_NAME_MAX];
	uint8_t atr[READER_ATR_MAX];
	size_t atr_len;
	uint32_t verify_code, modify_code; /* part 10's control codes, 0: none */
};

/* When a code came: it means another thing to who connects and to who is connected. */
enum pcsc_when { PCSC_CONNECTING, PCSC_CONNECTED };
enum ecert_rc pcsc_rc(LONG rv, enum pcsc_when when);
/* Whether the service has gone or was started again, so that a fresh context is needed. */
bool pcsc_service_lost(LONG rv);

/* Errors: as SCardListReaders, no reader is SCARD_S_SUCCESS with an empty list. */
LONG pcsc_list_names(SCARDCONTEXT context, struct pcsc_names *names);
/* Gives the next name of the list; NULL: there are no more. *at starts at 0. */
const char *pcsc_next_name(const struct pcsc_names *names, size_t *at);

/* Starts the worker (if threads are allowed) and runs JOB_OPEN. On failure *c is gone. */
enum ecert_rc pcsc_worker_open(struct pcsc_channel **c) MUST_CHECK;
/* Waits for the transaction, at most PCSC_BOUND_MS. Errors: as channel_begin. */
enum ecert_rc pcsc_worker_begin(struct pcsc_channel *c) MUST_CHECK;
/* Stand around a lone exchange. False: the worker is still in an earlier wait and cannot watch. */
bool pcsc_guard_start(struct pcsc_channel *c);
void pcsc_guard_stop(struct pcsc_channel *c);
/* Disconnects and frees, or leaves that to the worker while pcscd keeps it waiting. */
void pcsc_worker_close(struct pcsc_channel *c);
/* Frees memory only. */
void pcsc_channel_free(struct pcsc_channel *c);

/* The worker looks at a lone exchange, without the lock. True: nothing was under way. */
bool pcsc_guard_look(struct pcsc_channel *c);

/* The blocking work itself, called by the worker. */
enum ecert_rc pcsc_connect(struct pcsc_channel *c) MUST_CHECK;
enum ecert_rc pcsc_begin(struct pcsc_channel *c) MUST_CHECK;
void pcsc_end(struct pcsc_channel *c);
/* Ends the caller's transaction, if it has one. */
void pcsc_give_back(struct pcsc_channel *c);
void pcsc_disconnect(struct pcsc_channel *c);

enum ecert_rc pcsc_channel_open(
    const char *reader_name, const struct channel_ops **ops, void **impl) MUST_CHECK;
/* Turns the code of a failed exchange into ours, and connects again after a reset. */
enum ecert_rc pcsc_failed(struct pcsc_channel *c, LONG rv) MUST_CHECK;

struct pinpad pcsc_pinpad(void *impl);
enum ecert_rc pcsc_pinpad_transmit(void *impl, struct rd apdu_template, bool modify, uint8_t *resp,
    size_t cap, size_t *len) MUST_CHECK;

#endif
