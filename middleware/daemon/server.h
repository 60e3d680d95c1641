/* SPDX-License-Identifier: BSD-2-Clause */
/* The listener: connections, peers, frames. It never touches a card. */
#ifndef ECERT_DAEMON_SERVER_H
#define ECERT_DAEMON_SERVER_H

#include "daemon/daemon.h"

#define CLIENTS_MAX    128
#define CLIENT_OUT_MAX (4u << 20) /* unread answers; then it is dropped */

struct client {
	uint64_t id;
	int fd;
	struct peer peer;
	bool greeted;
	unsigned pending;
	/* A frame being read: length first, then the body. */
	uint8_t head[4];
	size_t have;
	struct buf body;
	uint32_t want;
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
	size_t clients;
	uint64_t next_id;
	int64_t idle_since;
};

/* Serves until daemon->stopping, or idleness. Errors: ECERT_E_IO. */
enum ecert_rc server_run(struct server *s) MUST_CHECK;

/* peer.c: who is there; false: not somebody who may be. */
bool peer_admit(struct server *s, int fd, struct peer *out);

/* client.c */
struct client *client_new(struct server *s, int fd, const struct peer *peer);
void client_free(struct client **c);
/* What the socket has; false: the client is to be dropped. */
bool client_read(struct server *s, struct client *c);
bool client_write(struct client *c);
void client_queue(struct client *c, struct reply *r);
/* Events it waits for; -1 none, else ms until its IPC_WAIT ends. */
int client_due(struct server *s, struct client *c);

/* request.c: one frame; false: the client is to be dropped. */
bool request_take(struct server *s, struct client *c, struct buf *body);
void request_answer(
    struct server *s, struct client *c, uint8_t type, uint32_t id, enum ecert_rc rc, uint32_t a);
/* The first change among the slots that this client was not told; false: none. */
bool request_event(struct server *s, struct client *c, uint32_t *slot);

#endif
