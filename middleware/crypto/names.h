/* SPDX-License-Identifier: BSD-2-Clause */
/* How people write the names of algorithms. */
#ifndef ECERT_CRYPTO_NAMES_H
#define ECERT_CRYPTO_NAMES_H

#include <stdbool.h>

/* The same letters and digits; case and hyphens do not count. Independent of the locale. */
bool name_matches(const char *a, const char *b);

#endif
