/* SPDX-License-Identifier: BSD-2-Clause */
/* Random bytes. */
#ifndef ECERT_CRYPTO_RANDOM_H
#define ECERT_CRYPTO_RANDOM_H

#include <stddef.h>

#include "ecert/rc.h"

/* n bytes fit for keys, from the kernel's generator: nothing to seed, nothing to lose in a fork.
 * Errors: ECERT_E_CRYPTO, and then out is zeroed. */
enum ecert_rc random_bytes(void *out, size_t n) MUST_CHECK;

#endif
