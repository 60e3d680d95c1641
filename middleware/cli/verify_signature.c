/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert verify for signed files: CAdES. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/outfile.h"
#include "cli/progress.h"
#include "cli/verify.h"
#include "document/cades.h"

static const struct check *reason(const struct cades_result *r)
{
	const struct check *why = report_reason(&r->report);

	for (size_t i = 0; !why && i < r->n; i++)
		if (report_verdict(&r->signer[i].report) == cades_verdict(r))
			why = report_reason(&r->signer[i].report);
	return why;
}

static void say(const struct cli *c, const struct cades_result *r, const char *content)
{
	static const char *const words[] = {[VERDICT_PASSED] = "valid",
	    [VERDICT_INDETERMINATE] = "cannot be called valid",
	    [VERDICT_FAILED] = "NOT VALID"};

	cli_say(c, "%-12s %s", "File:", cli_clean(content ? content : "(inside the signature)"));
	cli_say(c, "%-12s %s", "Signature:", words[cades_verdict(r)]);
	if (!r->n)
		verify_say_report(c, &r->report);
	for (size_t i = 0; i < r->n; i++) {
		verify_say_identity(c, &r->signer[i].who);
		verify_say_time(c, "Claimed time:", r->signer[i].when);
		verify_say_report(c, &r->signer[i].report);
	}
}

static enum cli_exit verify_open(struct verifying *v, const char *content, int fd, struct rd p7s)
{
	struct doc_path path = trust_set_path(v->set);
	struct progress bar;
	struct cades_verify_options opts = {
	    .now = v->now, .path = &path, .progress = progress_tick, .progress_ctx = &bar};
	struct cades_result *r = NULL;
	enum ecert_rc rc;
	enum cli_exit code;

	code = verify_expected(v, VERIFY_SIGNATURE);
	if (code)
		return code;
	progress_begin(&bar, v->c, content ? content : v->name, 1, 1);
	rc = cades_verify(p7s, fd, &opts, &r);
	progress_clear(&bar);
	if (rc)
		return cli_fail_rc(v->c, rc, "verify %s", cli_clean(v->name));
	say(v->c, r, content);
	code = verify_close(v, "signature", cades_verdict(r), reason(r), cades_json(r));
	cades_result_free(&r);
	return code;
}

enum cli_exit verify_signature_inside(struct verifying *v, struct rd p7s)
{
	return verify_open(v, NULL, -1, p7s);
}

/* The signed file; "-" is standard input. */
static enum cli_exit open_content(const struct cli *c, const char *path, int *fd)
{
	struct stat st;

	*fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY) : STDIN_FILENO;
	if (*fd < 0)
		return cli_fail(c, CLI_IO, "Name the signed file, then its signature.",
		    "Cannot read %s: %s", cli_clean(path), strerror(errno));
	if (!fstat(*fd, &st) && S_ISDIR(st.st_mode))
		return cli_fail(c, CLI_INPUT, "Name the signed file, then its signature.",
		    "%s is a folder", cli_clean(path));
	return CLI_OK;
}

enum cli_exit verify_signature(struct verifying *v, const char *content, const char *p7s)
{
	struct buf sig = BUF_INIT(CADES_MAX_SIZE);
	int fd = -1;
	enum cli_exit code = content ? open_content(v->c, content, &fd) : CLI_OK;

	if (!code)
		code = infile_load(v->c, p7s, &sig);
	if (!code)
		code = verify_open(v, content, fd, buf_view(&sig));
	if (fd > STDIN_FILENO)
		close(fd);
	buf_free(&sig);
	return code;
}
