/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert verify of more than one document, and of one for a report. */
#ifndef ECERT_CLI_VERIFY_MANY_H
#define ECERT_CLI_VERIFY_MANY_H

#include "actions/verify/verify.h"
#include "cli/cli.h"

struct many_options {
	bool recursive, json_lines, force;
	const char *jobs_text, *report;
	long jobs; /* many_jobs of jobs_text */
};

/* Not the one document that the command tells in full. */
bool many_wanted(const struct many_options *o, const struct strlist *files);
/* The number of --jobs, told when it is none; NULL: 0, as many as there are processors. */
enum outcome many_jobs(const struct cli *c, const char *text, long *jobs) MUST_CHECK;
enum outcome many_run(struct cli *c, const struct verify_deed *deed, const struct many_options *o,
    const struct strlist *files) MUST_CHECK;

#endif
