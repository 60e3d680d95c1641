/* SPDX-License-Identifier: BSD-2-Clause */
/* Random bytes for keys, challenges and salts. */
#ifndef ECERT_CRYPTO_RANDOM_H
#define ECERT_CRYPTO_RANDOM_H

#include <stddef.h>

#include "ecert/rc.h"

/* n bytes from the kernel's generator. Errors: ECERT_E_CRYPTO (it gives none). */
enum ecert_rc random_bytes(void *out, size_t n) MUST_CHECK;

#endif
