/* SPDX-License-Identifier: BSD-2-Clause */
/* One request of one client on its way from the listener to a card and back. */
#ifndef ECERT_DAEMON_JOB_H
#define ECERT_DAEMON_JOB_H

#include <sys/types.h>

#include "token/wire.h"

/* Who asks, as the kernel says. */
struct peer {
	uint64_t client; /* number of the connection; never used twice */
	pid_t pid;
	uid_t uid;
	char exe[128]; /* for the journal; "(name)" when only that is known, "?" not even that */
};

/* Parsed by the listener, so that what works on cards sees no bytes of a frame but the fields. */
struct job {
	struct job *next;
	struct peer peer;
	struct buf body; /* the frame; q.field point into it; wiped when the job ends */
	struct wire_request q;
	bool goodbye; /* no request: the client is gone */
	int64_t due;  /* clock_ms: not before */
};

void job_free(struct job **j);

#endif
