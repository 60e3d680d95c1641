/* SPDX-License-Identifier: BSD-2-Clause */
/* How a deed ended, for people and programs: a few classes, which are also the exit codes of
 * `ecert`. */
#ifndef ECERT_UI_OUTCOME_H
#define ECERT_UI_OUTCOME_H

#include "ecert/rc.h"

/* Documented in ecert(1) and in `ecert help exit-codes`; never renumber one. */
enum outcome {
	OUT_OK = 0,
	OUT_INVALID = 1,
	OUT_USAGE = 2,
	OUT_NO_TOKEN = 3,
	OUT_PIN = 4,
	OUT_REFUSED = 5,
	OUT_IO = 6,
	OUT_CARD = 7,
	OUT_INPUT = 8,
	OUT_INTERNAL = 9,
	OUT_INDETERMINATE = 10,
	OUT_INTERRUPTED = 130
};

/* The outcome that goes with rc, and what to do next: a message's id, or "". */
enum outcome outcome_of_rc(enum ecert_rc rc);
const char *next_of_rc(enum ecert_rc rc);

#endif
