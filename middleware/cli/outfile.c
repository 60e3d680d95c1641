/* SPDX-License-Identifier: BSD-2-Clause */
/* Atomic output: O_TMPFILE and linkat where the file system has them, a hidden name elsewhere. */
#include "cli/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "util/file.h"

/* An output under way. */
struct out {
	int fd;
	char dir[PATH_MAX];
	char hidden[PATH_MAX]; /* "" while the file has no name */
};

static int write_all(int fd, struct rd data)
{
	while (data.n) {
		ssize_t n = write(fd, data.p, data.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		data.p += n;
		data.n -= (size_t)n;
	}
	return 0;
}

static mode_t usual_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

static int name_hidden(struct out *o)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return snprintf(o->hidden, sizeof o->hidden, "%s/.ecert-%ld-%09ld", o->dir, (long)getpid(),
		   now.tv_nsec) < (int)sizeof o->hidden
		   ? 0
		   : -1;
}

static int begin(struct out *o, const char *path, mode_t mode)
{
	char copy[PATH_MAX];

	*o = (struct out){.fd = -1};
	if (snprintf(copy, sizeof copy, "%s", path) >= (int)sizeof copy) {
		errno = ENAMETOOLONG;
		return -1;
	}
	snprintf(o->dir, sizeof o->dir, "%s", dirname(copy));
	o->fd = open(o->dir, O_TMPFILE | O_WRONLY | O_CLOEXEC, mode);
	if (o->fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
		return o->fd < 0 ? -1 : 0;
	if (name_hidden(o))
		return -1;
	o->fd = open(o->hidden, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode);
	if (o->fd < 0)
		o->hidden[0] = 0;
	return o->fd < 0 ? -1 : 0;
}

static int link_as(const struct out *o, const char *name)
{
	char self[64];

	if (o->hidden[0])
		return link(o->hidden, name);
	snprintf(self, sizeof self, "/proc/self/fd/%d", o->fd);
	return linkat(AT_FDCWD, self, AT_FDCWD, name, AT_SYMLINK_FOLLOW);
}

/* FAT, as on USB sticks, has no links: the hidden name becomes the real one. */
static int rename_vacant(const struct out *o, const char *path)
{
	if (!renameat2(AT_FDCWD, o->hidden, AT_FDCWD, path, RENAME_NOREPLACE))
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	if (!access(path, F_OK)) { /* the last resort, with a moment in which another may come */
		errno = EEXIST;
		return -1;
	}
	return rename(o->hidden, path);
}

/* Neither link() nor RENAME_NOREPLACE replaces: two writers cannot both win. */
static int publish_vacant(struct out *o, const char *path)
{
	if (!link_as(o, path))
		return 0;
	if (!o->hidden[0] || (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS))
		return -1;
	if (rename_vacant(o, path))
		return -1;
	o->hidden[0] = 0;
	return 0;
}

static int publish_over(struct out *o, const char *path)
{
	struct out nameless = {.fd = o->fd};

	if (!o->hidden[0] && (name_hidden(o) || link_as(&nameless, o->hidden)))
		return -1;
	if (rename(o->hidden, path))
		return -1;
	o->hidden[0] = 0;
	return 0;
}

static void end(struct out *o)
{
	int saved = errno;

	if (o->hidden[0])
		unlink(o->hidden);
	if (o->fd >= 0)
		close(o->fd);
	errno = saved;
}

static int sync_dir(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc;

	if (fd < 0)
		return 0; /* one may write into a folder that one may not read */
	rc = fsync(fd);
	close(fd);
	return rc && errno != EINVAL ? -1 : 0; /* EINVAL: a file system without it */
}

/* A device, a pipe or a socket, also behind a link: what has that name is not ours to replace. */
static bool is_special(const char *path)
{
	struct stat st;

	return !stat(path, &st) && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

/* The mode of the file that is replaced, and its owner where one may give files away: who could
 * read it before, and nobody else, can read it after. Where the group cannot be kept, its rights
 * are everybody's. */
static int keep_mode(const struct out *o, const struct stat *was)
{
	mode_t mode = was->st_mode & 0777;
	struct stat st;

	if (fstat(o->fd, &st))
		return -1;
	if ((st.st_uid != was->st_uid || st.st_gid != was->st_gid) &&
	    fchown(o->fd, was->st_uid, was->st_gid) &&
	    (st.st_gid == was->st_gid || fchown(o->fd, (uid_t)-1, was->st_gid)))
		mode = (mode & 0707) | ((mode & 07) << 3);
	return fchmod(o->fd, mode);
}

static enum ecert_rc write_file(const char *path, struct rd data, bool force, mode_t mode)
{
	struct out o;
	struct stat was;
	bool replaces = force && !lstat(path, &was) && S_ISREG(was.st_mode);
	sigset_t all, before;
	int bad;

	if (force && is_special(path))
		return ECERT_E_DENIED;
	/* A hidden name must not outlive an interrupt; this takes milliseconds. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	bad = begin(&o, path, replaces ? 0600 : mode) || write_all(o.fd, data) ||
	      (replaces && keep_mode(&o, &was)) || fsync(o.fd) ||
	      (force ? publish_over(&o, path) : publish_vacant(&o, path)) || sync_dir(o.dir);
	end(&o);
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (!bad)
		return ECERT_OK;
	return errno == EEXIST ? ECERT_E_EXISTS : ECERT_E_IO;
}

enum ecert_rc outfile_write(const char *path, struct rd data, bool force)
{
	if (!strcmp(path, "-"))
		return write_all(STDOUT_FILENO, data) ? ECERT_E_IO : ECERT_OK;
	return write_file(path, data, force, usual_mode());
}

enum ecert_rc outfile_write_secret(const char *path, struct rd data)
{
	return write_file(path, data, false, 0600);
}

enum ecert_rc outfile_replace_secret(const char *path, struct rd data)
{
	return write_file(path, data, true, 0600);
}

enum cli_exit outfile_failed(const struct cli *c, enum ecert_rc rc, const char *path)
{
	int e = errno;

	if (!rc)
		return CLI_OK;
	if (!strcmp(path, "-"))
		return cli_fail(c, CLI_IO, "Check where the output goes, or name a file.",
		    "Cannot write to standard output: %s", strerror(e));
	if (rc == ECERT_E_EXISTS)
		return cli_fail(c, CLI_REFUSED, "Choose another name, or replace it with --force.",
		    "%s exists already", path);
	if (rc == ECERT_E_DENIED)
		return cli_fail(c, CLI_REFUSED, "Name a file; - is standard output.",
		    "%s is a device or a pipe, which is not replaced", path);
	if (e == ENOSPC || e == EDQUOT)
		return cli_fail(c, CLI_IO, "Make room, then run the command again.",
		    "The disk is full: %s was not written", path);
	return cli_fail(c, CLI_IO, "Check the folder and its permissions.", "Cannot write %s: %s",
	    path, strerror(e));
}

enum cli_exit outfile_save(const struct cli *c, const char *path, struct rd data, bool force)
{
	return outfile_failed(c, outfile_write(path, data, force), path);
}

/* Whether a value on the line, also one of --...-source, names the file that has this name. */
static bool is_read(const struct cli *c, const char *path)
{
	struct stat out, in;

	if (stat(path, &out))
		return false;
	for (size_t i = 0; i < c->reads.n; i++) {
		const char *word = c->reads.v[i];

		if (!stat(!strncmp(word, "file:", 5) ? word + 5 : word, &in) &&
		    in.st_dev == out.st_dev && in.st_ino == out.st_ino)
			return true;
	}
	return false;
}

enum cli_exit outfile_vacant(const struct cli *c, const char *path, bool force)
{
	struct stat st;

	if (!strcmp(path, "-"))
		return CLI_OK;
	if (is_special(path))
		return outfile_failed(c, ECERT_E_DENIED, path);
	/* A link that leads nowhere is a name that is taken all the same. */
	if (!force && !lstat(path, &st) && !S_ISDIR(st.st_mode))
		return outfile_failed(c, ECERT_E_EXISTS, path);
	if (is_read(c, path))
		return cli_fail(c, CLI_REFUSED, "Choose another name for the output.",
		    "%s is a file that this command reads: written over, it would be lost", path);
	return outfile_possible(c, path);
}

enum cli_exit outfile_possible(const struct cli *c, const char *path)
{
	char *folder = strdup(path);
	struct stat st;
	bool good = folder && !access(dirname(folder), W_OK | X_OK);

	free(folder);
	if (good && !stat(path, &st) && S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		good = false;
	}
	return good || !strcmp(path, "-") ? CLI_OK : outfile_failed(c, ECERT_E_IO, path);
}

enum ecert_rc infile_read(const char *path, struct buf *out)
{
	enum ecert_rc rc = strcmp(path, "-") ? file_read(path, out)
					     : file_read_fd(STDIN_FILENO, out);

	return rc == ECERT_E_NOT_FOUND ? ECERT_E_IO : rc;
}

enum cli_exit outfile_not_both(const struct cli *c, const char *path)
{
	if (!c->json || strcmp(path, "-"))
		return CLI_OK;
	return cli_fail(c, CLI_USAGE, "Name a file with --output, or leave --json out.",
	    "The answer in JSON and the result cannot both go to standard output");
}

enum cli_exit infile_load(const struct cli *c, const char *path, struct buf *out)
{
	enum ecert_rc rc = infile_read(path, out);

	if (rc == ECERT_E_IO)
		return cli_fail(c, CLI_IO, "Check the name and its permissions.",
		    "Cannot read %s: %s", path, strerror(errno));
	if (rc == ECERT_E_TOO_LARGE)
		return cli_fail(c, CLI_INPUT, hint_of_rc(rc),
		    "%s is too large for what it should be: the limit is %zu KiB", path,
		    out->max / 1024);
	if (rc)
		return cli_fail_rc(c, rc, "read %s", path);
	if (!buf_len(out))
		return cli_fail(c, CLI_INPUT, hint_of_rc(ECERT_E_MALFORMED), "%s is empty", path);
	return CLI_OK;
}
