/* SPDX-License-Identifier: BSD-2-Clause */
/* What can be known of options and files before a token is asked for anything. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actions/sign/inside.h"
#include "actions/sign/place.h"
#include "actions/sign/seen.h"
#include "actions/sign/sign_priv.h"
#include "actions/sign/xmlopts.h"
#include "client/outfile.h"
#include "document/extend/extend.h"

/* Behind --format. */
#define SIGN_FORMATS "cades, pades, xades, jades, asice"

/* What is asked for has to go with the format that the file is signed in. */
static enum outcome check_target(const struct job *job, const struct sign_deed *o, const char *file,
    const struct sign_item *item)
{
	char path[PATH_MAX];
	const char *out = sign_target(o, item, file, path, sizeof path);
	const struct doc_pdf_options *p = &o->pdf;
	enum doc_level level = o->level ? doc_level_named(o->level) : DOC_LEVEL_NONE;

	if (level > DOC_LEVEL_T &&
	    doc_extends_to(o->container && !o->together ? DOC_KIND_ASIC : item->format->kind) <
		level)
		return ui_fail(job->ui, OUT_USAGE, "level-not-of-format",
		    MSG("{file} is not signed in a format that goes up to {level}",
			P_FILE("file", file), P_TEXT("level", o->level)),
		    MSG("Say a lower --level, or --format=cades."));
	if (level > DOC_LEVEL_T && out && !strcmp(o->container ? o->container : out, "-"))
		return ui_fail(job->ui, OUT_USAGE, "level-of-output",
		    MSG("What goes to standard output is not extended"),
		    MSG("Name a file with --output, or say --level=T."));
	if (o->container)
		return outfile_vacant(job, o->container, o->force);
	if (!item->inside && o->in_place)
		return ui_fail(job->ui, OUT_USAGE, "in-place-beside",
		    MSG("{file} gets no signature inside, but a file beside it",
			P_FILE("file", file)),
		    MSG("Leave --in-place out."));
	if (item->format->kind != DOC_KIND_SIGNED_PDF && sign_wants_pdf(o))
		return ui_fail(job->ui, OUT_USAGE, "option-of-pdf",
		    MSG("{file} is not signed as a PDF, and has no place for what was asked",
			P_FILE("file", file)),
		    MSG("Leave out --field, --reason, --place, --contact, --visible, --logo, --qr "
			"and --certify."));
	if (!item->inside && o->profile)
		return ui_fail(job->ui, OUT_USAGE, "profile-not-xml",
		    MSG("{file} is no XML, and has no place for a signature of a profile",
			P_FILE("file", file)),
		    MSG("Leave --profile out: then the signature goes into a file beside it."));
	if (!out)
		return ui_fail(job->ui, OUT_IO, "name-too-long",
		    MSG("The name {file} is too long", P_FILE("file", file)), NULL);
	if (!sign_texts_good(p))
		return ui_fail(job->ui, OUT_USAGE, "text-malformed",
		    MSG("What stands behind --field, --reason, --place or --contact is no UTF-8"),
		    MSG("Type it in a terminal whose character set is UTF-8."));
	if (o->in_place)
		return outfile_possible(job, out);
	/* What has that name may be its signature, which is looked at when the key is known. */
	return outfile_vacant(job, out, o->force || o->skip_signed);
}

enum doc_serialization sign_serialization(const struct sign_deed *o)
{
	return o->general ? DOC_JSON_GENERAL : o->flattened ? DOC_JSON_FLATTENED : DOC_JSON_COMPACT;
}

/* Everything that can be known before the token is asked for anything. */
enum outcome sign_check_file(
    const struct job *job, const struct sign_deed *o, const char *file, struct sign_item *item)
{
	struct stat st;
	bool dash = !strcmp(file, "-") && access(file, F_OK);
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int bad = fd < 0 || fstat(fd, &st), e = errno;

	item->format = o->together    ? doc_format_named("jades")
		       : o->container ? doc_format_named("cades")
		       : o->format    ? doc_format_named(o->format)
		       : bad	      ? NULL
				      : doc_format_fitting(fd);
	item->inside = !bad && !o->container && sign_goes_inside(o, item->format, fd);
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
		    MSG(S_ISDIR(st.st_mode)
			    ? MSG_ID("Name the files themselves, or say --recursive.")
			    : MSG_ID("Name the files themselves.")));
	if (!st.st_size)
		return ui_fail(job->ui, OUT_INPUT, "file-empty",
		    MSG("{file} is empty: there is nothing to sign", P_FILE("file", file)),
		    MSG("Check that it is the right file."));
	if (o->in_place && st.st_nlink > 1)
		ui_note(job->ui,
		    MSG("Note: {file} has other names (hard links), which keep the file as it was",
			P_FILE("file", file)));
	return check_target(job, o, file, item);
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
enum outcome sign_check_twice(const struct job *job, const struct sign_result *r)
{
	char **place = calloc(r->n, sizeof *place);
	size_t n = 0;
	enum outcome code = OUT_OK;

	while (place && n < r->n && (place[n] = place_of(r->files[n].file)))
		n++;
	if (n < r->n)
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

enum outcome sign_check_options(const struct job *job, const struct sign_deed *o, size_t files)
{
	enum outcome code;

	if (o->format && !doc_format_named(o->format))
		return ui_fail(job->ui, OUT_USAGE, "format-unknown",
		    MSG("There is no format '{name}'", P_TEXT("name", o->format)),
		    MSG("--format takes {names}", P_TEXT("names", SIGN_FORMATS)));
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
	if (o->output && files > 1)
		return ui_fail(job->ui, OUT_USAGE, "output-for-many",
		    MSG("--output takes one file only"),
		    MSG("Leave it out: each signature goes beside its file."));
	code = xmlopts_check(job, o);
	return code ? code : sign_seen_check(job, o);
}
