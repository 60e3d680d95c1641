/* SPDX-License-Identifier: BSD-2-Clause */
/* Atomic output: O_TMPFILE and linkat where the file system has them, a hidden name elsewhere. */
#include "client/outfile.h"

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

/* What goes into a file: bytes, or all that another file holds. */
struct source {
	struct rd data;
	int fd; /* -1: data */
};

static int copy_all(int to, const struct source *from)
{
	char room[65536];
	off_t at = 0;
	ssize_t n = 0;

	if (from->fd < 0)
		return file_write_fd(to, from->data) ? 0 : -1;
	do {
		n = pread(from->fd, room, sizeof room, at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || !file_write_fd(to, rd_of(room, (size_t)n)))
			return -1;
		at += n;
	} while (n != 0);
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

static enum ecert_rc write_file(
    const char *path, const struct source *from, bool force, mode_t mode)
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
	bad = begin(&o, path, replaces ? 0600 : mode) || copy_all(o.fd, from) ||
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
		return file_write_fd(STDOUT_FILENO, data) ? ECERT_OK : ECERT_E_IO;
	return write_file(path, &(struct source){data, -1}, force, usual_mode());
}

enum ecert_rc outfile_copy(const char *path, int fd, bool force)
{
	return write_file(path, &(struct source){.fd = fd}, force, usual_mode());
}

enum ecert_rc outfile_write_secret(const char *path, struct rd data)
{
	return write_file(path, &(struct source){data, -1}, false, 0600);
}

enum ecert_rc outfile_replace_secret(const char *path, struct rd data)
{
	return write_file(path, &(struct source){data, -1}, true, 0600);
}

enum outcome outfile_failed(const struct job *job, enum ecert_rc rc, const char *path)
{
	int e = errno;

	if (rc == ECERT_OK)
		return OUT_OK;
	if (!strcmp(path, "-"))
		return ui_fail(job->ui, OUT_IO, "output-unwritable",
		    MSG("Cannot write to standard output: {why}", P_ERRNO("why", e)),
		    MSG("Check where the output goes, or name a file."));
	if (rc == ECERT_E_EXISTS)
		return ui_fail(job->ui, OUT_REFUSED, "exists",
		    MSG("{file} exists already", P_FILE("file", path)),
		    MSG("Choose another name, or replace it with --force."));
	if (rc == ECERT_E_DENIED)
		return ui_fail(job->ui, OUT_REFUSED, "not-a-file",
		    MSG("{file} is a device or a pipe, which is not replaced",
			P_FILE("file", path)),
		    MSG("Name a file; - is standard output."));
	if (e == ENOSPC || e == EDQUOT)
		return ui_fail(job->ui, OUT_IO, "disk-full",
		    MSG("The disk is full: {file} was not written", P_FILE("file", path)),
		    MSG("Make room, then run the command again."));
	return ui_fail(job->ui, OUT_IO, "file-unwritable",
	    MSG("Cannot write {file}: {why}", P_FILE("file", path), P_ERRNO("why", e)),
	    MSG("Check the folder and its permissions."));
}

enum outcome outfile_save(const struct job *job, const char *path, struct rd data, bool force)
{
	return outfile_failed(job, outfile_write(path, data, force), path);
}

/* Whether a value on the line, also one of --...-source, names the file that has this name. */
static bool is_read(const struct job *job, const char *path)
{
	struct stat out, in;

	if (stat(path, &out))
		return false;
	for (size_t i = 0; i < job->reads.n; i++) {
		const char *word = job->reads.v[i];

		if (!stat(!strncmp(word, "file:", 5) ? word + 5 : word, &in) &&
		    in.st_dev == out.st_dev && in.st_ino == out.st_ino)
			return true;
	}
	return false;
}

enum outcome outfile_vacant(const struct job *job, const char *path, bool force)
{
	struct stat st;

	if (!strcmp(path, "-"))
		return OUT_OK;
	if (is_special(path))
		return outfile_failed(job, ECERT_E_DENIED, path);
	/* A link that leads nowhere is a name that is taken all the same. */
	if (!force && !lstat(path, &st) && !S_ISDIR(st.st_mode))
		return outfile_failed(job, ECERT_E_EXISTS, path);
	if (is_read(job, path))
		return ui_fail(job->ui, OUT_REFUSED, "output-is-input",
		    MSG("{file} is a file that this command reads: written over, it would be lost",
			P_FILE("file", path)),
		    MSG("Choose another name for the output."));
	return outfile_possible(job, path);
}

enum outcome outfile_possible(const struct job *job, const char *path)
{
	char *folder = strdup(path);
	struct stat st;
	bool good = folder && !access(dirname(folder), W_OK | X_OK);

	free(folder);
	if (good && !stat(path, &st) && S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		good = false;
	}
	return good || !strcmp(path, "-") ? OUT_OK : outfile_failed(job, ECERT_E_IO, path);
}

enum ecert_rc infile_read(const char *path, struct buf *out)
{
	enum ecert_rc rc = strcmp(path, "-") ? file_read(path, out)
					     : file_read_fd(STDIN_FILENO, out);

	return rc == ECERT_E_NOT_FOUND ? ECERT_E_IO : rc;
}

enum outcome infile_load(const struct job *job, const char *path, struct buf *out)
{
	enum ecert_rc rc = infile_read(path, out);

	if (rc == ECERT_E_IO)
		return ui_fail(job->ui, OUT_IO, "file-unreadable",
		    MSG("Cannot read {file}: {why}", P_FILE("file", path), P_ERRNO("why", errno)),
		    MSG("Check the name and its permissions."));
	if (rc == ECERT_E_TOO_LARGE)
		return ui_fail(job->ui, OUT_INPUT, "file-too-large",
		    MSG("{file} is too large for what it should be: the limit is {max} KiB",
			P_FILE("file", path), P_NUMBER("max", out->max / 1024)),
		    MSG(next_of_rc(rc)));
	if (rc != ECERT_OK)
		return ui_fail_rc(
		    job->ui, rc, MSG("Cannot read {file}: {why}", P_FILE("file", path)));
	if (!buf_len(out))
		return ui_fail(job->ui, OUT_INPUT, "file-empty",
		    MSG("{file} is empty", P_FILE("file", path)),
		    MSG(next_of_rc(ECERT_E_MALFORMED)));
	return OUT_OK;
}
