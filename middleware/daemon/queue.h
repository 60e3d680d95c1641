/* SPDX-License-Identifier: BSD-2-Clause */
/* The queue in front of one reader: users take turns, a user's processes among themselves, and a
 * process's connections first come first served, whatever the number of their threads. */
#ifndef ECERT_DAEMON_QUEUE_H
#define ECERT_DAEMON_QUEUE_H

#include "daemon/job.h"

/* Whose last turn is remembered; of more, that of longest ago is forgotten and counts as never. */
#define QUEUE_USERS	16
#define QUEUE_PROCESSES 64

/* The jobs of one client. */
struct lane {
	struct lane *next;
	uint64_t client;
	uid_t uid;
	pid_t pid;
	struct job *head, *tail;
};

/* When a user (uid) or a process (pid) had its last turn, as a number of queue.turns. */
struct stamp {
	uint64_t whose, turn;
};

/* Not locked: its owner is. */
struct queue {
	struct lane *first, *last; /* clients in the order of their coming */
	uint64_t turns;		   /* given so far */
	struct stamp user[QUEUE_USERS], process[QUEUE_PROCESSES];
};

/* Takes the job over. Errors: ECERT_E_MEMORY (the job stays the caller's). */
enum ecert_rc queue_put(struct queue *q, struct job *j) MUST_CHECK;
/*
 * A turn: of the client whose turn it is (client 0), or of this one if it has any, at most `most`
 * jobs; the rest of them goes to the end of the row. Whose turn it is: the user's who had one least
 * lately, of that one's processes the same, then whoever came first: nobody's wait grows with the
 * number of another's connections. NULL: nothing.
 */
struct job *queue_turn(struct queue *q, uint64_t client, size_t most);
/* Jobs of one client that its turn had no time for come first in its next one. Errors:
 * ECERT_E_MEMORY (they stay the caller's). */
enum ecert_rc queue_return(struct queue *q, struct job *jobs) MUST_CHECK;
/* What this client's next turn begins with; NULL: nothing. It stays the queue's. */
const struct job *queue_next(const struct queue *q, uint64_t client);
bool queue_empty(const struct queue *q);
/* Whether somebody else than this client waits. */
bool queue_others(const struct queue *q, uint64_t client);
/* Frees the jobs of this client; returns how many there were. */
size_t queue_drop(struct queue *q, uint64_t client);

#endif
