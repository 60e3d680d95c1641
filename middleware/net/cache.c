/* SPDX-License-Identifier: BSD-2-Clause */
/* The folder of the cache: files that appear whole, and no more of them than were said. */
#include "net/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"
#include "util/hex.h"

#define DAY	  ((time_t)24 * 3600)
#define NAME_SIZE (2 * NET_KEY_SIZE + 1)
/* A file that is being written has this before its name; one that is this old was left by a
 * process that ended. */
#define UNFINISHED     ".new-"
#define UNFINISHED_AGE 3600

struct net_cache {
	int dir;
	unsigned writes;
};

enum ecert_rc net_cache_open(const char *dir, struct net_cache **out)
{
	struct net_cache *c = calloc(1, sizeof *c);
	enum ecert_rc rc = c ? ECERT_E_IO : ECERT_E_MEMORY;
	struct stat st;

	*out = NULL;
	if (!c)
		return rc;
	(void)!mkdir(dir, 0700); /* what fails here fails again at open */
	c->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (c->dir >= 0 && !fstat(c->dir, &st))
		rc = st.st_uid == geteuid() && !(st.st_mode & 077) ? ECERT_OK : ECERT_E_DENIED;
	*out = c;
	if (rc != ECERT_OK) {
		int e = errno;

		net_cache_close(out);
		errno = e;
	}
	return rc;
}

void net_cache_close(struct net_cache **c)
{
	if (*c && (*c)->dir >= 0)
		close((*c)->dir);
	free(*c);
	*c = NULL;
}

static void name_of(const uint8_t key[NET_KEY_SIZE], char name[NAME_SIZE])
{
	hex_str(rd_of(key, NET_KEY_SIZE), name);
}

bool net_cache_get(struct net_cache *c, const uint8_t key[NET_KEY_SIZE], const char *url,
    time_t now, struct buf *out)
{
	char name[NAME_SIZE];
	struct buf file = BUF_INIT(NET_ENTRY_MAX);
	struct rd body = {0};
	struct stat st;
	bool found;
	int fd;

	buf_reset(out);
	name_of(key, name);
	/* Not a link, which could lead anywhere; not a pipe, which would wait. */
	fd = openat(c->dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return false;
	found = !fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
		file_read_fd(fd, &file) == ECERT_OK &&
		net_entry_read(buf_view(&file), url, now, &body);
	close(fd);
	if (found)
		buf_rd(out, body);
	else
		net_cache_drop(c, key);
	found = found && buf_rc(out) == ECERT_OK;
	buf_free(&file);
	return found;
}

void net_cache_drop(struct net_cache *c, const uint8_t key[NET_KEY_SIZE])
{
	char name[NAME_SIZE];

	name_of(key, name);
	(void)!unlinkat(c->dir, name, 0);
}

/* ---- room ---- */
struct kept {
	char name[NAME_SIZE];
	time_t when;
	uint64_t size;
};

static bool is_entry(const char *name)
{
	return strlen(name) == NAME_SIZE - 1 && strspn(name, "0123456789abcdef") == NAME_SIZE - 1;
}

static int older_first(const void *a, const void *b)
{
	const struct kept *x = a, *y = b;

	return x->when < y->when ? -1 : x->when > y->when ? 1 : strcmp(x->name, y->name);
}

static DIR *entries_of(const struct net_cache *c)
{
	int fd = openat(c->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;

	if (fd >= 0 && !d)
		close(fd);
	return d;
}

/* Files with other names are not ours, and stay. */
static size_t list(const struct net_cache *c, struct kept *all, size_t cap, time_t now)
{
	DIR *d = entries_of(c);
	const struct dirent *e;
	struct stat st;
	size_t n = 0;

	while (d && (e = readdir(d))) {
		if (fstatat(c->dir, e->d_name, &st, AT_SYMLINK_NOFOLLOW))
			continue;
		if (strncmp(e->d_name, UNFINISHED, strlen(UNFINISHED)) == 0) {
			if (st.st_mtime < now - UNFINISHED_AGE)
				(void)!unlinkat(c->dir, e->d_name, 0);
		} else if (is_entry(e->d_name) && n == cap) {
			(void)!unlinkat(c->dir, e->d_name, 0);
		} else if (is_entry(e->d_name)) {
			memcpy(all[n].name, e->d_name, NAME_SIZE);
			all[n].when = st.st_mtime;
			all[n++].size = (uint64_t)st.st_size;
		}
	}
	if (d)
		closedir(d);
	return n;
}

/* So that one more of this size has its place. */
static void make_room(const struct net_cache *c, size_t size, time_t now)
{
	struct kept *all = calloc(2 * NET_CACHE_ENTRIES, sizeof *all);
	size_t n = all ? list(c, all, 2 * NET_CACHE_ENTRIES, now) : 0;
	uint64_t sum = size;

	for (size_t i = 0; i < n; i++)
		sum += all[i].size;
	if (n)
		qsort(all, n, sizeof *all, older_first);
	for (size_t i = 0; i < n && (n - i >= NET_CACHE_ENTRIES || sum > NET_CACHE_BYTES); i++) {
		(void)!unlinkat(c->dir, all[i].name, 0);
		sum -= all[i].size;
	}
	free(all);
}

void net_cache_put(struct net_cache *c, const uint8_t key[NET_KEY_SIZE], const char *url,
    struct rd body, time_t until, time_t now)
{
	char name[NAME_SIZE], new[64];
	struct buf file = BUF_INIT(NET_ENTRY_MAX);
	bool ok;
	int fd;

	if (until > now + NET_CACHE_DAYS * DAY)
		until = now + NET_CACHE_DAYS * DAY;
	if (until <= now || !body.n)
		return;
	name_of(key, name);
	net_entry_write(&file, url, until, body);
	if (buf_rc(&file) == ECERT_OK) {
		make_room(c, buf_len(&file), now);
		(void)snprintf(new, sizeof new, UNFINISHED "%ld-%u", (long)getpid(), c->writes++);
		fd = openat(
		    c->dir, new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
		ok = fd >= 0 && file_write_fd(fd, buf_view(&file));
		ok = fd >= 0 && !close(fd) && ok;
		if (fd >= 0 && (!ok || renameat(c->dir, new, c->dir, name)))
			(void)!unlinkat(c->dir, new, 0);
	}
	buf_free(&file);
}
