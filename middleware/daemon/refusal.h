/* SPDX-License-Identifier: BSD-2-Clause */
/* How much of the journal refused requests may fill, and the one record in which many are told. */
#ifndef ECERT_DAEMON_REFUSAL_H
#define ECERT_DAEMON_REFUSAL_H

#include "daemon/job.h"
#include "journal/journal.h"

/*
 * What needs no PIN must not fill the disk, on which the next signature waits. A request that is
 * refused before the card is asked writes no record of its own: such ones are counted, and told by
 * one record of each program and interval. One that the card has to refuse is on record before and
 * after; the bytes of that are taken from an allowance of the program's, and from one of its
 * user's, and who has used it up waits until it has grown again.
 */
#define REFUSAL_INTERVAL_MS 60000
#define REFUSAL_ROWS	    16
#define ALLOWANCE_PROCESSES 64
#define ALLOWANCE_USERS	    16
/* Bytes at first and at most, and how many more a second: half of it for one process. */
#define ALLOWANCE_BYTES	 (16 << 10)
#define ALLOWANCE_GROWTH 256

struct refusal {
	struct peer peer; /* who was refused last; client 0: several programs */
	const char *what; /* what was asked last, in the journal's words */
	enum ecert_rc rc; /* and why it was refused */
	uint64_t count;
	int64_t since; /* clock_ms of the first; 0: the row is free */
};

struct allowance {
	uint64_t whose;
	int64_t at; /* clock_ms of when it was so much; 0: the row is free */
	int64_t bytes;
};

struct refusals {
	pthread_mutex_t lock;
	struct refusal row[REFUSAL_ROWS];
	struct allowance process[ALLOWANCE_PROCESSES], user[ALLOWANCE_USERS],
	    login[ALLOWANCE_PROCESSES];
};

void refusals_init(struct refusals *r);
/* Counts one that needed no record. */
void refusals_count(
    struct refusals *r, const struct peer *peer, const char *what, enum ecert_rc rc);
/* Milliseconds until a request of this one may be put on record; 0: now. logged_in: the connection
 * has an allowance of its own then, which nobody without the PIN can use up. */
int64_t refusals_wait(struct refusals *r, const struct peer *peer, bool logged_in);
/* So many bytes were written for one that was refused. */
void refusals_spend(struct refusals *r, const struct peer *peer, bool logged_in, uint64_t bytes);
/* Records for the intervals that are over, or for all. */
void refusals_tell(struct refusals *r, struct journal *journal, bool all);

/* handle.c: how the journal calls this one. */
void journal_name_peer(const struct peer *p, struct journal_entry *e);

#endif
