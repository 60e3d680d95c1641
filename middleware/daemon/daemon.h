/* SPDX-License-Identifier: BSD-2-Clause */
/* What the daemon's parts share: the listener, which sees sockets and never a card, and one worker
 * for each reader, which sees cards and never a socket. */
#ifndef ECERT_DAEMON_DAEMON_H
#define ECERT_DAEMON_DAEMON_H

#include <stdatomic.h>

#include "journal/journal.h"
#include "daemon/limit.h"
#include "daemon/pins.h"
#include "daemon/queue.h"
#include "daemon/refusal.h"
#include "token/token.h"
#include "token/wire.h"

/*
 * Words: a "window" is one transaction on the card: VERIFY, the operations of one client, logout.
 * It is "held" while it is open. A login "once" pays for one operation with a key that wants the
 * PIN always; it is "unspent" until then. A "turn" is what a client gets done before the next
 * one's. A "place" is room for a connection (places.c); a "share", how many of its requests may be
 * under way. What the first answer of a run of ecertd brings, its client "confirms", so that the
 * journal may name its program.
 */

/* Turns of one client in one transaction: jobs, and milliseconds while others wait. */
#define TURN_JOBS 8
#define TURN_MS	  500

struct daemon;

/* The transaction that is open for one client: VERIFY, its operations, logout. */
struct window {
	uint64_t client; /* 0: none */
	bool held;
	bool unspent; /* the client's login was the last thing done: it pays for a key with PIN
			 always */
	uint8_t once; /* key reference that login-once has paid for, 0 none */
	bool always;  /* a login-once was made in it */
	int64_t opened, last;
	int64_t verified; /* the last VERIFY */
};

struct worker {
	struct daemon *daemon;
	unsigned slot;
	pthread_mutex_t lock; /* queue, started, stop */
	pthread_cond_t changed;
	pthread_t thread;
	bool started, stop;
	struct queue queue;
	struct pins pins; /* locked by itself: the listener asks it who is logged in */
	/* The worker's thread alone: */
	struct job *deferred; /* jobs that have to wait for their time (j->due), in any order */
	struct window window;
	int64_t busy_since; /* how long foreign programs have found no gap; 0 = not at all */
	int64_t left;	    /* when the card was last given back */
	uint32_t noted;	    /* generation whose counters the journal has */
	char serial[33];    /* of that generation's token */
};

/* Answers on their way to the listener. */
struct reply {
	struct reply *next;
	uint64_t client;
	bool large; /* the answer to a large frame, whose room is free again */
	struct buf frame;
};

struct daemon {
	struct tokens *tokens;
	struct journal *journal;
	struct limits limits;
	struct refusals refusals;
	struct worker worker[TOKEN_SLOTS_MAX + 1]; /* the last one asks for readers */
	pthread_mutex_t lock;			   /* replies, slots */
	struct reply *replies, *replies_last;
	struct token_slot slot[TOKEN_SLOTS_MAX];
	size_t slots;
	int wake; /* eventfd: replies, slots, or the end */
	atomic_bool stopping;
	uint32_t run;
	pthread_t monitor;
};

#define GENERAL_WORKER TOKEN_SLOTS_MAX

/* worker.c */
enum ecert_rc workers_start(struct daemon *d) MUST_CHECK;
void workers_stop(struct daemon *d);
#define WORKERS (GENERAL_WORKER + 1)

/* Returns the number of the worker that a request is for. */
size_t worker_of(struct daemon *d, const struct wire_request *q);
/* Hands a job over to the worker, which frees it. Errors: ECERT_E_MEMORY (the job stays the
 * caller's). */
enum ecert_rc worker_put(struct daemon *d, size_t worker, struct job *j) MUST_CHECK;
/* The client has gone: its jobs, logins and window end everywhere. put: how many jobs each worker
 * was given for it; one that worked at none of them has nothing to forget. */
void workers_forget(struct daemon *d, const struct peer *peer, const uint64_t put[WORKERS]);
/* Tells whether a login of this client is kept by any worker. */
bool workers_know(struct daemon *d, uint64_t client);
bool workers_idle(struct daemon *d);

/* window.c; on the worker's thread. */
/* Makes the transaction this client's, and logs it in as it is. Errors: ECERT_E_AUTH (no login, or
 * what was kept is no longer right), token_hold's. */
enum ecert_rc window_for(struct worker *w, uint64_t client) MUST_CHECK;
/* Does the same, with a login that the client makes now. */
enum ecert_rc window_login(struct worker *w, uint64_t client, enum token_user user,
    struct rd secret, unsigned flags, int *tries) MUST_CHECK;
/* Does the same for one operation with this key: in the window that is open if it is this client's,
 * a short while old, and nobody else of ours waits. */
enum ecert_rc window_login_once(struct worker *w, uint64_t client, uint8_t ref, struct rd secret,
    unsigned flags, int *tries) MUST_CHECK;
/* Returns the generation of the card that was last seen in the reader, 0 for none. */
uint32_t window_generation(struct worker *w);
/* Logs out and ends the transaction. */
void window_close(struct worker *w);
/* Returns when the window is to be closed if nothing more comes, or 0 when none is open. Called
 * with the worker's lock held. */
int64_t window_deadline(const struct worker *w, bool others);

/* What a request gives: a, and the answer's field, which counts when nothing failed. */
struct answer {
	uint32_t a;
	struct buf field;
};

/* handle.c; on the worker's thread: carries a job out and answers it. false: it has to be asked
 * again at j->due. */
bool handle_job(struct worker *w, struct job *j);

/*
 * The functions behind the rows of IPC_REQUESTS, each with the row's name: do_ carries out
 * (operate.c, secrets.c), admit_ comes before anything is recorded or sent and says whether this
 * client may (errors: ECERT_E_AUTH, ECERT_E_ARG, and what the card would never be asked for),
 * write_ carries out what has its permission already (write.c). Numbers are in their ranges.
 * do_write and admit_write do for all that are served as WRITE.
 */
typedef enum ecert_rc do_fn(struct worker *w, const struct job *j, struct answer *to);
typedef enum ecert_rc admit_fn(struct worker *w, const struct job *j);
typedef enum ecert_rc write_fn(
    const struct token_at *at, const struct wire_request *q, struct answer *to);
#define DAEMON_HERE(name)
#define DAEMON_NOBODY(name)
#define DAEMON_CARDLESS(name) do_fn do_##name MUST_CHECK;
#define DAEMON_READ(name)     do_fn do_##name MUST_CHECK;
#define DAEMON_USE(name)                                                                           \
	do_fn do_##name MUST_CHECK;                                                                \
	admit_fn admit_##name MUST_CHECK;
#define DAEMON_ATTEMPT(name) DAEMON_USE(name)
#define DAEMON_WRITE(name)   write_fn write_##name MUST_CHECK;
#define DAEMON_FUNCTIONS(TYPE, code, name, word, served, numbers, fields, answer)                  \
	DAEMON_##served(name)
IPC_REQUESTS(DAEMON_FUNCTIONS, IPC_NOTHING, IPC_NOTHING)
do_fn do_write MUST_CHECK;
admit_fn admit_write MUST_CHECK;
/* Returns which delays a request that carries a secret comes under. */
enum limit_kind limit_of(const struct job *j);
struct token_at job_at(const struct worker *w, const struct job *j);

/* reply.c */
void reply_send(
    struct daemon *d, const struct job *j, enum ecert_rc rc, uint32_t a, struct rd field);

/* The slots as last seen become the listener's, who tells those who wait for a change. */
void slots_publish(struct daemon *d);

#endif
