/* SPDX-License-Identifier: BSD-2-Clause */
/* The bytes of one entry of the cache. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "net/cache.h"

#define DAY ((int64_t)24 * 3600)

static const char head[] = "ecert cache 1\n";

void net_entry_write(struct buf *out, const char *url, time_t until, struct rd body)
{
	char numbers[64];

	(void)snprintf(numbers, sizeof numbers, "\n%" PRId64 "\n%zu\n", (int64_t)until, body.n);
	buf_str(out, head);
	buf_str(out, url);
	buf_str(out, numbers);
	buf_rd(out, body);
}

static bool line(struct rd *r, struct rd *out)
{
	const uint8_t *end = r->n ? memchr(r->p, '\n', r->n) : NULL;

	if (!end)
		return false;
	*out = rd_of(r->p, (size_t)(end - r->p));
	*r = rd_of(end + 1, r->n - out->n - 1);
	return true;
}

static bool same(struct rd text, const char *want, size_t n)
{
	return text.n == n && memcmp(text.p, want, n) == 0;
}

/* Digits alone, at most 18 of them: none overflows. */
static bool number(struct rd text, int64_t *out)
{
	*out = 0;
	if (!text.n || text.n > 18)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
		*out = *out * 10 + (text.p[i] - '0');
	}
	return true;
}

bool net_entry_read(struct rd file, const char *url, time_t now, struct rd *body)
{
	struct rd name, where, until, size;
	int64_t end, n;

	*body = rd_of(NULL, 0);
	if (!line(&file, &name) || !line(&file, &where) || !line(&file, &until) ||
	    !line(&file, &size))
		return false;
	if (!same(name, head, sizeof head - 2) || !same(where, url, strlen(url)) ||
	    !number(until, &end) || !number(size, &n))
		return false;
	if (end <= now || end > (int64_t)now + NET_CACHE_DAYS * DAY || (uint64_t)n != file.n || !n)
		return false;
	*body = file;
	return true;
}
