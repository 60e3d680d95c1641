/* SPDX-License-Identifier: BSD-2-Clause */
/* Random bytes from the kernel: nothing to seed, nothing that a fork could repeat. */
#include "crypto/random.h"

#include <errno.h>
#include <stdint.h>
#include <sys/random.h>

enum ecert_rc random_bytes(void *out, size_t n)
{
	uint8_t *at = out;

	while (n > 0) {
		ssize_t got = getrandom(at, n, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return ECERT_E_CRYPTO;
		at += got;
		n -= (size_t)got;
	}
	return ECERT_OK;
}
