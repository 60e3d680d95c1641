/* SPDX-License-Identifier: BSD-2-Clause */
/* A job before its first deed. */
#ifndef ECERT_ACTIONS_JOB_H
#define ECERT_ACTIONS_JOB_H

#include "ui/job.h"

/* One that names no token yet. */
void job_init(struct job *job, const struct ui *ui);
/* What it says of the reader and of the PIN's source, and what the environment says of the reader,
 * looked at before a module says something general about it: OUT_USAGE, told. */
enum outcome job_check(const struct job *job) MUST_CHECK;

#endif
