/* SPDX-License-Identifier: BSD-2-Clause */
/* The names of readers. */
#include "transport/transport_priv.h"

#include <string.h>

#include "util/text.h"

void reader_name_clean(const char *raw, char out[READER_NAME_MAX])
{
	struct rd t = rd_of(raw, strlen(raw));
	size_t at = 0;

	while (t.n) {
		uint32_t cp = 0;
		size_t n = text_char(t, &cp), width = n ? n : 1;

		if (at + width > READER_NAME_MAX - 1)
			break;
		if (n > 0 && text_shown(cp))
			memcpy(out + at, t.p, n);
		else
			memset(out + at, '?', width);
		at += width;
		t = rd_of(t.p + width, t.n - width);
	}
	out[at] = '\0';
}
