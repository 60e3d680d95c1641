/* SPDX-License-Identifier: BSD-2-Clause */
/* The listener: connections, peers, frames. It never touches a card. */
#ifndef ECERT_DAEMON_SERVER_H
#define ECERT_DAEMON_SERVER_H

#include "daemon/daemon.h"

/*
 * Who may have how much, so that all of it together is bounded and nobody's share is another's to
 * use up. Connections: of one process, of one user, in all (places.c says who goes).
 */
#define CLIENTS_PER_PROCESS 64
#define CLIENTS_PER_USER    512
#define CLIENTS_MAX	    1024
/* Requests under way of all of one user's connections together; each may have two: one that works,
 * and the question whether we are there. */
#define SHARE_PER_USER 512
#define SHARE_LEAST    2
/* Frames over FRAME_SMALL bytes (certificates of more than usual size, data) in memory at a time;
 * one that has room and does not come within FRAME_MS ends its connection: before those who wait
 * for the room take us for dead (REMOTE_ALIVE_MS). */
#define FRAME_SMALL	  4096u
#define LARGE_MAX	  32
#define LARGE_PER_USER	  16
#define LARGE_PER_PROCESS 8
#define FRAME_MS	  2500
/* Answers that are not read: from OUT_PAUSE bytes on a connection's requests wait; from OUT_MAX
 * bytes in all on the connection with the most is dropped. What the kernel holds is bounded, too.
 */
#define OUT_PAUSE  (16u << 10)
#define OUT_MAX	   (4u << 20)
#define OUT_KERNEL (4u << 10)
/* Frames that one connection gets through before the others are looked at. */
#define FRAMES_AT_ONCE 16

struct client {
	uint64_t id;
	int fd;
	struct peer peer;
	bool greeted;
	uint8_t nonce[IPC_NONCE_LEN]; /* for IPC_CONFIRM; zero when none was given */
	unsigned pending, share;      /* share: as many may be */
	uint64_t put[WORKERS];	      /* jobs given to each */
	int64_t active;		      /* when the last frame was whole, or it came */
	/* A frame being read: length, version and type first, then the body, which begins with
	 * those two. */
	uint8_t head[6];
	size_t have;
	struct buf body;
	uint32_t want;
	int64_t held;	/* a large one waits for room since then; 0 = none */
	int64_t began;	/* it has room since then */
	unsigned large; /* large ones being read or under way */
	/* Answers being written. */
	struct reply *out, *out_last;
	size_t out_at, out_bytes;
	/* IPC_WAIT */
	bool waiting;
	uint32_t wait_id;
	int64_t wait_until; /* 0 = without limit */
	uint32_t reported[TOKEN_SLOTS_MAX];
};

struct server {
	struct daemon *daemon;
	int listen;
	gid_t group; /* members may connect as well; (gid_t)-1: only our own user and root */
	int idle_ms; /* ends when nobody was there for so long; 0 = never */
	struct client *client[CLIENTS_MAX];
	size_t clients, most; /* most: as descriptors allow; 0 = CLIENTS_MAX */
	int64_t accept_after; /* there were no descriptors; 0 = at once */
	bool starved;	      /* which was told */
	uint64_t next_id;
	int64_t idle_since;
};

/* Serves until daemon->stopping, or idleness. Errors: ECERT_E_IO. */
enum ecert_rc server_run(struct server *s) MUST_CHECK;
/* Ends the connection in this place of the table; the last one of the table moves into it. */
void server_drop(struct server *s, size_t i);

/* places.c */
/* Makes room for a connection of this peer; another one may have to go for it. false: full. */
bool places_make(struct server *s, const struct peer *peer);
/* Drops an idle connection, whoever's it is, because no descriptors are left. */
void places_spare(struct server *s);
/* Everybody's share of requests under way, after a connection came or went. */
void places_share(struct server *s);
/* Room for large frames goes to those who wait for it, in the order of their coming. */
void places_large(struct server *s);
/* Tells a client that is sent away, and has nothing under way, that it may ask again on a new
 * connection. */
void places_bye(int fd);

/* peer.c: who is there; false: not somebody who may be. In doubt until it is confirmed. */
bool peer_admit(struct server *s, int fd, struct peer *out);
/* The client has sent back the nonce that it was given, by its own process. If that process is
 * still as it was when its program was looked up, the journal may name that program. */
void peer_confirm(struct peer *p);
/* Each frame's bytes have their sender's process with them from now on (unix(7), SO_PASSCRED). */
void peer_watch(int listener);

/* client.c */
struct client *client_new(struct server *s, int fd, const struct peer *peer);
void client_free(struct client **c);
/* What the socket has; false: the client is to be dropped. */
bool client_read(struct server *s, struct client *c);
bool client_write(struct client *c);
void client_queue(struct client *c, struct reply *r);
/* Whether more of its requests may be read now. */
bool client_may(const struct client *c);
/* Whether a large frame that was given room has not come within FRAME_MS. */
bool client_late(const struct client *c);
/* Events it waits for; -1 none, else ms until its IPC_WAIT ends. */
int client_due(struct server *s, struct client *c);

/* request.c: one frame; false: the client is to be dropped. */
bool request_take(struct server *s, struct client *c, struct buf *body);
void request_answer(
    struct server *s, struct client *c, uint8_t type, uint32_t id, enum ecert_rc rc, uint32_t a);
/* The first change among the slots that this client was not told; false: none. */
bool request_event(struct server *s, struct client *c, uint32_t *slot);

#endif
