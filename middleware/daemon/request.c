/* SPDX-License-Identifier: BSD-2-Clause */
/* A frame becomes a job, or is answered at once. */
#include <stdlib.h>
#include <string.h>

#include "crypto/random.h"
#include "daemon/server.h"
#include "util/clock.h"
#include "util/log.h"

static void answer_with(
    struct server *s, struct client *c, const struct wire_request *q, uint32_t a, struct rd field)
{
	struct job j = {.peer = c->peer, .q = *q};

	c->pending++; /* as the answer of a job takes it off again */
	reply_send(s->daemon, &j, ECERT_OK, a, field);
}

void request_answer(
    struct server *s, struct client *c, uint8_t type, uint32_t id, enum ecert_rc rc, uint32_t a)
{
	struct job j = {.peer = c->peer, .q = {.type = type, .id = id}};

	c->pending++;
	reply_send(s->daemon, &j, rc, a, rd_of(NULL, 0));
}

bool request_event(struct server *s, struct client *c, uint32_t *slot)
{
	struct daemon *d = s->daemon;
	bool found = false;

	(void)pthread_mutex_lock(&d->lock);
	for (size_t i = 0; !found && i < d->slots; i++) {
		if (c->reported[i] == d->slot[i].generation)
			continue;
		c->reported[i] = d->slot[i].generation;
		*slot = (uint32_t)i;
		found = true;
	}
	(void)pthread_mutex_unlock(&d->lock);
	return found;
}

/* What there is now is no event. */
static void here_hello(struct server *s, struct client *c, const struct wire_request *q)
{
	uint8_t field[IPC_NONCE_LEN + 1] = {[IPC_NONCE_LEN] = IPC_REVISION};
	uint32_t slot;

	while (request_event(s, c, &slot))
		continue;
	c->greeted = true;
	if (q->arg.hello.confirms == 1 && random_bytes(c->nonce, sizeof c->nonce) == ECERT_OK) {
		c->peer.revision = q->arg.hello.revision < IPC_REVISION ? q->arg.hello.revision
									: IPC_REVISION;
		memcpy(field, c->nonce, sizeof c->nonce);
		answer_with(s, c, q, s->daemon->run, rd_of(field, sizeof field));
	} else
		request_answer(s, c, q->type, q->id, ECERT_OK, s->daemon->run);
}

/* Only what the program that is looked at reads can bring this back, and only once. */
static void here_confirm(struct server *s, struct client *c, const struct wire_request *q)
{
	static const uint8_t none[IPC_NONCE_LEN];
	bool same = memcmp(c->nonce, none, sizeof none) != 0 &&
		    rd_equal(q->arg.confirm.nonce, rd_of(c->nonce, sizeof c->nonce));

	memset(c->nonce, 0, sizeof c->nonce);
	if (same)
		peer_confirm(&c->peer);
	request_answer(s, c, q->type, q->id, same ? ECERT_OK : ECERT_E_ARG, 0);
}

/* Its own login on the slot, without asking anybody. */
static uint32_t user_of(struct server *s, const struct client *c, const struct wire_request *q)
{
	struct daemon *d = s->daemon;
	uint32_t now = 0;

	if (q->slot >= TOKEN_SLOTS_MAX)
		return TOKEN_NOBODY;
	(void)pthread_mutex_lock(&d->lock);
	if (q->slot < d->slots)
		now = d->slot[q->slot].generation;
	(void)pthread_mutex_unlock(&d->lock);
	if (q->generation != 0 && q->generation != now)
		return TOKEN_NOBODY;
	return pins_user(&d->worker[q->slot].pins, c->id, now);
}

static void here_wait(struct server *s, struct client *c, const struct wire_request *q)
{
	int32_t timeout = (int32_t)q->arg.wait.timeout_ms;

	if (c->waiting || timeout < -1) {
		request_answer(s, c, q->type, q->id, ECERT_E_ARG, 0);
		return;
	}
	c->waiting = true;
	c->wait_id = q->id;
	c->wait_until = timeout < 0 ? 0 : clock_ms() + timeout;
}

static void here_cancel(struct server *s, struct client *c, const struct wire_request *q)
{
	if (c->waiting)
		request_answer(s, c, IPC_WAIT, c->wait_id, ECERT_E_CANCELLED, 0);
	c->waiting = false;
	request_answer(s, c, q->type, q->id, ECERT_OK, 0);
}

static void here_user(struct server *s, struct client *c, const struct wire_request *q)
{
	request_answer(s, c, q->type, q->id, ECERT_OK, user_of(s, c, q));
}

/* What the listener answers itself; NULL: a worker does. */
typedef void here_fn(struct server *s, struct client *c, const struct wire_request *q);
#define HERE_HERE(TYPE, name) [IPC_##TYPE] = here_##name,
#define HERE_NOBODY(TYPE, name)
#define HERE_CARDLESS(TYPE, name)
#define HERE_READ(TYPE, name)
#define HERE_USE(TYPE, name)
#define HERE_WRITE(TYPE, name)
#define HERE_ATTEMPT(TYPE, name)
#define HERE(TYPE, code, name, word, served, numbers, fields, answer) HERE_##served(TYPE, name)
static here_fn *const answered_here[IPC_TYPE_END] = {IPC_REQUESTS(HERE, IPC_NOTHING, IPC_NOTHING)};

static bool hand_over(struct server *s, struct client *c, struct buf *body)
{
	struct job *j = calloc(1, sizeof *j);
	size_t worker;

	if (!j)
		return false;
	j->peer = c->peer;
	j->large = buf_len(body) > FRAME_SMALL;
	/* The bytes go with the job; the views are made again over them where they are now. */
	j->body = *body;
	buf_init(body, IPC_FRAME_MAX);
	if (wire_get_request(buf_view(&j->body), &j->q) != ECERT_OK) {
		job_free(&j);
		return false;
	}
	worker = worker_of(s->daemon, &j->q);
	if (worker_put(s->daemon, worker, j) != ECERT_OK) {
		job_free(&j);
		return false;
	}
	c->put[worker]++;
	c->pending++;
	return true;
}

bool request_take(struct server *s, struct client *c, struct buf *body)
{
	struct wire_request q;
	enum ecert_rc rc = wire_get_request(buf_view(body), &q);

	if (rc != ECERT_OK || (q.type == IPC_HELLO) == c->greeted) {
		log_info("process %ld: %s", (long)c->peer.pid,
		    rc != ECERT_OK ? "a request that is none" : "no greeting, or two");
		buf_free(body);
		return false;
	}
	if (!answered_here[q.type])
		return hand_over(s, c, body);
	answered_here[q.type](s, c, &q);
	buf_free(body);
	return true;
}
