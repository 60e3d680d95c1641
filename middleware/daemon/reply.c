/* SPDX-License-Identifier: BSD-2-Clause */
/* From the workers to the listener: answers, and what is in the readers. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/daemon.h"

static void wake(struct daemon *d)
{
	const uint64_t one = 1;

	/* The counter can only be full when the listener is awake anyway. */
	if (write(d->wake, &one, sizeof one) != sizeof one)
		return;
}

void reply_send(
    struct daemon *d, const struct job *j, enum ecert_rc rc, uint32_t a, struct rd field)
{
	struct wire_answer w = {.type = j->q.type, .id = j->q.id, .rc = rc, .a = a, .field = field};
	struct reply *r = calloc(1, sizeof *r);

	/* Without memory there is no answer; the client's connection then ends by its own bound. */
	if (!r)
		return;
	r->client = j->peer.client;
	r->large = j->large;
	buf_init(&r->frame, IPC_FRAME_MAX + 4);
	if (wire_put_answer(&r->frame, &w) != ECERT_OK) {
		buf_reset(&r->frame);
		w.rc = ECERT_E_INTERNAL;
		w.field = rd_of(NULL, 0);
		if (wire_put_answer(&r->frame, &w) != ECERT_OK) {
			free(r);
			return;
		}
	}
	(void)pthread_mutex_lock(&d->lock);
	if (d->replies_last)
		d->replies_last->next = r;
	else
		d->replies = r;
	d->replies_last = r;
	(void)pthread_mutex_unlock(&d->lock);
	wake(d);
}

void slots_publish(struct daemon *d)
{
	struct token_slot slot[TOKEN_SLOTS_MAX];
	size_t n;

	if (tokens_slots(d->tokens, false, slot, TOKEN_SLOTS_MAX, &n) != ECERT_OK)
		return;
	(void)pthread_mutex_lock(&d->lock);
	memcpy(d->slot, slot, n * sizeof slot[0]);
	d->slots = n;
	(void)pthread_mutex_unlock(&d->lock);
	wake(d);
}
