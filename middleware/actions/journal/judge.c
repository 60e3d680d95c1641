/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the journal is, and whether it is as it was written. */
#include "actions/journal/judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool has_journal(const char *dir)
{
	char path[4200];

	snprintf(path, sizeof path, "%s/journal.key", dir);
	if (!access(path, F_OK))
		return true;
	snprintf(path, sizeof path, "%s/journal.jsonl", dir);
	return !access(path, F_OK);
}

/* As ecertd(8) chooses it. */
static bool own_dir(char *out, size_t cap)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	int n = state  ? snprintf(out, cap, "%s/ecertd", state)
		: home ? snprintf(out, cap, "%s/.local/state/ecertd", home)
		       : -1;

	return n > 0 && (size_t)n < cap;
}

enum outcome journal_where(const struct job *job, const char *state, char out[JOURNAL_DIR_MAX])
{
	if (state)
		snprintf(out, JOURNAL_DIR_MAX, "%s", state);
	else if (!own_dir(out, JOURNAL_DIR_MAX) || !has_journal(out))
		snprintf(out, JOURNAL_DIR_MAX, "%s", JOURNAL_DIR_SYSTEM);
	if (has_journal(out))
		return OUT_OK;
	return ui_fail(job->ui, OUT_IO, "no-journal",
	    MSG("There is no journal in {out}, or you may not read it", P_FILE("out", out)),
	    MSG("ecertd keeps it; the system's is in {system} and for root only. Name its folder "
		"with --state.",
		P_TEXT("system", JOURNAL_DIR_SYSTEM)));
}

enum outcome journal_judge(
    const struct job *job, const char *state, struct rd first_key, struct journal_judged *out)
{
	enum outcome code;
	enum ecert_rc rc;

	*out = (struct journal_judged){.right = false};
	code = journal_where(job, state, out->dir);
	if (code)
		return code;
	rc = journal_verify_with(out->dir, first_key, &out->report);
	/* ecertd may have been in the middle of an append. */
	if (rc == ECERT_E_BAD_SIGNATURE) {
		usleep(200000);
		rc = journal_verify_with(out->dir, first_key, &out->report);
	}
	out->right = rc == ECERT_OK;
	return rc == ECERT_E_BAD_SIGNATURE
		   ? OUT_OK
		   : ui_fail_rc(job->ui, rc,
			 MSG("Cannot read the journal in {dir}: {why}", P_FILE("dir", out->dir)));
}

enum outcome journal_tell(const struct job *job, const struct journal_judged *j)
{
	if (j->right)
		return OUT_OK;
	return ui_fail(job->ui, OUT_INVALID, "journal-changed",
	    MSG("The journal was changed: record {record}: {why}",
		P_NUMBER("record", j->report.bad), P_WORD("why", j->report.why)),
	    MSG("Keep a copy of the folder as it is. What stands before that record is as it was "
		"written."));
}
