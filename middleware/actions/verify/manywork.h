/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of verifying many share. */
#ifndef ECERT_ACTIONS_VERIFY_MANYWORK_H
#define ECERT_ACTIONS_VERIFY_MANYWORK_H

#include <limits.h>

#include "actions/verify/many.h"
#include "actions/names.h"
#include "actions/verify/verifying.h"

#define MANY_PROCESSES 64

struct many {
	const struct job *job;
	const struct verify_batch *batch;
	struct verify_run *run;
	struct named_files names;
	const struct strlist *pair; /* the one document is FILE and SIGNATURE */
	struct verify_sum *sum;
	struct verified *r; /* room for the one that is judged */
	/* The signature in a folder that was verified last with the file beside it; "": none. It
	 * follows that file, and nobody has to look at both once more. */
	char followed[PATH_MAX];
};

/* What one document came to, as it goes from process to process. */
struct many_answer {
	enum outcome code;
	bool judged;
	bool none; /* it is told with another one */
	bool left; /* it was not judged: whoever tells of it has to */
	struct buf part[VERIFY_PARTS];
};

/* Judges and words the i-th. */
void many_judge(struct many *m, size_t i, struct many_answer *out);
/* Words that the i-th was lost with its process. */
void many_lost(struct many *m, size_t i, struct many_answer *out);
/* Counts it and hands it on. False: no more are wanted. */
bool many_told(struct many *m, const struct many_answer *a);
/* By n processes; the others have an own copy of all that is in m. */
enum outcome many_processes(struct many *m, size_t n) MUST_CHECK;

#endif
