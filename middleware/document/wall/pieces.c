/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes of an answer as they come, each piece handed on at once. */
#include "document/wall/pieces.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "util/clock.h"

/* So long it is waited in all. */
#define PATIENCE_MS (6 * WALL_PIECES_SECONDS * 1000)

ssize_t wall_hear(int channel, uint8_t *room, size_t n, int64_t ms)
{
	int64_t until = clock_ms() + ms;

	for (;;) {
		struct pollfd p = {channel, POLLIN, 0};
		int64_t now = clock_ms();
		int ready = now < until ? poll(&p, 1, (int)(until - now)) : 0;
		ssize_t got;

		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0)
			return -1;
		got = recv(channel, room, n, 0);
		if (got < 0 && errno == EINTR)
			continue;
		return got < 0 ? 0 : got;
	}
}

static struct rd past(struct rd r, size_t n)
{
	return rd_of(r.p + n, r.n - n);
}

static struct rd take_head(struct wall_pieces *p, struct rd r)
{
	struct rd head = rd_of(p->head, sizeof p->head);

	p->head[p->head_n++] = *r.p;
	if (p->head_n == sizeof p->head) {
		p->head_n = 0;
		p->nonsense = rd_u32(&head, &p->left) != ECERT_OK || p->left > WALL_PIECE_MAX;
		p->ended = !p->left;
	}
	return past(r, 1);
}

static struct rd take_piece(struct wall_pieces *p, struct rd r)
{
	size_t n = r.n < p->left ? r.n : p->left;

	p->large = n > p->q->most - p->taken;
	if (p->large)
		return r;
	p->rc = p->q->take(p->q->ctx, rd_of(r.p, n));
	p->taken += n;
	p->left -= (uint32_t)n;
	return past(r, n);
}

static struct rd take_code(struct wall_pieces *p, struct rd r)
{
	p->nonsense = p->has_code || r.n > 1;
	p->has_code = true;
	p->code = *r.p;
	return past(r, 1);
}

static bool take(struct wall_pieces *p, struct rd r)
{
	while (r.n && !p->nonsense && !p->large && p->rc == ECERT_OK)
		r = p->ended ? take_code(p, r) : p->left ? take_piece(p, r) : take_head(p, r);
	return !r.n && !p->nonsense && p->rc == ECERT_OK;
}

bool wall_hear_pieces(int channel, struct wall_pieces *p)
{
	int64_t left = PATIENCE_MS;
	uint8_t room[WALL_PIECE_MAX];

	for (;;) {
		int64_t began = clock_ms();
		ssize_t n = left > 0 ? wall_hear(channel, room, sizeof room, left) : -1;

		left -= clock_ms() - began;
		if (n <= 0)
			return !n;
		if (!take(p, rd_of(room, (size_t)n)))
			return false;
	}
}
