/* SPDX-License-Identifier: BSD-2-Clause */
/* One seal of a journal, checked against the record that it seals: for verify.c. */
#ifndef ECERT_ACTIONS_JOURNAL_SEALS_H
#define ECERT_ACTIONS_JOURNAL_SEALS_H

#include "actions/journal/verify.h"

/* By what a seal is judged. */
struct seal_judge {
	const char *dir;
	const struct trust_set *set;
	bool anchored; /* somebody was named who is trusted: the path to him counts */
	time_t now;
};

/* Fills s, all zeroes but for its file. */
void seal_look(const struct seal_judge *by, const char *path, struct journal_seal_seen *s);

#endif
