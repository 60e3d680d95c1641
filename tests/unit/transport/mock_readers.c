/* SPDX-License-Identifier: BSD-2-Clause */
/* The mock's readers, its faults, and what it saw. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/unit/transport/mock_priv.h"

/* ---- readers ---- */

static enum ecert_rc list(void *impl, struct reader_info *out, size_t cap, size_t *n)
{
	struct mock *m = impl;
	enum ecert_rc rc;

	pthread_mutex_lock(&m->lock);
	rc = m->service_rc;
	m->listed = m->changes;
	for (*n = 0; rc == ECERT_OK && *n < m->readers && *n < cap; ++*n) {
		const struct mock_reader *r = &m->reader[*n];
		struct reader_info *info = &out[*n];

		*info = (struct reader_info){.present = r->present,
		    .events = r->events,
		    .is_virtual = m->readers_ops.is_virtual};
		memcpy(info->name, r->name, sizeof info->name);
		if (r->present) {
			info->atr_len = m->atr_len;
			memcpy(info->atr, m->atr, m->atr_len);
		}
	}
	pthread_mutex_unlock(&m->lock);
	return rc;
}

static enum ecert_rc outcome(struct mock *m, bool late)
{
	if (m->cancelled) {
		m->cancelled = false;
		return ECERT_E_CANCELLED;
	}
	if (m->changes != m->listed)
		return ECERT_OK;
	return late ? ECERT_E_TIMEOUT : ECERT_E_INTERNAL;
}

static enum ecert_rc wait_change(void *impl, int timeout_ms)
{
	struct mock *m = impl;
	struct timespec until;
	enum ecert_rc rc;
	int failed = 0;

	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += timeout_ms / 1000;
	until.tv_nsec += (timeout_ms % 1000) * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000L;
	}
	pthread_mutex_lock(&m->lock);
	while ((rc = outcome(m, failed == ETIMEDOUT)) == ECERT_E_INTERNAL)
		failed = timeout_ms < 0 ? pthread_cond_wait(&m->changed, &m->lock)
					: pthread_cond_timedwait(&m->changed, &m->lock, &until);
	pthread_mutex_unlock(&m->lock);
	return rc;
}

static void cancel(void *impl)
{
	struct mock *m = impl;

	pthread_mutex_lock(&m->lock);
	m->cancelled = true;
	pthread_cond_broadcast(&m->changed);
	pthread_mutex_unlock(&m->lock);
}

static enum ecert_rc find_and_connect(
    struct mock *m, const char *name, const struct channel_ops **ops, void **impl)
{
	if (m->open_rc != ECERT_OK)
		return m->open_rc;
	for (size_t i = 0; i < m->readers; i++)
		if (strcmp(m->reader[i].name, name) == 0)
			return m->reader[i].present ? mock_conn_new(m, i, ops, impl)
						    : ECERT_E_NO_CARD;
	return ECERT_E_NO_READER;
}

static enum ecert_rc open_channel(
    void *impl, const char *name, const struct channel_ops **ops, void **channel_impl)
{
	struct mock *m = impl;
	enum ecert_rc rc;

	pthread_mutex_lock(&m->lock);
	rc = find_and_connect(m, name, ops, channel_impl);
	pthread_mutex_unlock(&m->lock);
	return rc;
}

enum ecert_rc mock_readers(struct mock *m, struct readers **out)
{
	m->readers_ops.list = list;
	m->readers_ops.wait = wait_change;
	m->readers_ops.cancel = cancel;
	m->readers_ops.open = open_channel;
	return readers_of(&m->readers_ops, m, out);
}

static void tell(struct mock *m)
{
	m->changes++;
	pthread_cond_broadcast(&m->changed);
	pthread_mutex_unlock(&m->lock);
}

void mock_insert(struct mock *m, size_t reader, bool present)
{
	pthread_mutex_lock(&m->lock);
	m->reader[reader].present = present;
	m->reader[reader].events++;
	tell(m);
}

void mock_set_readers(struct mock *m, size_t n)
{
	if (n > MOCK_READERS_MAX)
		abort();
	pthread_mutex_lock(&m->lock);
	for (size_t i = m->readers; i < n; i++)
		(void)snprintf(
		    m->reader[i].name, sizeof m->reader[i].name, "Mock reader %02zu 00", i);
	m->readers = n;
	tell(m);
}

void mock_reader_name(struct mock *m, size_t reader, const char *name)
{
	pthread_mutex_lock(&m->lock);
	(void)snprintf(m->reader[reader].name, sizeof m->reader[reader].name, "%s", name);
	tell(m);
}

void mock_service(struct mock *m, enum ecert_rc rc)
{
	pthread_mutex_lock(&m->lock);
	m->service_rc = rc;
	tell(m);
}

void mock_open_rc(struct mock *m, enum ecert_rc rc)
{
	m->open_rc = rc;
}

void mock_pinpad(struct mock *m, struct pinpad offers)
{
	m->pinpad = offers;
}

void mock_virtual(struct mock *m, bool is_virtual)
{
	m->readers_ops.is_virtual = is_virtual;
}

/* ---- faults ---- */

void mock_remove_at(struct mock *m, size_t n)
{
	m->remove_at = n;
}

void mock_reset_at(struct mock *m, size_t n)
{
	m->reset_at = n;
}

void mock_cut_at(struct mock *m, size_t n, size_t bytes)
{
	m->cut_at = n;
	m->cut_to = bytes;
}

void mock_fail_from(struct mock *m, size_t n, enum ecert_rc rc)
{
	m->fail_from = n;
	m->fail_rc = rc;
}

void mock_claim_at(struct mock *m, size_t n, size_t len)
{
	m->claim_at = n;
	m->claim_len = len;
}

/* ---- what happened ---- */

size_t mock_count(const struct mock *m)
{
	return m->commands;
}

struct rd mock_command(const struct mock *m, size_t i)
{
	return i < m->commands ? rd_of(m->command[i].p, m->command[i].n) : rd_of(NULL, 0);
}

size_t mock_mismatches(const struct mock *m)
{
	return m->mismatches;
}

size_t mock_left(const struct mock *m)
{
	return m->script.n - m->next;
}

size_t mock_begins(const struct mock *m)
{
	return m->begins;
}

bool mock_held(const struct mock *m)
{
	return m->held;
}

size_t mock_resets(const struct mock *m)
{
	return m->resets;
}

size_t mock_open(const struct mock *m)
{
	return m->open;
}

size_t mock_unlocked(const struct mock *m)
{
	return m->unlocked;
}
