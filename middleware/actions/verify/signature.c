/* SPDX-License-Identifier: BSD-2-Clause */
/* Verifying signed files: CAdES. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actions/reading.h"
#include "actions/beside.h"
#include "actions/verify/verifying.h"
#include "document/format.h"

/* A file beside the signature, which names it: no link is followed, and nothing is waited for. */
static int open_beside(void *ctx, const char *name)
{
	const struct verifying *v = ctx;
	const char *slash = strrchr(v->signed_by, '/');
	char path[PATH_MAX];
	struct stat st;
	int fd;

	if (snprintf(path, sizeof path, "%.*s%s", slash ? (int)(slash + 1 - v->signed_by) : 0,
		v->signed_by, name) >= (int)sizeof path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = v->found ? named_file_open(v->of, path)
		      : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 || (!fstat(fd, &st) && S_ISREG(st.st_mode)))
		return fd;
	close(fd);
	errno = EINVAL;
	return -1;
}

static struct doc_verify_options options(
    struct verifying *v, struct doc_path *path, struct reading *bar, const char *content)
{
	*path = trust_set_path(v->set);
	reading_begin(bar, v->job->ui, content ? content : v->name, 1, 1);
	return (struct doc_verify_options){.now = v->now,
	    .algorithms = &v->algorithms,
	    .path = path,
	    .certs = v->certs,
	    .progress = reading_tick,
	    .progress_ctx = bar};
}

/* Keeps what came out. p7s: the signature's name, which is what is wrong when nobody could be
 * found in it. */
static enum outcome keep(struct verifying *v, enum ecert_rc rc, struct doc_result *r,
    const char *content, const char *p7s)
{
	if (rc == ECERT_E_TOO_LARGE)
		return verify_too_large(v->job, p7s);
	if (rc == ECERT_E_NOT_FOUND)
		return ui_fail(v->job->ui, OUT_IO, "wall-missing",
		    MSG("Cannot read {file}: the program ecert-wall, which reads such files, does "
			"not run here",
			P_FILE("file", p7s)),
		    MSG("Install the package ecert-middleware anew."));
	v->r->signature = r;
	/* Of one that is inside of the file the file is what it is about. */
	if (rc == ECERT_OK && r->n &&
	    (r->signer[0].inside || (r->signer[0].selected && r->attached)))
		content = p7s;
	else if (rc == ECERT_OK && strcmp(p7s, "-") != 0 && !(v->r->signature_file = strdup(p7s)))
		rc = ECERT_E_MEMORY;
	if (rc == ECERT_OK && content && !(v->r->content = strdup(content)))
		rc = ECERT_E_MEMORY;
	if (rc == ECERT_OK && !r->n && !(v->r->about = strdup(p7s)))
		rc = ECERT_E_MEMORY;
	if (rc != ECERT_OK)
		return ui_fail_rc(
		    v->job->ui, rc, MSG("Cannot verify {name}: {why}", P_FILE("name", v->name)));
	if (v->o->signer)
		doc_result_ask(r, v->o->signer);
	verify_judged(v, doc_judge(r));
	return OUT_OK;
}

enum outcome verify_too_large(const struct job *job, const char *name)
{
	return ui_fail(job->ui, OUT_INPUT, "file-too-large",
	    MSG("{name} is larger than the {max} MiB up to which a signature is read at "
		"once",
		P_FILE("name", name), P_NUMBER("max", DOC_SIGNATURE_MAX >> 20)),
	    MSG("A signature with the signed file inside may be larger in a file of its own, in "
		"DER; "
		"else sign detached, so that the signature is a small file (.p7s) beside the "
		"other."));
}

enum outcome verify_signature_inside(struct verifying *v, struct rd p7s)
{
	struct reading bar;
	struct doc_path path;
	struct doc_verify_options o = options(v, &path, &bar, NULL);
	struct extraction x;
	struct doc_result *r = NULL;
	enum outcome code;
	enum ecert_rc rc;

	if (!verify_expected(v, VERIFY_SIGNATURE))
		return OUT_OK;
	code = verify_extract_begin(v, &x, &o);
	if (code)
		return code;
	rc = doc_verify(p7s, -1, &o, &r);
	reading_over(&bar);
	code = verify_extract_put(v, &x);
	if (!code)
		code = keep(v, rc, r, NULL, v->name);
	return verify_extract_end(v, &x, code);
}

int verify_open(const struct verifying *v, const char *path)
{
	if (!v->found && !strcmp(path, "-"))
		return STDIN_FILENO;
	return v->found ? named_file_open(v->of, path)
			: open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
}

/* The signed file. */
static enum outcome open_content(struct verifying *v, const char *path, int *fd)
{
	const struct job *job = v->job;
	struct stat st;

	*fd = v->fd;
	v->fd = -1;
	if (*fd >= 0 && path == v->name)
		return OUT_OK;
	if (*fd >= 0)
		close(*fd);
	*fd = verify_open(v, path);
	if (*fd < 0)
		return ui_fail(job->ui, OUT_IO, "file-unreadable",
		    MSG("Cannot read {file}: {why}", P_FILE("file", path), P_ERRNO("why", errno)),
		    MSG("Name the signed file, then its signature."));
	if (!fstat(*fd, &st) && S_ISDIR(st.st_mode))
		return ui_fail(job->ui, OUT_INPUT, "is-a-folder",
		    MSG("{file} is a folder", P_FILE("file", path)),
		    MSG("Name the signed file, then its signature."));
	return OUT_OK;
}

/* What is called FILE.p7s is judged as one, and a damaged one is not valid. */
static bool is_called_one(const char *path)
{
	char content[PATH_MAX];

	return beside_content_of(path, content);
}

/* A kind that stands beside what it signs, although it is not verified here. */
/* A signature of a kind that goes beside files, too, and does not hold what it is about. */
static bool is_about_another(int fd, enum doc_kind kind)
{
	uint8_t head[65536];
	ssize_t n = doc_goes_beside(kind) ? pread(fd, head, sizeof head, 0) : -1;

	return n > 0 && !doc_holds_content(kind, rd_of(head, (size_t)n));
}

static bool is_detached(enum doc_kind kind)
{
	return kind == DOC_KIND_OPENPGP || kind == DOC_KIND_SSHSIG || kind == DOC_KIND_GM_CMS ||
	       kind == DOC_KIND_TIME_STAMP || kind == DOC_KIND_AUTHENTICODE;
}

/* Both files, open. */
struct opened {
	int sig, content;   /* -1: none */
	enum doc_kind kind; /* of the signature */
	struct rd whole;    /* the signature; empty: it is read from its file */
};

/* Standard input is where somebody else has left it. */
static void look_into(struct opened *f, const struct stat *st, uint8_t small[VERIFY_SMALL])
{
	ssize_t n = -1;

	if (S_ISREG(st->st_mode) && st->st_size < VERIFY_SMALL && f->sig > STDIN_FILENO)
		n = pread(f->sig, small, VERIFY_SMALL, 0);
	if (n > 0 && n < VERIFY_SMALL)
		f->whole = rd_of(small, (size_t)n);
	f->kind = f->whole.n		 ? doc_kind_bytes(f->whole)
		  : S_ISREG(st->st_mode) ? doc_kind_fd(f->sig)
					 : DOC_KIND_OTHER;
}

/* The signature's file, which has to be one: two names that are two signed files are a mistake that
 * would end in words about a damaged signature. */
static enum outcome open_signature(struct verifying *v, const char *content, const char *path,
    uint8_t small[VERIFY_SMALL], struct opened *f)
{
	const struct job *job = v->job;
	const struct doc_kind_row *row;
	struct stat st;

	f->sig = v->sig >= 0 ? v->sig : verify_open(v, path);
	v->sig = -1;
	if (f->sig < 0 || fstat(f->sig, &st))
		return ui_fail(job->ui, OUT_IO, "file-unreadable",
		    MSG("Cannot read {file}: {why}", P_FILE("file", path), P_ERRNO("why", errno)),
		    MSG("Check the name and its permissions."));
	if (S_ISDIR(st.st_mode))
		return ui_fail(job->ui, OUT_INPUT, "is-a-folder",
		    MSG("{file} is a folder", P_FILE("file", path)),
		    MSG("Name the signed file, then its signature."));
	if (S_ISREG(st.st_mode) && !st.st_size)
		return ui_fail(job->ui, OUT_INPUT, "file-empty",
		    MSG("{file} is empty", P_FILE("file", path)),
		    MSG(next_of_rc(ECERT_E_MALFORMED)));
	look_into(f, &st, small);
	row = doc_kind_row(f->kind);
	if (content && S_ISREG(st.st_mode) && f->kind == DOC_KIND_OTHER && !is_called_one(path))
		return ui_fail(job->ui, OUT_INPUT, "not-a-signature",
		    MSG("{file} is no signature of a kind that is known here",
			P_FILE("file", path)),
		    MSG("Name the signed file, then its signature."));
	if (row && content && !is_detached(f->kind) && !is_about_another(f->sig, f->kind))
		return ui_fail(job->ui, OUT_INPUT, "not-a-signature",
		    MSG("{file} is {words}, and not the signature of {content}",
			P_FILE("file", path), P_WORD("words", row->words),
			P_FILE("content", content)),
		    MSG("The signature of a file is a file of its own, usually called FILE.p7s; "
			"one "
			"that is inside a file is about that file only."));
	return row && !doc_is_verified(f->kind) ? verify_no_signature(job, path, row) : OUT_OK;
}

static enum outcome judge(
    struct verifying *v, const struct opened *f, const char *content, const char *p7s)
{
	struct reading bar;
	struct doc_path path;
	struct doc_verify_options o = options(v, &path, &bar, content);
	struct extraction x;
	struct doc_result *r = NULL;
	enum outcome code = verify_extract_begin(v, &x, &o);
	enum ecert_rc rc;

	if (code)
		return code;
	v->signed_by = p7s;
	if (strcmp(p7s, "-") != 0) {
		o.beside = open_beside;
		o.beside_ctx = v;
	}
	if (f->kind == DOC_KIND_CMS && content == v->name)
		o.whole = v->whole;
	rc = f->whole.n && f->kind == DOC_KIND_CMS
		 ? doc_verify_kind(f->kind, f->whole, f->content, &o, &r)
		 : doc_verify_kind_fd(f->kind, f->sig, f->content, &o, &r);
	reading_over(&bar);
	code = verify_extract_put(v, &x);
	if (!code)
		code = keep(v, rc, r, content, p7s);
	return verify_extract_end(v, &x, code);
}

enum outcome verify_signature(struct verifying *v, const char *content, const char *p7s)
{
	uint8_t small[VERIFY_SMALL];
	struct opened f = {.sig = -1, .content = -1, .kind = DOC_KIND_OTHER};
	enum outcome code = content ? open_content(v, content, &f.content) : OUT_OK;

	if (!code)
		code = open_signature(v, content, p7s, small, &f);
	if (!code && verify_expected(v, VERIFY_SIGNATURE))
		code = judge(v, &f, content, p7s);
	if (f.content > STDIN_FILENO)
		close(f.content);
	if (f.sig > STDIN_FILENO)
		close(f.sig);
	return code;
}
