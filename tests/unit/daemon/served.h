/* SPDX-License-Identifier: BSD-2-Clause */
/* The whole daemon in this process over a simulated card. */
#ifndef ECERT_TESTS_SERVED_H
#define ECERT_TESTS_SERVED_H

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "daemon/server.h"
#include "tests/unit/token/token_fixture.h"
#include "token/wire.h"

struct served {
	struct sim *sim;
	struct sim_card *card;
	struct daemon daemon;
	struct server server;
	pthread_t thread;
	char path[64];
	size_t mark;
};

static inline void *served_thread(void *arg)
{
	struct served *s = arg;

	return server_run(&s->server) == ECERT_OK ? s : NULL;
}

static inline int served_listen(const char *path)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	(void)strcpy(at.sun_path, path);
	(void)unlink(path);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(listen(fd, 16), 0);
	return fd;
}

/* A run of the daemon; the card and its reader stay from run to run. */
static inline void served_start(struct served *s, uint32_t run)
{
	memset(&s->daemon, 0, sizeof s->daemon);
	s->daemon.tokens = sim_tokens(s->sim, ISOLATION_SESSION);
	s->daemon.wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	s->daemon.run = run;
	(void)pthread_mutex_init(&s->daemon.lock, NULL);
	refusals_init(&s->daemon.refusals);
	ok(limits_open(&s->daemon.limits, NULL));
	ok(workers_start(&s->daemon));
	ok(tokens_slots(s->daemon.tokens, true, s->daemon.slot, TOKEN_SLOTS_MAX, &s->daemon.slots));
	s->server = (struct server){.daemon = &s->daemon, .group = (gid_t)-1};
	(void)snprintf(s->path, sizeof s->path, "/tmp/ecert-hostile.%ld", (long)getpid());
	s->server.listen = served_listen(s->path);
	assert_int_equal(pthread_create(&s->thread, NULL, served_thread, s), 0);
}

static inline void served_stop(struct served *s)
{
	const uint64_t one = 1;

	atomic_store(&s->daemon.stopping, true);
	assert_int_equal(write(s->daemon.wake, &one, sizeof one), sizeof one);
	(void)pthread_join(s->thread, NULL);
	workers_stop(&s->daemon);
	tokens_close(&s->daemon.tokens);
	assert_false(sim_verified(s->card));
	while (s->daemon.replies != NULL) {
		struct reply *r = s->daemon.replies;

		s->daemon.replies = r->next;
		buf_free(&r->frame);
		free(r);
	}
	(void)close(s->server.listen);
	(void)close(s->daemon.wake);
	(void)unlink(s->path);
}

static inline int served_setup(void **state)
{
	struct served *s = calloc(1, sizeof *s);

	assert_non_null(s);
	s->sim = sim_new(1);
	s->card = sim_card_new(4711);
	sim_insert(s->sim, 0, s->card);
	sim_provision(s->sim, 0, four_refs);
	served_start(s, 77);
	*state = s;
	return 0;
}

static inline int served_teardown(void **state)
{
	struct served *s = *state;

	served_stop(s);
	sim_card_free(&s->card);
	sim_free(&s->sim);
	free(s);
	return 0;
}

#endif
