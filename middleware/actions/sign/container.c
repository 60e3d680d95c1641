/* SPDX-License-Identifier: BSD-2-Clause */
/* Signing files into one container. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "actions/reading.h"
#include "actions/sign/seen.h"
#include "actions/sign/sign_priv.h"
#include "actions/sign/stamping.h"
#include "client/outfile.h"
#include "document/asic/asic.h"

/* All are open at once. */
#define FILES_MAX 500

static const char *base_of(const char *file)
{
	const char *slash = strrchr(file, '/');

	return slash ? slash + 1 : file;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* In a container there are no folders to tell two files of one name apart by. */
static enum outcome check_names(const struct job *job, const struct sign_result *r)
{
	const char **names = calloc(r->n + 1, sizeof *names);
	enum outcome code = OUT_OK;
	size_t n = 0;

	if (!names)
		return ui_fail_rc(job->ui, ECERT_E_MEMORY, MSG("Cannot look at the files: {why}"));
	for (size_t i = 0; i < r->n; i++) {
		const char *name = base_of(r->files[i].file);

		if (r->files[i].fate != SIGNED_NOT)
			continue;
		names[n++] = name;
		if (!code && !asic_may_be_called(name))
			code = ui_fail(job->ui, OUT_INPUT, "name-not-in-container",
			    MSG("No file in a container may be called {name}",
				P_FILE("name", name)),
			    MSG("Give it another name."));
	}
	qsort(names, n, sizeof *names, by_name);
	for (size_t i = 1; !code && i < n; i++)
		if (!strcmp(names[i - 1], names[i]))
			code = ui_fail(job->ui, OUT_USAGE, "named-twice",
			    MSG("{n} is named twice", P_TEXT("n", names[i])),
			    MSG("In a container there are no folders: give one of the two files "
				"another name."));
	free(names);
	return code;
}

static enum outcome too_many(const struct job *job)
{
	return ui_fail(job->ui, OUT_USAGE, "too-many-files",
	    MSG("There are more than {max} files", P_NUMBER("max", FILES_MAX)),
	    MSG("Make several containers of them."));
}

enum outcome sign_container_check(
    const struct job *job, const struct sign_deed *o, const struct sign_result *r)
{
	if (o->together) {
		enum outcome code = sign_together_check(job, o, r);

		return code ? code : r->n > FILES_MAX ? too_many(job) : check_names(job, r);
	}
	if ((o->format && strcmp(o->format, "cades") != 0 && strcmp(o->format, "xades") != 0) ||
	    o->detached || o->profile || o->output || o->attached || o->flattened || o->general ||
	    o->in_place || o->skip_signed || o->keep_going || sign_wants_pdf(o))
		return ui_fail(job->ui, OUT_USAGE, "not-of-format",
		    MSG("--asice and --asics make a container: options of other formats and of "
			"another place mean nothing to it"),
		    MSG("Leave them out; --format says cades or xades."));
	if (o->simple && strcmp(o->simple, o->container) != 0)
		return ui_fail(job->ui, OUT_USAGE, "two-containers",
		    MSG("--asice and --asics make two kinds of container"),
		    MSG("Leave one of them out."));
	if (o->simple && r->n != 1)
		return ui_fail(job->ui, OUT_USAGE, "simple-for-many",
		    MSG("--asics takes one file only"),
		    MSG("--asice puts several files into one container."));
	if (r->n > FILES_MAX)
		return too_many(job);
	return check_names(job, r);
}

struct opened {
	struct doc_file *v;
	size_t n;
};

static void close_all(struct opened *all)
{
	while (all->n)
		close(all->v[--all->n].fd);
	free(all->v);
}

static enum outcome open_all(const struct job *job, const struct sign_result *r, struct opened *all)
{
	all->v = calloc(r->n + 1, sizeof *all->v);
	for (size_t i = 0; all->v && i < r->n; i++) {
		struct doc_file *f = &all->v[all->n];
		const char *file = r->files[i].file;

		if (r->files[i].fate != SIGNED_NOT)
			continue;
		f->name = base_of(file);
		f->fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		if (f->fd < 0)
			return sign_failed(job, ECERT_E_IO, file, errno);
		all->n++;
	}
	return all->v ? OUT_OK : ui_fail_rc(job->ui, ECERT_E_MEMORY, MSG("Cannot sign: {why}"));
}

static enum outcome make(const struct job *job, const struct signing *s, const struct sign_deed *o,
    const struct doc_sign_options *opts, const struct opened *all)
{
	struct outfile_sink p = {.rc = ECERT_OK};
	bool xades = o->format && !strcmp(o->format, "xades");
	enum asic_make what = o->simple ? xades ? ASIC_S_XADES : ASIC_S_CADES
			      : xades	? ASIC_E_XADES
					: ASIC_E_CADES;
	enum ecert_rc rc = outfile_begin(o->container, o->force, &p.out);
	enum outcome code = outfile_failed(job, rc, o->container);

	if (code)
		return code;
	rc = asic_sign(what, &s->doc, opts, all->v, all->n, outfile_sink_put, &p);
	if (p.rc != ECERT_OK) {
		errno = p.saved;
		code = outfile_failed(job, p.rc, o->container);
	} else if (rc == ECERT_E_DATA) {
		code = ui_fail(job->ui, OUT_IO, "file-changed",
		    MSG("A file for {file} was changed after it was looked at",
			P_FILE("file", o->container)),
		    MSG("Run the command again when nothing writes to it."));
	} else {
		code = sign_failed(job, rc, o->container, errno);
	}
	if (!code)
		code = outfile_failed(job, outfile_name(&p.out), o->container);
	outfile_drop(&p.out);
	return code;
}

enum outcome sign_container(const struct job *job, struct signing *s, const struct sign_deed *o,
    struct sign_result *r, size_t *missing)
{
	struct stamping stamps = {.job = job, .tsa = &o->tsa};
	struct opened all = {.n = 0};
	struct reading bar;
	struct doc_sign_options opts = {.alg = s->alg,
	    .now = job_now(job),
	    .form = sign_serialization(o),
	    .progress = reading_tick,
	    .progress_ctx = &bar};
	enum outcome code = open_all(job, r, &all);

	stamping_into(&stamps, &opts);
	reading_begin(&bar, job->ui, o->container, 1, 1);
	if (!code)
		code = o->together ? sign_together(job, s, o, &opts, all.v, all.n)
				   : make(job, s, o, &opts, &all);
	*missing = stamps.missing;
	reading_over(&bar);
	for (size_t i = 0; !code && i < r->n; i++)
		if (r->files[i].fate == SIGNED_NOT)
			code = sign_keep(job, o, r, i, o->container);
	close_all(&all);
	return code;
}
