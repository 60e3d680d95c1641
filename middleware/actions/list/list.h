/* SPDX-License-Identifier: BSD-2-Clause */
/* Signing a list of whom to trust. */
#ifndef ECERT_ACTIONS_LIST_LIST_H
#define ECERT_ACTIONS_LIST_LIST_H

#include "actions/statement.h"
#include "client/signing.h"

struct list_deed {
	struct signing_choice key;
	long days;		/* how long it counts; 0: 30 */
	time_t now;		/* 0: the clock's */
	struct statement_to to; /* path NULL: standard output */
};

/* The list is the JSON in file. What is wrong in it is told before the PIN (OUT_INPUT). Reports its
 * errors. */
enum outcome trustlist_sign(
    const struct job *job, const struct list_deed *deed, const char *file) MUST_CHECK;

#endif
