/* SPDX-License-Identifier: BSD-2-Clause */
/* Atomic output: O_TMPFILE and linkat where the file system has them, a hidden name elsewhere. */
#include "client/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
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

/* All that another file holds. */
static int copy_all(int to, int from)
{
	char room[65536];
	off_t at = 0;
	ssize_t n = 0;

	do {
		n = pread(from, room, sizeof room, at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || !file_write_fd(to, rd_of(room, (size_t)n)))
			return -1;
		at += n;
	} while (n != 0);
	return 0;
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static mode_t mask;

/* The process has one mask, which can only be read by setting it: done once, not while another
 * thread makes a file. */
static void read_mask(void)
{
	mask = umask(0);
	umask(mask);
}

static mode_t usual_mode(void)
{
	(void)pthread_once(&once, read_mask);
	return 0666 & ~mask;
}

static int name_hidden(struct out *o)
{
	static atomic_uint count; /* of the threads' */
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return snprintf(o->hidden, sizeof o->hidden, "%s/.ecert-%ld-%09ld-%u", o->dir,
		   (long)getpid(), now.tv_nsec, count++) < (int)sizeof o->hidden
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
	o->fd = open(o->dir, O_TMPFILE | O_RDWR | O_CLOEXEC, mode);
	if (o->fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
		return o->fd < 0 ? -1 : 0;
	if (name_hidden(o))
		return -1;
	o->fd = open(o->hidden, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, mode);
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

struct outfile {
	struct out o;
	const char *path; /* NULL: standard output */
	bool force, replaces;
	struct stat was; /* what is replaced */
};

static int begin_named(struct outfile *f, const char *path, bool force, mode_t mode)
{
	f->path = path;
	f->force = force;
	f->replaces = force && !lstat(path, &f->was) && S_ISREG(f->was.st_mode);
	return begin(&f->o, path, f->replaces ? 0600 : mode);
}

static int publish(struct outfile *f)
{
	if ((f->replaces && keep_mode(&f->o, &f->was)) || fsync(f->o.fd))
		return -1;
	if (f->force ? publish_over(&f->o, f->path) : publish_vacant(&f->o, f->path))
		return -1;
	return sync_dir(f->o.dir);
}

static enum ecert_rc write_file(const char *path, struct rd data, bool force, mode_t mode)
{
	struct outfile f = {.o = {.fd = -1}};
	sigset_t all, before;
	int bad;

	if (force && is_special(path))
		return ECERT_E_DENIED;
	/* A hidden name must not outlive an interrupt; this takes milliseconds. */
	sigfillset(&all);
	(void)pthread_sigmask(SIG_BLOCK, &all, &before);
	bad = begin_named(&f, path, force, mode) || !file_write_fd(f.o.fd, data) || publish(&f);
	end(&f.o);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!bad)
		return ECERT_OK;
	return errno == EEXIST ? ECERT_E_EXISTS : ECERT_E_IO;
}

/* Never seen by name, and on a disk: /tmp may be memory. */
static int begin_aside(struct out *o)
{
	const char *dir = getenv("TMPDIR");

	*o = (struct out){.fd = -1};
	snprintf(o->hidden, sizeof o->hidden, "%s/.ecert-XXXXXX", dir && *dir ? dir : "/var/tmp");
	o->fd = mkostemp(o->hidden, O_CLOEXEC);
	if (o->fd >= 0)
		unlink(o->hidden);
	o->hidden[0] = 0;
	return o->fd < 0 ? -1 : 0;
}

enum ecert_rc outfile_begin(const char *path, bool force, struct outfile **out)
{
	struct outfile *f = calloc(1, sizeof *f);
	enum ecert_rc rc = ECERT_OK;

	*out = NULL;
	if (!f)
		return ECERT_E_MEMORY;
	if (!strcmp(path, "-"))
		rc = begin_aside(&f->o) ? ECERT_E_IO : ECERT_OK;
	else if (force && is_special(path))
		rc = ECERT_E_DENIED;
	else if (begin_named(f, path, force, usual_mode()))
		rc = ECERT_E_IO;
	if (rc == ECERT_OK)
		*out = f;
	else
		free(f);
	return rc;
}

enum ecert_rc outfile_put(struct outfile *f, struct rd part)
{
	return file_write_fd(f->o.fd, part) ? ECERT_OK : ECERT_E_IO;
}

enum ecert_rc outfile_sink_put(void *sink, struct rd part)
{
	struct outfile_sink *s = sink;

	s->rc = outfile_put(s->out, part);
	s->saved = errno;
	return s->rc;
}

enum ecert_rc outfile_name(struct outfile **out)
{
	struct outfile *f = *out;
	sigset_t all, before;
	int bad;

	sigfillset(&all);
	if (f->path)
		(void)pthread_sigmask(SIG_BLOCK, &all, &before);
	bad = f->path ? publish(f) : copy_all(STDOUT_FILENO, f->o.fd);
	end(&f->o);
	if (f->path)
		(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	free(f);
	*out = NULL;
	return !bad ? ECERT_OK : errno == EEXIST ? ECERT_E_EXISTS : ECERT_E_IO;
}

int outfile_fd(const struct outfile *f)
{
	return f->o.fd;
}

void outfile_drop(struct outfile **out)
{
	if (*out)
		end(&(*out)->o);
	free(*out);
	*out = NULL;
}

enum ecert_rc outfile_write(const char *path, struct rd data, bool force)
{
	if (!strcmp(path, "-"))
		return file_write_fd(STDOUT_FILENO, data) ? ECERT_OK : ECERT_E_IO;
	return write_file(path, data, force, usual_mode());
}

enum ecert_rc outfile_copy(const char *path, int fd, bool force)
{
	struct outfile *f = NULL;
	enum ecert_rc rc = outfile_begin(path, force, &f);

	if (rc == ECERT_OK && copy_all(f->o.fd, fd)) {
		outfile_drop(&f);
		rc = ECERT_E_IO;
	}
	return rc == ECERT_OK ? outfile_name(&f) : rc;
}

enum ecert_rc outfile_write_secret(const char *path, struct rd data)
{
	return write_file(path, data, false, 0600);
}

enum ecert_rc outfile_replace_secret(const char *path, struct rd data)
{
	return write_file(path, data, true, 0600);
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
