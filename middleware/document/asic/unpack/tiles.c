/* SPDX-License-Identifier: BSD-2-Clause */
/* Members lie one behind the other from the beginning of a ZIP to its directory: what no entry of
 * that is about is no member for a program that reads from the beginning either. */
#include <stdlib.h>
#include <string.h>

#include "document/asic/unpack/unpack.h"

static int by_place(const void *a, const void *b)
{
	const struct zip_span *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

/* A descriptor of what was before (APPNOTE 4.3.9), or nothing that anybody reads. */
static bool is_idle(struct rd r)
{
	const uint8_t *p = r.p;

	while (r.n >= 4 && (p = memchr(r.p, 'P', r.n - 3))) {
		if (p[1] == 'K' && ((p[2] == 1 && p[3] == 2) || (p[2] == 3 && p[3] == 4) ||
				       (p[2] == 5 && p[3] == 6) || (p[2] == 6 && p[3] == 6)))
			return false;
		r = rd_of(p + 1, r.n - (size_t)(p + 1 - r.p));
	}
	return true;
}

bool zip_tiles(struct rd file, struct zip_span *v, size_t n, uint64_t end)
{
	uint64_t at = 0;

	qsort(v, n, sizeof *v, by_place);
	for (size_t i = 0; i <= n; i++) {
		uint64_t from = i < n ? v[i].from : end;

		if (from < at || from > file.n || !is_idle(rd_of(file.p + at, (size_t)(from - at))))
			return false;
		at = i < n ? v[i].to : end;
	}
	return true;
}
