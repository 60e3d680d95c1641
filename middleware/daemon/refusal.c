/* SPDX-License-Identifier: BSD-2-Clause */
/* Refused requests: counted, folded, and kept from filling the disk. */
#include "daemon/refusal.h"

#include <string.h>

#include "util/clock.h"
#include "util/log.h"

/* A record and its outcome are not begun with less. */
#define LEAST_BYTES 1024

void refusals_init(struct refusals *r)
{
	memset(r, 0, sizeof *r);
	(void)pthread_mutex_init(&r->lock, NULL);
}

/* ---- counting ---- */

/* The last row is for all those for whom there is no other. */
static struct refusal *row_of(struct refusals *r, const struct peer *peer)
{
	struct refusal *free_row = NULL;

	for (size_t i = 0; i < REFUSAL_ROWS - 1; i++) {
		struct refusal *row = &r->row[i];

		if (row->since != 0 && row->peer.pid == peer->pid && row->peer.uid == peer->uid &&
		    row->peer.doubt == peer->doubt)
			return row;
		if (row->since == 0 && !free_row)
			free_row = row;
	}
	return free_row ? free_row : &r->row[REFUSAL_ROWS - 1];
}

void refusals_count(struct refusals *r, const struct peer *peer, const char *what, enum ecert_rc rc)
{
	struct refusal *row;

	(void)pthread_mutex_lock(&r->lock);
	row = row_of(r, peer);
	if (row->since == 0)
		*row = (struct refusal){.since = clock_ms()};
	row->count++;
	row->what = what;
	row->rc = rc;
	row->peer = *peer;
	if (row == &r->row[REFUSAL_ROWS - 1])
		row->peer = (struct peer){0};
	(void)pthread_mutex_unlock(&r->lock);
}

static enum ecert_rc tell(const struct refusal *row, struct journal *journal)
{
	struct journal_entry e = {.phase = JOURNAL_EVENT,
	    .what = "refused",
	    .serial = "",
	    .exe = "",
	    .count = row->count,
	    .asked = row->what,
	    .rc = row->rc};
	uint64_t number;

	if (row->peer.client != 0)
		journal_name_peer(&row->peer, &e);
	return journal_append(journal, &e, &number);
}

void refusals_tell(struct refusals *r, struct journal *journal, bool all)
{
	for (size_t i = 0; i < REFUSAL_ROWS; i++) {
		struct refusal row;

		(void)pthread_mutex_lock(&r->lock);
		row = r->row[i];
		if (row.since != 0 && !all && clock_ms() - row.since < REFUSAL_INTERVAL_MS)
			row.since = 0;
		if (row.since != 0)
			r->row[i].since = 0;
		(void)pthread_mutex_unlock(&r->lock);
		if (row.since != 0 && tell(&row, journal) != ECERT_OK)
			log_error("journal: %llu refused requests are not on record",
			    (unsigned long long)row.count);
	}
}

/* ---- allowances; with the lock held ---- */

/* The row of one who was not there for longest is taken: full again, or as good as. */
static struct allowance *allowance_of(
    struct allowance *table, size_t n, uint64_t whose, int64_t most)
{
	struct allowance *at = &table[0];

	for (size_t i = 0; i < n; i++) {
		if (table[i].at != 0 && table[i].whose == whose)
			return &table[i];
		if (table[i].at < at->at)
			at = &table[i];
	}
	*at = (struct allowance){.whose = whose, .at = clock_ms(), .bytes = most};
	return at;
}

static void grow(struct allowance *a, int64_t most, int64_t a_second)
{
	int64_t now = clock_ms(), more = (now - a->at) * a_second / 1000;

	if (more == 0)
		return;
	a->bytes = a->bytes + more < most ? a->bytes + more : most;
	a->at = now;
}

static int64_t wait_for(const struct allowance *a, int64_t a_second)
{
	return a->bytes >= LEAST_BYTES ? 0 : (LEAST_BYTES - a->bytes) * 1000 / a_second + 1;
}

/* What of it each peer draws on: its connection's own, or its process's and its user's. */
struct purse {
	struct allowance *a;
	int64_t most, growth;
};

static size_t purses(
    struct refusals *r, const struct peer *peer, bool logged_in, struct purse out[2])
{
	const int64_t half = ALLOWANCE_BYTES / 2;
	size_t n = 0;

	if (logged_in) {
		out[n++] = (struct purse){
		    allowance_of(r->login, ALLOWANCE_PROCESSES, peer->client, ALLOWANCE_BYTES),
		    ALLOWANCE_BYTES, ALLOWANCE_GROWTH};
	} else {
		out[n++] = (struct purse){
		    allowance_of(r->process, ALLOWANCE_PROCESSES, (uint64_t)peer->pid, half), half,
		    ALLOWANCE_GROWTH / 2};
		out[n++] = (struct purse){
		    allowance_of(r->user, ALLOWANCE_USERS, peer->uid, ALLOWANCE_BYTES),
		    ALLOWANCE_BYTES, ALLOWANCE_GROWTH};
	}
	for (size_t i = 0; i < n; i++)
		grow(out[i].a, out[i].most, out[i].growth);
	return n;
}

int64_t refusals_wait(struct refusals *r, const struct peer *peer, bool logged_in)
{
	struct purse purse[2];
	int64_t longest = 0;
	size_t n;

	(void)pthread_mutex_lock(&r->lock);
	n = purses(r, peer, logged_in, purse);
	for (size_t i = 0; i < n; i++) {
		int64_t wait = wait_for(purse[i].a, purse[i].growth);

		longest = wait > longest ? wait : longest;
	}
	(void)pthread_mutex_unlock(&r->lock);
	return longest;
}

void refusals_spend(struct refusals *r, const struct peer *peer, bool logged_in, uint64_t bytes)
{
	struct purse purse[2];
	size_t n;

	(void)pthread_mutex_lock(&r->lock);
	n = purses(r, peer, logged_in, purse);
	for (size_t i = 0; i < n; i++)
		purse[i].a->bytes -= (int64_t)bytes;
	(void)pthread_mutex_unlock(&r->lock);
}
