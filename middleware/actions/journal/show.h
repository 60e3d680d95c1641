/* SPDX-License-Identifier: BSD-2-Clause */
/* What is on record: joined to operations, or line by line. */
#ifndef ECERT_ACTIONS_JOURNAL_SHOW_H
#define ECERT_ACTIONS_JOURNAL_SHOW_H

#include "actions/journal/judge.h"
#include "actions/journal/rows.h"

struct journal_show_deed {
	const char *state; /* the folder; NULL: as journal_where chooses */
	const char *since; /* a time; NULL: all */
};

/* Calls fn with each operation from then on, oldest first; of the token that job names by its
 * serial number, or of all. Reports its errors, also behind rows that fn was given. */
enum outcome journal_show(const struct job *job, const struct journal_show_deed *deed,
    journal_row_fn fn, void *arg) MUST_CHECK;
/* Calls fn with each line as it stands in the files, oldest first. Reports its errors. */
enum outcome journal_lines(const struct job *job, const struct journal_judged *j,
    journal_line_fn fn, void *arg) MUST_CHECK;

#endif
