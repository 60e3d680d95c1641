/* SPDX-License-Identifier: BSD-2-Clause */
/* The fair queue. */
#include "daemon/queue.h"

#include <stdlib.h>

void job_free(struct job **j)
{
	if (*j == NULL)
		return;
	buf_free(&(*j)->body);
	free(*j);
	*j = NULL;
}

static struct lane *find(const struct queue *q, uint64_t client)
{
	struct lane *l = q->first;

	while (l != NULL && l->client != client)
		l = l->next;
	return l;
}

static void append(struct queue *q, struct lane *l)
{
	l->next = NULL;
	if (q->last != NULL)
		q->last->next = l;
	else
		q->first = l;
	q->last = l;
}

static void detach(struct queue *q, struct lane *gone)
{
	struct lane *before = NULL, *l = q->first;

	while (l != gone) {
		before = l;
		l = l->next;
	}
	if (before != NULL)
		before->next = gone->next;
	else
		q->first = gone->next;
	if (q->last == gone)
		q->last = before;
}

enum ecert_rc queue_put(struct queue *q, struct job *j)
{
	struct lane *l = find(q, j->peer.client);

	if (l == NULL) {
		l = calloc(1, sizeof *l);
		if (l == NULL)
			return ECERT_E_MEMORY;
		l->client = j->peer.client;
		append(q, l);
	}
	j->next = NULL;
	if (l->tail != NULL)
		l->tail->next = j;
	else
		l->head = j;
	l->tail = j;
	return ECERT_OK;
}

struct job *queue_turn(struct queue *q, uint64_t client, size_t most)
{
	struct lane *l = client != 0 ? find(q, client) : q->first;
	struct job *first, *last;

	if (l == NULL)
		return NULL;
	detach(q, l);
	first = last = l->head;
	while (--most > 0 && last->next != NULL)
		last = last->next;
	l->head = last->next;
	last->next = NULL;
	if (l->head == NULL)
		free(l);
	else
		append(q, l);
	return first;
}

const struct job *queue_next(const struct queue *q, uint64_t client)
{
	const struct lane *l = find(q, client);

	return l != NULL ? l->head : NULL;
}

bool queue_empty(const struct queue *q)
{
	return q->first == NULL;
}

bool queue_others(const struct queue *q, uint64_t client)
{
	return q->first != NULL && (q->first->client != client || q->first->next != NULL);
}

void queue_drop(struct queue *q, uint64_t client)
{
	struct lane *l = find(q, client);

	if (l == NULL)
		return;
	detach(q, l);
	while (l->head != NULL) {
		struct job *j = l->head;

		l->head = j->next;
		job_free(&j);
	}
	free(l);
}
