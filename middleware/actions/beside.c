/* SPDX-License-Identifier: BSD-2-Clause */
/* Which file goes with which, by name and by what they hold. */
#include "actions/beside.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "document/format.h"
#include "util/text.h"

static bool is_file(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISREG(st.st_mode);
}

enum doc_kind beside_kind_of(const char *path)
{
	struct stat st;
	/* Whoever writes into a pipe would lose his reader when it is closed again. */
	bool file = !stat(path, &st) && S_ISREG(st.st_mode);
	int fd = file ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK) : -1;
	enum doc_kind kind = fd >= 0 ? doc_kind_fd(fd) : DOC_KIND_OTHER;

	if (fd >= 0)
		close(fd);
	return kind;
}

/* Of the signatures of this name that is a signature by its name alone: a token may be called the
 * others. */
static bool is_one(const char *suffix, const char *path)
{
	return !strcmp(suffix, ".p7s") || doc_goes_beside(beside_kind_of(path));
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
	enum doc_kind kind = beside_kind_of(path);

	return doc_goes_beside(kind) && !holds_content(path, kind);
}

static bool less_ending(const char *signature, const char *suffix, char content[PATH_MAX])
{
	return snprintf(content, PATH_MAX, "%.*s", (int)(strlen(signature) - strlen(suffix)),
		   signature) < PATH_MAX;
}

bool beside_is_called_one(const char *file)
{
	const char *suffix;

	for (size_t i = 0; (suffix = doc_format_suffix(i)); i++)
		if (text_ends(file, suffix))
			return true;
	for (size_t i = 0; i < FOREIGN; i++)
		if (text_ends(file, foreign[i]))
			return true;
	return false;
}

bool beside_content_of(const char *signature, char content[PATH_MAX])
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

bool beside_signature_of(const char *file, char signature[PATH_MAX])
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

	return beside_content_of(signature, content) && is_file(content);
}

static bool has_signature(const char *file)
{
	char signature[PATH_MAX];

	return beside_signature_of(file, signature) && is_file(signature);
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

	return beside_content_of(signature, content) && !strcmp(content, file);
}

/* It looks like a signature, and the signed file is not inside; or it is a pipe. */
static bool may_sign_another(const char *path, enum doc_kind kind)
{
	if (!access(path, F_OK) && !is_file(path))
		return true;
	return doc_goes_beside(kind) && !holds_content(path, kind);
}

bool beside_is_pair(const char *a, const char *b)
{
	enum doc_kind of_a, of_b;

	if (!strcmp(a, "-") || !strcmp(b, "-") || named_after(a, b) || named_after(b, a))
		return true;
	of_a = beside_kind_of(a);
	of_b = beside_kind_of(b);
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

bool beside_counts_with(const char *signature, char content[PATH_MAX])
{
	char other[PATH_MAX];

	return beside_content_of(signature, content) && !beside_content_of(content, other) &&
	       beside_signature_of(content, other) && !strcmp(other, signature) &&
	       beside_kind_of(content) != DOC_KIND_JWS;
}
