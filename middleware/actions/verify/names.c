/* SPDX-License-Identifier: BSD-2-Clause */
/* What the names on a line stand for; folders are gone through here. */
#include "actions/verify/names.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actions/verify/verifying.h"
#include "document/format.h"
#include "util/text.h"

/* Folders in folders, and documents of one run. */
#define MAX_DEPTH 64
#define MAX_NAMES 1000000u

static bool is_file(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISREG(st.st_mode);
}

/* Of the signatures of this name that is a signature by its name alone: a token may be called the
 * others. */
static bool is_one(const char *suffix, const char *path)
{
	return !strcmp(suffix, ".p7s") || doc_goes_beside(verify_kind_of(path));
}

/* By its first bytes. What is no file is not even opened: whoever writes into a pipe would lose his
 * reader when it is closed again. */
static bool holds_content(const char *path, enum doc_kind kind)
{
	uint8_t head[65536]; /* the headers of a JWS hold certificates */
	int fd = is_file(path) ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK) : -1;
	ssize_t n = fd < 0 ? -1 : pread(fd, head, sizeof head, 0);

	if (fd >= 0)
		close(fd);
	return n > 0 && doc_holds_content(kind, rd_of(head, (size_t)n));
}

/* What other programs call the signature of FILE, behind its name. */
static const char *const foreign[] = {".sig", ".p7m", ".p7", ".cms", ".pem", ".asc", ".P7S"};
#define FOREIGN (sizeof foreign / sizeof foreign[0])

/* Other things have such names, too: it has to be a signature, of a file that is not inside. */
static bool is_foreign_one(const char *path)
{
	enum doc_kind kind = verify_kind_of(path);

	return doc_goes_beside(kind) && !holds_content(path, kind);
}

static bool less_ending(const char *signature, const char *suffix, char content[PATH_MAX])
{
	return snprintf(content, PATH_MAX, "%.*s", (int)(strlen(signature) - strlen(suffix)),
		   signature) < PATH_MAX;
}

bool verify_content_of(const char *signature, char content[PATH_MAX])
{
	const char *suffix;

	content[0] = 0;
	for (size_t i = 0; (suffix = doc_format_suffix(i)); i++)
		if (text_ends(signature, suffix) && is_one(suffix, signature))
			return less_ending(signature, suffix, content);
	for (size_t i = 0; i < FOREIGN; i++)
		if (text_ends(signature, foreign[i]) && is_foreign_one(signature) &&
		    less_ending(signature, foreign[i], content) && is_file(content))
			return true;
	content[0] = 0;
	return false;
}

bool verify_signature_of(const char *file, char signature[PATH_MAX])
{
	const char *suffix;

	for (size_t i = 0; (suffix = doc_format_suffix(i)); i++)
		if (snprintf(signature, PATH_MAX, "%s%s", file, suffix) < PATH_MAX &&
		    !access(signature, F_OK) && is_one(suffix, signature))
			return true;
	for (size_t i = 0; i < FOREIGN; i++)
		if (snprintf(signature, PATH_MAX, "%s%s", file, foreign[i]) < PATH_MAX &&
		    is_file(signature) && is_foreign_one(signature))
			return true;
	(void)snprintf(signature, PATH_MAX, "%s.p7s", file);
	return false;
}

/* The file that a signature of this name goes with is there. */
static bool has_content(const char *signature)
{
	char content[PATH_MAX];

	return verify_content_of(signature, content) && is_file(content);
}

static bool has_signature(const char *file)
{
	char signature[PATH_MAX];

	return verify_signature_of(file, signature) && is_file(signature);
}

/* It can be verified by its name alone. */
static bool stands_alone(const char *path, enum doc_kind kind)
{
	if (holds_content(path, kind))
		return true;
	return doc_goes_beside(kind) ? has_content(path) : has_signature(path);
}

static bool named_after(const char *signature, const char *file)
{
	char content[PATH_MAX];

	return verify_content_of(signature, content) && !strcmp(content, file);
}

/* It looks like a signature, and the signed file is not inside; or it is a pipe. */
static bool may_sign_another(const char *path, enum doc_kind kind)
{
	if (!access(path, F_OK) && !is_file(path))
		return true;
	return doc_goes_beside(kind) && !holds_content(path, kind);
}

bool verify_is_pair(const char *a, const char *b)
{
	enum doc_kind of_a, of_b;

	if (!strcmp(a, "-") || !strcmp(b, "-") || named_after(a, b) || named_after(b, a))
		return true;
	of_a = verify_kind_of(a);
	of_b = verify_kind_of(b);
	/* Where a document has its own signature, another file that is none, or one with a content
	 * of its own, is no reason to doubt it. */
	if ((has_signature(a) && !doc_goes_beside(of_a) && !may_sign_another(b, of_b)) ||
	    (has_signature(b) && !doc_goes_beside(of_b) && !may_sign_another(a, of_a)))
		return false;
	if (doc_goes_beside(of_a) != doc_goes_beside(of_b) && of_a != DOC_KIND_JWS &&
	    of_b != DOC_KIND_JWS)
		return true;
	return !stands_alone(a, of_a) || !stands_alone(b, of_b);
}

static enum outcome add(
    const struct job *job, struct verify_names *names, const char *path, bool found)
{
	struct verify_name *v = names->v;
	char *copy;

	if (names->n == MAX_NAMES)
		return ui_fail(job->ui, OUT_INPUT, "too-many-files",
		    MSG("There are more than {max} files", P_NUMBER("max", MAX_NAMES)),
		    MSG("Verify the folders one by one."));
	if (!(names->n & (names->n - 1))) /* full at each power of two */
		v = reallocarray(names->v, names->n ? 2 * names->n : 1, sizeof *v);
	copy = v ? strdup(path) : NULL;
	if (v)
		names->v = v;
	if (!copy)
		return ui_fail_rc(job->ui, ECERT_E_MEMORY, MSG("Cannot start: {why}"));
	names->v[names->n++] = (struct verify_name){copy, found};
	return OUT_OK;
}

/* Whether a signature is verified with its file, which is no token. Of several beside a file that
 * is one; the others count by themselves, and so does one of a file that is called a signature
 * itself: that is verified with another file, or alone. */
static bool counts_with(const char *signature, char content[PATH_MAX])
{
	char other[PATH_MAX];

	return verify_content_of(signature, content) && !verify_content_of(content, other) &&
	       verify_signature_of(content, other) && !strcmp(other, signature) &&
	       verify_kind_of(content) != DOC_KIND_JWS;
}

/* Found in a folder, where its file stands, too. */
static bool goes_with_file(int dir, const char *path)
{
	char content[PATH_MAX];
	const char *slash;
	struct stat st;

	if (!counts_with(path, content))
		return false;
	slash = strrchr(content, '/');
	return !fstatat(dir, slash ? slash + 1 : content, &st, AT_SYMLINK_NOFOLLOW) &&
	       S_ISREG(st.st_mode);
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
    unsigned depth, struct verify_names *out);

static enum outcome entry(const struct job *job, int dir, const char *name, const char *folder,
    unsigned depth, struct verify_names *out)
{
	char path[PATH_MAX];
	struct stat st;
	int n = snprintf(
	    path, sizeof path, "%s%s%s", folder, text_ends(folder, "/") ? "" : "/", name);

	/* One that is too long cannot be opened either: that is what is told of it then. */
	if (n >= (int)sizeof path || fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW))
		return add(job, out, path, true);
	if (S_ISDIR(st.st_mode))
		return walk(job, dir, name, path, depth + 1, out);
	if (!S_ISREG(st.st_mode)) {
		out->left_out++;
		return OUT_OK;
	}
	return goes_with_file(dir, path) ? OUT_OK : add(job, out, path, true);
}

static enum outcome walk(const struct job *job, int parent, const char *name, const char *path,
    unsigned depth, struct verify_names *out)
{
	/* The one that was named may be a link. */
	int fd = openat(
	    parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (depth ? O_NOFOLLOW : 0));
	struct dirent **list = NULL;
	int n = fd < 0 ? -1 : scandirat(fd, ".", &list, no_dots, by_bytes);
	enum outcome code = OUT_OK;

	if (depth > MAX_DEPTH)
		code = ui_fail(job->ui, OUT_INPUT, "folders-too-deep",
		    MSG("{file} lies deeper than {max} folders", P_FILE("file", path),
			P_NUMBER("max", MAX_DEPTH)),
		    MSG("Verify that folder by itself."));
	else if (n < 0)
		code = ui_fail(job->ui, OUT_IO, "folder-unreadable",
		    MSG("Cannot read the folder {file}: {why}", P_FILE("file", path),
			P_ERRNO("why", errno)),
		    MSG("Check the name and its permissions."));
	for (int i = 0; i < n; i++) {
		if (!code)
			code = entry(job, fd, list[i]->d_name, path, depth, out);
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

/* Its file is named as well, as "*" names both. */
static bool goes_with_named(const char *path, const char *const *all, size_t n)
{
	char content[PATH_MAX];
	const char *key = content;

	return counts_with(path, content) && is_file(content) &&
	       bsearch(&key, all, n, sizeof *all, by_name);
}

enum outcome verify_names_list(
    const struct job *job, const struct strlist *names, bool recursive, struct verify_names *out)
{
	const char **all = sorted(names);
	enum outcome code = OUT_OK;

	*out = (struct verify_names){.n = 0};
	if (!all)
		return ui_fail_rc(job->ui, ECERT_E_MEMORY, MSG("Cannot start: {why}"));
	for (size_t i = 0; !code && i < names->n; i++) {
		const char *name = names->v[i];

		if (recursive && is_folder(name))
			code = walk(job, AT_FDCWD, name, name, 0, out);
		else if (!goes_with_named(name, all, names->n))
			code = add(job, out, name, false);
	}
	free(all);
	return code;
}

void verify_names_free(struct verify_names *n)
{
	for (size_t i = 0; i < n->n; i++)
		free(n->v[i].path);
	free(n->v);
	*n = (struct verify_names){.n = 0};
}
