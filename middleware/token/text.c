/* SPDX-License-Identifier: BSD-2-Clause */
/* UTF-8 from cards and callers. */
#include "token/text.h"

#include <string.h>

#include "util/text.h"

/* Bytes of the UTF-8 character at the front of t, 0 when it is none that may be shown. */
static size_t character(struct rd t)
{
	uint32_t cp = 0;
	size_t n = text_char(t, &cp);

	return text_shown(cp) ? n : 0;
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
