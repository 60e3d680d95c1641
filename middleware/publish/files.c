/* SPDX-License-Identifier: BSD-2-Clause */
/* Files of a site, written beside their name and moved. */
#include "publish/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"
#include "util/text.h"

#define NEW	 ".new"
#define AT_WORK	 ".publishing"
#define MANIFEST ".published"

static enum ecert_rc failed(struct files *f, const char *name)
{
	const int saved = errno;

	text_copy(f->failed, sizeof f->failed, name);
	errno = saved;
	return ECERT_E_IO;
}

/* ---- a file ---- */

static enum ecert_rc get(int dir, const char *name, struct buf *out)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
	enum ecert_rc rc;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? ECERT_E_NOT_FOUND : ECERT_E_IO;
	rc = file_read_fd(fd, out);
	(void)close(fd);
	return rc;
}

enum ecert_rc files_get(const struct files *f, const char *name, struct buf *out)
{
	return get(f->dir, name, out);
}

static bool is_there(int dir, const char *name, struct rd bytes)
{
	struct buf have = BUF_INIT(bytes.n + 1);
	struct stat st;
	bool same = !fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) && S_ISREG(st.st_mode) &&
		    (size_t)st.st_size == bytes.n && get(dir, name, &have) == ECERT_OK &&
		    rd_equal(buf_view(&have), bytes);

	buf_free(&have);
	return same;
}

/* The folders in front of the name. */
static bool folders(int dir, const char *name)
{
	char path[FILES_NAME];

	for (const char *slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/')) {
		if (snprintf(path, sizeof path, "%.*s", (int)(slash - name), name) >=
		    (int)sizeof path) {
			errno = ENAMETOOLONG;
			return false;
		}
		if (mkdirat(dir, path, 0755) && errno != EEXIST)
			return false;
	}
	return true;
}

static int make(int dir, const char *name, const char *path)
{
	const int how = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY;
	int fd = openat(dir, path, how, 0644);

	if (fd < 0 && errno == ENOENT && folders(dir, name))
		fd = openat(dir, path, how, 0644);
	return fd;
}

static bool put_now(int dir, const char *name, struct rd bytes, bool *written)
{
	char path[FILES_NAME];
	int fd;
	bool good;

	*written = false;
	if (is_there(dir, name, bytes))
		return true;
	if (snprintf(path, sizeof path, "%s" NEW, name) >= (int)sizeof path) {
		errno = ENAMETOOLONG;
		return false;
	}
	fd = make(dir, name, path);
	if (fd < 0)
		return false;
	good = file_write_fd(fd, bytes);
	if (close(fd) || !good || renameat(dir, path, dir, name)) {
		const int saved = errno;

		(void)unlinkat(dir, path, 0);
		errno = saved;
		return false;
	}
	*written = true;
	return true;
}

/* ---- the folder ---- */

static bool is_new(const char *name)
{
	const size_t n = strlen(name);

	return n > sizeof NEW - 1 && !strcmp(name + n - (sizeof NEW - 1), NEW);
}

/* Files that had no name yet when somebody was killed. Takes dir over. */
static bool sweep(int dir, unsigned deep)
{
	DIR *d = dir < 0 ? NULL : fdopendir(dir);
	struct dirent *e;
	bool good = true;

	if (!d) {
		if (dir >= 0)
			(void)close(dir);
		return false;
	}
	while (good && (e = readdir(d))) {
		if (e->d_name[0] == '.' && strcmp(e->d_name, MANIFEST NEW) != 0)
			continue;
		if (is_new(e->d_name))
			good = !unlinkat(dirfd(d), e->d_name, 0) || errno == ENOENT;
		else if (e->d_type == DT_DIR && deep)
			good = sweep(openat(dirfd(d), e->d_name,
					 O_DIRECTORY | O_RDONLY | O_CLOEXEC | O_NOFOLLOW),
			    deep - 1);
	}
	(void)closedir(d);
	return good;
}

static bool sweep_all(const struct files *f)
{
	int known = openat(f->dir, ".well-known", O_DIRECTORY | O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	return (known < 0 || sweep(known, 0)) &&
	       sweep(openat(f->dir, ".", O_DIRECTORY | O_RDONLY | O_CLOEXEC), 2);
}

/* A file says that somebody writes: one that is there already is of somebody who was killed. */
static bool take_over(const struct files *f)
{
	int fd = openat(
	    f->dir, AT_WORK, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return errno == EEXIST && sweep_all(f);
	return !close(fd);
}

enum ecert_rc files_open(struct files *f, const char *folder)
{
	*f = (struct files){.dir = -1};
	if (mkdir(folder, 0755) && errno != EEXIST)
		return failed(f, folder);
	f->dir = open(folder, O_DIRECTORY | O_RDONLY | O_CLOEXEC);
	if (f->dir < 0 || flock(f->dir, LOCK_EX) || !take_over(f))
		return failed(f, folder);
	f->writers = writers_start(f->dir, put_now);
	return ECERT_OK;
}

enum ecert_rc files_settle(struct files *f)
{
	struct writers_done done = {.error = 0};

	if (f->writers)
		writers_settle(f->writers, &done);
	f->written += done.written;
	f->same += done.same;
	errno = done.error;
	return done.error ? failed(f, done.failed) : ECERT_OK;
}

enum ecert_rc files_sync(struct files *f)
{
	enum ecert_rc rc = files_settle(f);

	return rc == ECERT_OK && f->written && syncfs(f->dir) ? failed(f, ".") : rc;
}

enum ecert_rc files_close(struct files *f, enum ecert_rc rc)
{
	const int saved = errno;

	if (f->dir < 0)
		return rc;
	if (rc == ECERT_OK)
		rc = files_sync(f);
	else
		errno = saved;
	writers_stop(&f->writers);
	if (rc == ECERT_OK && unlinkat(f->dir, AT_WORK, 0) && errno != ENOENT)
		rc = failed(f, AT_WORK);
	(void)close(f->dir);
	f->dir = -1;
	return rc;
}

/* ---- files ---- */

enum ecert_rc files_put(struct files *f, const char *name, const struct buf *b)
{
	enum ecert_rc rc = buf_rc(b);
	bool written;

	if (rc != ECERT_OK)
		return rc;
	if (f->writers && writers_add(f->writers, name, buf_view(b)))
		return ECERT_OK;
	if (f->writers) {
		rc = files_settle(f);
		return rc == ECERT_OK ? ECERT_E_MEMORY : rc;
	}
	if (!put_now(f->dir, name, buf_view(b), &written))
		return failed(f, name);
	f->written += written;
	f->same += !written;
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

/* ---- in parts ---- */

FILE *files_stream(const struct files *f, const char *name)
{
	int fd = openat(f->dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
	FILE *in = fd < 0 ? NULL : fdopen(fd, "rb");

	if (fd >= 0 && !in)
		(void)close(fd);
	return in;
}

#define ROOM 65536u

char *files_room(FILE *stream)
{
	char *room = malloc(ROOM);

	if (room && setvbuf(stream, room, _IOFBF, ROOM)) {
		free(room);
		room = NULL;
	}
	return room;
}

static void name_of(const struct files_part *p, char out[72])
{
	(void)snprintf(out, 72, "%s" NEW, p->name);
}

enum ecert_rc files_part_begin(struct files *f, const char *name, struct files_part *p)
{
	char path[72];
	int fd;

	*p = (struct files_part){.f = f};
	text_copy(p->name, sizeof p->name, name);
	name_of(p, path);
	fd = make(f->dir, name, path);
	p->out = fd < 0 ? NULL : fdopen(fd, "wb");
	if (p->out) {
		p->room = files_room(p->out);
		return ECERT_OK;
	}
	if (fd >= 0)
		(void)close(fd);
	return failed(f, name);
}

enum ecert_rc files_part_put(struct files_part *p, struct rd bytes)
{
	return bytes.n && fwrite(bytes.p, 1, bytes.n, p->out) != bytes.n ? failed(p->f, p->name)
									 : ECERT_OK;
}

enum ecert_rc files_part_flush(struct files_part *p, char name[72])
{
	name_of(p, name);
	return fflush(p->out) ? failed(p->f, p->name) : ECERT_OK;
}

/* Byte by byte, of whatever size. */
static bool same_bytes(FILE *a, FILE *b)
{
	uint8_t x[16384], y[16384];
	size_t n;

	do {
		n = fread(x, 1, sizeof x, a);
		if (fread(y, 1, sizeof y, b) != n || memcmp(x, y, n) != 0)
			return false;
	} while (n == sizeof x);
	return !ferror(a) && !ferror(b);
}

static bool is_as_before(const struct files_part *p, const char *path)
{
	FILE *now = files_stream(p->f, path), *before = files_stream(p->f, p->name);
	bool same = now && before && same_bytes(now, before);

	if (now)
		(void)fclose(now);
	if (before)
		(void)fclose(before);
	return same;
}

static bool close_part(struct files_part *p)
{
	const bool good = !fclose(p->out);

	free(p->room);
	p->out = NULL;
	p->room = NULL;
	return good;
}

enum ecert_rc files_part_end(struct files_part *p)
{
	char path[72];
	bool good = close_part(p);

	name_of(p, path);
	if (good && is_as_before(p, path)) {
		p->f->same++;
		return unlinkat(p->f->dir, path, 0) ? failed(p->f, p->name) : ECERT_OK;
	}
	if (!good || renameat(p->f->dir, path, p->f->dir, p->name)) {
		const int saved = errno;

		(void)unlinkat(p->f->dir, path, 0);
		errno = saved;
		return failed(p->f, p->name);
	}
	p->f->written++;
	return ECERT_OK;
}

void files_part_drop(struct files_part *p)
{
	char path[72];

	if (!p->out)
		return;
	(void)close_part(p);
	name_of(p, path);
	(void)unlinkat(p->f->dir, path, 0);
}
