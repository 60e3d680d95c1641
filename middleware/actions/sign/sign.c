/* SPDX-License-Identifier: BSD-2-Clause */
/* Signing files: many with one PIN, each signature beside its file. */
#include "actions/sign/sign.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "actions/reading.h"
#include "client/outfile.h"
#include "document/format.h"

/* Behind --format. */
#define FORMATS "cades, jades"

static const struct doc_format *format_of(const struct sign_deed *o)
{
	return doc_format_named(o->format ? o->format : "cades");
}

static const char *target(const struct sign_deed *o, const char *file, char *path, size_t cap)
{
	if (o->output)
		return o->output;
	return snprintf(path, cap, "%s%s", file, format_of(o)->suffix) < (int)cap ? path : NULL;
}

/* Everything that can be known before the token is asked for anything. */
static enum outcome check_file(const struct job *job, const struct sign_deed *o, const char *file)
{
	char path[PATH_MAX];
	const char *out = target(o, file, path, sizeof path);
	struct stat st;
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int bad = fd < 0 || fstat(fd, &st), e = errno;

	if (fd >= 0)
		close(fd);
	if (bad)
		return ui_fail(job->ui, OUT_IO, "file-unreadable",
		    MSG("Cannot read {file}: {why}", P_FILE("file", file), P_ERRNO("why", e)),
		    MSG("Check the name and its permissions."));
	if (!S_ISREG(st.st_mode))
		return ui_fail(job->ui, OUT_INPUT,
		    S_ISDIR(st.st_mode) ? "is-a-folder" : "not-a-file",
		    MSG("{file} is not a file", P_FILE("file", file)),
		    MSG("Name the files themselves."));
	if (!st.st_size)
		return ui_fail(job->ui, OUT_INPUT, "file-empty",
		    MSG("{file} is empty: there is nothing to sign", P_FILE("file", file)),
		    MSG("Check that it is the right file."));
	if (!out)
		return ui_fail(job->ui, OUT_IO, "name-too-long",
		    MSG("The name {file} is too long", P_FILE("file", file)), NULL);
	return outfile_vacant(job, out, o->force);
}

/* Where a signature goes, however its folder is written: "DEV:INODE/NAME.p7s". NULL: no memory. */
static char *place_of(const char *file)
{
	const char *slash = strrchr(file, '/'), *base = slash ? slash + 1 : file;
	char *folder = slash ? strndup(file, (size_t)(slash + 1 - file)) : strdup(".");
	struct stat st = {0};
	char *out = NULL;

	if (folder && !stat(folder, &st) &&
	    asprintf(&out, "%ju:%ju/%s", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino, base) < 0)
		out = NULL;
	free(folder);
	return out;
}

static int by_place(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A file that is named twice would be signed twice, and the second time be refused. */
static enum outcome check_twice(const struct job *job, const struct strlist *files)
{
	char **place = calloc(files->n, sizeof *place);
	size_t n = 0;
	enum outcome code = OUT_OK;

	while (place && n < files->n && (place[n] = place_of(files->v[n])))
		n++;
	if (n < files->n)
		code = ui_fail_rc(job->ui, ECERT_E_MEMORY, MSG("Cannot look at the files: {why}"));
	else
		qsort(place, n, sizeof *place, by_place);
	for (size_t i = 1; !code && i < n; i++)
		if (!strcmp(place[i - 1], place[i]))
			code = ui_fail(job->ui, OUT_USAGE, "named-twice",
			    MSG("{n} is named twice", P_TEXT("n", strchr(place[i], '/') + 1)),
			    MSG("Name each file once; nothing was signed."));
	while (n)
		free(place[--n]);
	free(place);
	return code;
}

static enum outcome check_all(
    const struct job *job, const struct sign_deed *o, const struct strlist *files)
{
	enum outcome code = OUT_OK;

	if (!format_of(o))
		return ui_fail(job->ui, OUT_USAGE, "format-unknown",
		    MSG("There is no format '{name}'", P_TEXT("name", o->format)),
		    MSG("--format takes {names}", P_TEXT("names", FORMATS)));
	if (o->flattened && o->general)
		return ui_fail(job->ui, OUT_USAGE, "two-forms",
		    MSG("--flattened and --general are two forms of one signature"),
		    MSG("Leave one of them out."));
	if ((o->attached || o->flattened || o->general) && format_of(o)->kind != DOC_KIND_JADES)
		return ui_fail(job->ui, OUT_USAGE, "not-of-format",
		    MSG("--attached, --flattened and --general go with --format=jades alone"),
		    MSG("Say --format=jades as well, or leave them out."));
	if (o->output && files->n > 1)
		return ui_fail(job->ui, OUT_USAGE, "output-for-many",
		    MSG("--output takes one file only"),
		    MSG("Leave it out: each signature goes beside its file."));
	for (size_t i = 0; !code && i < files->n; i++)
		code = check_file(job, o, files->v[i]);
	return code ? code : check_twice(job, files);
}

static enum outcome sign_failed(
    const struct job *job, enum ecert_rc rc, const char *file, int saved)
{
	if (rc == ECERT_E_IO)
		return ui_fail(job->ui, OUT_IO, "file-unreadable",
		    MSG("Cannot read {file}: {why}", P_FILE("file", file), P_ERRNO("why", saved)),
		    MSG("Check the disk that it is on."));
	if (rc == ECERT_E_REMOVED)
		return ui_fail(job->ui, OUT_CARD, "removed",
		    MSG("The token was pulled out while {file} was being signed",
			P_FILE("file", file)),
		    MSG("Put it back and run the command again."));
	/* Each signature is checked with the certificate before it is written. */
	if (rc == ECERT_E_BAD_SIGNATURE || rc == ECERT_E_KEY_TYPE)
		return ui_fail(job->ui, OUT_REFUSED, "certificate-of-other-key",
		    MSG("Cannot sign {file}: the certificate does not belong to the key in its "
			"place",
			P_FILE("file", file)),
		    MSG("Import the certificate that belongs to the key."));
	return ui_fail_rc(job->ui, rc, MSG("Cannot sign {file}: {why}", P_FILE("file", file)));
}

/* Keeps what was signed; path becomes its own copy. */
static enum ecert_rc keep(struct sign_result *r, const char *file, const char *path)
{
	struct signed_file *at = &r->files[r->n];

	at->signature = strdup(path);
	at->file = file;
	r->n += at->signature ? 1 : 0;
	return at->signature ? ECERT_OK : ECERT_E_MEMORY;
}

static enum outcome sign_one(const struct job *job, struct signing *s, const struct sign_deed *o,
    const char *file, struct reading *bar, struct sign_result *r)
{
	struct doc_sign_options opts = {.alg = s->alg,
	    .now = job_now(job),
	    .progress = reading_tick,
	    .progress_ctx = bar,
	    .form = o->general	   ? DOC_JSON_GENERAL
		    : o->flattened ? DOC_JSON_FLATTENED
				   : DOC_JSON_COMPACT,
	    .attached = o->attached,
	    .name = file};
	struct buf p7s = BUF_INIT(DOC_SIGNATURE_MAX);
	char path[PATH_MAX];
	const char *out = target(o, file, path, sizeof path);
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	enum ecert_rc rc = fd < 0 ? ECERT_E_IO
				  : doc_sign_fd(format_of(o)->kind, &s->doc, &opts, fd, &p7s);
	enum outcome code;

	code = sign_failed(job, rc, file, errno);
	if (fd >= 0)
		close(fd);
	reading_over(bar);
	if (!code)
		code = outfile_save(job, out, buf_view(&p7s), o->force);
	if (!code)
		code = ui_fail_rc(
		    job->ui, keep(r, file, out), MSG("Cannot remember the signature: {why}"));
	if (!code && o->each)
		o->each(o->each_ctx, &r->files[r->n - 1]);
	buf_free(&p7s);
	return code;
}

/* What was signed before it ended, in words. */
static enum outcome ended(const struct job *job, enum outcome code, size_t done, size_t n)
{
	if (!code && ui_cancelled(job->ui))
		return ui_fail(job->ui, OUT_INTERRUPTED, "interrupted",
		    MSG_N("Stopped when {n} of {all} files was signed",
			"Stopped when {n} of {all} files were signed", done, P_NUMBER("all", n)),
		    MSG("Run the command again with those that have no signature yet."));
	if (code && n > 1)
		ui_note(job->ui, MSG_N("       {n} of {all} files was signed before that.",
				     "       {n} of {all} files were signed before that.", done,
				     P_NUMBER("all", n)));
	return code;
}

static enum outcome sign_all(const struct job *job, struct signing *s, const struct sign_deed *o,
    const struct strlist *files, struct sign_result *r)
{
	struct reading bar;
	enum outcome code = OUT_OK;

	r->signer = s->chosen->who;
	r->algorithm = doc_sig_name(s->alg);
	r->began = true;
	for (size_t i = 0; !code && !ui_cancelled(job->ui) && i < files->n; i++) {
		reading_begin(&bar, job->ui, files->v[i], i + 1, files->n);
		code = sign_one(job, s, o, files->v[i], &bar, r);
	}
	return code || r->n < files->n ? ended(job, code, r->n, files->n) : OUT_OK;
}

enum outcome sign_files(const struct job *job, const struct sign_deed *deed,
    const struct strlist *files, struct sign_result *out)
{
	struct signing s = {.certs = NULL};
	const char *base = strrchr(files->v[0], '/');
	enum outcome code = check_all(job, deed, files);

	*out = (struct sign_result){.files = NULL};
	if (code)
		return code;
	out->files = calloc(files->n, sizeof *out->files);
	if (!out->files)
		return ui_fail_rc(job->ui, ECERT_E_MEMORY, MSG("Cannot sign: {why}"));
	code = signing_begin(job, &deed->key, &s);
	base = base ? base + 1 : files->v[0];
	if (!code && files->n == 1)
		code = signing_login(&s, MSG("to sign {file}", P_FILE("file", base)));
	else if (!code)
		code = signing_login(&s,
		    MSG_N("to sign {file} and {n} other file", "to sign {file} and {n} other files",
			files->n - 1, P_FILE("file", base)));
	if (!code)
		code = sign_all(job, &s, deed, files, out);
	signing_end(&s);
	return code;
}

void sign_result_free(struct sign_result *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->files[i].signature);
	free(r->files);
	*r = (struct sign_result){.files = NULL};
}
