/* SPDX-License-Identifier: BSD-2-Clause */
/* The moment of a deed, and the reader that is meant. */
#include "ui/job.h"

#include <stdlib.h>

#include "util/clock.h"

time_t job_now(const struct job *job)
{
	return job->now ? job->now : clock_now();
}

const char *job_reader(const struct job *job)
{
	const char *usual = secure_getenv("ECERT_READER");

	return job->reader ? job->reader : usual && *usual ? usual : NULL;
}
