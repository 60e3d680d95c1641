/* SPDX-License-Identifier: BSD-2-Clause */
/* Slots through ecertd: our ids and generations stay, whatever becomes of the daemon. */
#include <stdio.h>
#include <string.h>

#include "util/clock.h"
#include "token/remote/remote.h"

/* How often a daemon that is away is looked for while somebody waits for an event. */
#define LOOK_MS 500

/* ---- the table; with the lock held ---- */

static struct remote_slot *slot_named(struct remote *r, const char *reader)
{
	for (size_t i = 0; i < r->slots; i++)
		if (strcmp(r->slot[i].reader, reader) == 0)
			return &r->slot[i];
	if (r->slots == TOKEN_SLOTS_MAX)
		return NULL;
	(void)snprintf(r->slot[r->slots].reader, sizeof r->slot[0].reader, "%.127s", reader);
	return &r->slot[r->slots++];
}

static void merge_slot(struct remote *r, const struct token_slot *theirs)
{
	struct remote_slot *s = slot_named(r, theirs->reader);

	if (!s)
		return;
	s->theirs = theirs->id;
	s->mapped = true;
	s->last = *theirs;
	s->last.id = (unsigned)(s - r->slot);
	s->last.generation += r->base;
}

/* No daemon: every reader is away, and each in a generation that does not come back. */
static void unplug_all(struct remote *r)
{
	for (size_t i = 0; i < r->slots; i++) {
		struct remote_slot *s = &r->slot[i];

		if (s->last.connected) {
			s->last.connected = s->last.present = false;
			s->last.generation++;
		}
		s->mapped = false;
	}
}

static enum ecert_rc read_slots(struct remote *r, struct rd list)
{
	struct token_slot one;
	enum ecert_rc rc = ECERT_OK;

	(void)pthread_mutex_lock(&r->lock);
	while (rc == ECERT_OK && !rd_empty(&list)) {
		rc = wire_get_slot(&list, &one);
		if (rc == ECERT_OK)
			merge_slot(r, &one);
	}
	(void)pthread_mutex_unlock(&r->lock);
	return rc;
}

static enum ecert_rc ask_slots(struct remote *r, bool refresh)
{
	struct wire_request q = {.type = IPC_SLOTS, .arg.slots = {.refresh = refresh}};
	struct buf list = BUF_INIT(IPC_DATA_MAX);
	enum ecert_rc rc = remote_call(r, &q, NULL, &list);

	if (rc == ECERT_OK)
		rc = read_slots(r, buf_view(&list));
	if (rc == ECERT_E_NO_SERVICE) {
		(void)pthread_mutex_lock(&r->lock);
		unplug_all(r);
		(void)pthread_mutex_unlock(&r->lock);
	}
	buf_free(&list);
	return rc;
}

/* ---- the seam's functions ---- */

enum ecert_rc remote_slots(void *impl, bool refresh, struct token_slot *out, size_t cap, size_t *n)
{
	struct remote *r = impl;
	enum ecert_rc rc = ask_slots(r, refresh);

	(void)pthread_mutex_lock(&r->lock);
	*n = r->slots < cap ? r->slots : cap;
	for (size_t i = 0; i < *n; i++)
		out[i] = r->slot[i].last;
	(void)pthread_mutex_unlock(&r->lock);
	return rc == ECERT_E_NO_SERVICE ? ECERT_OK : rc;
}

enum ecert_rc remote_slot(void *impl, unsigned id, struct token_slot *out)
{
	struct remote *r = impl;
	enum ecert_rc rc = ask_slots(r, true);

	if (rc != ECERT_OK && rc != ECERT_E_NO_SERVICE)
		return rc;
	rc = ECERT_E_NOT_FOUND;
	(void)pthread_mutex_lock(&r->lock);
	if (id < r->slots) {
		*out = r->slot[id].last;
		rc = ECERT_OK;
	}
	(void)pthread_mutex_unlock(&r->lock);
	return rc;
}

static bool address_known(
    struct remote *r, const struct token_at *at, struct wire_request *q, uint32_t *run)
{
	bool known;

	(void)pthread_mutex_lock(&r->lock);
	*run = r->run;
	known = at->slot < r->slots && r->slot[at->slot].mapped;
	if (known) {
		q->slot = r->slot[at->slot].theirs;
		q->generation = at->generation != 0 ? at->generation - r->base : 0;
	}
	(void)pthread_mutex_unlock(&r->lock);
	return known;
}

enum ecert_rc remote_address(
    struct remote *r, const struct token_at *at, struct wire_request *q, uint32_t *run)
{
	enum ecert_rc rc = remote_connect(r);

	if (rc == ECERT_OK && !address_known(r, at, q, run)) {
		rc = ask_slots(r, false);
		if (rc == ECERT_OK && !address_known(r, at, q, run))
			rc = ECERT_E_NO_READER;
	}
	/* Of another run: nothing there can be the card that the caller means. */
	if (rc == ECERT_OK && at->generation != 0 &&
	    (q->generation == 0 || q->generation >= REMOTE_RUN_STRIDE))
		rc = ECERT_E_REMOVED;
	return rc;
}

/* ---- events ---- */

/* One change that was not told yet, among those that the table has. */
static enum ecert_rc take_event(struct remote *r, unsigned cancels, unsigned *slot)
{
	enum ecert_rc rc = ECERT_E_TIMEOUT;

	(void)pthread_mutex_lock(&r->lock);
	if (r->cancels != cancels)
		rc = ECERT_E_CANCELLED;
	for (size_t i = 0; rc == ECERT_E_TIMEOUT && i < r->slots; i++) {
		if (r->slot[i].reported != r->slot[i].last.generation) {
			r->slot[i].reported = r->slot[i].last.generation;
			*slot = (unsigned)i;
			rc = ECERT_OK;
		}
	}
	(void)pthread_mutex_unlock(&r->lock);
	return rc;
}

/* Until something may have changed at the daemon, or it is time to look whether it is back. */
static enum ecert_rc wait_there(struct remote *r, int timeout_ms, unsigned cancels)
{
	struct wire_request q = {
	    .type = IPC_WAIT, .arg.wait = {.timeout_ms = (uint32_t)timeout_ms}};
	struct timespec until;
	enum ecert_rc rc = remote_call(r, &q, NULL, NULL);

	if (rc != ECERT_E_NO_SERVICE)
		return rc;
	if (timeout_ms < 0 || timeout_ms > LOOK_MS)
		timeout_ms = LOOK_MS;
	until = clock_timespec(clock_ms() + timeout_ms);
	(void)pthread_mutex_lock(&r->lock);
	while (r->cancels == cancels && pthread_cond_timedwait(&r->changed, &r->lock, &until) == 0)
		continue;
	(void)pthread_mutex_unlock(&r->lock);
	return ECERT_OK;
}

enum ecert_rc remote_wait(void *impl, int timeout_ms, unsigned *slot)
{
	struct remote *r = impl;
	int64_t deadline = clock_ms() + timeout_ms;
	unsigned cancels;

	(void)pthread_mutex_lock(&r->lock);
	cancels = r->cancels;
	(void)pthread_mutex_unlock(&r->lock);
	for (;;) {
		int64_t left = deadline - clock_ms();
		enum ecert_rc rc = ask_slots(r, timeout_ms == 0);

		if (rc == ECERT_OK || rc == ECERT_E_NO_SERVICE)
			rc = take_event(r, cancels, slot);
		if (rc != ECERT_E_TIMEOUT || (timeout_ms >= 0 && left <= 0))
			return rc;
		rc = wait_there(r, timeout_ms < 0 ? -1 : (int)left, cancels);
		if (rc != ECERT_OK && rc != ECERT_E_TIMEOUT && rc != ECERT_E_NO_SERVICE)
			return rc;
	}
}

void remote_cancel_wait(void *impl)
{
	struct remote *r = impl;
	struct wire_request q = {.type = IPC_CANCEL};

	(void)pthread_mutex_lock(&r->lock);
	r->cancels++;
	(void)pthread_cond_broadcast(&r->changed);
	(void)pthread_mutex_unlock(&r->lock);
	if (remote_call(r, &q, NULL, NULL) != ECERT_OK)
		return; /* nobody there: nobody waits there either */
}
