/* SPDX-License-Identifier: BSD-2-Clause */
/* Random bytes. */
#include "crypto/random.h"

#include <errno.h>
#include <stdint.h>
#include <sys/random.h>

#include "util/mem.h"

enum ecert_rc random_bytes(void *out, size_t n)
{
	uint8_t *at = out;
	size_t left = n;

	while (left > 0) {
		ssize_t got = getrandom(at, left, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			mem_wipe(out, n);
			return ECERT_E_CRYPTO;
		}
		at += got;
		left -= (size_t)got;
	}
	return ECERT_OK;
}
