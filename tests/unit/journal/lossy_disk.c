/* SPDX-License-Identifier: BSD-2-Clause */
/* What lies between a program and a disk that forgets. */
#include "tests/unit/journal/lossy_disk.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal/journal_key.h"

#define FILES_MAX 8

ssize_t __real_write(int fd, const void *p, size_t n);
ssize_t __real_pwrite(int fd, const void *p, size_t n, off_t at);
int __real_openat(int dir, const char *name, int flags, mode_t mode);
int __real_renameat(int from, const char *a, int to, const char *b);
ssize_t __wrap_write(int fd, const void *p, size_t n);
ssize_t __wrap_pwrite(int fd, const void *p, size_t n, off_t at);
int __wrap_fdatasync(int fd);
int __wrap_fsync(int fd);
int __wrap_openat(int dir, const char *name, int flags, ...);
int __wrap_renameat(int from, const char *a, int to, const char *b);

/* A file of the journal's, by its name now; the names that the last sync of the folder saw. */
struct file {
	char name[64], durable_name[64];
	ino_t ino;
	uint8_t *durable; /* what its last sync saw */
	size_t size;
};

static char dir[64];
static struct file file[FILES_MAX];
static size_t files, writes;
static bool on;
static long left; /* calls until the power is cut; below 0 never */
static struct disk_faults faults;

void disk_begin(const char *folder, long cut_at, const struct disk_faults *with)
{
	(void)snprintf(dir, sizeof dir, "%s", folder);
	left = cut_at;
	faults = *with;
	on = true;
}

static struct file *file_of(int fd)
{
	struct stat st;

	if (!on || fstat(fd, &st) != 0)
		return NULL;
	for (size_t i = 0; i < files; i++)
		if (file[i].ino == st.st_ino)
			return &file[i];
	return NULL;
}

static const char *path(const char *name)
{
	static char text[400];

	(void)snprintf(text, sizeof text, "%s/%s", dir, name);
	return text;
}

uint8_t *disk_read(const char *name, size_t *n)
{
	struct stat st;
	uint8_t *p;
	int fd = open(name, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) != 0)
		_exit(3);
	*n = (size_t)st.st_size;
	p = malloc(*n + 1);
	if (p == NULL || pread(fd, p, *n, 0) != (ssize_t)*n)
		_exit(3);
	(void)close(fd);
	return p;
}

static void make_durable(struct file *f)
{
	free(f->durable);
	f->durable = disk_read(path(f->name), &f->size);
}

/* What is left of a file; the head's file has one sector. */
static size_t keep(const struct file *f, uint8_t *now, size_t n)
{
	size_t fresh = n > f->size ? n - f->size : 0;

	if (strcmp(f->name, JOURNAL_KEY_NAME) == 0 && faults.loss != LOSE_ALL)
		return n;
	if (faults.loss == KEEP_ALL)
		return n;
	if (f->size > 0)
		memcpy(now, f->durable, f->size);
	if (faults.loss == KEEP_BEGINNING)
		return f->size + fresh / 2;
	/* The end came to the disk, and what is before it did not. */
	if (faults.loss == TORN_PAGE) {
		memset(now + f->size, 0, fresh / 2);
		return n;
	}
	return f->size;
}

static void lose(struct file *f)
{
	uint8_t *now;
	size_t n;
	int fd;

	if (f->durable_name[0] == '\0' && faults.loss == LOSE_ALL) {
		(void)unlink(path(f->name));
		return;
	}
	now = disk_read(path(f->name), &n);
	n = keep(f, now, n);
	fd = open(path(f->name), O_RDWR | O_CLOEXEC);
	if (fd < 0 || ftruncate(fd, 0) != 0 || __real_pwrite(fd, now, n, 0) != (ssize_t)n)
		_exit(3);
	if (faults.loss == LOSE_ALL && strcmp(f->name, f->durable_name) != 0) {
		char from[400];

		(void)snprintf(from, sizeof from, "%s", path(f->name));
		(void)rename(from, path(f->durable_name));
	}
	(void)close(fd);
}

static void maybe_cut(void)
{
	if (!on || left < 0 || left-- > 0)
		return;
	on = false;
	/* The newest names first: an older file may have to take one back. */
	for (size_t i = files; i-- > 0;)
		lose(&file[i]);
	_exit(0);
}

/* ---- what lies between ---- */

ssize_t __wrap_write(int fd, const void *p, size_t n)
{
	struct file *f = file_of(fd);

	if (f == NULL)
		return __real_write(fd, p, n);
	maybe_cut();
	writes++;
	if (faults.lie_at != 0 && writes == faults.lie_at)
		return __real_write(fd, p, n / 2) < 0 ? -1 : (ssize_t)n;
	if (faults.short_every != 0 && writes % faults.short_every == 0 && n > 1)
		n /= 2;
	return __real_write(fd, p, n);
}

ssize_t __wrap_pwrite(int fd, const void *p, size_t n, off_t at)
{
	if (file_of(fd) != NULL)
		maybe_cut();
	return __real_pwrite(fd, p, n, at);
}

int __wrap_fdatasync(int fd)
{
	struct file *f = file_of(fd);

	if (f == NULL)
		return 0; /* the tests themselves need no real disk */
	maybe_cut();
	make_durable(f);
	return 0;
}

int __wrap_fsync(int fd)
{
	struct stat st;

	if (!on || fstat(fd, &st) != 0)
		return 0;
	if (!S_ISDIR(st.st_mode))
		return __wrap_fdatasync(fd);
	maybe_cut();
	for (size_t i = 0; i < files; i++)
		(void)strcpy(file[i].durable_name, file[i].name);
	return 0;
}

int __wrap_openat(int at, const char *name, int flags, ...)
{
	struct stat st;
	int fd;

	if (on)
		maybe_cut();
	fd = __real_openat(at, name, flags, 0600);
	if (!on || fd < 0 || (flags & O_ACCMODE) == O_RDONLY || file_of(fd) != NULL ||
	    files == FILES_MAX || fstat(fd, &st) != 0)
		return fd;
	/* What an earlier run left is on the disk. */
	(void)snprintf(file[files].name, sizeof file[0].name, "%.60s", name);
	file[files].ino = st.st_ino;
	if (st.st_size > 0) {
		make_durable(&file[files]);
		(void)strcpy(file[files].durable_name, file[files].name);
	}
	files++;
	return fd;
}

int __wrap_renameat(int from, const char *a, int to, const char *b)
{
	if (on)
		maybe_cut();
	for (size_t i = 0; on && i < files; i++)
		if (strcmp(file[i].name, a) == 0)
			(void)snprintf(file[i].name, sizeof file[i].name, "%.60s", b);
	return __real_renameat(from, a, to, b);
}
