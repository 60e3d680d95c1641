/* SPDX-License-Identifier: BSD-2-Clause */
/* Signing files: many with one PIN, each signature beside its file or inside of it. */
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
#include "actions/sign/inside.h"
#include "actions/sign/place.h"
#include "actions/sign/sign_priv.h"
#include "client/outfile.h"
#include "document/format.h"
#include "util/text.h"

/* Behind --format. */
#define SIGN_FORMATS "cades, pades, jades, asice"

/* A PDF's text is Unicode. */
static bool texts_good(const struct doc_pdf_options *p)
{
	const char *const text[] = {p->field, p->reason, p->place, p->contact};

	for (size_t i = 0; i < sizeof text / sizeof text[0]; i++) {
		struct rd r = rd_of(text[i], text[i] ? strlen(text[i]) : 0);
		uint32_t cp;

		while (r.n) {
			size_t n = text_char(r, &cp);

			if (!n)
				return false;
			r = rd_of(r.p + n, r.n - n);
		}
	}
	return true;
}

/* What is asked for has to go with the format that the file is signed in. */
static enum outcome check_target(
    const struct job *job, const struct sign_deed *o, const char *file, const struct doc_format *f)
{
	char path[PATH_MAX];
	const char *out = sign_target(o, f, file, path, sizeof path);
	const struct doc_pdf_options *p = &o->pdf;

	if (o->container)
		return outfile_vacant(job, o->container, o->force);
	if ((!f->sign_into && o->in_place) ||
	    (f->kind != DOC_KIND_SIGNED_PDF &&
		(o->visible || p->field || p->reason || p->place || p->contact || p->certify)))
		return ui_fail(job->ui, OUT_USAGE, "option-of-pdf",
		    MSG("{file} is not signed as a PDF, and has no place for what was asked",
			P_FILE("file", file)),
		    MSG("Leave out --in-place, --field, --reason, --place, --contact, "
			"--visible and --certify."));
	if (!out)
		return ui_fail(job->ui, OUT_IO, "name-too-long",
		    MSG("The name {file} is too long", P_FILE("file", file)), NULL);
	if (!texts_good(p))
		return ui_fail(job->ui, OUT_USAGE, "text-malformed",
		    MSG("What stands behind --field, --reason, --place or --contact is no UTF-8"),
		    MSG("Type it in a terminal whose character set is UTF-8."));
	return o->in_place ? outfile_possible(job, out) : outfile_vacant(job, out, o->force);
}

/* Everything that can be known before the token is asked for anything. */
static enum outcome check_file(const struct job *job, const struct sign_deed *o, const char *file,
    const struct doc_format **format)
{
	struct stat st;
	bool dash = !strcmp(file, "-") && access(file, F_OK);
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int bad = fd < 0 || fstat(fd, &st), e = errno;

	*format = o->container ? doc_format_named("cades")
		  : o->format  ? doc_format_named(o->format)
		  : bad	       ? NULL
			       : doc_format_fitting(fd);
	if (fd >= 0)
		close(fd);
	if (dash)
		return ui_fail(job->ui, OUT_USAGE, "not-a-file",
		    MSG("Standard input is not signed: the signature belongs to a file"),
		    MSG("Save it in a file, and name that."));
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
	if (o->in_place && st.st_nlink > 1)
		ui_note(job->ui,
		    MSG("Note: {file} has other names (hard links), which keep the file as it was",
			P_FILE("file", file)));
	return check_target(job, o, file, *format);
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

static enum outcome check_all(const struct job *job, const struct sign_deed *o,
    const struct strlist *files, struct sign_item *items)
{
	struct doc_pdf_options place;
	enum outcome code = OUT_OK;

	if (o->container)
		code = sign_container_check(job, o, files);
	if (code)
		return code;
	if (o->format && !doc_format_named(o->format))
		return ui_fail(job->ui, OUT_USAGE, "format-unknown",
		    MSG("There is no format '{name}'", P_TEXT("name", o->format)),
		    MSG("--format takes {names}", P_TEXT("names", SIGN_FORMATS)));
	if (o->visible && !sign_place_read(o->visible, &place))
		return ui_fail(job->ui, OUT_USAGE, "place-malformed",
		    MSG("'{text}' is no place on a page", P_TEXT("text", o->visible)),
		    MSG("A corner (bottom-right), a page and a corner (last,top-left), or a page "
			"and "
			"points from its left and lower edge (1,72,36)."));
	if (o->in_place && o->output)
		return ui_fail(job->ui, OUT_USAGE, "output-in-place",
		    MSG("--in-place and --output say two different places"),
		    MSG("Leave one of them out."));
	if (o->flattened && o->general)
		return ui_fail(job->ui, OUT_USAGE, "two-forms",
		    MSG("--flattened and --general are two forms of one signature"),
		    MSG("Leave one of them out."));
	if ((o->attached || o->flattened || o->general) &&
	    (!o->format || doc_format_named(o->format)->kind != DOC_KIND_JADES))
		return ui_fail(job->ui, OUT_USAGE, "not-of-format",
		    MSG("--attached, --flattened and --general go with --format=jades alone"),
		    MSG("Say --format=jades as well, or leave them out."));
	if (o->output && files->n > 1)
		return ui_fail(job->ui, OUT_USAGE, "output-for-many",
		    MSG("--output takes one file only"),
		    MSG("Leave it out: each signature goes beside its file."));
	for (size_t i = 0; !code && i < files->n; i++)
		code = check_file(job, o, files->v[i], &items[i].format);
	return code ? code : check_twice(job, files);
}

enum outcome sign_failed(const struct job *job, enum ecert_rc rc, const char *file, int saved)
{
	if (rc == ECERT_E_NOT_FOUND)
		return ui_fail(job->ui, OUT_IO, "file-changed",
		    MSG("{file} was changed after it was looked at", P_FILE("file", file)),
		    MSG("Run the command again when nothing writes to it."));
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

enum ecert_rc sign_keep(struct sign_result *r, const char *file, const char *path)
{
	struct signed_file *at = &r->files[r->n];

	at->signature = strdup(path);
	at->file = file;
	r->n += at->signature ? 1 : 0;
	return at->signature ? ECERT_OK : ECERT_E_MEMORY;
}

static enum outcome sign_beside(const struct job *job, const struct signing *s,
    const struct sign_deed *o, const char *file, const struct sign_item *item, struct reading *bar,
    struct stamping *stamps)
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
	const char *out = sign_target(o, item->format, file, path, sizeof path);
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	enum ecert_rc rc = ECERT_E_IO;
	enum outcome code;

	stamping_into(stamps, &opts);
	if (fd >= 0)
		rc = doc_sign_fd(item->format->kind, &s->doc, &opts, fd, &p7s);
	code = sign_failed(job, rc, file, errno);
	if (fd >= 0)
		close(fd);
	reading_over(bar);
	if (!code)
		code = outfile_save(job, out, buf_view(&p7s), o->force);
	buf_free(&p7s);
	return code;
}

static enum outcome sign_one(const struct job *job, struct signing *s, const struct sign_deed *o,
    const char *file, const struct sign_item *item, struct reading *bar, struct stamping *stamps,
    struct sign_result *r)
{
	char path[PATH_MAX];
	const char *out = sign_target(o, item->format, file, path, sizeof path);
	enum ecert_rc rc = ECERT_OK;
	enum outcome code;

	if (item->format->sign_into) {
		code = sign_inside(job, s, o, file, item, bar, stamps, &rc);
		if (!code)
			code = sign_failed(job, rc, file, errno);
	} else {
		code = sign_beside(job, s, o, file, item, bar, stamps);
	}
	if (!code)
		code = ui_fail_rc(
		    job->ui, sign_keep(r, file, out), MSG("Cannot remember the signature: {why}"));
	if (!code && o->each)
		o->each(o->each_ctx, &r->files[r->n - 1]);
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

/* The signatures are there, and good; what was asked for is not complete. */
static enum outcome unstamped(const struct job *job, size_t missing, size_t n)
{
	return ui_fail(job->ui, OUT_IO, "time-stamp-missing",
	    MSG_N("{n} of {all} signatures has no time stamp: no TSA gave one",
		"{n} of {all} signatures have no time stamp: no TSA gave one", missing,
		P_NUMBER("all", n)),
	    MSG("They are written, and valid without; sign again with --force when a TSA "
		"answers."));
}

static enum outcome sign_all(const struct job *job, struct signing *s, const struct sign_deed *o,
    const struct strlist *files, const struct sign_item *items, struct sign_result *r)
{
	struct stamping stamps = {.job = job, .tsa = &o->tsa};
	struct reading bar;
	enum outcome code = OUT_OK;

	r->signer = s->chosen->who;
	r->algorithm = doc_sig_name(s->alg);
	r->began = true;
	if (o->container)
		return sign_container(job, s, o, files, r);
	for (size_t i = 0; !code && !ui_cancelled(job->ui) && i < files->n; i++) {
		reading_begin(&bar, job->ui, files->v[i], i + 1, files->n);
		code = sign_one(job, s, o, files->v[i], &items[i], &bar, &stamps, r);
	}
	if (code || r->n < files->n)
		return ended(job, code, r->n, files->n);
	return stamps.missing ? unstamped(job, stamps.missing, files->n) : OUT_OK;
}

/* The person is told what the PIN is for. */
static enum outcome log_in(struct signing *s, const struct strlist *files)
{
	const char *base = strrchr(files->v[0], '/');

	base = base ? base + 1 : files->v[0];
	if (files->n == 1)
		return signing_login(s, MSG("to sign {file}", P_FILE("file", base)));
	return signing_login(
	    s, MSG_N("to sign {file} and {n} other file", "to sign {file} and {n} other files",
		   files->n - 1, P_FILE("file", base)));
}

static void forget(struct sign_item *items, size_t n)
{
	for (size_t i = 0; items && i < n; i++)
		if (items[i].ready)
			items[i].format->forget(&items[i].ready);
	free(items);
}

enum outcome sign_files(const struct job *job, const struct sign_deed *deed,
    const struct strlist *files, struct sign_result *out)
{
	struct signing s = {.certs = NULL};
	struct sign_item *items = calloc(files->n, sizeof *items);
	enum outcome code;

	*out = (struct sign_result){.files = calloc(files->n, sizeof *out->files)};
	code = items && out->files ? check_all(job, deed, files, items)
				   : ui_fail_rc(job->ui, ECERT_E_MEMORY, MSG("Cannot sign: {why}"));
	if (!code)
		code = stamping_check(job, deed);
	if (!code) {
		code = signing_begin(job, &deed->key, &s);
		for (size_t i = 0; !code && i < files->n; i++)
			code = sign_prepare(job, &s, deed, files->v[i], &items[i]);
		if (!code)
			code = log_in(&s, files);
		if (!code)
			code = sign_all(job, &s, deed, files, items, out);
		signing_end(&s);
	}
	forget(items, files->n);
	return code;
}

void sign_result_free(struct sign_result *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->files[i].signature);
	free(r->files);
	*r = (struct sign_result){.files = NULL};
}
