/* SPDX-License-Identifier: BSD-2-Clause */
/* What every deed is given: the seam to the person it is done for, and which token is meant.
 *
 * All pointers are views: whoever starts the deed owns what they point to, and keeps it unchanged
 * until the deed is over. A deed reads it and changes nothing in it, so that a copy with another
 * token or another ui is a job, too. It belongs to the one thread that the deed runs on. */
#ifndef ECERT_UI_JOB_H
#define ECERT_UI_JOB_H

#include <stdbool.h>
#include <time.h>

#include "ui/ui.h"
#include "util/strlist.h"

struct look; /* client/look.h: what PKCS#11 does not tell of a token */

struct job {
	const struct ui *ui;
	const struct look *look; /* NULL: PKCS#11 has to do */
	const char *module;	 /* PKCS#11 module; NULL = ours */
	const char *token;	 /* label or serial number */
	const char *reader;	 /* "socket:PATH" for the virtual token; NULL = PC/SC */
	const char *pin_source;
	long slot_id; /* -1 = any */
	bool allow_last_try;
	time_t now;	      /* the moment that the deed is done at; 0: what the clock says */
	struct strlist reads; /* what may be a file that the deed reads, and must not write over */
};

/* The moment of the deed: no room below reads the clock itself. */
time_t job_now(const struct job *job);
/* The reader that is meant: the one that was named, else that of ECERT_READER (not with raised
 * privileges; set to nothing is not set); NULL: the computer's. */
const char *job_reader(const struct job *job);

#endif
