/* SPDX-License-Identifier: BSD-2-Clause */
/* Who goes when another one comes and there is no place left; who has how large a share. */
#include <stdlib.h>
#include <sys/socket.h>

#include "daemon/server.h"
#include "util/clock.h"

/* Answers that nobody takes for so long are left there by somebody who has gone to sleep. */
#define STUCK_MS 5000

/* ---- counting ---- */

static size_t of_user(const struct server *s, uid_t uid)
{
	size_t n = 0;

	for (size_t i = 0; i < s->clients; i++)
		n += s->client[i]->peer.uid == uid;
	return n;
}

/* A process that the kernel has no number for here (another namespace) is one of its user's. */
static size_t of_process(const struct server *s, uid_t uid, pid_t pid)
{
	size_t n = 0;

	for (size_t i = 0; pid != 0 && i < s->clients; i++)
		n += s->client[i]->peer.pid == pid && s->client[i]->peer.uid == uid;
	return n;
}

static size_t most_of(const struct server *s)
{
	return s->most > 0 && s->most < CLIENTS_MAX ? s->most : CLIENTS_MAX;
}

/* ---- who goes ---- */

/* How much going would cost it: what has nothing under way and no login asks again without having
 * lost anything; what has no login may have to ask again; a login has to be made by a person. */
enum cost { COST_NOTHING, COST_REQUEST, COST_LOGIN };

static enum cost cost_of(const struct server *s, const struct client *c)
{
	bool stuck = c->out && clock_ms() - c->active > STUCK_MS;

	if (workers_know(s->daemon, c->id))
		return COST_LOGIN;
	return c->pending > 0 || (c->out && !stuck) ? COST_REQUEST : COST_NOTHING;
}

struct choice {
	bool any_user, any_process;
	uid_t uid;
	pid_t pid;
	enum cost most; /* that may be asked of it */
};

static bool is_in(const struct choice *ch, const struct client *c)
{
	return (ch->any_user || c->peer.uid == ch->uid) &&
	       (ch->any_process || c->peer.pid == ch->pid);
}

/* The one that it costs least, of those the one that was silent for longest. s->clients: none. */
static size_t choose(const struct server *s, const struct choice *ch)
{
	size_t best = s->clients;
	enum cost least = ch->most;

	for (size_t i = 0; i < s->clients; i++) {
		const struct client *c = s->client[i];
		enum cost cost;

		if (!is_in(ch, c))
			continue;
		cost = cost_of(s, c);
		if (cost > least ||
		    (cost == least && best < s->clients && c->active >= s->client[best]->active))
			continue;
		best = i;
		least = cost;
	}
	return best;
}

void places_bye(int fd)
{
	const struct wire_answer w = {.type = IPC_BYE, .rc = ECERT_E_FULL};
	struct buf frame = BUF_INIT(64);
	struct rd v;

	if (wire_put_answer(&frame, &w) == ECERT_OK) {
		v = buf_view(&frame);
		(void)send(fd, v.p, v.n, MSG_DONTWAIT | MSG_NOSIGNAL);
	}
	buf_free(&frame);
}

static bool send_away(struct server *s, const struct choice *ch)
{
	size_t i = choose(s, ch);
	const struct client *c;

	if (i == s->clients)
		return false;
	c = s->client[i];
	/* Not into the middle of an answer, and not where a request may have been carried out. */
	if (!c->out && c->pending == 0)
		places_bye(c->fd);
	server_drop(s, i);
	return true;
}

/* The user with the most connections; *n: how many. */
static uid_t largest_user(const struct server *s, size_t *n)
{
	uid_t largest = (uid_t)-1;

	*n = 0;
	for (size_t i = 0; i < s->clients; i++) {
		uid_t uid = s->client[i]->peer.uid;
		size_t own = uid != largest ? of_user(s, uid) : 0;

		if (own > *n) {
			largest = uid;
			*n = own;
		}
	}
	return largest;
}

/* Of that user the process with the most connections. */
static pid_t largest_process(const struct server *s, uid_t uid)
{
	pid_t largest = 0;
	size_t most = 0;

	for (size_t i = 0; i < s->clients; i++) {
		const struct peer *p = &s->client[i]->peer;
		size_t own = p->uid == uid && p->pid != largest ? of_process(s, uid, p->pid) : 0;

		if (own > most) {
			largest = p->pid;
			most = own;
		}
	}
	return largest;
}

/* One of this user's, of the process that has most of them if that will do. */
static bool one_of_user(struct server *s, uid_t uid, enum cost most)
{
	struct choice ch = {.uid = uid, .pid = largest_process(s, uid), .most = COST_NOTHING};

	if (send_away(s, &ch))
		return true;
	ch.any_process = true;
	ch.most = most;
	return send_away(s, &ch);
}

/* A user who has more than the newcomer would have gives one up, at whatever cost. */
static bool one_of_largest(struct server *s, uid_t newcomer)
{
	size_t most, own = of_user(s, newcomer);
	uid_t largest = largest_user(s, &most);

	if (largest == newcomer || most <= own + 1)
		return one_of_user(s, newcomer, COST_NOTHING);
	return one_of_user(s, largest, COST_LOGIN);
}

bool places_make(struct server *s, const struct peer *peer)
{
	const struct choice own = {.uid = peer->uid, .pid = peer->pid, .most = COST_NOTHING};

	if (of_process(s, peer->uid, peer->pid) >= CLIENTS_PER_PROCESS)
		return send_away(s, &own);
	if (of_user(s, peer->uid) >= CLIENTS_PER_USER)
		return one_of_user(s, peer->uid, COST_NOTHING);
	if (s->clients >= most_of(s))
		return one_of_largest(s, peer->uid);
	return true;
}

void places_spare(struct server *s)
{
	size_t most;
	uid_t largest = largest_user(s, &most);

	if (most > 0)
		(void)one_of_user(s, largest, COST_NOTHING);
}

/* ---- shares ---- */

void places_share(struct server *s)
{
	for (size_t i = 0; i < s->clients; i++)
		s->client[i]->share = 0;
	for (size_t i = 0; i < s->clients; i++) {
		uid_t uid = s->client[i]->peer.uid;
		size_t share, n;

		if (s->client[i]->share > 0)
			continue;
		n = of_user(s, uid);
		share = SHARE_PER_USER / n;
		share = share < SHARE_LEAST	  ? SHARE_LEAST
			: share > IPC_PENDING_MAX ? IPC_PENDING_MAX
						  : share;
		for (size_t k = i; k < s->clients; k++)
			if (s->client[k]->peer.uid == uid)
				s->client[k]->share = (unsigned)share;
	}
}

static bool fits(const struct server *s, const struct client *c)
{
	unsigned all = 0, user = 0, process = 0;

	for (size_t i = 0; i < s->clients; i++) {
		const struct client *o = s->client[i];

		all += o->large;
		if (o->peer.uid != c->peer.uid)
			continue;
		user += o->large;
		process += o->peer.pid == c->peer.pid ? o->large : 0;
	}
	return all < LARGE_MAX && user < LARGE_PER_USER && process < LARGE_PER_PROCESS;
}

static struct client *waits_longest(const struct server *s)
{
	struct client *first = NULL;

	for (size_t i = 0; i < s->clients; i++) {
		struct client *c = s->client[i];

		if (c->held != 0 && (!first || c->held < first->held) && fits(s, c))
			first = c;
	}
	return first;
}

void places_large(struct server *s)
{
	struct client *c;

	while ((c = waits_longest(s))) {
		c->held = 0;
		c->large++;
		c->began = clock_ms();
	}
}
