/* SPDX-License-Identifier: BSD-2-Clause */
/* Files of a site, written beside their name and moved. */
#include "publish/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"
#include "util/text.h"

#define NEW ".new"

static enum ecert_rc failed(struct files *f, const char *name)
{
	const int saved = errno;

	text_copy(f->failed, sizeof f->failed, name);
	errno = saved;
	return ECERT_E_IO;
}

enum ecert_rc files_open(struct files *f, const char *folder)
{
	*f = (struct files){.dir = -1};
	if (mkdir(folder, 0755) && errno != EEXIST)
		return failed(f, folder);
	f->dir = open(folder, O_DIRECTORY | O_RDONLY | O_CLOEXEC);
	return f->dir < 0 ? failed(f, folder) : ECERT_OK;
}

enum ecert_rc files_close(struct files *f, enum ecert_rc rc)
{
	if (f->dir < 0)
		return rc;
	if (rc == ECERT_OK && f->written && syncfs(f->dir))
		rc = failed(f, ".");
	(void)close(f->dir);
	f->dir = -1;
	return rc;
}

enum ecert_rc files_get(const struct files *f, const char *name, struct buf *out)
{
	int fd = openat(f->dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
	enum ecert_rc rc;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? ECERT_E_NOT_FOUND : ECERT_E_IO;
	rc = file_read_fd(fd, out);
	(void)close(fd);
	return rc;
}

static bool is_there(const struct files *f, const char *name, struct rd bytes)
{
	struct buf have = BUF_INIT(bytes.n + 1);
	struct stat st;
	bool same = !fstatat(f->dir, name, &st, AT_SYMLINK_NOFOLLOW) && S_ISREG(st.st_mode) &&
		    (size_t)st.st_size == bytes.n && files_get(f, name, &have) == ECERT_OK &&
		    rd_equal(buf_view(&have), bytes);

	buf_free(&have);
	return same;
}

/* The folders in front of the name. */
static bool folders(const struct files *f, const char *name)
{
	char path[256];

	for (const char *slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/')) {
		if (snprintf(path, sizeof path, "%.*s", (int)(slash - name), name) >=
		    (int)sizeof path) {
			errno = ENAMETOOLONG;
			return false;
		}
		if (mkdirat(f->dir, path, 0755) && errno != EEXIST)
			return false;
	}
	return true;
}

static int make(const struct files *f, const char *name, const char *path)
{
	const int how = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY;
	int fd = openat(f->dir, path, how, 0644);

	if (fd < 0 && errno == ENOENT && folders(f, name))
		fd = openat(f->dir, path, how, 0644);
	return fd;
}

enum ecert_rc files_put(struct files *f, const char *name, const struct buf *b)
{
	char path[256];
	enum ecert_rc rc = buf_rc(b);
	int fd;
	bool good;

	if (rc != ECERT_OK)
		return rc;
	if (is_there(f, name, buf_view(b))) {
		f->same++;
		return ECERT_OK;
	}
	if (snprintf(path, sizeof path, "%s" NEW, name) >= (int)sizeof path) {
		errno = ENAMETOOLONG;
		return failed(f, name);
	}
	fd = make(f, name, path);
	if (fd < 0)
		return failed(f, name);
	good = file_write_fd(fd, buf_view(b));
	if (close(fd) || !good || renameat(f->dir, path, f->dir, name)) {
		const int saved = errno;

		(void)unlinkat(f->dir, path, 0);
		errno = saved;
		return failed(f, name);
	}
	f->written++;
	return ECERT_OK;
}

enum ecert_rc files_remove(struct files *f, const char *name)
{
	if (!unlinkat(f->dir, name, 0))
		f->removed++;
	else if (errno != ENOENT && errno != ENOTDIR)
		return failed(f, name);
	return ECERT_OK;
}
