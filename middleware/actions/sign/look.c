/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether a file is signed already: by the signatures that are there, over what the file holds now.
 */
#include <fcntl.h>
#include <limits.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actions/beside.h"
#include "actions/sign/sign_priv.h"
#include "client/outfile.h"
#include "document/cert.h"

#define CHUNK 65536u

enum found {
	FOUND_NONE,
	FOUND_OURS,  /* by this key, and good over these bytes */
	FOUND_STALE, /* by this key, of other bytes */
	FOUND_OTHER  /* something else has that name */
};

/* What was found, and where. */
struct looked {
	enum found found;
	char path[PATH_MAX];
};

/* What is no file is not waited for. */
static int open_file(const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd >= 0 && (fstat(fd, &st) || !S_ISREG(st.st_mode))) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* A certificate that was renewed for the same key is the same signer. */
static bool same_key(struct rd a, struct rd b)
{
	X509 *x = NULL, *y = NULL;
	bool same = a.n && (rd_equal(a, b) ||
			       (cert_parse(a, &x) == ECERT_OK && cert_parse(b, &y) == ECERT_OK &&
				   EVP_PKEY_eq(X509_get0_pubkey(x), X509_get0_pubkey(y)) == 1));

	X509_free(x);
	X509_free(y);
	return same;
}

/* The mathematics and the bytes; whom to trust, and what has expired since, is another question. */
static bool holds(const struct report *r)
{
	static const enum check_name asked[] = {CHK_SIGNED_ATTRIBUTES, CHK_CONTENT_DIGEST,
	    CHK_SIGNING_CERTIFICATE, CHK_SIGNATURE_VALUE, CHK_BYTE_RANGE, CHK_LATER_CHANGES};
	const struct check *value = report_get(r, CHK_SIGNATURE_VALUE);

	for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
		const struct check *c = report_get(r, asked[i]);

		if (c && (c->state == CHECK_FAILED || c->state == CHECK_UNKNOWN))
			return false;
	}
	return value && value->state == CHECK_OK;
}

/* Of the signatures in an open file, over content (-1: it is inside). */
static enum found judge(const struct job *job, const struct signing *s, int fd, int content)
{
	const struct doc_verify_options o = {.now = job_now(job)};
	struct doc_result *r = NULL;
	const struct doc_signature *one;
	enum found found = FOUND_OTHER;

	if (doc_verify_fd(fd, content, &o, &r) == ECERT_OK)
		for (size_t i = 0; found != FOUND_OURS && (one = doc_asked(r, i)); i++)
			if (same_key(buf_view(&one->cert), buf_view(&s->chosen->der)))
				found = holds(&one->report) ? FOUND_OURS : FOUND_STALE;
	doc_result_free(&r);
	return found;
}

/* How many of n bytes from there are the same. */
static off_t same_bytes(int fd, off_t from, int file, off_t at, off_t n)
{
	uint8_t *a = malloc(CHUNK), *b = malloc(CHUNK);
	off_t same = 0;
	bool on = a && b;

	while (on && same < n) {
		size_t want = n - same < (off_t)CHUNK ? (size_t)(n - same) : CHUNK, k = 0;

		on = pread(fd, a, want, from + same) == (ssize_t)want &&
		     pread(file, b, want, at + same) == (ssize_t)want;
		while (on && k < want && a[k] == b[k])
			k++;
		on = on && k == want;
		same += (off_t)k;
	}
	free(a);
	free(b);
	return same;
}

/* A file that its signature is inside of is the file that was signed first, and more behind it, or
 * in one place in it. */
static bool is_of(int fd, int file, bool within)
{
	struct stat is, was;
	off_t head;

	if (fstat(fd, &is) || fstat(file, &was) || is.st_size < was.st_size)
		return false;
	head = same_bytes(fd, 0, file, 0, was.st_size);
	return head == was.st_size ||
	       (within && same_bytes(fd, is.st_size - (was.st_size - head), file, head,
			      was.st_size - head) == was.st_size - head);
}

bool sign_is_version(const char *path, const char *of)
{
	int fd = open_file(path), file = open_file(of);
	bool is = fd >= 0 && file >= 0 && is_of(fd, file, true);

	if (fd >= 0)
		close(fd);
	if (file >= 0)
		close(file);
	return is;
}

/* Of a file's signature, or of its signed version, that has this name. */
static enum found look_at(const struct job *job, const struct signing *s,
    const struct sign_item *item, const char *file, const char *path)
{
	int sig = open_file(path), content = open_file(file);
	enum found found = FOUND_NONE;

	if (sig >= 0 && content >= 0 && item && item->inside) {
		found = judge(job, s, sig, -1);
		if (found == FOUND_OURS && !is_of(sig, content, item->format->goes_inside))
			found = FOUND_STALE;
	} else if (sig >= 0 && content >= 0) {
		found = judge(job, s, sig, content);
	} else if (!access(path, F_OK)) {
		found = FOUND_OTHER;
	}
	if (sig >= 0)
		close(sig);
	if (content >= 0)
		close(content);
	return found;
}

/* Of those that are inside of the file as it is. */
static enum found look_inside(
    const struct job *job, const struct signing *s, const struct sign_deed *d, const char *file)
{
	uint8_t head[65536];
	int fd = open_file(file);
	enum doc_kind kind = fd >= 0 ? doc_kind_fd(fd) : DOC_KIND_OTHER;
	ssize_t n = fd >= 0 ? pread(fd, head, sizeof head, 0) : -1;
	enum found found = FOUND_NONE;

	if (n > 0 && doc_is_verified(kind) && doc_holds_content(kind, rd_of(head, (size_t)n)))
		found = judge(job, s, fd, -1);
	if (fd >= 0)
		close(fd);
	/* In a format that was named: one in another format is none. */
	if (d->format && doc_format_named(d->format)->kind != kind)
		return FOUND_NONE;
	return found == FOUND_OTHER ? FOUND_NONE : found;
}

static void look_for(const struct job *job, const struct signing *s, const struct sign_deed *d,
    const struct sign_item *item, const char *file, struct looked *at)
{
	char target[PATH_MAX];
	const char *to = sign_target(d, item, file, target, sizeof target);

	snprintf(at->path, sizeof at->path, "%s", file);
	at->found = look_inside(job, s, d, file);
	if (at->found == FOUND_OURS || !to || (item->inside && d->in_place))
		return;
	/* Its name is needed: what is there counts before what is inside. */
	if (strcmp(to, "-") != 0 && !access(to, F_OK)) {
		snprintf(at->path, sizeof at->path, "%s", to);
		at->found = look_at(job, s, item, file, to);
	} else if (at->found == FOUND_NONE && !d->format && !d->output &&
		   beside_signature_of(file, at->path)) {
		at->found = look_at(job, s, NULL, file, at->path);
		at->found = at->found == FOUND_OTHER ? FOUND_NONE : at->found;
	}
}

static enum outcome stale(
    const struct job *job, const struct sign_deed *d, const char *file, const char *signature)
{
	const struct message *what =
	    strcmp(file, signature)
		? MSG("{signature} is your signature of another content than {file} has now",
		      P_FILE("signature", signature), P_FILE("file", file))
		: MSG("{file} was changed after you signed it", P_FILE("file", file));

	if (!d->force)
		return ui_fail(job->ui, OUT_REFUSED, "signature-stale", what,
		    MSG("See what was changed; --force signs the file as it is now."));
	ui_note(job->ui, MSG("Signed anew: {why}", P_MSG("why", what)));
	return OUT_OK;
}

enum outcome sign_look(const struct job *job, const struct signing *s, const struct sign_deed *d,
    const struct sign_item *item, struct sign_result *r, size_t i)
{
	struct signed_file *row = &r->files[i];
	struct looked at = {.found = FOUND_NONE};
	char target[PATH_MAX];
	const char *to = sign_target(d, item, row->file, target, sizeof target);
	enum outcome code = OUT_OK;

	look_for(job, s, d, item, row->file, &at);
	if (at.found == FOUND_OURS) {
		ui_note(job->ui, MSG("{file} is signed already: {signature}",
				     P_FILE("file", row->file), P_FILE("signature", at.path)));
		row->signature = strdup(at.path);
		row->fate = SIGNED_BEFORE;
		r->passed++;
		return row->signature ? OUT_OK
				      : ui_fail_rc(job->ui, ECERT_E_MEMORY,
					    MSG("Cannot remember the signature: {why}"));
	}
	if (at.found == FOUND_STALE)
		code = stale(job, d, row->file, at.path);
	if (!code && to && !d->in_place)
		code = outfile_vacant(job, to, d->force);
	return code;
}
