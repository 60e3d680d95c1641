/* SPDX-License-Identifier: BSD-2-Clause */
/* One connection's bytes: frames in, answers out. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/server.h"
#include "token/clock.h"

struct client *client_new(struct server *s, int fd, const struct peer *peer)
{
	struct client *c = calloc(1, sizeof *c);

	if (c == NULL)
		return NULL;
	c->id = ++s->next_id;
	c->fd = fd;
	c->peer = *peer;
	c->peer.client = c->id;
	buf_init(&c->body, IPC_FRAME_MAX);
	return c;
}

static void drop_reply(struct client *c)
{
	struct reply *r = c->out;

	c->out_bytes -= buf_len(&r->frame);
	c->out = r->next;
	if (c->out == NULL)
		c->out_last = NULL;
	c->out_at = 0;
	buf_free(&r->frame);
	free(r);
}

void client_free(struct client **c)
{
	while ((*c)->out != NULL)
		drop_reply(*c);
	buf_free(&(*c)->body);
	(void)close((*c)->fd);
	free(*c);
	*c = NULL;
}

/* ---- reading ---- */

enum step { STEP_MORE, STEP_NOTHING, STEP_END };

/* -1: an error or the end; 0: nothing there now. */
static ssize_t take(int fd, uint8_t *to, size_t n)
{
	ssize_t got;

	do {
		got = recv(fd, to, n, MSG_DONTWAIT);
	} while (got < 0 && errno == EINTR);
	if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return 0;
	return got > 0 ? got : -1;
}

static enum step read_head(struct client *c)
{
	ssize_t got = take(c->fd, c->head + c->have, sizeof c->head - c->have);

	if (got <= 0)
		return got == 0 ? STEP_NOTHING : STEP_END;
	c->have += (size_t)got;
	if (c->have < sizeof c->head)
		return STEP_MORE;
	c->want = (uint32_t)c->head[0] << 24 | (uint32_t)c->head[1] << 16 |
		  (uint32_t)c->head[2] << 8 | c->head[3];
	return c->want < IPC_HEAD_LEN || c->want > IPC_FRAME_MAX ? STEP_END : STEP_MORE;
}

/* Secrets pass through here: straight into the buffer that goes with the job and is wiped. */
static enum step read_body(struct server *s, struct client *c)
{
	size_t before = buf_len(&c->body), missing = c->want - before;
	uint8_t *room = buf_room(&c->body, missing);
	ssize_t got;

	if (room == NULL)
		return STEP_END;
	got = take(c->fd, room, missing);
	buf_truncate(&c->body, before + (got > 0 ? (size_t)got : 0));
	if (got <= 0)
		return got == 0 ? STEP_NOTHING : STEP_END;
	if (buf_len(&c->body) < c->want)
		return STEP_MORE;
	c->have = c->want = 0;
	return request_take(s, c, &c->body) ? STEP_MORE : STEP_END;
}

bool client_read(struct server *s, struct client *c)
{
	enum step step = STEP_MORE;

	while (step == STEP_MORE && c->pending < IPC_PENDING_MAX)
		step = c->have < sizeof c->head ? read_head(c) : read_body(s, c);
	return step != STEP_END;
}

/* ---- writing ---- */

void client_queue(struct client *c, struct reply *r)
{
	r->next = NULL;
	if (c->out_last != NULL)
		c->out_last->next = r;
	else
		c->out = r;
	c->out_last = r;
	c->out_bytes += buf_len(&r->frame);
}

bool client_write(struct client *c)
{
	while (c->out != NULL) {
		struct rd v = buf_view(&c->out->frame);
		ssize_t n = send(
		    c->fd, v.p + c->out_at, v.n - c->out_at, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return (errno == EAGAIN || errno == EWOULDBLOCK) &&
			       c->out_bytes <= CLIENT_OUT_MAX;
		c->out_at += (size_t)n;
		if (c->out_at == v.n)
			drop_reply(c);
	}
	return true;
}

/* ---- waiting for events ---- */

int client_due(struct server *s, struct client *c)
{
	uint32_t slot = 0;
	int64_t left = c->wait_until - clock_ms();

	if (!c->waiting)
		return -1;
	if (request_event(s, c, &slot)) {
		c->waiting = false;
		request_answer(s, c, IPC_WAIT, c->wait_id, ECERT_OK, slot);
		return -1;
	}
	if (c->wait_until == 0)
		return -1;
	if (left > 0)
		return left > 60000 ? 60000 : (int)left;
	c->waiting = false;
	request_answer(s, c, IPC_WAIT, c->wait_id, ECERT_E_TIMEOUT, 0);
	return -1;
}
