/* SPDX-License-Identifier: BSD-2-Clause */
/* The client's connection to ecertd. */
#ifndef ECERT_TOKEN_REMOTE_H
#define ECERT_TOKEN_REMOTE_H

#include <pthread.h>

#include "token/backend.h"
#include "token/wire.h"
#include "util/fd.h"

/* No two runs of a daemon share a generation. */
#define REMOTE_RUN_STRIDE (1u << 20)

/*
 * Every wait for ecertd ends. Its listener touches no card, so that within ALIVE it accepts, takes
 * a frame, and answers what is its own to answer; it is asked for that when a request has waited
 * for QUIET and nothing came. A daemon that does not, stopped perhaps, is given up, and not called
 * again for as long. ANSWER is for what cards do: the slowest thing is making an RSA-4096 key, and
 * the daemon bounds everything below that.
 */
#define REMOTE_QUIET_MS	 1000
#define REMOTE_ALIVE_MS	 4000
#define REMOTE_ANSWER_MS 300000
/* A daemon that has no place is asked again so long. */
#define REMOTE_TURN_MS 10000

/* A request that waits for its answer, on its thread's stack. */
struct pending {
	struct pending *next;
	struct link *link;
	uint32_t id;
	bool done, watched;	/* watched: the daemon has to show life meanwhile */
	int64_t sent, deadline; /* deadline 0: none */
	enum ecert_rc rc;	/* the connection's, then the answer's */
	uint32_t a;
	struct buf field;
};

/* How this process's slot ids and generations stand to those of the daemon's present run. */
struct remote_slot {
	char reader[128];
	unsigned theirs;
	bool mapped; /* in this run */
	struct token_slot last;
	uint32_t reported;
};

/* One connection; closed by the last thread that uses it. */
struct link {
	int fd;
	struct fd_mark mark; /* of what was opened: the number may be the program's by now */
	unsigned refs;
	bool broken, greeted;
	bool dismissed; /* for want of places: nothing that waits was carried out */
	int64_t heard,
	    asked; /* the last frame came; life was asked for and nothing came since, or 0 */
};

struct remote {
	char path[108];
	pthread_mutex_t lock;	 /* everything below */
	pthread_cond_t changed;	 /* an answer came, or the reader's role is free */
	pthread_mutex_t sending; /* one frame at a time */
	struct link *link;	 /* NULL: not connected */
	uint32_t run;		 /* of the daemon */
	uint32_t revision;	 /* that both ends speak */
	uint32_t base;		 /* added to the run's generations, so that no two runs share one */
	bool reading;		 /* a thread has the reader's role */
	int64_t silent_until;	 /* no attempt to connect before */
	uint32_t next_id;
	struct pending *waiting;
	bool user_writes;   /* as in struct tokens_config */
	char key_file[256]; /* "" = the key behind the PIN */
	struct remote_slot slot[TOKEN_SLOTS_MAX];
	size_t slots;
	unsigned cancels;
};

/* remote_link.c */
/* Errors: ECERT_E_NO_SERVICE, ECERT_E_TIMEOUT (somebody listens and does not accept). */
enum ecert_rc link_open(const char *path, int *fd) MUST_CHECK;
/* own: what fd has to be, looked at before each use (NULL: not). */
/* Sends all of it. Errors: ECERT_E_NO_SERVICE, ECERT_E_TIMEOUT; part of it may have gone. */
enum ecert_rc link_send(
    int fd, const struct fd_mark *own, struct rd bytes, int patience_ms) MUST_CHECK;
/* Reads one frame's body; false means that the connection has to end. */
bool link_read(int fd, const struct fd_mark *own, struct buf *body) MUST_CHECK;

/* remote_conn.c; all with the lock held at entry and exit. */
struct link *link_take(struct remote *r);
void link_drop(struct link *l);
/* Ends the connection: everything that waits on it has failed, once and for all. */
void link_give_up(struct remote *r, struct link *l);
/* Ends the connection to a daemon that is there and does nothing, stopped perhaps: nobody waits for
 * it a second time so soon. */
void link_silent(struct remote *r, struct link *l);
/* Sends q; this one is called without the lock. Nobody sends after a frame that may have been cut
 * off. */
enum ecert_rc link_request(
    struct remote *r, struct link *l, const struct wire_request *q, int patience_ms) MUST_CHECK;
/* Sends q and waits for the answer, which p gets. */
enum ecert_rc link_call(
    struct remote *r, struct link *l, struct wire_request *q, struct pending *p) MUST_CHECK;

/* remote_greet.c */
/* With the lock held at entry and exit: connects when there is no connection, and waits for a place
 * until then. */
enum ecert_rc remote_connect_locked(struct remote *r, int64_t deadline) MUST_CHECK;
/* Connects when there is no connection, and greets; waits for a place. Errors: ECERT_E_NO_SERVICE,
 * ECERT_E_FULL. */
enum ecert_rc remote_connect(struct remote *r) MUST_CHECK;

/* remote_conn.c */
void remote_disconnect(struct remote *r, bool forked);
/*
 * Sends q (its id is set here) and waits for the answer, while other threads do the same. *a and
 * field (both may be NULL) are the answer's. Errors: ECERT_E_NO_SERVICE (the connection broke, or
 * the daemon stands still; the request may or may not have been carried out), ECERT_E_FULL (no
 * place became free; it was not), ECERT_E_MALFORMED, the answer's own.
 */
enum ecert_rc remote_call(
    struct remote *r, struct wire_request *q, uint32_t *a, struct buf *field) MUST_CHECK;
/* The same for a request whose slot and generation are of this run of the daemon: another run may
 * have given the same numbers to another card. Errors: also ECERT_E_NO_SERVICE for that. */
enum ecert_rc remote_call_in(struct remote *r, uint32_t run, struct wire_request *q, uint32_t *a,
    struct buf *field) MUST_CHECK;

/* Returns the revision that was agreed on with the daemon of the last connection. */
uint32_t remote_revision(struct remote *r);

/* remote.c */
/* Addresses and calls. Errors: those of remote_address and remote_call_in. */
enum ecert_rc remote_call_at(struct remote *r, const struct token_at *at, struct wire_request *q,
    uint32_t *a, struct buf *field) MUST_CHECK;
enum token_user remote_user(void *impl, const struct token_at *at);

/* remote.c, remote_write.c: the functions of the seam. */
#define REMOTE_FUNCTION(name, ...)                                                                 \
	enum ecert_rc remote_##name(void *impl, const struct token_at *at, ##__VA_ARGS__)          \
	    MUST_CHECK;
TOKEN_SEAM(REMOTE_FUNCTION)

/* remote_slots.c */
enum ecert_rc remote_slots(
    void *impl, bool refresh, struct token_slot *out, size_t cap, size_t *n) MUST_CHECK;
enum ecert_rc remote_slot(void *impl, unsigned id, struct token_slot *out) MUST_CHECK;
enum ecert_rc remote_wait(void *impl, int timeout_ms, unsigned *slot) MUST_CHECK;
void remote_cancel_wait(void *impl);
/* Fills in the daemon's slot id and generation for ours, and the run that they are of. Errors:
 * ECERT_E_NO_READER, ECERT_E_REMOVED (a generation of an earlier run), ECERT_E_NO_SERVICE. */
enum ecert_rc remote_address(
    struct remote *r, const struct token_at *at, struct wire_request *q, uint32_t *run) MUST_CHECK;

#endif
