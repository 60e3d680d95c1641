/* SPDX-License-Identifier: BSD-2-Clause */
/* Framing on a Unix socket, each wait bounded. */
#include "transport/frame.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "util/clock.h"

#define SEND_SECONDS 4

static enum ecert_rc check_peer(int fd)
{
	struct ucred peer;
	socklen_t n = sizeof peer;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) != 0)
		return ECERT_E_DENIED;
	return peer.uid == geteuid() || peer.uid == 0 ? ECERT_OK : ECERT_E_DENIED;
}

static enum ecert_rc connect_errno(int err)
{
	switch (err) {
	case EACCES:
	case EPERM:
		return ECERT_E_DENIED;
	case EAGAIN:
		return ECERT_E_TIMEOUT;
	default:
		return ECERT_E_NO_CARD;
	}
}

enum ecert_rc frame_connect(const char *path, int *fd)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	struct timeval bound = {.tv_sec = SEND_SECONDS};
	enum ecert_rc rc;

	*fd = -1;
	_Static_assert(sizeof to.sun_path == FRAME_PATH_MAX, "as the header says");
	if (strlen(path) >= sizeof to.sun_path)
		return ECERT_E_NO_CARD;
	memcpy(to.sun_path, path, strlen(path) + 1);
	*fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (*fd < 0)
		return ECERT_E_MEMORY;
	/* Bounds connecting to a full backlog, too. */
	(void)setsockopt(*fd, SOL_SOCKET, SO_SNDTIMEO, &bound, sizeof bound);
	rc = connect(*fd, (struct sockaddr *)&to, sizeof to) == 0 ? check_peer(*fd)
								  : connect_errno(errno);
	if (rc != ECERT_OK) {
		(void)close(*fd);
		*fd = -1;
	}
	return rc;
}

enum ecert_rc frame_send(int fd, struct rd payload)
{
	uint8_t head[2] = {(uint8_t)(payload.n >> 8), (uint8_t)payload.n};
	size_t done = 0, total = sizeof head + payload.n;

	if (payload.n > 0xFFFF)
		return ECERT_E_TOO_LARGE;
	while (done < total) {
		size_t skip = done < sizeof head ? 0 : done - sizeof head;
		struct iovec io[2] = {
		    {head + (done < sizeof head ? done : sizeof head),
			done < sizeof head ? sizeof head - done : 0},
		    {(void *)(uintptr_t)(payload.p + skip), payload.n - skip},
		};
		struct msghdr m = {.msg_iov = io, .msg_iovlen = 2};
		ssize_t n = sendmsg(fd, &m, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 && errno == EAGAIN ? ECERT_E_TIMEOUT : ECERT_E_REMOVED;
		done += (size_t)n;
	}
	return ECERT_OK;
}

static enum ecert_rc wait_readable(int fd, const struct timespec *deadline)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	int n;

	do {
		n = poll(&p, 1, deadline_left_ms(deadline));
	} while (n < 0 && errno == EINTR);
	return n > 0 ? ECERT_OK : ECERT_E_TIMEOUT;
}

/* One read into head and then body; *n bytes came. */
static enum ecert_rc read_some(
    int fd, const struct timespec *deadline, struct iovec *io, int count, size_t *n)
{
	struct msghdr m = {.msg_iov = io, .msg_iovlen = (size_t)count};
	enum ecert_rc rc;
	ssize_t got;

	*n = 0;
	do {
		rc = wait_readable(fd, deadline);
		if (rc != ECERT_OK)
			return rc;
		got = recvmsg(fd, &m, MSG_DONTWAIT);
	} while (got < 0 && (errno == EINTR || errno == EAGAIN));
	if (got <= 0)
		return ECERT_E_REMOVED;
	*n = (size_t)got;
	return ECERT_OK;
}

/* Reads and drops what is left of a message that nobody has room for. */
static enum ecert_rc drop(int fd, const struct timespec *deadline, size_t left)
{
	uint8_t sink[512];
	enum ecert_rc rc = ECERT_OK;
	size_t n;

	while (rc == ECERT_OK && left > 0) {
		struct iovec io = {
		    .iov_base = sink, .iov_len = left < sizeof sink ? left : sizeof sink};

		rc = read_some(fd, deadline, &io, 1, &n);
		left -= n;
	}
	explicit_bzero(sink, sizeof sink);
	return rc == ECERT_OK ? ECERT_E_BUFFER : rc;
}

enum ecert_rc frame_recv(
    int fd, const struct timespec *deadline, uint8_t *out, size_t cap, size_t *len)
{
	uint8_t head[2] = {0, 0};
	size_t got = 0, need = sizeof head, n;
	enum ecert_rc rc;

	*len = 0;
	while (got < need) {
		size_t body = got < sizeof head ? 0 : got - sizeof head;
		struct iovec io[2] = {
		    {.iov_base = head + (got - body), .iov_len = sizeof head - (got - body)},
		    {.iov_base = out + body, .iov_len = cap - body},
		};

		rc = read_some(fd, deadline, io, 2, &n);
		if (rc != ECERT_OK)
			return rc;
		got += n;
		if (got >= sizeof head)
			need = sizeof head + ((size_t)head[0] << 8 | head[1]);
		if (need - sizeof head > cap)
			return got > need ? ECERT_E_CARD : drop(fd, deadline, need - got);
	}
	if (got > need)
		return ECERT_E_CARD;
	*len = need - sizeof head;
	return ECERT_OK;
}
