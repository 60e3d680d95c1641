/* SPDX-License-Identifier: BSD-2-Clause */
/* The mock's inside, for its two files. */
#ifndef ECERT_TESTS_MOCK_PRIV_H
#define ECERT_TESTS_MOCK_PRIV_H

#include <pthread.h>

#include "tests/unit/transport/mock_channel.h"

struct mock_step {
	char *expect;
	uint8_t *answer;
	size_t answer_len;
	enum ecert_rc rc;
};

struct mock_steps {
	struct mock_step *at;
	size_t n;
};

struct mock_bytes {
	uint8_t *p;
	size_t n;
};

struct mock_reader {
	char name[READER_NAME_MAX];
	bool present;
	uint32_t events;
};

struct mock {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct mock_steps script, rules, fallback;
	size_t next;
	mock_handler handler;
	void *handler_arg;

	size_t remove_at, reset_at, cut_at, cut_to, fail_from, claim_at, claim_len;
	enum ecert_rc fail_rc;

	struct mock_bytes *command;
	size_t commands, mismatches, begins, resets, open, unlocked;
	bool held;

	uint8_t atr[READER_ATR_MAX];
	size_t atr_len;
	struct pinpad pinpad;

	struct readers_ops readers_ops;
	struct mock_reader reader[MOCK_READERS_MAX];
	size_t readers;
	unsigned long changes, listed; /* of the readers: now, and as the last list saw them */
	bool cancelled;
	enum ecert_rc service_rc, open_rc;
};

/* A channel: in which reader, and how often its card had come or gone when it was opened. */
struct mock_conn {
	struct mock *m;
	size_t reader;
	uint32_t events;
};

enum ecert_rc mock_conn_new(
    struct mock *m, size_t reader, const struct channel_ops **ops, void **impl) MUST_CHECK;
void *mock_alloc(size_t n);

#endif
