/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the journal is, and whether it is as it was written: what every deed with it begins with.
 */
#ifndef ECERT_ACTIONS_JOURNAL_JUDGE_H
#define ECERT_ACTIONS_JOURNAL_JUDGE_H

#include "journal/journal.h"
#include "ui/job.h"

#define JOURNAL_DIR_SYSTEM "/var/lib/ecertd"
#define JOURNAL_DIR_MAX	   4096

struct journal_judged {
	char dir[JOURNAL_DIR_MAX];
	bool right; /* everything that could be checked is */
	struct journal_report report;
};

/* The folder that state names (NULL: none), else the user's own, else the system's. Errors: OUT_IO
 * when there is no journal. */
enum outcome journal_where(
    const struct job *job, const char *state, char out[JOURNAL_DIR_MAX]) MUST_CHECK;
/* Where it is, and reads all of it; not misled by a daemon that writes a record at this moment.
 * OUT_OK also when it is not right. first_key: from where it was taken to, or empty. */
enum outcome journal_judge(const struct job *job, const char *state, struct rd first_key,
    struct journal_judged *out) MUST_CHECK;
/* "The journal was changed: record 5: ...", OUT_INVALID; OUT_OK when it is right. */
enum outcome journal_tell(const struct job *job, const struct journal_judged *j) MUST_CHECK;

#endif
