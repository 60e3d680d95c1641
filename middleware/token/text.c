/* SPDX-License-Identifier: BSD-2-Clause */
/* UTF-8 from cards and callers. */
#include "token/text.h"

#include <string.h>

/* Bytes of the UTF-8 character at the front of t, 0 when it is none that may be shown (RFC 3629,
 * 4). */
static size_t character(struct rd t)
{
	/* The least that takes so many bytes: anything below is written too long. */
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const uint8_t *s = t.p;
	size_t n = s[0] < 0x80	     ? 1
		   : s[0] >> 5 == 6  ? 2
		   : s[0] >> 4 == 14 ? 3
		   : s[0] >> 3 == 30 ? 4
				     : 0;
	uint32_t v = n == 1 ? s[0] : n == 0 ? 0 : s[0] & (0x7Fu >> n);

	if (n > t.n)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if (s[i] >> 6 != 2)
			return 0;
		v = v << 6 | (s[i] & 0x3F);
	}
	if (v < least[n] || v < 0x20 || (v >= 0x7F && v < 0xA0) || (v >= 0xD800 && v < 0xE000) ||
	    v > 0x10FFFF)
		return 0;
	return n;
}

void text_show(char *out, size_t cap, struct rd text)
{
	size_t used = 0;

	while (text.n > 0) {
		size_t n = character(text), step = n ? n : 1;

		if (used + step >= cap)
			break;
		if (n == 0)
			out[used] = '?';
		else
			memcpy(out + used, text.p, n);
		used += step;
		text = rd_of(text.p + step, text.n - step);
	}
	out[used] = '\0';
}

bool text_valid(struct rd text)
{
	while (text.n > 0) {
		size_t n = character(text);

		if (n == 0)
			return false;
		text = rd_of(text.p + n, text.n - n);
	}
	return true;
}
