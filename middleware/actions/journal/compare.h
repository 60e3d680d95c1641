/* SPDX-License-Identifier: BSD-2-Clause */
/* Uses of keys that the card counted and the journal does not have. */
#ifndef ECERT_ACTIONS_JOURNAL_COMPARE_H
#define ECERT_ACTIONS_JOURNAL_COMPARE_H

#include "journal/journal.h"
#include "ui/job.h"

#define JOURNAL_KEYS_MAX 32

enum journal_use { JOURNAL_USE_OK, JOURNAL_USE_UNSURE, JOURNAL_USE_GAP, JOURNAL_USE_REPLACED };

struct journal_key_use {
	char slot[8]; /* "9c" */
	enum journal_use verdict;
	struct journal_gap gap;
};

struct journal_compared {
	char serial[64];
	struct journal_key_use key[JOURNAL_KEYS_MAX];
	size_t n;
	int64_t missing; /* uses of keys that are not in the journal */
	bool replaced;	 /* a key was replaced past it */
};

/* OUT_OK when they could be compared, whatever came out: journal_compare_tell says what is wrong.
 * Errors: OUT_CARD for a token without counters, OUT_REFUSED for one that the journal never saw.
 * state: the journal's folder, as in journal_where. Reports its errors. */
enum outcome journal_compare(
    const struct job *job, const char *state, struct journal_compared *out) MUST_CHECK;
/* Which uses or keys are past the journal, OUT_INVALID; OUT_OK when none is. */
enum outcome journal_compare_tell(
    const struct job *job, const struct journal_compared *c) MUST_CHECK;
/* "ok", "unsure", "gap", "replaced": an id. */
const char *journal_use_name(enum journal_use use);

#endif
