/* SPDX-License-Identifier: BSD-2-Clause */
/* Marks of descriptors. */
#include "util/fd.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

struct fd_mark fd_mark(int fd)
{
	struct fd_mark m = {0, 0, 0};
	socklen_t n = sizeof m.cookie;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0)
		return m;
	m.device = st.st_dev;
	m.inode = st.st_ino;
	/* socket(7): inode numbers of sockets may come again after 2^32 of them, cookies do not. */
	if (S_ISSOCK(st.st_mode) && getsockopt(fd, SOL_SOCKET, SO_COOKIE, &m.cookie, &n) != 0)
		m.cookie = 0;
	return m;
}

bool fd_is(int fd, const struct fd_mark *mark)
{
	struct fd_mark now = fd_mark(fd);

	return now.inode != 0 && now.device == mark->device && now.inode == mark->inode &&
	       now.cookie == mark->cookie;
}

void fd_close(int fd, const struct fd_mark *mark)
{
	if (fd_is(fd, mark))
		(void)close(fd);
}
