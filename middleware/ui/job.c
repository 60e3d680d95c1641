/* SPDX-License-Identifier: BSD-2-Clause */
/* The moment of a deed. */
#include "ui/job.h"

time_t job_now(const struct job *job)
{
	return job->now ? job->now : time(NULL);
}
