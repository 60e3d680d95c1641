/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of slots. */
#include "token/conn/slots.h"

#include <stdio.h>
#include <string.h>

#include "util/clock.h"

void slots_init(struct slots *s, struct readers *readers)
{
	memset(s, 0, sizeof *s);
	s->readers = readers;
	(void)pthread_mutex_init(&s->asking, NULL);
	(void)pthread_mutex_init(&s->waiting, NULL);
	(void)pthread_mutex_init(&s->lock, NULL);
}

void slots_fini(struct slots *s, bool forked)
{
	readers_close(&s->readers);
	if (forked)
		return;
	(void)pthread_mutex_destroy(&s->asking);
	(void)pthread_mutex_destroy(&s->waiting);
	(void)pthread_mutex_destroy(&s->lock);
}

/* ---- merging what the source says ---- */

static struct slot *find_reader(struct slots *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->slot[i].name, name) == 0)
			return &s->slot[i];
	return NULL;
}

/* A slot for a new reader. A full table gives it that of one that is gone, oldest first: its id
 * then means another reader, in a new generation. */
static struct slot *take_slot(struct slots *s, const char *name)
{
	struct slot *at = NULL;

	if (s->n < TOKEN_SLOTS_MAX) {
		at = &s->slot[s->n++];
	} else {
		for (size_t i = 0; !at && i < s->n; i++)
			if (!s->slot[i].connected)
				at = &s->slot[i];
	}
	if (!at)
		return NULL;
	(void)snprintf(at->name, sizeof at->name, "%.127s", name);
	at->generation++;
	/* What was there when the source first answered is no event. */
	if (!s->seen)
		at->reported = at->generation;
	return at;
}

static bool same_card(const struct slot *a, const struct reader_info *b)
{
	return a->connected && a->present == b->present && a->events == b->events &&
	       rd_equal(rd_of(a->atr, a->atr_len), rd_of(b->atr, b->atr_len));
}

static void merge_one(struct slots *s, const struct reader_info *info)
{
	struct slot *at = find_reader(s, info->name);
	bool fresh = !at;

	if (fresh)
		at = take_slot(s, info->name);
	if (!at)
		return;
	if (!fresh && !same_card(at, info))
		at->generation++;
	at->connected = true;
	at->present = info->present;
	at->mute = info->mute;
	at->exclusive = info->exclusive;
	at->is_virtual = info->is_virtual;
	at->events = info->events;
	at->atr_len = info->atr_len <= sizeof at->atr ? info->atr_len : sizeof at->atr;
	memcpy(at->atr, info->atr, at->atr_len);
}

static bool listed(const struct slot *at, const struct reader_info *info, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(at->name, info[i].name) == 0)
			return true;
	return false;
}

static void merge(struct slots *s, const struct reader_info *info, size_t n)
{
	for (size_t i = 0; i < s->n; i++) {
		struct slot *at = &s->slot[i];

		if (at->connected && !listed(at, info, n)) {
			at->connected = at->present = at->mute = at->exclusive = false;
			at->atr_len = 0;
			at->generation++;
		}
	}
	for (size_t i = 0; i < n; i++)
		merge_one(s, &info[i]);
}

enum ecert_rc slots_refresh(struct slots *s)
{
	struct reader_info info[READER_MAX];
	size_t n = 0;
	enum ecert_rc rc;

	(void)pthread_mutex_lock(&s->asking);
	rc = readers_list(s->readers, info, READER_MAX, &n);
	(void)pthread_mutex_lock(&s->lock);
	if (rc == ECERT_OK || rc == ECERT_E_NO_SERVICE) {
		merge(s, info, rc == ECERT_OK ? n : 0);
		s->seen = true;
		s->asked = clock_ms();
	}
	(void)pthread_mutex_unlock(&s->lock);
	(void)pthread_mutex_unlock(&s->asking);
	return rc;
}

bool slots_seen(struct slots *s)
{
	bool seen;

	(void)pthread_mutex_lock(&s->lock);
	seen = s->seen;
	(void)pthread_mutex_unlock(&s->lock);
	return seen;
}

enum ecert_rc slots_refresh_older(struct slots *s, int ms)
{
	bool young;

	(void)pthread_mutex_lock(&s->lock);
	young = s->seen && clock_ms() - s->asked < ms;
	(void)pthread_mutex_unlock(&s->lock);
	return young ? ECERT_OK : slots_refresh(s);
}

/* ---- asking the table ---- */

enum ecert_rc slots_get(struct slots *s, unsigned id, struct slot *out)
{
	enum ecert_rc rc = ECERT_E_NOT_FOUND;

	memset(out, 0, sizeof *out);
	(void)pthread_mutex_lock(&s->lock);
	if (id < s->n) {
		*out = s->slot[id];
		rc = ECERT_OK;
	}
	(void)pthread_mutex_unlock(&s->lock);
	return rc;
}

uint32_t slots_generation(struct slots *s, unsigned id)
{
	uint32_t g = 0;

	(void)pthread_mutex_lock(&s->lock);
	if (id < s->n)
		g = s->slot[id].generation;
	(void)pthread_mutex_unlock(&s->lock);
	return g;
}

void slots_moved(struct slots *s, unsigned id, uint32_t generation)
{
	(void)pthread_mutex_lock(&s->lock);
	if (id < s->n && s->slot[id].generation == generation)
		s->slot[id].generation++;
	(void)pthread_mutex_unlock(&s->lock);
}

void slots_set_pinpad(struct slots *s, unsigned id, bool pinpad)
{
	(void)pthread_mutex_lock(&s->lock);
	if (id < s->n)
		s->slot[id].pinpad = pinpad;
	(void)pthread_mutex_unlock(&s->lock);
}

void slots_export(const struct slot *s, unsigned id, struct token_slot *out)
{
	memset(out, 0, sizeof *out);
	out->id = id;
	(void)snprintf(out->reader, sizeof out->reader, "%.127s", s->name);
	out->connected = s->connected;
	out->present = s->present;
	out->is_virtual = s->is_virtual;
	out->pinpad = s->pinpad;
	out->generation = s->generation;
}

size_t slots_copy(struct slots *s, struct token_slot *out, size_t cap)
{
	size_t n;

	(void)pthread_mutex_lock(&s->lock);
	n = s->n < cap ? s->n : cap;
	for (size_t i = 0; i < n; i++)
		slots_export(&s->slot[i], (unsigned)i, &out[i]);
	(void)pthread_mutex_unlock(&s->lock);
	return n;
}

/* ---- events ---- */

/* One change not told yet; with cancelled set also when somebody cancelled since `cancels`. */
static enum ecert_rc take_event(struct slots *s, unsigned cancels, unsigned *id)
{
	enum ecert_rc rc = ECERT_E_TIMEOUT;

	(void)pthread_mutex_lock(&s->lock);
	if (s->cancels != cancels)
		rc = ECERT_E_CANCELLED;
	for (size_t i = 0; rc == ECERT_E_TIMEOUT && i < s->n; i++) {
		if (s->slot[i].reported != s->slot[i].generation) {
			s->slot[i].reported = s->slot[i].generation;
			*id = (unsigned)i;
			rc = ECERT_OK;
		}
	}
	(void)pthread_mutex_unlock(&s->lock);
	return rc;
}

static int left_of(int64_t deadline)
{
	int64_t left = deadline - clock_ms();

	return left < 0 ? 0 : (int)left;
}

/* Nobody's lock is held while readers_wait sleeps. */
static enum ecert_rc wait_change(struct slots *s, int timeout_ms, unsigned cancels, unsigned *id)
{
	int64_t deadline = clock_ms() + timeout_ms;

	for (;;) {
		int left = timeout_ms < 0 ? -1 : left_of(deadline);
		enum ecert_rc rc = slots_refresh(s);

		if (rc != ECERT_OK && rc != ECERT_E_NO_SERVICE)
			return rc;
		rc = take_event(s, cancels, id);
		if (rc != ECERT_E_TIMEOUT || left == 0)
			return rc;
		rc = readers_wait(s->readers, left);
		if (rc == ECERT_E_TIMEOUT || rc == ECERT_E_NO_SERVICE) {
			rc = slots_refresh(s);
			return rc == ECERT_E_MEMORY ? rc : take_event(s, cancels, id);
		}
		if (rc != ECERT_OK)
			return rc;
	}
}

enum ecert_rc slots_wait(struct slots *s, int timeout_ms, unsigned *id)
{
	struct timespec until = deadline_in(timeout_ms < 0 ? 0 : timeout_ms);
	unsigned cancels;
	enum ecert_rc rc;

	(void)pthread_mutex_lock(&s->lock);
	cancels = s->cancels;
	(void)pthread_mutex_unlock(&s->lock);
	if (timeout_ms < 0)
		(void)pthread_mutex_lock(&s->waiting);
	else if (timeout_ms == 0
		     ? pthread_mutex_trylock(&s->waiting) != 0
		     : pthread_mutex_clocklock(&s->waiting, CLOCK_MONOTONIC, &until) != 0)
		return take_event(s, cancels, id);
	rc = wait_change(s, timeout_ms < 0 ? timeout_ms : deadline_left_ms(&until), cancels, id);
	(void)pthread_mutex_unlock(&s->waiting);
	return rc;
}

void slots_cancel(struct slots *s)
{
	(void)pthread_mutex_lock(&s->lock);
	s->cancels++;
	(void)pthread_mutex_unlock(&s->lock);
	readers_cancel(s->readers);
}
