/* SPDX-License-Identifier: BSD-2-Clause */
/* Challenging a counterparty: a fresh nonce for an audience, remembered until it is answered. */
#ifndef ECERT_ACTIONS_CHALLENGE_CHALLENGE_H
#define ECERT_ACTIONS_CHALLENGE_CHALLENGE_H

#include <jansson.h>

#include "trust/store/challenges.h"
#include "ui/job.h"

struct challenge_deed {
	const char *audience; /* NULL: that of the last challenge */
	const char *party;    /* for whom, in the person's words; NULL: nobody is named */
	long days;	      /* until it lapses; 0: 7 */
};
/* Reports its errors. */
enum outcome challenge_make(
    const struct job *job, const struct challenge_deed *deed, struct challenge *out) MUST_CHECK;

/* What the counterparty has to run; in out. */
void challenge_command(const struct challenge *c, char *out, size_t cap);

struct challenge_rows {
	struct challenge *v; /* owned; the oldest first */
	size_t n;
	time_t now;
};
void challenge_rows_free(struct challenge_rows *r);
enum outcome challenge_listing(const struct job *job, struct challenge_rows *out) MUST_CHECK;
/* By its nonce, or for whom it was made when one alone was. */
enum outcome challenge_remove(
    const struct job *job, const char *which, struct challenge *out) MUST_CHECK;

const char *challenge_state_name(enum challenge_state s);
json_t *challenge_json(const struct challenge *c, time_t now);

#endif
