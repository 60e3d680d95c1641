/* SPDX-License-Identifier: BSD-2-Clause */
/* A register into a file of lines, and back into another store. */
#include <errno.h>
#include <string.h>

#include "actions/registry/opened.h"
#include "client/outfile.h"

#define IMPORT_MAX (1024u << 20)

struct exporting {
	struct outfile *out;
	size_t n;
	int saved;
};

static enum ecert_rc put_line(void *ctx, const char *line)
{
	struct exporting *e = ctx;
	enum ecert_rc rc = outfile_put(e->out, rd_of(line, strlen(line)));

	if (rc == ECERT_OK)
		rc = outfile_put(e->out, rd_of("\n", 1));
	e->saved = errno;
	e->n++;
	return rc;
}

enum outcome desk_export(
    const struct job *job, const struct desk_deed *deed, const char *file, size_t *n)
{
	struct desk d = {.job = job};
	struct exporting e = {.n = 0};
	enum outcome code = outfile_vacant(job, file, false);
	enum ecert_rc rc;

	if (!code)
		code = desk_open(job, deed, &d);
	if (!code) {
		rc = outfile_begin(file, false, &e.out);
		e.saved = errno;
		if (rc == ECERT_OK)
			rc = registry_export(d.r, put_line, &e);
		if (rc == ECERT_OK) {
			rc = outfile_name(&e.out);
			e.saved = errno;
		}
		outfile_drop(&e.out);
		errno = e.saved;
		code = outfile_failed(job, rc, file);
	}
	*n = e.n;
	desk_close(&d);
	return code;
}

static enum ecert_rc take_lines(struct registry *r, struct rd text, size_t *n)
{
	enum ecert_rc rc = ECERT_OK;

	while (rc == ECERT_OK && text.n) {
		const uint8_t *end = memchr(text.p, '\n', text.n);
		const size_t line = end ? (size_t)(end - text.p) : text.n;

		if (line) {
			rc = registry_import_line(r, rd_of(text.p, line));
			++*n;
		}
		text = rd_of(text.p + line + !!end, text.n - line - !!end);
	}
	return rc;
}

/* All of it or nothing. */
enum outcome desk_import(
    const struct job *job, const struct desk_deed *deed, const char *file, size_t *n)
{
	struct desk d = {.job = job};
	struct buf text = BUF_INIT(IMPORT_MAX);
	enum outcome code = infile_load(job, file, &text);
	enum ecert_rc rc;

	*n = 0;
	if (!code)
		code = desk_open_new(job, deed, &d);
	if (!code) {
		rc = registry_begin(d.r, d.who, job_now(job));
		if (rc == ECERT_OK)
			rc = registry_end(d.r, take_lines(d.r, buf_view(&text), n));
		code = rc == ECERT_E_MALFORMED || rc == ECERT_E_BAD_SIGNATURE
			   ? ui_fail(job->ui, OUT_INVALID, "register-altered",
				 MSG("{file} is no register as it was exported: {why}",
				     P_FILE("file", file),
				     P_MSG("why", MSG_KEPT(registry_why(d.r)))),
				 MSG("Nothing was taken in."))
			   : desk_failed(&d, rc);
	}
	desk_close(&d);
	buf_free(&text);
	return code;
}
