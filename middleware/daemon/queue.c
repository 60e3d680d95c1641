/* SPDX-License-Identifier: BSD-2-Clause */
/* The fair queue. */
#include "daemon/queue.h"

#include <stdlib.h>

void job_free(struct job **j)
{
	if (!*j)
		return;
	buf_free(&(*j)->body);
	free(*j);
	*j = NULL;
}

static struct lane *lane_of(const struct queue *q, uint64_t client)
{
	struct lane *l = q->first;

	while (l && l->client != client)
		l = l->next;
	return l;
}

static void lane_append(struct queue *q, struct lane *l)
{
	l->next = NULL;
	if (q->last)
		q->last->next = l;
	else
		q->first = l;
	q->last = l;
}

static void lane_detach(struct queue *q, struct lane *gone)
{
	struct lane *before = NULL, *l = q->first;

	while (l != gone) {
		before = l;
		l = l->next;
	}
	if (before)
		before->next = gone->next;
	else
		q->first = gone->next;
	if (q->last == gone)
		q->last = before;
}

static struct lane *lane_for(struct queue *q, const struct peer *peer)
{
	struct lane *l = lane_of(q, peer->client);

	if (l)
		return l;
	l = calloc(1, sizeof *l);
	if (!l)
		return NULL;
	l->client = peer->client;
	l->uid = peer->uid;
	l->pid = peer->pid;
	lane_append(q, l);
	return l;
}

enum ecert_rc queue_put(struct queue *q, struct job *j)
{
	struct lane *l = lane_for(q, &j->peer);

	if (!l)
		return ECERT_E_MEMORY;
	j->next = NULL;
	if (l->tail)
		l->tail->next = j;
	else
		l->head = j;
	l->tail = j;
	return ECERT_OK;
}

enum ecert_rc queue_return(struct queue *q, struct job *jobs)
{
	struct lane *l = lane_for(q, &jobs->peer);
	struct job *last = jobs;

	if (!l)
		return ECERT_E_MEMORY;
	while (last->next)
		last = last->next;
	last->next = l->head;
	l->head = jobs;
	if (!l->tail)
		l->tail = last;
	return ECERT_OK;
}

/* ---- whose turn it is ---- */

/* 0: never, as far as is known. */
static uint64_t last_turn(const struct stamp *table, size_t n, uint64_t whose)
{
	for (size_t i = 0; i < n; i++)
		if (table[i].turn != 0 && table[i].whose == whose)
			return table[i].turn;
	return 0;
}

static void remember(struct stamp *table, size_t n, uint64_t whose, uint64_t turn)
{
	struct stamp *at = &table[0];

	for (size_t i = 0; i < n; i++) {
		if (table[i].turn != 0 && table[i].whose == whose) {
			at = &table[i];
			break;
		}
		if (table[i].turn < at->turn)
			at = &table[i];
	}
	*at = (struct stamp){whose, turn};
}

static struct lane *next_lane(const struct queue *q)
{
	struct lane *best = q->first;
	uint64_t user = UINT64_MAX, process = UINT64_MAX;

	for (struct lane *l = q->first; l; l = l->next) {
		uint64_t u = last_turn(q->user, QUEUE_USERS, l->uid), p;

		if (u > user)
			continue;
		p = last_turn(q->process, QUEUE_PROCESSES, (uint64_t)l->pid);
		if (u == user && p >= process)
			continue;
		best = l;
		user = u;
		process = p;
	}
	return best;
}

struct job *queue_turn(struct queue *q, uint64_t client, size_t most)
{
	struct lane *l = client != 0 ? lane_of(q, client) : next_lane(q);
	struct job *first, *last;

	if (!l)
		return NULL;
	q->turns++;
	remember(q->user, QUEUE_USERS, l->uid, q->turns);
	remember(q->process, QUEUE_PROCESSES, (uint64_t)l->pid, q->turns);
	lane_detach(q, l);
	first = last = l->head;
	while (--most > 0 && last->next)
		last = last->next;
	l->head = last->next;
	last->next = NULL;
	if (!l->head)
		free(l);
	else
		lane_append(q, l);
	return first;
}

const struct job *queue_next(const struct queue *q, uint64_t client)
{
	const struct lane *l = lane_of(q, client);

	return l ? l->head : NULL;
}

bool queue_empty(const struct queue *q)
{
	return !q->first;
}

bool queue_others(const struct queue *q, uint64_t client)
{
	return q->first && (q->first->client != client || q->first->next);
}

size_t queue_drop(struct queue *q, uint64_t client)
{
	struct lane *l = lane_of(q, client);
	size_t n = 0;

	if (!l)
		return 0;
	lane_detach(q, l);
	for (; l->head; n++) {
		struct job *j = l->head;

		l->head = j->next;
		job_free(&j);
	}
	free(l);
	return n;
}
