/* SPDX-License-Identifier: BSD-2-Clause */
/* A connection, and the thread that answers what takes long. */
#ifndef ECERT_HTTP_SERVER_PRIV_H
#define ECERT_HTTP_SERVER_PRIV_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "http/http.h"

enum step {
	STEP_NEW,     /* its headers are next */
	STEP_BODY,    /* what is sent along */
	STEP_WAITING, /* for the other thread, to which all but the links belong meanwhile */
	STEP_READY,   /* the answer is there */
	STEP_SENDING
};

struct conn {
	struct conn *next, *before; /* of all */
	struct conn *behind;	    /* of the thread's queue, or of what it has done */
	struct http_server *server;
	struct MHD_Connection *mhd;
	int fd;
	int64_t since; /* clock_ms: it is silent, or since when a request is under way */
	bool busy;
	enum step step;
	char target[HTTP_TARGET_MAX + 1], peer[INET6_ADDRSTRLEN];
	struct http_head head;
	const struct http_route *route;
	struct buf body;
	struct http_answer answer;
};

struct worker {
	const struct http_service *service;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t come;
	struct conn *first, *last, *done;
	unsigned n, most;
	int wake; /* eventfd, written when something is done */
	bool stop, runs;
};

struct http_server {
	const struct http_service *service;
	struct http_limits limits;
	struct MHD_Daemon *mhd;
	struct conn *conns;
	struct worker worker;
	int wake;
	int64_t swept;
	atomic_bool stopping;
};

/* Whose it is, and the handler's answer. */
void conn_answer(struct conn *c, void *ctx);
/* What its service says of every answer. */
const http_header *conn_headers(const struct conn *c);
/* Hands it to libmicrohttpd. */
enum MHD_Result conn_send(struct conn *c);

enum ecert_rc worker_start(struct worker *w) MUST_CHECK;
/* False: as many wait as may. */
bool worker_add(struct worker *w, struct conn *c) MUST_CHECK;
/* What was done since the last call, linked by `behind`. */
struct conn *worker_done(struct worker *w);
/* Ends after what is under way; the rest stays as it is. */
void worker_stop(struct worker *w);

#endif
