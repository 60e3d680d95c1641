/* SPDX-License-Identifier: BSD-2-Clause */
/* What a whole run may spend on asking others, of all and of each host; shared by its processes. */
#ifndef ECERT_NET_ACCOUNT_H
#define ECERT_NET_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

struct net_limits {
	uint64_t requests; /* redirects count */
	uint64_t bytes;	   /* of bodies */
	uint64_t ms;	   /* of waiting, summed over what is asked at once */
};

struct net_account;
/* In memory that processes forked from here on share; one of them may be killed at any moment. NULL
 * when memory is out. */
struct net_account *net_account_new(const struct net_limits *run, const struct net_limits *host);
void net_account_free(struct net_account **a);

enum net_account_says {
	NET_ACCOUNT_OK,
	NET_ACCOUNT_RUN, /* nothing is left for anybody; so it is behind NET_ACCOUNT_HOSTS hosts */
	NET_ACCOUNT_HOST /* nothing is left for this one */
};
#define NET_ACCOUNT_HOSTS 4096

/* Counts a request, or says why none is made. host: without its port, lower case. *ms: how long may
 * be waited for it. */
enum net_account_says net_account_ask(struct net_account *a, const char *host, int64_t *ms);
/* Counts what came of it; false: that is more than is left, and no more is to be read. */
bool net_account_took(struct net_account *a, const char *host, uint64_t bytes);
/* Counts the time it took. What runs in other processes meanwhile may go past the limit once. */
void net_account_waited(struct net_account *a, const char *host, int64_t ms);
/* How many requests were not made. */
uint64_t net_account_refused(struct net_account *a);

#endif
