/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of algorithms. */
#include "crypto/names.h"

static char fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool name_matches(const char *a, const char *b)
{
	for (;; a++, b++) {
		while (*a == '-')
			a++;
		while (*b == '-')
			b++;
		if (fold(*a) != fold(*b))
			return false;
		if (*a == '\0')
			return true;
	}
}
