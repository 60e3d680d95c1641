/* SPDX-License-Identifier: BSD-2-Clause */
/* Turns of addresses: each a moment at which it has all of them again. */
#include "http/rate.h"

#include <arpa/inet.h>
#include <string.h>

#define PLACES 8 /* where an address may stand */

/* The network of an address as a number that says little of where it stands in the table (FNV-1a).
 */
static uint64_t key_of(const char *address)
{
	uint8_t net[16] = {0};
	uint64_t h = 0xCBF29CE484222325u;

	if (inet_pton(AF_INET, address, net) != 1 && inet_pton(AF_INET6, address, net) == 1)
		memset(net + 8, 0xFF, 8);
	for (size_t i = 0; i < sizeof net; i++)
		h = (h ^ net[i]) * 0x100000001B3u;
	return h;
}

bool http_rate_take(struct http_rates *r, const char *address, int64_t now, int *wait)
{
	const uint64_t key = key_of(address);
	const int64_t most = (int64_t)r->burst * r->every_ms;
	struct http_rate *at = NULL;

	for (size_t i = 0; i < PLACES; i++) {
		struct http_rate *p = &r->of[(key + i) % HTTP_RATES];

		if (p->full > now && p->key == key) {
			at = p;
			break;
		}
		if (!at || p->full < at->full)
			at = p;
	}
	if (at->full <= now)
		*at = (struct http_rate){key, now};
	/* All places are taken by others: theirs is shared, which nobody gains by. */
	if (at->full + r->every_ms > now + most) {
		*wait = (int)((at->full + r->every_ms - now - most) / 1000) + 1;
		return false;
	}
	at->full += r->every_ms;
	*wait = 0;
	return true;
}
