/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the listener listens: a socket of systemd's, a Unix socket, this machine's own address. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "http/http.h"
#include "util/file.h"

#define BACKLOG 256

static enum ecert_rc of_systemd(int *fd)
{
	if (sd_listen_fds(1) != 1 ||
	    sd_is_socket(SD_LISTEN_FDS_START, AF_UNSPEC, SOCK_STREAM, 1) <= 0)
		return ECERT_E_NOT_FOUND;
	*fd = SD_LISTEN_FDS_START;
	return fcntl(*fd, F_SETFL, fcntl(*fd, F_GETFL) | O_NONBLOCK) < 0 ? ECERT_E_IO : ECERT_OK;
}

static enum ecert_rc listen_at(const struct sockaddr *at, socklen_t n, int *fd)
{
	const int one = 1;
	int saved;

	*fd = socket(at->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (*fd >= 0 &&
	    (at->sa_family == AF_UNIX ||
		setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0) &&
	    bind(*fd, at, n) == 0 && listen(*fd, BACKLOG) == 0)
		return ECERT_OK;
	saved = errno;
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
	errno = saved;
	return ECERT_E_IO;
}

static enum ecert_rc at_path(const char *path, int *fd)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	enum ecert_rc rc;

	if (!*path || strlen(path) >= sizeof at.sun_path)
		return ECERT_E_ARG;
	memcpy(at.sun_path, path, strlen(path) + 1);
	file_remove_stale_socket(&at);
	rc = listen_at((const struct sockaddr *)&at, sizeof at, fd);
	/* The proxy is another user; nobody here says anything that is not for everybody. */
	if (rc == ECERT_OK && chmod(path, 0666) != 0)
		rc = ECERT_E_IO;
	return rc;
}

static enum ecert_rc at_port(const char *where, int *fd)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	const bool six = !strncmp(where, "[::1]:", 6);
	const char *digits = where + (six ? 6 : 10);
	char *end;
	unsigned long port;

	if (!six && strncmp(where, "127.0.0.1:", 10) != 0)
		return ECERT_E_ARG;
	port = strtoul(digits, &end, 10);
	if (*digits < '0' || *digits > '9' || *end || port > 65535)
		return ECERT_E_ARG;
	v4.sin_port = v6.sin6_port = htons((uint16_t)port);
	return six ? listen_at((const struct sockaddr *)&v6, sizeof v6, fd)
		   : listen_at((const struct sockaddr *)&v4, sizeof v4, fd);
}

enum ecert_rc http_listen(const char *where, int *fd)
{
	*fd = -1;
	if (!where)
		return of_systemd(fd);
	return !strncmp(where, "unix:", 5) ? at_path(where + 5, fd) : at_port(where, fd);
}

unsigned http_port(int fd)
{
	struct sockaddr_storage at = {0};
	socklen_t n = sizeof at;

	if (getsockname(fd, (struct sockaddr *)&at, &n) != 0)
		return 0;
	if (at.ss_family == AF_INET)
		return ntohs(((const struct sockaddr_in *)&at)->sin_port);
	if (at.ss_family == AF_INET6)
		return ntohs(((const struct sockaddr_in6 *)&at)->sin6_port);
	return 0;
}
