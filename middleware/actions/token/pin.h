/* SPDX-License-Identifier: BSD-2-Clause */
/* The PIN and the PUK of a token: how many tries are left, new ones. */
#ifndef ECERT_ACTIONS_TOKEN_PIN_H
#define ECERT_ACTIONS_TOKEN_PIN_H

#include "ui/job.h"

/* Whether something is the factory's. */
enum factory { FACTORY_UNKNOWN, FACTORY_NO, FACTORY_YES };

struct pin_status {
	char label[40], serial[40];
	int pin_tries, puk_tries; /* -1: nothing tells */
	bool verified; /* by a program: some cards tell the tries only when that has ended */
	enum factory pin, puk, mgm;
};

/* Uses no try. Reports its errors. */
enum outcome pin_look(const struct job *job, struct pin_status *out) MUST_CHECK;

/* Where secrets come from; NULL: the person is asked. The present PIN is the job's. */
struct pin_deed {
	const char *new_pin, *puk, *new_puk;
	bool change_puk; /* the PUK instead of the PIN */
};

struct pin_result {
	char label[64];
	bool puk; /* that one was changed */
};

/* A new PIN or PUK by the present one. With one try left, and no consent, nobody is asked anything.
 * Reports its errors. */
enum outcome pin_change(
    const struct job *job, const struct pin_deed *deed, struct pin_result *out) MUST_CHECK;
/* A new PIN by the PUK. Reports its errors. */
enum outcome pin_unblock(
    const struct job *job, const struct pin_deed *deed, struct pin_result *out) MUST_CHECK;

#endif
