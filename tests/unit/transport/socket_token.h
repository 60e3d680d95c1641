/* SPDX-License-Identifier: BSD-2-Clause */
/* A token on a socket that answers as it is told, and hangs up when it is told to. */
#ifndef ECERT_TESTS_SOCKET_TOKEN_H
#define ECERT_TESTS_SOCKET_TOKEN_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* What the token does with a message; NULL answer: nothing comes; close: hangs up after it. */
struct reply {
	const void *bytes; /* as they go over the wire, length included */
	size_t n;
	bool close;
};

/*
 * A token that serves one client after another in a thread. Controls are answered from the fields,
 * commands by apdu.
 */
struct token {
	char dir[40], path[64], where[80];
	int fd;
	pthread_t thread;
	atomic_bool stop;
	pthread_mutex_t lock; /* from token_start on: the replies */
	struct reply atr, begin, end, apdu;
	atomic_int powered, reset, begun, ended, asked;
};

static inline struct reply bytes(const void *p, size_t n)
{
	return (struct reply){p, n, false};
}

/* From t->path, which the caller has filled, and answers. Failures end the test. */
void token_start(struct token *t);
/* From here on it answers so; which is one of its replies. */
void token_says(struct token *t, struct reply *which, struct reply what);
/* Hangs up and takes the socket away; again: nothing. */
void token_stop(struct token *t);

#endif
