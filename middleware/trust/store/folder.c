/* SPDX-License-Identifier: BSD-2-Clause */
/* A folder that only its owner may change. */
#include "trust/store/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"

#define OTHERS (S_IWGRP | S_IWOTH)

/* What fails here fails again at the last one. */
static void make_folders(const char *path, mode_t mode)
{
	char part[PATH_MAX];

	for (const char *p = strchr(path + 1, '/'); p; p = strchr(p + 1, '/'))
		if (snprintf(part, sizeof part, "%.*s", (int)(p - path), path) < (int)sizeof part)
			(void)!mkdir(part, mode);
	if (mkdir(path, mode) == 0)
		(void)!chmod(path, mode); /* whatever the umask says */
}

enum ecert_rc folder_open(const char *path, uid_t owner, mode_t make, int *dir, const char **why)
{
	struct stat st;

	*why = NULL;
	if (make)
		make_folders(path, make);
	*dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (*dir < 0 && errno == ENOENT)
		return ECERT_E_NOT_FOUND;
	if (*dir < 0 && (errno == ELOOP || errno == ENOTDIR))
		*why = MSG_ID("{folder} is a link or a file, and no folder of its own");
	else if (*dir < 0 || fstat(*dir, &st) != 0)
		return ECERT_E_IO;
	else if (st.st_uid != owner)
		*why = MSG_ID("{folder} belongs to another user");
	else if (st.st_mode & OTHERS)
		*why = MSG_ID("{folder} can be changed by other users");
	if (!*why)
		return ECERT_OK;
	if (*dir >= 0)
		(void)close(*dir);
	*dir = -1;
	return ECERT_E_DENIED;
}

enum ecert_rc folder_lock(int dir)
{
	while (flock(dir, LOCK_EX) != 0)
		if (errno != EINTR)
			return ECERT_E_IO;
	return ECERT_OK;
}

void folder_unlock(int dir)
{
	(void)flock(dir, LOCK_UN);
}

enum ecert_rc folder_read(int dir, uid_t owner, const char *name, struct buf *out)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	enum ecert_rc rc = ECERT_E_IO;

	if (fd < 0)
		return errno == ENOENT	? ECERT_E_NOT_FOUND
		       : errno == ELOOP ? ECERT_E_DENIED
					: ECERT_E_IO;
	if (fstat(fd, &st) == 0)
		rc = !S_ISREG(st.st_mode) || st.st_uid != owner || (st.st_mode & OTHERS)
			 ? ECERT_E_DENIED
			 : file_read_fd(fd, out);
	(void)close(fd);
	return rc;
}

static bool put_all(int fd, struct rd data)
{
	while (data.n) {
		ssize_t n = write(fd, data.p, data.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		data = rd_of(data.p + n, data.n - (size_t)n);
	}
	return true;
}

enum ecert_rc folder_write(int dir, const char *name, struct rd data, mode_t mode, bool fresh)
{
	char tmp[NAME_MAX];
	enum ecert_rc rc = ECERT_E_IO;
	int fd;
	bool good;

	/* A name that is nobody else's, so that what a kill left behind is in nobody's way. */
	(void)snprintf(tmp, sizeof tmp, ".%.200s.%ld", name, (long)getpid());
	(void)unlinkat(dir, tmp, 0);
	fd = openat(dir, tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd < 0)
		return ECERT_E_IO;
	good = fchmod(fd, mode) == 0 && put_all(fd, data) && fsync(fd) == 0;
	good = close(fd) == 0 && good;
	if (good && fresh && linkat(dir, tmp, dir, name, 0) != 0) {
		rc = errno == EEXIST ? ECERT_E_EXISTS : ECERT_E_IO;
		good = false;
	}
	if (good && !fresh)
		good = renameat(dir, tmp, dir, name) == 0;
	if (good && fsync(dir) == 0)
		rc = ECERT_OK;
	if (fresh || rc != ECERT_OK)
		(void)unlinkat(dir, tmp, 0);
	return rc;
}
