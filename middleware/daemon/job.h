/* SPDX-License-Identifier: BSD-2-Clause */
/* One request of one client on its way from the listener to a card and back. */
#ifndef ECERT_DAEMON_JOB_H
#define ECERT_DAEMON_JOB_H

#include <sys/types.h>

#include "token/wire.h"

/* Why a process cannot be called by the program that was seen in it. */
enum peer_doubt {
	PEER_SURE,
	PEER_UNCONFIRMED, /* it did not say anything that only it could say, since it was looked at
			   */
	PEER_GONE,	  /* it ended: its number may be another's */
	PEER_CHANGED,	  /* it executed another program */
	PEER_PASSED_ON	  /* another process speaks */
};

/* One run of one program in a process, as far as the kernel lets us see: execve(2) gives it a new
 * memory, at other addresses. */
struct peer_life {
	uint64_t start, code, stack, arguments;
};

/* Who asks, as the kernel says. */
struct peer {
	uint64_t client; /* number of the connection; never used twice */
	pid_t pid;
	uid_t uid;
	uint32_t revision; /* that both ends speak */
	char exe[128]; /* for the journal; "(name)" when only that is known, "?" not even that */
	struct peer_life life; /* when exe was read */
	enum peer_doubt doubt; /* whether exe is what asks */
};

/* Parsed by the listener, so that what works on cards sees no bytes of a frame but the fields. */
struct job {
	struct job *next;
	struct peer peer;
	struct buf body; /* the frame; q.field point into it; wiped when the job ends */
	struct wire_request q;
	bool goodbye; /* no request: the client is gone */
	bool large;   /* its frame is one of those that only some may have at a time */
	int64_t due;  /* clock_ms: not before */
};

void job_free(struct job **j);

#endif
