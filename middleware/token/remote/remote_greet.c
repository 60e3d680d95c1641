/* SPDX-License-Identifier: BSD-2-Clause */
/* Connecting to ecertd: the greeting, and waiting for a place. */
#include <stdlib.h>
#include <unistd.h>

#include "util/clock.h"
#include "token/remote/remote.h"
#include "util/log.h"

/* Between two attempts to get a place. */
#define PLACE_FIRST_MS 40
#define PLACE_MOST_MS  640

/* That this process still runs what it ran when it connected, so that the record can name it. What
 * comes of it shows with the next request. */
static void confirm(struct remote *r, struct link *l, struct rd nonce)
{
	const struct wire_request q = {
	    .type = IPC_CONFIRM, .id = ++r->next_id, .arg.confirm = {.nonce = nonce}};

	(void)pthread_mutex_unlock(&r->lock);
	if (link_request(r, l, &q, REMOTE_ALIVE_MS) != ECERT_OK)
		log_info("%s: ecertd hung up after its greeting", r->path);
	(void)pthread_mutex_lock(&r->lock);
}

/* Of what the answer to the greeting brought: a daemon of before has no revision in it. */
static void agree(struct remote *r, struct link *l, struct rd field)
{
	r->revision = field.n > IPC_NONCE_LEN ? field.p[IPC_NONCE_LEN] : 0;
	if (r->revision > IPC_REVISION)
		r->revision = IPC_REVISION;
	if (field.n >= IPC_NONCE_LEN)
		confirm(r, l, rd_of(field.p, IPC_NONCE_LEN));
}

static enum ecert_rc greet(struct remote *r)
{
	struct wire_request hello = {
	    .type = IPC_HELLO, .arg.hello = {.confirms = 1, .revision = IPC_REVISION}};
	struct pending p = {.field = BUF_INIT(16)};
	struct link *l = link_take(r);
	enum ecert_rc rc = link_call(r, l, &hello, &p);

	if (rc == ECERT_OK && p.a != r->run) {
		r->run = p.a;
		r->base += REMOTE_RUN_STRIDE;
	}
	/* The slots are asked for anew, even in the same run: ids are theirs to give. */
	for (size_t i = 0; i < r->slots; i++)
		r->slot[i].mapped = false;
	if (rc == ECERT_OK)
		agree(r, l, buf_view(&p.field));
	else
		link_give_up(r, l);
	l->greeted = true;
	(void)pthread_cond_broadcast(&r->changed);
	link_drop(l);
	buf_free(&p.field);
	return rc == ECERT_OK || rc == ECERT_E_FULL ? rc : ECERT_E_NO_SERVICE;
}

static enum ecert_rc connect_once(struct remote *r)
{
	enum ecert_rc rc;
	int fd;

	/* Another thread is at it, and nothing goes before its greeting. */
	while (r->link && !r->link->greeted)
		(void)pthread_cond_wait(&r->changed, &r->lock);
	if (r->link)
		return ECERT_OK;
	if (clock_ms() < r->silent_until)
		return ECERT_E_NO_SERVICE;
	rc = link_open(r->path, &fd);
	if (rc == ECERT_E_TIMEOUT)
		link_silent(r, NULL);
	if (rc != ECERT_OK)
		return ECERT_E_NO_SERVICE;
	r->link = calloc(1, sizeof *r->link);
	if (!r->link) {
		(void)close(fd);
		return ECERT_E_MEMORY;
	}
	*r->link = (struct link){.fd = fd, .mark = fd_mark(fd), .refs = 1};
	return greet(r);
}

/* Between two attempts to get a place; longer each time, and not all at the same moment. */
static void wait_for_place(struct remote *r, int *pause_ms)
{
	int64_t until = clock_ms() + *pause_ms + getpid() % (*pause_ms / 2);
	struct timespec t = clock_timespec(until);

	while (clock_ms() < until && pthread_cond_timedwait(&r->changed, &r->lock, &t) == 0)
		continue;
	if (*pause_ms < PLACE_MOST_MS)
		*pause_ms *= 2;
}

enum ecert_rc remote_connect_locked(struct remote *r, int64_t deadline)
{
	int pause_ms = PLACE_FIRST_MS;
	enum ecert_rc rc = connect_once(r);

	while (rc == ECERT_E_FULL && clock_ms() < deadline) {
		wait_for_place(r, &pause_ms);
		rc = connect_once(r);
	}
	return rc;
}

enum ecert_rc remote_connect(struct remote *r)
{
	enum ecert_rc rc;

	(void)pthread_mutex_lock(&r->lock);
	rc = remote_connect_locked(r, clock_ms() + REMOTE_TURN_MS);
	(void)pthread_mutex_unlock(&r->lock);
	return rc;
}

uint32_t remote_revision(struct remote *r)
{
	uint32_t revision;

	(void)pthread_mutex_lock(&r->lock);
	revision = r->revision;
	(void)pthread_mutex_unlock(&r->lock);
	return revision;
}
