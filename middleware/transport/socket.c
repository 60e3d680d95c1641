/* SPDX-License-Identifier: BSD-2-Clause */
/* The virtual token on a Unix socket: one reader, a card in it while somebody listens. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "transport/frame.h"
#include "transport/transport_priv.h"
#include "transport/socket_priv.h"
#include "util/clock.h"
#include "util/fd.h"

#define READER_NAME  "ecert virtual token (virtual)"
#define WAIT_POLL_MS 250
#define ATR_WAIT_MS  1000

/* Which token listens: another socket at the same path is another token. */
struct incarnation {
	bool present;
	ino_t inode;
	struct timespec made;
};

struct socket_source {
	char path[FRAME_PATH_MAX];
	int cancel_fd;
	struct fd_mark cancel_mark;
	pthread_mutex_t lock; /* guards what follows */
	struct incarnation seen;
	uint32_t events;
	uint8_t atr[READER_ATR_MAX];
	size_t atr_len;
};

static bool same(const struct incarnation *a, const struct incarnation *b)
{
	if (a->present != b->present)
		return false;
	return !a->present || (a->inode == b->inode && a->made.tv_sec == b->made.tv_sec &&
				  a->made.tv_nsec == b->made.tv_nsec);
}

/* Looks who listens; *fd is a connection to it (close it) or -1. */
static struct incarnation look(const struct socket_source *s, int *fd)
{
	struct incarnation now = {.present = false};
	struct stat st;

	*fd = -1;
	if (stat(s->path, &st) != 0 || frame_connect(s->path, fd) != ECERT_OK)
		return now;
	now.present = true;
	now.inode = st.st_ino;
	now.made = st.st_ctim;
	return now;
}

static enum ecert_rc list(void *impl, struct reader_info *out, size_t cap, size_t *n)
{
	struct socket_source *s = impl;
	struct incarnation now;
	int fd;

	now = look(s, &fd);
	(void)pthread_mutex_lock(&s->lock);
	if (!same(&s->seen, &now)) {
		s->seen = now;
		s->events++;
		s->atr_len = 0;
	}
	if (fd >= 0 && s->atr_len == 0 &&
	    socket_read_atr(fd, ATR_WAIT_MS, s->atr, &s->atr_len) != ECERT_OK)
		s->atr_len = 0;
	if (cap > 0) {
		out[0] = (struct reader_info){.name = READER_NAME,
		    .present = now.present,
		    .is_virtual = true,
		    .events = s->events,
		    .atr_len = s->atr_len};
		memcpy(out[0].atr, s->atr, s->atr_len);
		*n = 1;
	}
	(void)pthread_mutex_unlock(&s->lock);
	if (fd >= 0)
		(void)close(fd);
	return ECERT_OK;
}

static bool changed(struct socket_source *s)
{
	struct incarnation now;
	bool differs;
	int fd;

	now = look(s, &fd);
	if (fd >= 0)
		(void)close(fd);
	(void)pthread_mutex_lock(&s->lock);
	differs = !same(&s->seen, &now);
	(void)pthread_mutex_unlock(&s->lock);
	return differs;
}

static enum ecert_rc wait_change(void *impl, int timeout_ms)
{
	struct socket_source *s = impl;
	struct timespec until = deadline_in(timeout_ms < 0 ? 0 : timeout_ms);
	struct pollfd p = {.fd = s->cancel_fd, .events = POLLIN};
	int left = WAIT_POLL_MS;
	uint64_t count;

	for (;;) {
		if (timeout_ms >= 0)
			left = deadline_left_ms(&until);
		if (changed(s))
			return ECERT_OK;
		/* Closed by the program: then only time passes here. */
		p.fd = fd_is(s->cancel_fd, &s->cancel_mark) ? s->cancel_fd : -1;
		if (poll(&p, 1, left < WAIT_POLL_MS ? left : WAIT_POLL_MS) > 0 &&
		    read(p.fd, &count, sizeof count) == (ssize_t)sizeof count)
			return ECERT_E_CANCELLED;
		if (timeout_ms >= 0 && left == 0)
			return ECERT_E_TIMEOUT;
	}
}

static void cancel(void *impl)
{
	struct socket_source *s = impl;

	/* Fails only when 2^64 - 2 cancels are waiting already. */
	if (fd_is(s->cancel_fd, &s->cancel_mark))
		(void)eventfd_write(s->cancel_fd, 1);
}

static enum ecert_rc open_channel(
    void *impl, const char *reader_name, const struct channel_ops **ops, void **channel_impl)
{
	struct socket_source *s = impl;

	if (strcmp(reader_name, READER_NAME) != 0)
		return ECERT_E_NO_READER;
	return socket_channel_open(s->path, ops, channel_impl);
}

static void close_source(void *impl)
{
	struct socket_source *s = impl;

	fd_close(s->cancel_fd, &s->cancel_mark);
	(void)pthread_mutex_destroy(&s->lock);
	free(s);
}

static const struct readers_ops socket_ops = {
    .list = list,
    .wait = wait_change,
    .cancel = cancel,
    .open = open_channel,
    .close = close_source,
    .is_virtual = true,
};

enum ecert_rc socket_source(const char *path, const struct readers_ops **ops, void **impl)
{
	struct socket_source *s;

	if (strlen(path) >= sizeof s->path)
		return ECERT_E_ARG;
	s = calloc(1, sizeof *s);
	if (!s)
		return ECERT_E_MEMORY;
	memcpy(s->path, path, strlen(path) + 1);
	s->cancel_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (s->cancel_fd < 0 || pthread_mutex_init(&s->lock, NULL) != 0) {
		if (s->cancel_fd >= 0)
			(void)close(s->cancel_fd);
		free(s);
		return ECERT_E_MEMORY;
	}
	s->cancel_mark = fd_mark(s->cancel_fd);
	*ops = &socket_ops;
	*impl = s;
	return ECERT_OK;
}
