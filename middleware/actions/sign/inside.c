/* SPDX-License-Identifier: BSD-2-Clause */
/* A file with its signature inside is a new file: it appears whole or not at all. */
#include "actions/sign/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actions/sign/place.h"
#include "actions/sign/xmlopts.h"
#include "client/outfile.h"

/* "invoice.pdf" and "-signed" are "invoice-signed.pdf". */
static bool name_beside(const char *file, char *path, size_t cap)
{
	const char *slash = strrchr(file, '/'), *dot = strrchr(file, '.');
	size_t n = strlen(file);

	/* A name that begins with its dot has no ending. */
	if (dot && dot > (slash ? slash + 1 : file))
		n = (size_t)(dot - file);
	return snprintf(path, cap, "%.*s-signed%s", (int)n, file, file + n) < (int)cap;
}

bool sign_file_of(const char *path, char *file, size_t cap)
{
	static const char word[] = "-signed";
	const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
	size_t end = dot && dot > (slash ? slash + 1 : path) ? (size_t)(dot - path) : strlen(path);
	size_t n = sizeof word - 1;

	return end > n && !memcmp(path + end - n, word, n) &&
	       snprintf(file, cap, "%.*s%s", (int)(end - n), path, path + end) < (int)cap;
}

/* What a link leads to is signed, and the link stays one. path has PATH_MAX bytes. */
static const char *in_place(const char *file, char *path)
{
	struct stat st;

	return !lstat(file, &st) && S_ISLNK(st.st_mode) && realpath(file, path) ? path : file;
}

bool sign_goes_inside(const struct sign_deed *d, const struct doc_format *f, int fd)
{
	struct doc_sign_options o = {.alg = DOC_SIG_NONE};

	xmlopts_into(d, &o);
	return f->sign_into && (!f->goes_inside || f->goes_inside(&o, fd));
}

const char *sign_target(const struct sign_deed *d, const struct sign_item *item, const char *file,
    char *path, size_t cap)
{
	if (d->output)
		return d->output;
	if (item->inside && d->in_place)
		return in_place(file, path);
	if (item->inside)
		return name_beside(file, path, cap) ? path : NULL;
	return snprintf(path, cap, "%s%s", file, item->format->suffix) < (int)cap ? path : NULL;
}

/* pdf is filled in, and has to last as long. */
static struct doc_sign_options options(const struct job *job, const struct signing *s,
    const struct sign_deed *d, struct doc_pdf_options *pdf)
{
	struct doc_sign_options o;

	*pdf = d->pdf;
	if (d->visible)
		(void)sign_place_read(d->visible, pdf);
	pdf->name = s->chosen->who.user_name;
	pdf->company = s->chosen->who.company;
	o = (struct doc_sign_options){.alg = s->alg, .now = job_now(job), .pdf = pdf};
	xmlopts_into(d, &o);
	return o;
}

enum outcome sign_prepare(const struct job *job, const struct signing *s, const struct sign_deed *d,
    const char *file, struct sign_item *item)
{
	struct doc_pdf_options pdf;
	struct doc_sign_options o = options(job, s, d, &pdf);
	const struct doc_refusal *why = NULL;
	int fd;
	enum ecert_rc rc;

	if (!item->inside)
		return OUT_OK;
	fd = open(file, O_RDONLY | O_CLOEXEC);
	rc = fd < 0 ? ECERT_E_IO : item->format->prepare(&o, fd, &item->ready, &why);
	if (fd >= 0)
		close(fd);
	if (rc == ECERT_E_NOT_FOUND)
		return ui_fail(job->ui, OUT_IO, "wall-missing",
		    MSG("Cannot read {file}: the program ecert-wall, which reads such files, does "
			"not run here",
			P_FILE("file", file)),
		    MSG("Install the package ecert-middleware anew."));
	if (rc == ECERT_E_ARG)
		return ui_fail(job->ui, OUT_USAGE, "field-name-too-long",
		    MSG("The name behind --field is too long"),
		    MSG("255 bytes are the most that is taken."));
	if (rc == ECERT_OK && why)
		return ui_fail(job->ui, OUT_REFUSED, why->reason,
		    MSG("Cannot sign {file}: {why}", P_FILE("file", file),
			P_WORD("why", why->words)),
		    MSG(why->next));
	return ui_fail_rc(job->ui, rc, MSG("Cannot sign {file}: {why}", P_FILE("file", file)));
}

enum outcome sign_inside(const struct job *job, const struct signing *s,
    const struct doc_signer *key, const struct sign_deed *d, const char *file,
    const struct sign_item *item, struct reading *bar, struct stamping *stamps, enum ecert_rc *rc)
{
	struct doc_pdf_options pdf;
	struct doc_sign_options o = options(job, s, d, &pdf);
	/* What is written: the two ways to fail are told apart. */
	struct outfile_sink sink = {.out = NULL};
	char path[PATH_MAX];
	const char *to = sign_target(d, item, file, path, sizeof path);
	int fd = open(file, O_RDONLY | O_CLOEXEC), saved;

	o.progress = reading_tick;
	o.progress_ctx = bar;
	stamping_into(stamps, &o);
	*rc = fd < 0 ? ECERT_E_IO : ECERT_OK;
	saved = errno;
	if (*rc == ECERT_OK)
		sink.rc = outfile_begin(to, d->force || d->in_place, &sink.out);
	sink.saved = errno;
	if (*rc == ECERT_OK && sink.rc == ECERT_OK) {
		*rc = item->format->sign_into(key, &o, item->ready, fd, outfile_sink_put, &sink);
		saved = errno;
	}
	if (fd >= 0)
		close(fd);
	reading_over(bar);
	if (*rc == ECERT_OK && sink.rc == ECERT_OK) {
		sink.rc = outfile_name(&sink.out);
		sink.saved = errno;
	}
	outfile_drop(&sink.out);
	errno = sink.rc == ECERT_OK ? saved : sink.saved;
	if (sink.rc == ECERT_OK)
		return OUT_OK;
	*rc = ECERT_OK;
	return outfile_failed(job, sink.rc, to);
}
