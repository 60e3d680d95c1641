/* SPDX-License-Identifier: BSD-2-Clause */
/* The local half of the token seam: its table, opening and closing. */
#include "token/local/local.h"

#include <stdlib.h>
#include <string.h>

#include "util/clock.h"

struct conn *local_conn(struct local *l, const struct token_at *at)
{
	return at->slot < TOKEN_SLOTS_MAX ? &l->conn[at->slot] : NULL;
}

enum ecert_rc local_run(struct local *l, const struct token_at *at, conn_fn fn, void *arg)
{
	struct conn *c = local_conn(l, at);
	enum ecert_rc rc = c ? conn_enter(c, &l->slots, at, 0) : ECERT_E_NO_READER;

	if (rc != ECERT_OK)
		return rc;
	rc = conn_run(c, &l->slots, false, fn, arg);
	conn_leave(c);
	return rc;
}

/* ---- slots ---- */

static enum ecert_rc slots_all(
    void *impl, bool refresh, struct token_slot *out, size_t cap, size_t *n)
{
	struct local *l = impl;
	enum ecert_rc rc = ECERT_OK;

	if (refresh || !slots_seen(&l->slots))
		rc = slots_refresh(&l->slots);
	*n = slots_copy(&l->slots, out, cap);
	return rc == ECERT_E_NO_SERVICE ? ECERT_OK : rc;
}

static enum ecert_rc one_slot(void *impl, unsigned id, struct token_slot *out)
{
	struct local *l = impl;
	struct slot slot;
	enum ecert_rc rc = slots_refresh(&l->slots);

	if (rc == ECERT_OK || rc == ECERT_E_NO_SERVICE)
		rc = slots_get(&l->slots, id, &slot);
	if (rc == ECERT_OK)
		slots_export(&slot, id, out);
	return rc;
}

static enum ecert_rc wait_slot(void *impl, int timeout_ms, unsigned *slot)
{
	struct local *l = impl;

	return slots_wait(&l->slots, timeout_ms, slot);
}

static void cancel_wait(void *impl)
{
	struct local *l = impl;

	slots_cancel(&l->slots);
}

/* ---- who is logged in ---- */

static enum token_user user(void *impl, const struct token_at *at)
{
	struct local *l = impl;
	struct conn *c = local_conn(l, at);
	uint32_t of;

	if (!c)
		return TOKEN_NOBODY;
	of = atomic_load(&c->generation);
	if (of == 0 || of != slots_generation(&l->slots, at->slot) ||
	    (at->generation != 0 && at->generation != of))
		return TOKEN_NOBODY;
	return pinstate_user(&c->pin);
}

/* ---- one transaction for several operations ---- */

static enum ecert_rc hold(void *impl, const struct token_at *at)
{
	struct local *l = impl;
	struct conn *c = local_conn(l, at);
	enum ecert_rc rc = c ? conn_enter(c, &l->slots, at, 0) : ECERT_E_NO_READER;

	if (rc != ECERT_OK)
		return rc;
	if (c->held == 0)
		rc = conn_begin(c, &l->slots);
	if (rc == ECERT_OK)
		c->held++;
	conn_leave(c);
	return rc;
}

static void release(void *impl, const struct token_at *at)
{
	struct local *l = impl;
	struct conn *c = local_conn(l, at);

	if (!c)
		return;
	(void)pthread_mutex_lock(&c->lock);
	if (c->held > 0 && --c->held == 0) {
		/* A write that never came takes its right, and the caller's key, with it. */
		memset(&c->permit, 0, sizeof c->permit);
		if (c->card)
			card_end(c->card);
	}
	(void)pthread_mutex_unlock(&c->lock);
}

/* ---- opening and closing ---- */

/* PIN-always: a transaction whose operation did not come in time goes back to everybody. */
static int64_t end_late(void *arg)
{
	struct local *l = arg;
	int64_t next = 0;

	for (size_t i = 0; i < TOKEN_SLOTS_MAX; i++) {
		struct conn *c = &l->conn[i];

		(void)pthread_mutex_lock(&c->lock);
		if (c->once.held && c->once.deadline <= clock_ms())
			login_once_late(c);
		if (c->once.held && (next == 0 || c->once.deadline < next))
			next = c->once.deadline;
		(void)pthread_mutex_unlock(&c->lock);
	}
	return next;
}

static void close_local(void *impl, bool forked)
{
	struct local *l = impl;

	watch_fini(&l->watch, forked);
	for (size_t i = 0; i < TOKEN_SLOTS_MAX; i++) {
		if (!forked)
			(void)login_end_anyhow(&l->conn[i], &l->slots);
		conn_fini(&l->conn[i], forked);
	}
	slots_fini(&l->slots, forked);
	free(l);
}

enum ecert_rc local_random(void *impl, const struct token_at *at, uint8_t *out, size_t n)
{
	(void)impl;
	(void)at;
	(void)out;
	(void)n;
	/* PIV has no GET CHALLENGE; 9B's challenge is not made for this. */
	return ECERT_E_UNSUPPORTED;
}

#define LOCAL_ROW(name, ...) .name = local_##name,
static const struct token_backend local_ops = {.close = close_local,
    .slots = slots_all,
    .slot = one_slot,
    .wait = wait_slot,
    .cancel_wait = cancel_wait,
    .user = user,
    .hold = hold,
    .release = release,
    .pay_once = local_pay_once,
    .write_as_user = local_write_as_user,
    TOKEN_SEAM(LOCAL_ROW)};

enum ecert_rc local_of(struct readers *readers, enum token_isolation isolation,
    const struct token_backend **ops, void **impl)
{
	struct local *l = calloc(1, sizeof *l);

	if (!l) {
		readers_close(&readers);
		return ECERT_E_MEMORY;
	}
	slots_init(&l->slots, readers);
	l->isolation = isolation;
	watch_init(&l->watch, end_late, l);
	for (size_t i = 0; i < TOKEN_SLOTS_MAX; i++)
		conn_init(&l->conn[i], (unsigned)i);
	*ops = &local_ops;
	*impl = l;
	return ECERT_OK;
}

enum ecert_rc local_configure(void *impl, const struct tokens_config *cfg)
{
	struct local *l = impl;
	const char *file = cfg->management_key_file;
	size_t n = file ? strlen(file) : 0;

	if (n >= sizeof l->key_file)
		return ECERT_E_ARG;
	if (n > 0)
		memcpy(l->key_file, file, n + 1);
	l->user_writes = cfg->user_writes;
	l->reverify = cfg->reverify;
	l->watch.denied = cfg->no_threads;
	for (size_t i = 0; i < TOKEN_SLOTS_MAX; i++)
		l->conn[i].trust_ms = cfg->trust_ms;
	return ECERT_OK;
}

enum ecert_rc local_open(
    const struct tokens_config *cfg, const struct token_backend **ops, void **impl)
{
	struct readers *readers = NULL;
	enum ecert_rc rc;

	readers_use_threads(!cfg->no_threads);
	rc = readers_open(cfg->reader, &readers);
	if (rc == ECERT_OK)
		rc = local_of(readers, cfg->isolation, ops, impl);
	if (rc != ECERT_OK)
		return rc;
	rc = local_configure(*impl, cfg);
	if (rc != ECERT_OK)
		close_local(*impl, false);
	return rc;
}
