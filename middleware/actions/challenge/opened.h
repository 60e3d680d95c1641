/* SPDX-License-Identifier: BSD-2-Clause */
/* The challenges that were given out, opened for a deed. */
#ifndef ECERT_ACTIONS_CHALLENGE_OPENED_H
#define ECERT_ACTIONS_CHALLENGE_OPENED_H

#include "trust/store/challenges.h"
#include "ui/job.h"

/* Those of the person. make false: *out is NULL when there are none, and when there is no home.
 * Tells why it cannot be done. */
enum outcome challenges_opened(
    const struct job *job, bool make, time_t now, struct challenges **out) MUST_CHECK;
/* Tells what the store did not like. */
enum outcome challenges_told(const struct job *job, enum ecert_rc rc) MUST_CHECK;

#endif
