/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading a whole file (it may be a secret, so that nothing of it stays behind), writing one, and
 * finding one. */
#include "util/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/mem.h"

enum ecert_rc file_read_fd(int fd, struct buf *out)
{
	uint8_t chunk[4096];
	ssize_t n = 0;
	int saved;

	while (buf_rc(out) == ECERT_OK) {
		n = read(fd, chunk, sizeof chunk);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		buf_put(out, chunk, (size_t)n);
	}
	saved = errno;
	mem_wipe(chunk, sizeof chunk);
	errno = saved;
	return n < 0 ? ECERT_E_IO : buf_rc(out);
}

enum ecert_rc file_read(const char *path, struct buf *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), saved;
	enum ecert_rc rc;

	if (fd < 0)
		return errno == ENOENT ? ECERT_E_NOT_FOUND : ECERT_E_IO;
	rc = file_read_fd(fd, out);
	saved = errno;
	(void)close(fd);
	errno = saved;
	return rc;
}

bool file_write_fd(int fd, struct rd bytes)
{
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			errno = n < 0 ? errno : ENOSPC;
			return false;
		}
		bytes = rd_of(bytes.p + n, bytes.n - (size_t)n);
	}
	return true;
}

int file_in_memory(struct rd bytes)
{
	int fd = memfd_create("file", MFD_CLOEXEC), saved;

	if (fd < 0 || (file_write_fd(fd, bytes) && lseek(fd, 0, SEEK_SET) == 0))
		return fd;
	saved = errno;
	(void)close(fd);
	errno = saved;
	return -1;
}

int file_nameless(uint64_t size)
{
	const char *dir = getenv("TMPDIR");
	int fd = -1;

	if (size > FILE_SMALL)
		fd = open(
		    dir && *dir == '/' ? dir : "/var/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	return fd >= 0 ? fd : memfd_create("file", MFD_CLOEXEC);
}

bool file_beside_program(const char *below, int mode, char *path, size_t cap)
{
	ssize_t n = readlink("/proc/self/exe", path, cap - 1);
	char *slash;
	size_t left;

	if (n <= 0)
		return false;
	path[n] = 0;
	slash = strrchr(path, '/');
	left = cap - (size_t)(slash - path);
	return snprintf(slash, left, "%s", below) < (int)left && !access(path, mode);
}

void file_remove_stale_socket(const struct sockaddr_un *at)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct stat st;

	/* connect(2) says the same of any other file, and that one is somebody's. */
	if (fd >= 0 && lstat(at->sun_path, &st) == 0 && S_ISSOCK(st.st_mode) &&
	    connect(fd, (const struct sockaddr *)at, sizeof *at) != 0 && errno == ECONNREFUSED)
		(void)unlink(at->sun_path);
	if (fd >= 0)
		(void)close(fd);
}

int file_listen(const char *path, mode_t mode, int backlog)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd;

	if (strlen(path) >= sizeof at.sun_path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(at.sun_path, path, strlen(path) + 1);
	file_remove_stale_socket(&at);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && (bind(fd, (const struct sockaddr *)&at, sizeof at) != 0 ||
			   chmod(path, mode) != 0 || listen(fd, backlog) != 0)) {
		const int saved = errno;

		(void)close(fd);
		errno = saved;
		return -1;
	}
	return fd;
}

bool file_make_folders(char *path)
{
	for (char *p = path + 1; *p; p++) {
		bool made;

		if (*p != '/')
			continue;
		*p = '\0';
		made = mkdir(path, 0700) == 0 || errno == EEXIST;
		*p = '/';
		if (!made)
			return false;
	}
	return mkdir(path, 0700) == 0 || errno == EEXIST;
}

bool file_changed(const struct stat *was, int fd)
{
	struct stat is;

	/* st_mtim can be put back, st_ctim cannot. */
	return fstat(fd, &is) || is.st_dev != was->st_dev || is.st_ino != was->st_ino ||
	       is.st_size != was->st_size || is.st_mtim.tv_sec != was->st_mtim.tv_sec ||
	       is.st_mtim.tv_nsec != was->st_mtim.tv_nsec ||
	       is.st_ctim.tv_sec != was->st_ctim.tv_sec ||
	       is.st_ctim.tv_nsec != was->st_ctim.tv_nsec;
}
