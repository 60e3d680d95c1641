/* SPDX-License-Identifier: BSD-2-Clause */
/* The queue in front of one reader: first come first served among clients, whatever the number of
 * their threads. */
#ifndef ECERT_DAEMON_QUEUE_H
#define ECERT_DAEMON_QUEUE_H

#include "daemon/job.h"

/* The jobs of one client. */
struct lane {
	struct lane *next;
	uint64_t client;
	struct job *head, *tail;
};

/* Not locked: its owner is. */
struct queue {
	struct lane *first, *last; /* clients in the order of their turns */
};

/* Takes the job over. Errors: ECERT_E_MEMORY (the job stays the caller's). */
enum ecert_rc queue_put(struct queue *q, struct job *j) MUST_CHECK;
/*
 * A turn: of the client whose turn it is (client 0), or of this one if it has any, at most `most`
 * jobs; the rest of them goes to the end of the row. NULL: nothing.
 */
struct job *queue_turn(struct queue *q, uint64_t client, size_t most);
/* What this client's next turn begins with; NULL: nothing. It stays the queue's. */
const struct job *queue_next(const struct queue *q, uint64_t client);
bool queue_empty(const struct queue *q);
/* Somebody else than this client waits. */
bool queue_others(const struct queue *q, uint64_t client);
/* Drops what this client asked for. */
void queue_drop(struct queue *q, uint64_t client);

#endif
