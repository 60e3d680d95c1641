/* SPDX-License-Identifier: BSD-2-Clause */
/* One connection's bytes: frames in, answers out. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/server.h"
#include "util/clock.h"

struct client *client_new(struct server *s, int fd, const struct peer *peer)
{
	struct client *c = calloc(1, sizeof *c);

	if (!c)
		return NULL;
	c->id = ++s->next_id;
	c->fd = fd;
	c->peer = *peer;
	c->peer.client = c->id;
	c->share = SHARE_LEAST;
	c->active = clock_ms();
	buf_init(&c->body, IPC_FRAME_MAX);
	return c;
}

static size_t reply_size(const struct reply *r)
{
	return sizeof *r + buf_len(&r->frame);
}

static void drop_reply(struct client *c)
{
	struct reply *r = c->out;

	c->out_bytes -= reply_size(r);
	c->out = r->next;
	if (!c->out)
		c->out_last = NULL;
	c->out_at = 0;
	buf_free(&r->frame);
	free(r);
}

void client_free(struct client **c)
{
	while ((*c)->out)
		drop_reply(*c);
	buf_free(&(*c)->body);
	(void)close((*c)->fd);
	free(*c);
	*c = NULL;
}

/* ---- reading ---- */

enum step { STEP_MORE, STEP_FRAME, STEP_NOTHING, STEP_END };

/* The kernel says with the bytes who wrote them, and hands out no two writers' at once. Whoever was
 * given the connection by the one that made it is not the program that was seen there. */
static void look_at_sender(struct client *c, struct msghdr *m)
{
	struct ucred sender = {.pid = -1};

	for (struct cmsghdr *h = CMSG_FIRSTHDR(m); h; h = CMSG_NXTHDR(m, h))
		if (h->cmsg_level == SOL_SOCKET && h->cmsg_type == SCM_CREDENTIALS &&
		    h->cmsg_len >= CMSG_LEN(sizeof sender))
			memcpy(&sender, CMSG_DATA(h), sizeof sender);
	if (sender.pid != c->peer.pid)
		c->peer.doubt = PEER_PASSED_ON;
}

/* Descriptors that somebody sends along are closed by the kernel: there is no room for them. */
#define CONTROL CMSG_SPACE(sizeof(struct ucred))

/* -1: an error or the end; 0: nothing there now. */
static ssize_t take_bytes(struct client *c, uint8_t *to, size_t n)
{
	_Alignas(struct cmsghdr) char control[CONTROL];
	struct iovec io = {to, n};
	struct msghdr m = {.msg_iov = &io, .msg_iovlen = 1};
	ssize_t got;

	do {
		m.msg_control = control;
		m.msg_controllen = sizeof control;
		got = recvmsg(c->fd, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	} while (got < 0 && errno == EINTR);
	if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return 0;
	if (got > 0)
		look_at_sender(c, &m);
	return got > 0 ? got : -1;
}

/* Before any secret comes: it is read into where it may be. */
static bool begin_body(struct client *c)
{
	if (wire_is_secret(c->head[5]))
		buf_init_locked(&c->body, IPC_FRAME_MAX);
	else
		buf_init(&c->body, IPC_FRAME_MAX);
	buf_put(&c->body, c->head + 4, 2);
	return buf_rc(&c->body) == ECERT_OK;
}

static enum step read_head(struct client *c)
{
	ssize_t got = take_bytes(c, c->head + c->have, sizeof c->head - c->have);

	if (got <= 0)
		return got == 0 ? STEP_NOTHING : STEP_END;
	c->have += (size_t)got;
	if (c->have < sizeof c->head)
		return STEP_MORE;
	c->want = (uint32_t)c->head[0] << 24 | (uint32_t)c->head[1] << 16 |
		  (uint32_t)c->head[2] << 8 | c->head[3];
	if (c->want < IPC_HEAD_LEN || c->want > IPC_FRAME_MAX || !begin_body(c))
		return STEP_END;
	c->held = c->want > FRAME_SMALL ? clock_ms() : 0;
	return c->held != 0 ? STEP_NOTHING : STEP_MORE;
}

/* Secrets pass through here: straight into the buffer that goes with the job, locked, and is wiped.
 */
static enum step read_body(struct server *s, struct client *c)
{
	size_t before = buf_len(&c->body), missing = c->want - before;
	uint8_t *room = buf_room(&c->body, missing);
	ssize_t got;

	if (!room)
		return STEP_END;
	got = take_bytes(c, room, missing);
	buf_truncate(&c->body, before + (got > 0 ? (size_t)got : 0));
	if (got <= 0)
		return got == 0 ? STEP_NOTHING : STEP_END;
	if (buf_len(&c->body) < c->want)
		return STEP_MORE;
	c->have = c->want = 0;
	c->began = 0;
	c->active = clock_ms();
	return request_take(s, c, &c->body) ? STEP_FRAME : STEP_END;
}

static enum step read_on(struct server *s, struct client *c)
{
	if (c->have < sizeof c->head)
		return read_head(c);
	return c->held != 0 ? STEP_NOTHING : read_body(s, c);
}

bool client_may(const struct client *c)
{
	return c->held == 0 && c->pending < c->share && c->out_bytes < OUT_PAUSE;
}

bool client_read(struct server *s, struct client *c)
{
	enum step step = STEP_MORE;

	for (int frames = 0; frames < FRAMES_AT_ONCE && client_may(c); frames++) {
		do {
			step = read_on(s, c);
		} while (step == STEP_MORE);
		if (step != STEP_FRAME)
			break;
	}
	return step != STEP_END;
}

bool client_late(const struct client *c)
{
	return c->began != 0 && clock_ms() - c->began > FRAME_MS;
}

/* ---- writing ---- */

void client_queue(struct client *c, struct reply *r)
{
	r->next = NULL;
	if (c->out_last)
		c->out_last->next = r;
	else
		c->out = r;
	c->out_last = r;
	c->out_bytes += reply_size(r);
}

bool client_write(struct client *c)
{
	while (c->out) {
		struct rd v = buf_view(&c->out->frame);
		ssize_t n = send(
		    c->fd, v.p + c->out_at, v.n - c->out_at, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN || errno == EWOULDBLOCK;
		c->out_at += (size_t)n;
		if (c->out_at == v.n)
			drop_reply(c);
	}
	return true;
}

/* ---- waiting for events ---- */

static int due_of_frame(const struct client *c)
{
	int64_t left = c->began + FRAME_MS - clock_ms();

	if (c->began == 0)
		return -1;
	return left > 0 ? (int)left + 1 : 0;
}

static int due_of_wait(struct server *s, struct client *c)
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

int client_due(struct server *s, struct client *c)
{
	int frame = due_of_frame(c), wait = due_of_wait(s, c);

	return frame < 0 ? wait : wait < 0 || frame < wait ? frame : wait;
}
