/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert sign: CAdES-B-B signatures beside the files, many files with one PIN. */
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

#include "cli/commands.h"
#include "client/outfile.h"
#include "cli/progress.h"
#include "cli/sign/signrows.h"
#include "client/signing.h"
#include "cli/terminal.h"
#include "document/format.h"

struct sign_params {
	struct signing_choice key;
	const char *output;
	bool force;
};

static const char *target(const struct sign_params *o, const char *file, char *path, size_t cap)
{
	if (o->output)
		return o->output;
	return snprintf(path, cap, "%s.p7s", file) < (int)cap ? path : NULL;
}

/* Everything that can be known before the token is asked for anything. */
static enum outcome check_file(const struct cli *c, const struct sign_params *o, const char *file)
{
	char path[PATH_MAX];
	const char *out = target(o, file, path, sizeof path);
	struct stat st;
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int bad = fd < 0 || fstat(fd, &st), e = errno;

	if (fd >= 0)
		close(fd);
	if (bad)
		return ui_fail(c->job.ui, OUT_IO, "file-unreadable",
		    MSG("Cannot read {file}: {why}", P_TEXT("file", file), P_ERRNO("why", e)),
		    MSG("Check the name and its permissions."));
	if (!S_ISREG(st.st_mode))
		return ui_fail(c->job.ui, OUT_INPUT, "not-a-file",
		    MSG("{file} is not a file", P_TEXT("file", file)),
		    MSG("Name the files themselves."));
	if (!st.st_size)
		return ui_fail(c->job.ui, OUT_INPUT, "file-empty",
		    MSG("{file} is empty: there is nothing to sign", P_TEXT("file", file)),
		    MSG("Check that it is the right file."));
	if (!out)
		return ui_fail(c->job.ui, OUT_IO, "name-too-long",
		    MSG("The name {file} is too long", P_TEXT("file", file)), NULL);
	return outfile_vacant(&c->job, out, o->force);
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
static enum outcome check_twice(const struct cli *c, const struct strlist *files)
{
	char **place = calloc(files->n, sizeof *place);
	size_t n = 0;
	enum outcome code = OUT_OK;

	while (place && n < files->n && (place[n] = place_of(files->v[n])))
		n++;
	if (n < files->n)
		code = ui_fail_rc(
		    c->job.ui, ECERT_E_MEMORY, MSG("Cannot look at the files: {why}"));
	else
		qsort(place, n, sizeof *place, by_place);
	for (size_t i = 1; !code && i < n; i++)
		if (!strcmp(place[i - 1], place[i]))
			code = ui_fail(c->job.ui, OUT_USAGE, "named-twice",
			    MSG("{n} is named twice", P_TEXT("n", strchr(place[i], '/') + 1)),
			    MSG("Name each file once; nothing was signed."));
	while (n)
		free(place[--n]);
	free(place);
	return code;
}

static enum outcome check_all(
    const struct cli *c, const struct sign_params *o, const struct strlist *files)
{
	enum outcome code = cli_not_both(c, o->output ? o->output : "");

	if (o->output && files->n > 1)
		return ui_fail(c->job.ui, OUT_USAGE, "output-for-many",
		    MSG("--output takes one file only"),
		    MSG("Leave it out: each signature goes beside its file."));
	for (size_t i = 0; !code && i < files->n; i++)
		code = check_file(c, o, files->v[i]);
	return code ? code : check_twice(c, files);
}

static enum outcome sign_failed(const struct cli *c, enum ecert_rc rc, const char *file, int saved)
{
	if (rc == ECERT_E_IO)
		return ui_fail(c->job.ui, OUT_IO, "file-unreadable",
		    MSG("Cannot read {file}: {why}", P_TEXT("file", file), P_ERRNO("why", saved)),
		    MSG("Check the disk that it is on."));
	if (rc == ECERT_E_REMOVED)
		return ui_fail(c->job.ui, OUT_CARD, "removed",
		    MSG("The token was pulled out while {file} was being signed",
			P_TEXT("file", file)),
		    MSG("Put it back and run the command again."));
	/* Each signature is checked with the certificate before it is written. */
	if (rc == ECERT_E_BAD_SIGNATURE || rc == ECERT_E_KEY_TYPE)
		return ui_fail(c->job.ui, OUT_REFUSED, "certificate-of-other-key",
		    MSG("Cannot sign {file}: the certificate does not belong to the key in its "
			"place",
			P_TEXT("file", file)),
		    MSG("Import the certificate that belongs to the key."));
	return ui_fail_rc(c->job.ui, rc, MSG("Cannot sign {file}: {why}", P_TEXT("file", file)));
}

static enum outcome sign_one(const struct cli *c, struct signing *s, const struct sign_params *o,
    const char *file, struct progress *bar, json_t *list)
{
	struct doc_sign_options opts = {
	    .alg = s->alg, .now = time(NULL), .progress = progress_tick, .progress_ctx = bar};
	struct buf p7s = BUF_INIT(DOC_SIGNATURE_MAX);
	char path[PATH_MAX];
	const char *out = target(o, file, path, sizeof path);
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	enum ecert_rc rc = fd < 0 ? ECERT_E_IO
				  : doc_sign_fd(DOC_KIND_CMS, &s->doc, &opts, fd, &p7s);
	enum outcome code;

	code = sign_failed(c, rc, file, errno);
	if (fd >= 0)
		close(fd);
	progress_clear(bar);
	if (!code)
		code = outfile_save(&c->job, out, buf_view(&p7s), o->force);
	if (!code) {
		json_array_append_new(list, json_pack("{s:o, s:o}", "file", cli_json_text(file),
						"signature", cli_json_text(out)));
		if (strcmp(out, "-"))
			cli_say(c, "%s", out);
	}
	buf_free(&p7s);
	return code;
}

static json_t *names(const struct strlist *files)
{
	json_t *list = json_array();

	for (size_t i = 0; i < files->n; i++)
		json_array_append_new(list, cli_json_text(files->v[i]));
	return list;
}

/* What was signed before it ended, in words; in JSON it goes with the error. */
static enum outcome ended(const struct cli *c, enum outcome code, size_t done, size_t n)
{
	if (!code && ui_cancelled(c->job.ui))
		return ui_fail(c->job.ui, OUT_INTERRUPTED, "interrupted",
		    MSG_N("Stopped when {n} of {all} files was signed",
			"Stopped when {n} of {all} files were signed", done, P_NUMBER("all", n)),
		    MSG("Run the command again with those that have no signature yet."));
	if (code && n > 1)
		ui_note(c->job.ui, MSG_N("       {n} of {all} files was signed before that.",
				       "       {n} of {all} files were signed before that.", done,
				       P_NUMBER("all", n)));
	return code;
}

static enum outcome sign_all(
    struct signing *s, const struct sign_params *o, const struct strlist *files)
{
	const struct cli *c = cli_of(s->p11.job);
	struct cli *whole = c->job.ui->ctx;
	struct progress bar;
	json_t *list = json_array(), *rest = names(files);
	json_t *all = json_pack("{s:O, s:O, s:o, s:s}", "signed", list, "not_signed", rest,
	    "signer", identity_json(&s->chosen->who), "algorithm", doc_sig_name(s->alg));
	enum outcome code = OUT_OK;
	size_t done = 0;

	whole->done = all;
	if (files->n > 1)
		stop_watch();
	for (size_t i = 0; !code && !ui_cancelled(c->job.ui) && i < files->n; i++) {
		progress_begin(&bar, c->job.ui, files->v[i], i + 1, files->n);
		code = sign_one(c, s, o, files->v[i], &bar, list);
		done += !code;
		if (!code)
			json_array_remove(rest, 0);
	}
	if (code || done < files->n) {
		code = ended(c, code, done, files->n);
		json_decref(all);
	} else {
		json_object_del(all, "not_signed");
		code = cli_json(c, all);
	}
	whole->done = NULL;
	json_decref(list);
	json_decref(rest);
	return code;
}

static enum outcome run(struct cli *c, void *params, const struct strlist *files)
{
	const struct sign_params *o = params;
	struct signing s = {.certs = NULL};
	const char *base = strrchr(files->v[0], '/');
	enum outcome code = check_all(c, o, files);

	if (code)
		return code;
	code = signing_begin(&c->job, &o->key, &s);
	base = base ? base + 1 : files->v[0];
	if (!code && files->n == 1)
		code = signing_login(&s, MSG("to sign {file}", P_TEXT("file", base)));
	else if (!code)
		code = signing_login(&s,
		    MSG_N("to sign {file} and {n} other file", "to sign {file} and {n} other files",
			files->n - 1, P_TEXT("file", base)));
	if (!code)
		code = sign_all(&s, o, files);
	signing_end(&s);
	return code;
}

static const struct opt opts[] = {SIGNING_OPTS(struct sign_params, key),
    {"output", 'o', OPT_OUT, "FILE", offsetof(struct sign_params, output),
	MSG_ID("where the signature goes (default: FILE.p7s; - is standard output)")},
    {"force", 'f', OPT_FLAG, NULL, offsetof(struct sign_params, force),
	MSG_ID("replace a signature that is there")},
    {0}};

const struct command sign_commands[] = {
    {"sign", NULL, "FILE...", 1, SIZE_MAX, MSG_ID("sign files with the key on your token"),
	MSG_ID(
	    "The signature of invoice.pdf is a file of its own, invoice.pdf.p7s (CAdES-B-B, which "
	    "programs of other makers read); "
	    "the "
	    "invoice stays as it is. Send both. All files of one command need the PIN once.\n\n"
	    "Examples:\n"
	    "  ecert sign invoice.pdf\n"
	    "  ecert sign *.pdf\n"
	    "  ecert sign --pin-source file:/run/secrets/pin --json invoice.pdf\n"
	    "  ecert --module /usr/lib/x86_64-linux-gnu/opensc-pkcs11.so sign invoice.pdf\n\n"
	    "A batch that ends early keeps what it signed, and with --json says what that is.\n\n"
	    "An expired certificate, and one that is for encipherment only, is refused before the "
	    "PIN "
	    "is "
	    "asked."),
	opts, sizeof(struct sign_params), run},
    {0}};
