/* SPDX-License-Identifier: BSD-2-Clause */
/* The moment of a deed, and the reader that is meant. */
#include "ui/job.h"

#include <stdlib.h>

time_t job_now(const struct job *job)
{
	return job->now ? job->now : time(NULL);
}

const char *job_reader(const struct job *job)
{
	return job->reader ? job->reader : secure_getenv("ECERT_READER");
}
