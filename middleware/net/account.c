/* SPDX-License-Identifier: BSD-2-Clause */
/* A table in shared memory behind a lock that outlives whoever held it. Whole names are compared:
 * hosts are a signer's choice, and none may spend what is another's. */
#include "net/account.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

#include "util/text.h"

struct spent {
	char host[256];
	struct net_limits by;
};

struct net_account {
	pthread_mutex_t lock;
	struct net_limits run, host; /* what may be spent */
	struct net_limits all;	     /* what is */
	uint64_t refused;
	size_t n;
	struct spent hosts[NET_ACCOUNT_HOSTS];
};

static bool make_lock(pthread_mutex_t *m)
{
	pthread_mutexattr_t attr;
	bool ok;

	if (pthread_mutexattr_init(&attr))
		return false;
	ok = !pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED) &&
	     !pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST) &&
	     !pthread_mutex_init(m, &attr);
	(void)pthread_mutexattr_destroy(&attr);
	return ok;
}

struct net_account *net_account_new(const struct net_limits *run, const struct net_limits *host)
{
	struct net_account *a = mmap(
	    NULL, sizeof *a, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (a == MAP_FAILED)
		return NULL;
	a->run = *run;
	a->host = *host;
	if (make_lock(&a->lock))
		return a;
	(void)munmap(a, sizeof *a);
	return NULL;
}

void net_account_free(struct net_account **a)
{
	if (*a)
		(void)munmap(*a, sizeof **a);
	*a = NULL;
}

/* Whoever died with it had counted, or not yet: either will do. */
static bool lock(struct net_account *a)
{
	int rc = pthread_mutex_lock(&a->lock);

	return !rc || (rc == EOWNERDEAD && !pthread_mutex_consistent(&a->lock));
}

static void unlock(struct net_account *a)
{
	(void)pthread_mutex_unlock(&a->lock);
}

/* Its row, a new one when there is none yet; NULL: there are too many. */
static struct spent *row_of(struct net_account *a, const char *host)
{
	struct spent *s;

	for (size_t i = 0; i < a->n; i++)
		if (!strcmp(a->hosts[i].host, host))
			return &a->hosts[i];
	if (a->n == NET_ACCOUNT_HOSTS)
		return NULL;
	s = &a->hosts[a->n];
	text_copy(s->host, sizeof s->host, host);
	a->n++;
	return s;
}

static bool left(const struct net_limits *spent, const struct net_limits *may)
{
	return spent->requests < may->requests && spent->bytes < may->bytes && spent->ms < may->ms;
}

enum net_account_says net_account_ask(struct net_account *a, const char *host, int64_t *ms)
{
	enum net_account_says says = NET_ACCOUNT_RUN;
	struct spent *s;

	*ms = 0;
	if (!lock(a))
		return says;
	s = left(&a->all, &a->run) ? row_of(a, host) : NULL;
	if (s)
		says = left(&s->by, &a->host) ? NET_ACCOUNT_OK : NET_ACCOUNT_HOST;
	if (says == NET_ACCOUNT_OK) {
		uint64_t run = a->run.ms - a->all.ms, one = a->host.ms - s->by.ms;

		a->all.requests++;
		s->by.requests++;
		*ms = (int64_t)(run < one ? run : one);
	} else
		a->refused++;
	unlock(a);
	return says;
}

static void add(uint64_t *sum, uint64_t n)
{
	*sum = n > UINT64_MAX - *sum ? UINT64_MAX : *sum + n;
}

bool net_account_took(struct net_account *a, const char *host, uint64_t bytes)
{
	struct spent *s;
	bool ok;

	if (!lock(a))
		return false;
	s = row_of(a, host);
	add(&a->all.bytes, bytes);
	if (s)
		add(&s->by.bytes, bytes);
	ok = s && a->all.bytes <= a->run.bytes && s->by.bytes <= a->host.bytes;
	unlock(a);
	return ok;
}

void net_account_waited(struct net_account *a, const char *host, int64_t ms)
{
	uint64_t n = ms > 0 ? (uint64_t)ms : 0;
	struct spent *s;

	if (!lock(a))
		return;
	s = row_of(a, host);
	add(&a->all.ms, n);
	if (s)
		add(&s->by.ms, n);
	unlock(a);
}

uint64_t net_account_refused(struct net_account *a)
{
	uint64_t n = 0;

	if (lock(a)) {
		n = a->refused;
		unlock(a);
	}
	return n;
}
