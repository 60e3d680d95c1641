/* SPDX-License-Identifier: BSD-2-Clause */
/* The simulation: readers, transactions, resets as PC/SC has them. */
#include "tests/unit/token/sim.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/token/sim_card.h"
#include "token/local/local.h"
#include "util/clock.h"

struct sim_reader {
	char name[READER_NAME_MAX];
	bool connected;
	uint32_t events;
	struct sim_card *card;
};

struct sim {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct sim_reader reader[SIM_READERS];
	size_t n;
	unsigned changes;
	enum ecert_rc service;
};

struct source {
	struct sim *sim;
	unsigned seen;
	bool cancelled;
};

struct channel_impl {
	struct sim *sim;
	size_t reader;
	uint32_t events;
	struct sim_card *card;
	unsigned resets;
	uint8_t atr[READER_ATR_MAX];
	size_t atr_len;
};

static const uint8_t atr_bytes[] = {0x3B, 0x8D, 0x80, 0x01, 0x80, 0x31, 0xC1, 0x73, 0xC8, 0x40,
    0x52, 0x65, 0x43, 0x65, 0x72, 0x74, 0x05, 0xB5};

struct sim *sim_new(size_t n)
{
	struct sim *s = sim_alloc(sizeof *s);

	(void)pthread_mutex_init(&s->lock, NULL);
	(void)clock_cond_init(&s->changed);
	s->n = n;
	for (size_t i = 0; i < n; i++) {
		s->reader[i].connected = true;
		(void)snprintf(s->reader[i].name, READER_NAME_MAX, "Sim reader %02zu 00", i);
	}
	return s;
}

void sim_free(struct sim **s)
{
	free(*s);
	*s = NULL;
}

static void touch(struct sim *s)
{
	s->changes++;
	(void)pthread_cond_broadcast(&s->changed);
	(void)pthread_mutex_unlock(&s->lock);
}

void sim_insert(struct sim *s, size_t reader, struct sim_card *c)
{
	(void)pthread_mutex_lock(&s->lock);
	s->reader[reader].card = c;
	s->reader[reader].events++;
	if (c != NULL)
		sim_card_power(c);
	touch(s);
}

void sim_connect(struct sim *s, size_t reader, bool connected)
{
	(void)pthread_mutex_lock(&s->lock);
	s->reader[reader].connected = connected;
	s->reader[reader].events++;
	touch(s);
}

void sim_service(struct sim *s, enum ecert_rc rc)
{
	(void)pthread_mutex_lock(&s->lock);
	s->service = rc;
	for (size_t i = 0; i < s->n; i++)
		s->reader[i].events += rc != ECERT_OK;
	touch(s);
}

/* ---- the source ---- */

static enum ecert_rc list(void *impl, struct reader_info *out, size_t cap, size_t *n)
{
	struct source *src = impl;
	struct sim *s = src->sim;
	enum ecert_rc rc;

	*n = 0;
	(void)pthread_mutex_lock(&s->lock);
	rc = s->service;
	src->seen = s->changes;
	for (size_t i = 0; rc == ECERT_OK && i < s->n && *n < cap; i++) {
		struct sim_reader *r = &s->reader[i];
		struct reader_info *info = &out[*n];

		if (!r->connected)
			continue;
		memset(info, 0, sizeof *info);
		memcpy(info->name, r->name, sizeof info->name);
		info->present = r->card != NULL;
		info->events = r->events;
		if (info->present) {
			memcpy(info->atr, atr_bytes, sizeof atr_bytes);
			info->atr_len = sizeof atr_bytes;
		}
		++*n;
	}
	(void)pthread_mutex_unlock(&s->lock);
	return rc;
}

static enum ecert_rc wait_change(void *impl, int timeout_ms)
{
	struct source *src = impl;
	struct sim *s = src->sim;
	struct timespec until;
	enum ecert_rc rc = ECERT_OK;
	int failed = 0;

	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += timeout_ms / 1000;
	until.tv_nsec += timeout_ms % 1000 * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000L;
	}
	(void)pthread_mutex_lock(&s->lock);
	while (!src->cancelled && src->seen == s->changes && failed == 0)
		failed = timeout_ms < 0 ? pthread_cond_wait(&s->changed, &s->lock)
					: pthread_cond_timedwait(&s->changed, &s->lock, &until);
	if (src->cancelled)
		rc = ECERT_E_CANCELLED;
	else if (src->seen == s->changes)
		rc = ECERT_E_TIMEOUT;
	src->cancelled = false;
	(void)pthread_mutex_unlock(&s->lock);
	return rc;
}

static void cancel(void *impl)
{
	struct source *src = impl;

	(void)pthread_mutex_lock(&src->sim->lock);
	src->cancelled = true;
	(void)pthread_cond_broadcast(&src->sim->changed);
	(void)pthread_mutex_unlock(&src->sim->lock);
}

/* ---- channels ---- */

/* Is the card that the channel was opened to still in? */
static enum ecert_rc still_there(struct channel_impl *c)
{
	enum ecert_rc rc;

	(void)pthread_mutex_lock(&c->sim->lock);
	rc = c->sim->service != ECERT_OK ? ECERT_E_NO_SERVICE : ECERT_OK;
	if (rc == ECERT_OK && c->sim->reader[c->reader].events != c->events)
		rc = ECERT_E_REMOVED;
	(void)pthread_mutex_unlock(&c->sim->lock);
	return rc;
}

static enum ecert_rc begin(void *impl)
{
	struct channel_impl *c = impl;
	enum ecert_rc rc = still_there(c);

	return rc == ECERT_OK ? sim_card_hold(c->card, c, &c->resets) : rc;
}

static void end(void *impl)
{
	struct channel_impl *c = impl;

	sim_card_let(c->card, c);
}

static enum ecert_rc transmit(void *impl, struct rd command, uint8_t *resp, size_t cap, size_t *len)
{
	struct channel_impl *c = impl;
	enum ecert_rc rc = still_there(c);

	if (rc == ECERT_OK)
		rc = sim_card_ask(c->card, c, &c->resets, command, resp, cap, len);
	/* A hook may have taken the card out. */
	return rc == ECERT_OK ? still_there(c) : rc;
}

static enum ecert_rc reset(void *impl)
{
	struct channel_impl *c = impl;

	sim_reset(c->card);
	c->resets = sim_card_resets(c->card); /* who resets is not told of it */
	return ECERT_OK;
}

static struct rd atr(const void *impl)
{
	const struct channel_impl *c = impl;

	return rd_of(c->atr, c->atr_len);
}

static void close_channel(void *impl, bool forked)
{
	(void)forked;
	free(impl);
}

static const struct channel_ops channel_table = {
    .begin = begin,
    .end = end,
    .transmit = transmit,
    .reset = reset,
    .atr = atr,
    .close = close_channel,
};

static enum ecert_rc open_channel(
    void *impl, const char *name, const struct channel_ops **ops, void **channel)
{
	struct source *src = impl;
	struct sim *s = src->sim;
	struct channel_impl *c = calloc(1, sizeof *c);
	enum ecert_rc rc = ECERT_E_NO_READER;

	if (c == NULL)
		return ECERT_E_MEMORY;
	(void)pthread_mutex_lock(&s->lock);
	for (size_t i = 0; i < s->n; i++) {
		struct sim_reader *r = &s->reader[i];

		if (!r->connected || strcmp(r->name, name) != 0)
			continue;
		rc = r->card != NULL ? s->service : ECERT_E_NO_CARD;
		*c = (struct channel_impl){
		    .sim = s, .reader = i, .events = r->events, .card = r->card};
		if (rc == ECERT_OK)
			c->resets = sim_card_resets(r->card);
	}
	(void)pthread_mutex_unlock(&s->lock);
	memcpy(c->atr, atr_bytes, sizeof atr_bytes);
	c->atr_len = sizeof atr_bytes;
	if (rc != ECERT_OK) {
		free(c);
		return rc;
	}
	*ops = &channel_table;
	*channel = c;
	return ECERT_OK;
}

static void close_source(void *impl)
{
	free(impl);
}

static const struct readers_ops source_table = {
    .list = list,
    .wait = wait_change,
    .cancel = cancel,
    .open = open_channel,
    .close = close_source,
};

struct readers *sim_readers(struct sim *s)
{
	struct source *src = sim_alloc(sizeof *src);
	struct readers *r = NULL;

	src->sim = s;
	if (readers_of(&source_table, src, &r) != ECERT_OK)
		abort();
	return r;
}

struct tokens *sim_tokens_as(struct sim *s, const struct tokens_config *cfg)
{
	const struct token_backend *ops;
	void *impl;
	struct tokens *t;

	if (local_of(sim_readers(s), cfg->isolation, &ops, &impl) != ECERT_OK ||
	    local_configure(impl, cfg) != ECERT_OK || tokens_of(ops, impl, &t) != ECERT_OK)
		abort();
	return t;
}

struct tokens *sim_tokens(struct sim *s, enum token_isolation isolation)
{
	const struct tokens_config cfg = {.isolation = isolation};

	return sim_tokens_as(s, &cfg);
}
