/* SPDX-License-Identifier: BSD-2-Clause */
/* The files that the names on a line stand for; folders are gone through here. */
#include "actions/names.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actions/beside.h"
#include "util/text.h"

/* Folders in folders, and files of one run. */
#define MAX_DEPTH 64
#define MAX_NAMES 2000000u

static bool is_file(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISREG(st.st_mode);
}

/* The folder, kept open for those of it that come next; -1 with errno. */
static int folder_open(const struct named_folder *of, const char *name)
{
	struct named_files *names = of->of;
	struct stat st;
	int dir;

	if (names->open == of)
		return names->fd;
	dir = open(name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return -1;
	if (fstat(dir, &st) || st.st_dev != of->dev || st.st_ino != of->ino) {
		close(dir);
		errno = ELOOP;
		return -1;
	}
	if (names->open)
		close(names->fd);
	names->open = of;
	names->fd = dir;
	return dir;
}

int named_file_open(const struct named_file *f, const char *path)
{
	const char *slash = strrchr(path, '/'), *own = strrchr(f->path, '/');
	size_t n = slash ? (size_t)(slash - path) : 0;
	char folder[PATH_MAX];
	int dir;

	if (!f->folder)
		return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	/* Beside it is in the same folder, by the same name. */
	if (!slash || !own || (size_t)(own - f->path) != n || memcmp(path, f->path, n) != 0 ||
	    n >= sizeof folder) {
		errno = ELOOP;
		return -1;
	}
	text_copy(folder, sizeof folder, path);
	folder[n ? n : 1] = 0;
	dir = folder_open(f->folder, folder);
	return dir < 0 ? -1
		       : openat(dir, slash + 1,
			     O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK);
}

/* in: the folder that it was found in; NULL: it was named. */
static enum outcome add(
    const struct job *job, struct named_files *names, const char *path, struct named_folder *in)
{
	struct named_file *v = names->v;
	char *copy;

	if (names->n == MAX_NAMES)
		return ui_fail(job->ui, OUT_INPUT, "too-many-files",
		    MSG("There are more than {max} files", P_NUMBER("max", MAX_NAMES)),
		    MSG("Name the folders one by one."));
	if (!(names->n & (names->n - 1))) /* full at each power of two */
		v = reallocarray(names->v, names->n ? 2 * names->n : 1, sizeof *v);
	copy = v ? strdup(path) : NULL;
	if (v)
		names->v = v;
	if (!copy)
		return ui_fail_rc(job->ui, ECERT_E_MEMORY, MSG("Cannot start: {why}"));
	names->v[names->n++] = (struct named_file){copy, in};
	return OUT_OK;
}

/* NULL: memory is out. */
static struct named_folder *folder_new(struct named_files *names, int fd)
{
	struct named_folder *f = calloc(1, sizeof *f);
	struct stat st = {.st_dev = 0};

	if (!f)
		return NULL;
	(void)fstat(fd, &st);
	*f = (struct named_folder){st.st_dev, st.st_ino, names->folders, names};
	names->folders = f;
	return f;
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int no_dots(const struct dirent *e)
{
	return strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
}

static enum outcome walk(const struct job *job, int parent, const char *name, const char *path,
    unsigned depth, struct named_files *out);

/* What an entry is; most file systems tell without being asked about it. 0: nobody can tell. */
static mode_t kind_of(int dir, const struct dirent *e)
{
	struct stat st;

	if (e->d_type != DT_UNKNOWN)
		return (mode_t)DTTOIF(e->d_type);
	return fstatat(dir, e->d_name, &st, AT_SYMLINK_NOFOLLOW) ? 0 : st.st_mode & S_IFMT;
}

/* Where an entry is. */
struct inside {
	int fd;
	const char *path;
	unsigned depth;
	struct named_folder *folder;
};

static enum outcome entry(
    const struct job *job, const struct inside *in, const struct dirent *e, struct named_files *out)
{
	char path[PATH_MAX];
	mode_t kind = kind_of(in->fd, e);
	int n = snprintf(
	    path, sizeof path, "%s%s%s", in->path, text_ends(in->path, "/") ? "" : "/", e->d_name);

	/* One that is too long cannot be opened either: that is what is told of it then. */
	if (n >= (int)sizeof path || !kind)
		return add(job, out, path, in->folder);
	/* The rest is gone through all the same; of this one is told why it cannot be. */
	if (kind == S_IFDIR && faccessat(in->fd, e->d_name, R_OK | X_OK, AT_EACCESS))
		return add(job, out, path, in->folder);
	if (kind == S_IFDIR)
		return walk(job, in->fd, e->d_name, path, in->depth + 1, out);
	if (kind != S_IFREG) {
		out->left_out++;
		return OUT_OK;
	}
	return add(job, out, path, in->folder);
}

static enum outcome walk(const struct job *job, int parent, const char *name, const char *path,
    unsigned depth, struct named_files *out)
{
	/* The one that was named may be a link. */
	int fd = openat(
	    parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (depth ? O_NOFOLLOW : 0));
	struct dirent **list = NULL;
	int n = fd < 0 ? -1 : scandirat(fd, ".", &list, no_dots, by_bytes);
	struct inside in = {fd, path, depth, NULL};
	enum outcome code = OUT_OK;

	if (depth > MAX_DEPTH)
		code = ui_fail(job->ui, OUT_INPUT, "folders-too-deep",
		    MSG("{file} lies deeper than {max} folders", P_FILE("file", path),
			P_NUMBER("max", MAX_DEPTH)),
		    MSG("Name that folder by itself."));
	else if (n < 0)
		code = ui_fail(job->ui, OUT_IO, "folder-unreadable",
		    MSG("Cannot read the folder {file}: {why}", P_FILE("file", path),
			P_ERRNO("why", errno)),
		    MSG("Check the name and its permissions."));
	else if (!(in.folder = folder_new(out, fd)))
		code = ui_fail_rc(job->ui, ECERT_E_MEMORY, MSG("Cannot start: {why}"));
	for (int i = 0; i < n; i++) {
		if (!code)
			code = entry(job, &in, list[i], out);
		free(list[i]);
	}
	free(list);
	if (fd >= 0)
		close(fd);
	return code;
}

static bool is_folder(const char *path)
{
	struct stat st;

	return strcmp(path, "-") != 0 && !stat(path, &st) && S_ISDIR(st.st_mode);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names in their order; NULL: memory is out. */
static const char **sorted(const struct strlist *names)
{
	const char **all = calloc(names->n + 1, sizeof *all);

	if (all && names->n)
		memcpy(all, names->v, names->n * sizeof *all);
	if (all)
		qsort(all, names->n, sizeof *all, by_name);
	return all;
}

bool named_file_follows(const struct named_files *n, size_t i)
{
	const struct named_file *file = &n->v[i];
	char content[PATH_MAX];
	const char *key = content;
	struct stat st;

	if (!beside_counts_with(file->path, content))
		return false;
	/* Links are not followed in a folder; "*" names both. */
	if (file->folder)
		return !lstat(content, &st) && S_ISREG(st.st_mode);
	return is_file(content) && bsearch(&key, n->named, n->named_n, sizeof *n->named, by_name);
}

static bool is_same(const char *path, const struct stat *as)
{
	struct stat st;

	return !stat(path, &st) && st.st_dev == as->st_dev && st.st_ino == as->st_ino;
}

bool named_files_read(const struct named_files *n, const char *path)
{
	char beside[PATH_MAX];
	struct stat st;

	if (stat(path, &st))
		return false;
	for (size_t i = 0; i < n->n; i++) {
		const char *file = n->v[i].path;

		if (is_same(file, &st) ||
		    (beside_signature_of(file, beside) && is_same(beside, &st)) ||
		    (beside_content_of(file, beside) && is_same(beside, &st)))
			return true;
	}
	return false;
}

void named_files_settle(struct named_files *n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n->n; i++)
		if (named_file_follows(n, i))
			free(n->v[i].path);
		else
			n->v[kept++] = n->v[i];
	n->n = kept;
}

enum outcome named_files_list(
    const struct job *job, const struct strlist *names, bool recursive, struct named_files *out)
{
	enum outcome code = OUT_OK;

	*out = (struct named_files){.named = sorted(names), .named_n = names->n};
	if (!out->named)
		return ui_fail_rc(job->ui, ECERT_E_MEMORY, MSG("Cannot start: {why}"));
	for (size_t i = 0; !code && i < names->n; i++) {
		const char *name = names->v[i];

		if (recursive && is_folder(name))
			code = walk(job, AT_FDCWD, name, name, 0, out);
		else
			code = add(job, out, name, NULL);
	}
	return code;
}

enum outcome named_files_each(
    const struct job *job, const struct strlist *names, struct named_files *out)
{
	enum outcome code = OUT_OK;

	*out = (struct named_files){.n = 0};
	for (size_t i = 0; !code && i < names->n; i++)
		code = add(job, out, names->v[i], NULL);
	return code;
}

void named_files_free(struct named_files *n)
{
	for (size_t i = 0; i < n->n; i++)
		free(n->v[i].path);
	for (struct named_folder *f = n->folders, *next; f; f = next) {
		next = f->next;
		free(f);
	}
	if (n->open)
		close(n->fd);
	free(n->v);
	free(n->named);
	*n = (struct named_files){.n = 0};
}
