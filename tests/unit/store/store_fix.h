/* SPDX-License-Identifier: BSD-2-Clause */
/* An empty store for a test: a file of its own, or a schema of its own in the database that
 * ECERT_TEST_STORE names. */
#ifndef ECERT_TESTS_STORE_FIX_H
#define ECERT_TESTS_STORE_FIX_H

#include <stdbool.h>

#include "store/store.h"

/* Makes one and returns its name, until the next call. */
const char *store_fresh(void);
/* Opens it. */
struct store *store_again(void);
bool store_on_postgresql(void);
/* The only number of the first row. */
int64_t store_number(struct store *s, const char *sql);
/* Whether the reason of the last failure has this in it. */
bool store_says(const struct store *s, const char *part);
int store_cleanup(void **state);

#endif
