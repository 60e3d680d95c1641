/* SPDX-License-Identifier: BSD-2-Clause */
/* Constant-time byte moves. */
#include "crypto/ct.h"

void ct_shift_left(uint8_t *b, size_t n, uint32_t shift)
{
	for (size_t step = 1; step <= n; step <<= 1) {
		ct_mask take = ~ct_is_zero(shift & (uint32_t)step);

		for (size_t i = 0; i < n; i++) {
			uint8_t from = i + step < n ? b[i + step] : 0;

			b[i] = (uint8_t)ct_select(take, from, b[i]);
		}
	}
}
