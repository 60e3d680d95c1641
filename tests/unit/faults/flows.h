/* SPDX-License-Identifier: BSD-2-Clause */
/* What people do with a token, from the outside: each says whether it went well, and proves it. */
#ifndef ECERT_TESTS_FAULTS_FLOWS_H
#define ECERT_TESTS_FAULTS_FLOWS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/*
 * True: every call went well, and the result was checked to be right (a wrong one fails the test).
 * Nothing is left behind either way.
 */
typedef bool flow_fn(void);

struct flow {
	const char *name;
	flow_fn *run;
};

extern const struct flow module_flows[], document_flows[]; /* up to a NULL name */
void document_flows_prepare(void);
void document_flows_end(void);

#endif
