/* SPDX-License-Identifier: BSD-2-Clause */
/* PC/SC: the source of readers. */
#include "transport/pcsc_priv.h"

#include <stdlib.h>
#include <string.h>

#include "util/clock.h"
#include "util/fork.h"
#include "util/log.h"

#define PNP_READER	"\\\\?PnP?\\Notification"
#define LIST_TRIES	4
#define WAIT_SLICE_MS	5000 /* then the list is compared: a reader may come just before a wait */
#define SERVICE_POLL_MS 300
#define CANCEL_NUDGE_MS 5

/* What of a reader's state is a coming or going; others only connect and disconnect. */
#define STATE_MATTERS                                                                              \
	(SCARD_STATE_UNKNOWN | SCARD_STATE_UNAVAILABLE | SCARD_STATE_EMPTY | SCARD_STATE_PRESENT | \
	    SCARD_STATE_MUTE | 0xFFFF0000u)

struct seen {
	char name[PCSC_RAW_NAME_MAX];
	DWORD state;
};

struct snapshot {
	struct seen reader[READER_MAX];
	size_t n;
	bool service;
};

/*
 * Listing and waiting have a context each, as pcsc-lite lets one call at a time into a context.
 * seen_lock guards seen, list_lock the list's context, wait_lock the wait's fields below it.
 */
struct pcsc_source {
	struct fork_mark mark;
	pthread_mutex_t list_lock, seen_lock, wait_lock;
	pthread_cond_t wait_changed;
	SCARDCONTEXT list_context, wait_context;
	bool have_list, have_wait;
	struct snapshot seen;
	bool waiting, cancelled;
};

static LONG establish(SCARDCONTEXT *context, bool *have)
{
	LONG rv = SCARD_S_SUCCESS;

	if (!*have) {
		rv = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, context);
		*have = rv == SCARD_S_SUCCESS;
	}
	return rv;
}

/* The wait's context; who cancels reads it at any time. */
static LONG establish_wait(struct pcsc_source *s)
{
	SCARDCONTEXT fresh = 0;
	bool have = s->have_wait;
	LONG rv = establish(&fresh, &have);

	if (rv == SCARD_S_SUCCESS && !s->have_wait) {
		(void)pthread_mutex_lock(&s->wait_lock);
		s->wait_context = fresh;
		(void)pthread_mutex_unlock(&s->wait_lock);
		s->have_wait = true;
	}
	return rv;
}

static void release(SCARDCONTEXT *context, bool *have)
{
	if (*have)
		(void)SCardReleaseContext(*context);
	*have = false;
}

static size_t take_names(const struct pcsc_names *names, struct snapshot *snap)
{
	const char *name;
	size_t at = 0;

	snap->n = 0;
	while (snap->n < READER_MAX && (name = pcsc_next_name(names, &at))) {
		if (strlen(name) >= PCSC_RAW_NAME_MAX)
			continue;
		snap->reader[snap->n] = (struct seen){.state = SCARD_STATE_UNAWARE};
		memcpy(snap->reader[snap->n].name, name, strlen(name) + 1);
		snap->n++;
	}
	return snap->n;
}

static void fill_info(struct reader_info *info, const SCARD_READERSTATE *s)
{
	*info = (struct reader_info){0};
	reader_name_clean(s->szReader, info->name);
	info->atr_len = s->cbAtr < sizeof info->atr ? s->cbAtr : sizeof info->atr;
	memcpy(info->atr, s->rgbAtr, info->atr_len);
	info->present = (s->dwEventState & SCARD_STATE_PRESENT) != 0;
	info->mute = (s->dwEventState & SCARD_STATE_MUTE) != 0;
	info->exclusive = (s->dwEventState & SCARD_STATE_EXCLUSIVE) != 0;
	info->events = (uint32_t)(s->dwEventState >> 16) & 0xFFFF;
	if (!info->present)
		info->atr_len = 0;
}

/* One try: names, then their states without waiting. */
static LONG take_snapshot(
    SCARDCONTEXT context, struct snapshot *snap, SCARD_READERSTATE states[READER_MAX])
{
	struct pcsc_names names;
	LONG rv = pcsc_list_names(context, &names);

	if (rv != SCARD_S_SUCCESS || take_names(&names, snap) == 0)
		return rv;
	memset(states, 0, READER_MAX * sizeof *states);
	for (size_t i = 0; i < snap->n; i++)
		states[i].szReader = snap->reader[i].name;
	rv = SCardGetStatusChange(context, 0, states, (DWORD)snap->n);
	for (size_t i = 0; i < snap->n; i++)
		snap->reader[i].state = states[i].dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
	return rv == SCARD_E_TIMEOUT ? SCARD_S_SUCCESS : rv;
}

static LONG snapshot_now(
    struct pcsc_source *s, struct snapshot *snap, SCARD_READERSTATE states[READER_MAX])
{
	LONG rv = SCARD_E_NO_SERVICE;

	for (int i = 0; i < LIST_TRIES; i++) {
		rv = establish(&s->list_context, &s->have_list);
		if (rv == SCARD_S_SUCCESS)
			rv = take_snapshot(s->list_context, snap, states);
		if (rv == SCARD_S_SUCCESS)
			return rv;
		/* A reader that went between the two calls: once more with the same context. */
		if (rv != SCARD_E_UNKNOWN_READER)
			release(&s->list_context, &s->have_list);
	}
	return rv;
}

static enum ecert_rc list(void *impl, struct reader_info *out, size_t cap, size_t *n)
{
	struct pcsc_source *s = impl;
	struct snapshot snap = {.n = 0};
	SCARD_READERSTATE states[READER_MAX];
	LONG rv;

	(void)pthread_mutex_lock(&s->list_lock);
	rv = snapshot_now(s, &snap, states);
	(void)pthread_mutex_unlock(&s->list_lock);
	snap.service = rv == SCARD_S_SUCCESS;
	if (!snap.service)
		snap.n = 0;
	for (*n = 0; *n < snap.n && *n < cap; ++*n)
		fill_info(&out[*n], &states[*n]);
	(void)pthread_mutex_lock(&s->seen_lock);
	s->seen = snap;
	(void)pthread_mutex_unlock(&s->seen_lock);
	if (rv == SCARD_S_SUCCESS)
		return ECERT_OK;
	log_info("pcsc: no list of readers: %08lx", (unsigned long)rv & 0xFFFFFFFFul);
	return rv == SCARD_E_NO_MEMORY ? ECERT_E_MEMORY : ECERT_E_NO_SERVICE;
}

/* ---- waiting ---- */

static bool take_cancel(struct pcsc_source *s)
{
	bool was;

	(void)pthread_mutex_lock(&s->wait_lock);
	was = s->cancelled;
	s->cancelled = false;
	(void)pthread_cond_broadcast(&s->wait_changed);
	(void)pthread_mutex_unlock(&s->wait_lock);
	return was;
}

static void set_waiting(struct pcsc_source *s, bool on)
{
	(void)pthread_mutex_lock(&s->wait_lock);
	s->waiting = on;
	(void)pthread_cond_broadcast(&s->wait_changed);
	(void)pthread_mutex_unlock(&s->wait_lock);
}

/* Sleeps, at most ms; a cancel wakes it. */
static void sleep_uncancelled(struct pcsc_source *s, int ms)
{
	struct timespec until = deadline_in(ms);
	int failed = 0;

	(void)pthread_mutex_lock(&s->wait_lock);
	while (!s->cancelled && failed == 0)
		failed = pthread_cond_timedwait(&s->wait_changed, &s->wait_lock, &until);
	(void)pthread_mutex_unlock(&s->wait_lock);
}

/* Are the readers' names still those that were seen? */
static bool same_names(const struct snapshot *seen, const struct snapshot *now)
{
	if (seen->n != now->n)
		return false;
	for (size_t i = 0; i < seen->n; i++)
		if (strcmp(seen->reader[i].name, now->reader[i].name) != 0)
			return false;
	return true;
}

/* ECERT_OK: something changed. ECERT_E_TIMEOUT: nothing did, during this slice. */
static enum ecert_rc wait_slice(struct pcsc_source *s, struct snapshot *seen, int ms)
{
	SCARD_READERSTATE states[READER_MAX + 1];
	DWORD old;
	LONG rv;

	memset(states, 0, sizeof states);
	for (size_t i = 0; i < seen->n; i++) {
		states[i].szReader = seen->reader[i].name;
		states[i].dwCurrentState = seen->reader[i].state;
	}
	states[seen->n].szReader = PNP_READER;
	rv = SCardGetStatusChange(s->wait_context, (DWORD)ms, states, (DWORD)seen->n + 1);
	if (rv == SCARD_E_UNKNOWN_READER)
		return ECERT_OK;
	if (rv != SCARD_S_SUCCESS)
		return pcsc_rc(rv, PCSC_CONNECTING);
	if (states[seen->n].dwEventState & SCARD_STATE_CHANGED)
		return ECERT_OK;
	for (size_t i = 0; i < seen->n; i++) {
		old = seen->reader[i].state;
		seen->reader[i].state = states[i].dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
		if ((old ^ seen->reader[i].state) & STATE_MATTERS)
			return ECERT_OK;
	}
	return ECERT_E_TIMEOUT;
}

/* One round with the service there: compare the names, then wait for a slice. */
static enum ecert_rc wait_round(struct pcsc_source *s, struct snapshot *seen, int left_ms)
{
	struct pcsc_names names;
	struct snapshot now = {.n = 0};
	LONG rv = pcsc_list_names(s->wait_context, &names);

	if (rv != SCARD_S_SUCCESS)
		return pcsc_rc(rv, PCSC_CONNECTING);
	(void)take_names(&names, &now);
	if (!same_names(seen, &now))
		return ECERT_OK;
	return wait_slice(s, seen, left_ms < WAIT_SLICE_MS ? left_ms : WAIT_SLICE_MS);
}

/* Rounds until something changes, somebody cancels or the time is over. */
static enum ecert_rc wait_rounds(struct pcsc_source *s, struct snapshot *seen, int timeout_ms)
{
	struct timespec until = deadline_in(timeout_ms < 0 ? 0 : timeout_ms);
	int left = WAIT_SLICE_MS;
	enum ecert_rc rc;

	for (;;) {
		if (take_cancel(s))
			return ECERT_E_CANCELLED;
		if (timeout_ms >= 0)
			left = deadline_left_ms(&until);
		rc = pcsc_rc(establish_wait(s), PCSC_CONNECTING);
		if (rc == ECERT_OK && !seen->service)
			return ECERT_OK; /* the service has come */
		if (rc == ECERT_OK)
			rc = wait_round(s, seen, left);
		if (rc == ECERT_OK || (rc == ECERT_E_TIMEOUT && left == 0))
			return rc;
		if (rc == ECERT_E_TIMEOUT || rc == ECERT_E_CANCELLED)
			continue;
		release(&s->wait_context, &s->have_wait);
		if (seen->n > 0)
			return ECERT_OK; /* the service has gone, and its readers with it */
		seen->service = false;
		if (left == 0)
			return ECERT_E_NO_SERVICE;
		sleep_uncancelled(s, left < SERVICE_POLL_MS ? left : SERVICE_POLL_MS);
	}
}

static enum ecert_rc wait(void *impl, int timeout_ms)
{
	struct pcsc_source *s = impl;
	struct snapshot seen;
	enum ecert_rc rc;

	(void)pthread_mutex_lock(&s->seen_lock);
	seen = s->seen;
	(void)pthread_mutex_unlock(&s->seen_lock);
	/* A context from before a restart would look as if the service had come. */
	if (!seen.service)
		release(&s->wait_context, &s->have_wait);
	set_waiting(s, true);
	rc = wait_rounds(s, &seen, timeout_ms);
	set_waiting(s, false);
	return rc;
}

/*
 * SCardCancel reaches only a wait that has begun in pcscd, so it is repeated until the waiting
 * thread has taken notice; when nobody waits the mark is left for the next wait.
 */
static void cancel(void *impl)
{
	struct pcsc_source *s = impl;
	struct timespec nudge;

	(void)pthread_mutex_lock(&s->wait_lock);
	s->cancelled = true;
	(void)pthread_cond_broadcast(&s->wait_changed);
	for (int i = 0; i < 200 && s->waiting && s->cancelled; i++) {
		SCARDCONTEXT context = s->wait_context;

		(void)pthread_mutex_unlock(&s->wait_lock);
		(void)SCardCancel(context);
		(void)pthread_mutex_lock(&s->wait_lock);
		nudge = deadline_in(CANCEL_NUDGE_MS);
		if (s->waiting && s->cancelled)
			(void)pthread_cond_timedwait(&s->wait_changed, &s->wait_lock, &nudge);
	}
	(void)pthread_mutex_unlock(&s->wait_lock);
}

/* ---- making and closing ---- */

static enum ecert_rc open_channel(
    void *impl, const char *reader_name, const struct channel_ops **ops, void **channel_impl)
{
	(void)impl; /* a channel has a context of its own */
	return pcsc_channel_open(reader_name, ops, channel_impl);
}

static void close_source(void *impl)
{
	struct pcsc_source *s = impl;

	if (!fork_mark_inherited(&s->mark)) {
		release(&s->list_context, &s->have_list);
		release(&s->wait_context, &s->have_wait);
		(void)pthread_cond_destroy(&s->wait_changed);
		(void)pthread_mutex_destroy(&s->wait_lock);
		(void)pthread_mutex_destroy(&s->seen_lock);
		(void)pthread_mutex_destroy(&s->list_lock);
	}
	free(s);
}

static const struct readers_ops pcsc_ops = {
    .list = list,
    .wait = wait,
    .cancel = cancel,
    .open = open_channel,
    .close = close_source,
    .is_virtual = false,
};

static enum ecert_rc init_sync(struct pcsc_source *s)
{
	pthread_mutex_t *const lock[] = {&s->list_lock, &s->wait_lock, &s->seen_lock};
	const size_t all = sizeof lock / sizeof lock[0];
	size_t n = 0;

	if (clock_cond_init(&s->wait_changed) != 0)
		return ECERT_E_MEMORY;
	while (n < all && pthread_mutex_init(lock[n], NULL) == 0)
		n++;
	if (n == all)
		return ECERT_OK;
	while (n > 0)
		(void)pthread_mutex_destroy(lock[--n]);
	(void)pthread_cond_destroy(&s->wait_changed);
	return ECERT_E_MEMORY;
}

enum ecert_rc pcsc_source(const struct readers_ops **ops, void **impl)
{
	struct pcsc_source *s = calloc(1, sizeof *s);

	if (!s || init_sync(s) != ECERT_OK) {
		free(s);
		return ECERT_E_MEMORY;
	}
	fork_mark_set(&s->mark);
	/* Nothing seen yet: a wait before the first list waits against an empty room. */
	s->seen.service = true;
	*ops = &pcsc_ops;
	*impl = s;
	return ECERT_OK;
}
