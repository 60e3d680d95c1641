/* SPDX-License-Identifier: BSD-2-Clause */
/* Signing files together: one JAdES that names each of those beside it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "actions/reading.h"
#include "actions/sign/seen.h"
#include "actions/sign/sign_priv.h"
#include "client/outfile.h"
#include "document/jose/jades.h"
#include "document/kind/named.h"

static bool is_folder_of(const char *file, const struct stat *folder)
{
	size_t n = (size_t)(named_base(file) - file);
	char *path = n ? strndup(file, n) : strdup(".");
	struct stat st;
	bool is = path && !stat(path, &st) && st.st_dev == folder->st_dev &&
		  st.st_ino == folder->st_ino;

	free(path);
	return is;
}

/* Whoever verifies looks for them in the signature's folder. */
static enum outcome check_place(const struct job *job, const char *out, const char *file)
{
	size_t n = (size_t)(named_base(out) - out);
	char *path = n ? strndup(out, n) : strdup(".");
	struct stat st = {0};
	struct buf uri = BUF_INIT(16384);
	char name[256];
	enum outcome code = OUT_OK;

	named_uri(&uri, named_base(file));
	buf_u8(&uri, 0);
	if (!path || stat(path, &st) || !is_folder_of(file, &st))
		code = ui_fail(job->ui, OUT_USAGE, "not-beside",
		    MSG("{file} is not in the folder of {out}, where whoever verifies looks for it",
			P_FILE("file", file), P_FILE("out", out)),
		    MSG("Put the files and their signature into one folder, or make one file of "
			"them with --asice."));
	else if (buf_rc(&uri) != ECERT_OK ||
		 !named_beside((const char *)buf_view(&uri).p, name, sizeof name))
		code = ui_fail(job->ui, OUT_INPUT, "name-not-beside",
		    MSG("No file that is signed together with others may be called {name}",
			P_FILE("name", named_base(file))),
		    MSG("Give it another name."));
	buf_free(&uri);
	free(path);
	return code;
}

enum outcome sign_together_check(
    const struct job *job, const struct sign_deed *o, const struct sign_result *r)
{
	enum outcome code = OUT_OK;

	if (strcmp(o->together, o->container) != 0)
		return ui_fail(job->ui, OUT_USAGE, "two-containers",
		    MSG("--together makes a signature beside the files, and --asice and --asics a "
			"container of them"),
		    MSG("Leave one of them out."));
	if (strcmp(o->format, "jades") != 0 || o->detached || o->profile || o->output ||
	    o->attached || o->in_place || o->skip_signed || o->keep_going || sign_wants_pdf(o) ||
	    !strcmp(o->together, "-"))
		return ui_fail(job->ui, OUT_USAGE, "not-of-format",
		    MSG("--together makes a JAdES beside the files: options of other formats and "
			"of another place mean nothing to it"),
		    MSG("Leave them out; --flattened and --general go with it."));
	for (size_t i = 0; !code && i < r->n; i++)
		if (r->files[i].fate == SIGNED_NOT)
			code = check_place(job, o->together, r->files[i].file);
	return code;
}

enum outcome sign_together(const struct job *job, const struct signing *s,
    const struct sign_deed *o, const struct doc_sign_options *opts, const struct doc_file *files,
    size_t n)
{
	struct buf out = BUF_INIT(DOC_SIGNATURE_MAX);
	enum ecert_rc rc = jades_sign_files(&s->doc, opts, files, n, &out);
	enum outcome code = sign_failed(job, rc, o->together, errno);

	if (!code)
		code = outfile_save(job, o->together, buf_view(&out), o->force);
	buf_free(&out);
	return code;
}
