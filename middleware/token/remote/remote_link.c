/* SPDX-License-Identifier: BSD-2-Clause */
/* One connection to ecertd: bytes with a bound. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "util/clock.h"
#include "token/remote/remote.h"
#include "util/log.h"

/* A PIN goes through here: only to ourselves, or to a service of the system. */
static bool is_trusted(int fd, const char *path)
{
	struct ucred peer;
	socklen_t n = sizeof peer;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) != 0)
		return false;
	if (peer.uid == getuid() || peer.uid == 0 || strcmp(path, IPC_SOCKET_SYSTEM) == 0)
		return true;
	log_error("%s: served by another user", path);
	return false;
}

/* Also of connect, which waits while the daemon has others to accept (unix(7), socket(7)). */
static bool set_bounds(int fd)
{
	const struct timeval most = {
	    REMOTE_ALIVE_MS / 1000, (suseconds_t)(REMOTE_ALIVE_MS % 1000) * 1000};

	return setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most) == 0 &&
	       setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most) == 0;
}

/* Interrupted, or over its bound with time left. */
static bool go_on(int64_t deadline)
{
	return (errno == EINTR || errno == EAGAIN) && clock_ms() < deadline;
}

enum ecert_rc link_open(const char *path, int *out)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int64_t deadline = clock_ms() + REMOTE_ALIVE_MS;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), failed;

	*out = -1;
	if (fd < 0)
		return ECERT_E_NO_SERVICE;
	memcpy(to.sun_path, path, strlen(path) + 1);
	failed = set_bounds(fd) ? 0 : -1;
	while (failed == 0 && (failed = connect(fd, (struct sockaddr *)&to, sizeof to)) != 0 &&
	       go_on(deadline))
		failed = 0;
	if (failed == 0 && is_trusted(fd, path)) {
		*out = fd;
		return ECERT_OK;
	}
	failed = failed != 0 && (errno == EAGAIN || errno == EINTR);
	(void)close(fd);
	return failed ? ECERT_E_TIMEOUT : ECERT_E_NO_SERVICE;
}

static bool is_ours(int fd, const struct fd_mark *own)
{
	return !own || fd_is(fd, own);
}

enum ecert_rc link_send(int fd, const struct fd_mark *own, struct rd bytes, int patience_ms)
{
	int64_t deadline = clock_ms() + patience_ms;

	while (bytes.n > 0) {
		ssize_t n;

		if (!is_ours(fd, own))
			return ECERT_E_NO_SERVICE;
		n = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);
		if (n < 0 && go_on(deadline))
			continue;
		if (n <= 0)
			return n < 0 && (errno == EAGAIN || errno == EINTR) ? ECERT_E_TIMEOUT
									    : ECERT_E_NO_SERVICE;
		bytes.p += n;
		bytes.n -= (size_t)n;
	}
	return ECERT_OK;
}

static bool read_all(int fd, const struct fd_mark *own, uint8_t *to, size_t n)
{
	int64_t deadline = clock_ms() + REMOTE_ALIVE_MS;

	while (n > 0) {
		ssize_t got;

		if (!is_ours(fd, own))
			return false;
		got = recv(fd, to, n, MSG_WAITALL);
		if (got < 0 && go_on(deadline))
			continue;
		if (got <= 0)
			return false;
		to += got;
		n -= (size_t)got;
	}
	return true;
}

bool link_read(int fd, const struct fd_mark *own, struct buf *body)
{
	uint8_t head[4], *room;
	uint32_t n;

	if (!read_all(fd, own, head, sizeof head))
		return false;
	n = (uint32_t)head[0] << 24 | (uint32_t)head[1] << 16 | (uint32_t)head[2] << 8 | head[3];
	if (n == 0 || n > IPC_FRAME_MAX)
		return false;
	room = buf_room(body, n);
	return room && read_all(fd, own, room, n);
}
