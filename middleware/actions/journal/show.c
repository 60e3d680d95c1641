/* SPDX-License-Identifier: BSD-2-Clause */
/* What is on record: joined to operations, or line by line. */
#include "actions/journal/show.h"

#include <time.h>

#include "actions/trustopts.h"

/* As the records have it: text compares as time does. */
static enum outcome since(const struct job *job, const char *asked, char out[32])
{
	time_t t;
	struct tm tm;

	out[0] = 0;
	if (!asked)
		return OUT_OK;
	if (time_parse(asked, &t) != ECERT_OK || !gmtime_r(&t, &tm))
		return ui_fail(job->ui, OUT_USAGE, "time-malformed",
		    MSG("'{asked}' is no time", P_TEXT("asked", asked)),
		    MSG("It is like 2026-11-21T12:00:00Z, or seconds since 1970."));
	strftime(out, 32, "%Y-%m-%dT%H:%M:%S", &tm);
	return OUT_OK;
}

enum outcome journal_show(
    const struct job *job, const struct journal_show_deed *deed, journal_row_fn fn, void *arg)
{
	char dir[JOURNAL_DIR_MAX], from[32];
	enum outcome code = since(job, deed->since, from);

	if (!code)
		code = journal_where(job, deed->state, dir);
	return code ? code
		    : ui_fail_rc(job->ui, journal_rows(dir, from, job->token, fn, arg),
			  MSG("Cannot read the journal in {dir}: {why}", P_FILE("dir", dir)));
}

enum outcome journal_lines(
    const struct job *job, const struct journal_judged *j, journal_line_fn fn, void *arg)
{
	return ui_fail_rc(
	    job->ui, journal_each(j->dir, fn, arg), MSG("Cannot read the journal: {why}"));
}
