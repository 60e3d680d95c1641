/* SPDX-License-Identifier: BSD-2-Clause */
/* Lets call N of a flow fail, for every N. */
#ifndef ECERT_TESTS_FAULTS_STRIKE_H
#define ECERT_TESTS_FAULTS_STRIKE_H

#include "tests/unit/faults/flows.h"
#include "tests/unit/faults/inject.h"

/*
 * Runs every flow of the list with the Nth call of this kind failing, N from 1 until the flow goes
 * through without; then once more without faults. Says how many calls there were. leaks: also
 * proves that our own code's memory and PC/SC's handles are all given back.
 */
void strike_all(const struct flow *flows, enum fault_kind kind, const char *what, bool leaks);
/*
 * The same, but after the first hundred only every step'th call: for flows of ten
 * thousand calls. With ECERT_FAULTS_ALL in the environment: every call, which takes minutes.
 */
void strike_some(const struct flow *flows, enum fault_kind kind, const char *what, unsigned step);

#endif
