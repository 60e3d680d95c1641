/* SPDX-License-Identifier: BSD-2-Clause */
/* How often an address may do something. */
#ifndef ECERT_HTTP_RATE_H
#define ECERT_HTTP_RATE_H

#include <stdbool.h>
#include <stdint.h>

#define HTTP_RATES 4096

/* So many at once, and one more each `every_ms`. Of IPv6 a /64 is one address; who has none that is
 * known shares one. What was longest not seen is forgotten first, when it has all its turns again.
 * For one thread. */
struct http_rates {
	unsigned burst;
	int64_t every_ms;
	struct http_rate {
		uint64_t key;
		int64_t full; /* when it has all its turns again; 0: free */
	} of[HTTP_RATES];
};

/* A turn at this moment (clock_ms). False: not now; *wait: seconds until there is one. */
bool http_rate_take(struct http_rates *r, const char *address, int64_t now, int *wait);

#endif
