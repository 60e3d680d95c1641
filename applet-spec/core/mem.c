/* SPDX-License-Identifier: BSD-2-Clause */
/* Wiping and comparing without telling. */
#include "applet-spec/core/mem.h"

void ap_wipe(void *p, size_t n)
{
	volatile uint8_t *b = p;

	while (n-- > 0)
		*b++ = 0;
}

bool ap_same(const uint8_t *a, const uint8_t *b, size_t n)
{
	volatile uint8_t diff = 0;

	for (size_t i = 0; i < n; i++)
		diff = (uint8_t)(diff | (a[i] ^ b[i]));
	return diff == 0;
}
