/* SPDX-License-Identifier: BSD-2-Clause */
/* A signed statement (a JWS) for others to judge: what goes into it, and where it goes. */
#include "actions/statement.h"

#include <string.h>

#include "client/outfile.h"
#include "util/text.h"

time_t statement_now(const struct job *job, time_t given)
{
	return given ? given : job_now(job);
}

bool statement_is_text(const char *s)
{
	struct rd t = rd_of(s, strlen(s));

	while (t.n) {
		uint32_t cp = 0;
		size_t n = text_char(t, &cp);

		if (!n || !text_shown(cp))
			return false;
		t = rd_of(t.p + n, t.n - n);
	}
	return true;
}

enum outcome statement_load(const struct job *job, const char *path, struct buf *out)
{
	return path ? infile_load(job, path, out) : OUT_OK;
}

enum outcome statement_unfit(
    const struct job *job, const struct report *rep, const struct message *what, const char *next)
{
	const struct check *why = report_reason(rep);

	return why ? ui_fail(job->ui, OUT_REFUSED, "unfit",
			 MSG("{what}: {check}: {detail}", P_MSG("what", what),
			     P_WORD("check", why->name), P_MSG("detail", MSG_KEPT(&why->what))),
			 MSG(next))
		   : OUT_OK;
}

enum outcome statement_deliver(
    const struct job *job, const struct statement_to *to, const char *path, struct buf *jws)
{
	bool taken = to->take && !strcmp(path, "-");

	buf_u8(jws, taken ? 0 : '\n');
	if (buf_rc(jws) != ECERT_OK)
		return ui_fail_rc(job->ui, buf_rc(jws), MSG("Cannot hand the statement on: {why}"));
	return taken ? to->take(to->ctx, (const char *)buf_view(jws).p)
		     : outfile_save(job, path, buf_view(jws), to->force);
}
